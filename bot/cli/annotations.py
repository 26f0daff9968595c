"""Problems as GitHub shows them: on the line itself, in the view of what was changed.

The form is that of the workflow commands of GitHub Actions.
"""

import os
from pathlib import Path

from bot.model import Problem


def annotation(root: Path, workspace: Path, problem: Problem) -> str:
    """Write a problem as a workflow command.

    Args:
        root: the folder that sources are relative to.
        workspace: the folder of the repository; a file elsewhere keeps its whole path.
        problem: what to tell.
    """
    properties = {
        "file": _relative(root / problem.source.file, workspace),
        "line": str(problem.source.line),
        "col": str(problem.column),
        "title": f"faqbot: {problem.kind}",
    }
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{problem.severity} {listed}::{_message(f'{problem.what} {problem.mend}')}"


def notice(text: str) -> str:
    """Write something that has no place as a workflow command."""
    return f"::notice title=faqbot::{_message(text)}"


def _relative(file: Path, workspace: Path) -> str:
    path = os.path.relpath(file.resolve(), workspace.resolve())
    return (file if path.startswith("..") else Path(path)).as_posix()


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
