"""How the commands speak: plain lines for people, JSON for programs, progress on the side."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from bot.cli.excerpts import excerpt_of
from bot.model import Problem, Usage


class Output:
    """Where a command writes to."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._out = Console(highlight=False)
        self._err = Console(stderr=True, highlight=False)

    def first_line(self, embedder: str) -> None:
        """Name the embedder; beside JSON that goes to standard error."""
        self.aside(f"Embedder: {embedder}") if self.as_json else self.line(f"Embedder: {embedder}")

    def line(self, text: str = "", style: str = "") -> None:
        """Write a line as it is, unless the output is JSON."""
        if not self.as_json:
            self._out.print(Text(text, style=style), soft_wrap=True)

    def aside(self, text: str) -> None:
        """Write a line to standard error."""
        self._err.print(Text(text), soft_wrap=True)

    def text(self, text: str) -> None:
        """Write a text as it is, to its last character."""
        self._out.file.write(text)

    def markdown(self, text: str) -> None:
        """Show Markdown: formatted on a terminal, as it is elsewhere."""
        if self._out.is_terminal:
            self._out.print(Markdown(text))
        else:
            self.line(text)

    def show(self, renderable: Any) -> None:
        """Show a table or the like, unless the output is JSON."""
        if not self.as_json:
            self._out.print(renderable)

    def json(self, value: Any) -> None:
        """Write the one JSON value of this command."""
        if self.as_json:
            # Not through Rich, which would break long lines.
            self._out.file.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def problems(self, root: Path, problems: tuple[Problem, ...]) -> None:
        """List problems, each with its place, its line and how to mend it."""
        for problem in problems:
            self._problem(root, problem)

    def _problem(self, root: Path, problem: Problem) -> None:
        line = str(problem.source.line)
        place = f"{root / problem.source.file}:{line}:{problem.column}"
        style = "red" if problem.severity == "error" else "yellow"
        kind = "" if problem.kind == "reading" else f" [{problem.kind}]"
        text = Text.assemble(
            (f"{place}: ", "bold"), (f"{problem.severity}: ", style), problem.what, (kind, "dim")
        )
        self._err.print(text, soft_wrap=True)
        excerpt = excerpt_of(problem.excerpt, problem.column)
        if excerpt.text.strip():
            self._err.print(Text(f"  {line} | {excerpt.text}", "cyan"), soft_wrap=True)
            if excerpt.caret and problem.column > 1:
                margin = " " * len(line)
                self._err.print(Text(f"  {margin} | {excerpt.caret}", style), soft_wrap=True)
        self._err.print(Text(f"    {problem.mend}"), soft_wrap=True)

    def usage(self, usage: Usage) -> None:
        """Tell what a server has charged, if there was one and it says."""
        if usage.tokens or usage.credits:
            charged = f", {usage.credits:g} credits" if usage.credits else ""
            self.line(f"(Used: {usage.tokens} tokens{charged}.)", style="dim")

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """Show how far something long has come, on standard error, on a terminal only."""
        with Progress(
            TextColumn(what),
            BarColumn(),
            MofNCompleteColumn(),
            console=self._err,
            transient=True,
            disable=not self._err.is_terminal,
        ) as bar:
            task = None

            def update(done: int, total: int) -> None:
                nonlocal task
                if task is None:
                    task = bar.add_task(what, total=total)
                bar.update(task, completed=done, total=total)

            yield update


def counted(count: int, what: str, several: str | None = None) -> str:
    """Give a number with its noun: 1 file, 2 files, or 1 entry, 2 entries."""
    return f"{count} {what}" if count == 1 else f"{count} {several or f'{what}s'}"


def problem_as_json(root: Path, problem: Problem) -> dict[str, Any]:
    """Give a problem in the form that programs read."""
    return {
        "file": str(root / problem.source.file),
        "line": problem.source.line,
        "column": problem.column,
        "severity": problem.severity,
        "kind": problem.kind,
        "problem": problem.what,
        "mend": problem.mend,
        "excerpt": excerpt_of(problem.excerpt, problem.column).text,
    }
