"""When to read the FAQ again, and telling admins how it went."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import FaqbotError
from bot.indexing import IndexReport, RollbackReport
from bot.wording.saying import held_back

_log = logging.getLogger(__name__)

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_GRACE_SECONDS = 60
_MOST_PROBLEMS = 10


class Reindexer:
    """Brings the index up to date, one run at a time."""

    def __init__(
        self,
        update: Callable[[], Awaitable[IndexReport]],
        tell: Callable[[str], Awaitable[None]],
        rollback: Callable[[int | None], Awaitable[RollbackReport]],
    ) -> None:
        """Prepare.

        Args:
            update: reads the FAQ and serves it.
            tell: tells the admins.
            rollback: serves an earlier state again, by its number or the one before.
        """
        self._update = update
        self._rollback = rollback
        self._tell = tell
        self._running = asyncio.Lock()
        self._wrong = ""
        self.has_failed = False
        """Whether the last run could not serve the FAQ, so that another try is due soon."""

    async def run(self, why: str) -> str:
        """Read the FAQ again; what is wrong, and that it is well again, is told once each.

        Returns:
            What happened, for whoever asked for it.
        """
        async with self._running:
            try:
                report = await self._update()
            except FaqbotError as error:
                return await self._failed(why, str(error))
            except Exception as error:  # noqa: BLE001 - one fault must not end all later runs
                _log.debug("A fault of faqbot itself", exc_info=error)
                return await self._failed(
                    why, f"That is a fault of faqbot itself ({type(error).__name__}: {error})."
                )
            self.has_failed = False
            changes = report.difference
            told = f"{changes}, {report.embedded} texts embedded."
            _log.info("Re-index (%s): %s", why, told)
            wrong = _problems(report)
            await self._tell_wrong(wrong)
            return f"{told}\n\n{wrong}" if wrong else told

    async def rollback(self, number: int | None) -> str:
        """Serve an earlier state again, which all admins are told.

        Args:
            number: which one; None for the one before.

        Returns:
            What happened, for whoever asked for it.
        """
        async with self._running:
            try:
                report = await self._rollback(number)
            except FaqbotError as error:
                return f"Nothing was rolled back. {error}"
        publication = report.publication
        told = f"Number {publication.number} serves again: {report.difference}."
        _log.warning("Rollback (asked for): %s", told)
        # Where nothing keeps the files back, they are read again with the next run.
        wrong = held_back(publication.number) if report.is_pinned else ""
        await self._tell_wrong(wrong)
        return told

    async def _failed(self, why: str, reason: str) -> str:
        self.has_failed = True
        told = f"The FAQ could not be read again, the old one serves on. {reason}"
        level = logging.DEBUG if told == self._wrong else logging.ERROR
        _log.log(level, "Re-index (%s): %s", why, told)
        await self._tell_wrong(told)
        return told

    async def _tell_wrong(self, wrong: str) -> None:
        if wrong == self._wrong:
            return
        was_wrong, self._wrong = self._wrong, wrong
        if wrong:
            await self._tell(wrong)
        elif was_wrong:
            await self._tell("The FAQ is well again, and served as it is now.")


def _problems(report: IndexReport) -> str:
    parts = [_mistakes(report), held_back(report.pin.number) if report.pin else ""]
    return "\n\n".join(part for part in parts if part)


def _mistakes(report: IndexReport) -> str:
    # A warning of a file that does not serve as it is wakes people, too.
    errors = [
        it
        for it in report.faq.problems
        if it.severity == "error" or it.source.file in report.kept_files
    ]
    if not errors:
        return ""
    lines = [
        f"{it.source.file}, line {it.source.line}: {it.what} {it.mend}"
        for it in errors[:_MOST_PROBLEMS]
    ]
    if len(errors) > _MOST_PROBLEMS:
        lines.append(f"and {len(errors) - _MOST_PROBLEMS} more; `faqbot check` lists all.")
    if report.kept_files:
        lines.append(f"Until then the last good version serves of: {', '.join(report.kept_files)}.")
    return "The FAQ has problems:\n\n" + "\n\n".join(lines)


def start_schedule(when: str, reindexer: Reindexer) -> AsyncIOScheduler:
    """Start reading the FAQ again from time to time, within the running event loop.

    Args:
        when: an interval such as "30m", a cron expression, or "off".
        reindexer: what does it.
    """
    scheduler = AsyncIOScheduler()
    if when != "off":
        scheduler.add_job(
            reindexer.run,
            _trigger(when),
            args=["scheduled"],
            max_instances=1,
            coalesce=True,
            misfire_grace_time=_GRACE_SECONDS,
        )
    scheduler.start()
    return scheduler


def _trigger(when: str) -> BaseTrigger:
    unit = _UNITS.get(when[-1])
    if unit and when[:-1].isdecimal():
        return IntervalTrigger(**{unit: int(when[:-1])})
    return CronTrigger.from_crontab(when)
