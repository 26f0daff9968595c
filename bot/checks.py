"""Checking the FAQ's files while the bot runs, told briefly."""

import asyncio
import functools
from collections.abc import Callable

from bot.errors import FaqbotError
from bot.inspecting import Inspection, inspect_files
from bot.model import Problem
from bot.settings import Settings
from bot.wording.saying import as_markdown

_MOST_SECONDS = 20.0
_MOST_PROBLEMS = 10
_MEND = (
    "Mend them in the files: what is saved is read again by itself, or by `/reindex`. "
    "`faqbot check` shows the lines, and compares the questions by meaning, too."
)
_NO_PROBLEMS = "Nothing is wrong. `faqbot check` compares the questions by meaning, too."


class Checker:
    """Looks at the files when asked to, once at a time, and never for long."""

    def __init__(
        self,
        settings: Settings,
        *,
        inspect: Callable[[Settings], Inspection] = inspect_files,
        most_seconds: float = _MOST_SECONDS,
    ) -> None:
        """Prepare.

        Args:
            settings: name the files.
            inspect: looks at them.
            most_seconds: how long anybody is to wait for it.
        """
        self._inspect = functools.partial(inspect, settings)
        self._most_seconds = most_seconds
        self._running: asyncio.Future[Inspection] | None = None

    async def run(self) -> str:
        """Check, and tell an admin what there is to mend.

        Returns:
            Markdown.
        """
        # Whoever asks again meanwhile waits for the same run: a thread cannot be called off.
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(asyncio.to_thread(self._inspect))
        try:
            async with asyncio.timeout(self._most_seconds):
                inspection = await asyncio.shield(self._running)
        except TimeoutError:
            return (
                "The check takes too long to wait for here, and goes on: send `/check` again in a "
                "minute, or run `faqbot check --quick`."
            )
        except FaqbotError as error:
            return as_markdown(str(error))
        return _told(inspection)


def _told(inspection: Inspection) -> str:
    faq, problems = inspection.faq, inspection.problems
    head = (
        f"**{_counted(inspection.errors, 'error')}, {_counted(inspection.warnings, 'warning')}** "
        f"in {_counted(len(faq.entries), 'answer')} of {_counted(len(faq.files), 'file')}."
    )
    if not problems:
        return f"{head}\n\n{_NO_PROBLEMS}"
    # What keeps an answer from being served comes first.
    shown = sorted(problems, key=lambda it: it.severity != "error")[:_MOST_PROBLEMS]
    told = [head, *map(_problem, shown)]
    if rest := len(problems) - len(shown):
        told.append(f"And {rest} more; `faqbot check` lists all.")
    return "\n\n".join([*told, _MEND])


def _problem(problem: Problem) -> str:
    sign = "❌" if problem.severity == "error" else "⚠️"
    place = as_markdown(f"{problem.source.file}:{problem.source.line}")
    return f"{sign} **{place}** {as_markdown(problem.what)} {as_markdown(problem.mend)}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
