"""When the FAQ is read again, and what admins are told of it."""

import asyncio
import datetime as dt
import logging
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.errors import FaqbotError
from bot.indexing import IndexReport, RollbackReport
from bot.model import Faq, Problem, Source, Usage
from bot.publication import Difference, Pin, Publication
from bot.schedule import Reindexer, start_schedule

MISTAKE = Problem(Source("a.md", 3), "This is wrong.", "Mend it so.")


class _World:
    """Plays the engine and the admins."""

    def __init__(self) -> None:
        self.problems: tuple[Problem, ...] = ()
        self.failure: Exception | None = None
        self.is_pinned = True
        self.kept_files: tuple[str, ...] = ()
        self.pin: Pin | None = None
        self.told: list[str] = []
        self.runs = 0
        self.at_once = 0
        self.most_at_once = 0
        self.ran = asyncio.Event()
        self.reindexer = Reindexer(self._update, self._tell, self._rollback)

    async def _update(self) -> IndexReport:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        self.runs += 1
        self.ran.set()
        if self.failure:
            raise self.failure
        faq = Faq(Path("faq"), (), self.problems, ("a.md",), frozenset())
        new = Difference(("new",), (), ())
        return IndexReport(faq, new, self.kept_files, 2, 0, Usage(), 0.1, (), self.pin)

    async def _rollback(self, number: int | None) -> RollbackReport:
        if self.failure:
            raise self.failure
        told = Difference((), ("old",), ())
        publication = Publication(number or 1, None, 3, told, {})
        return RollbackReport(publication, told, self.is_pinned, 0)

    async def _tell(self, text: str) -> None:
        self.told.append(text)


@pytest.fixture(name="world")
async def _world() -> _World:
    return _World()


async def test_a_good_run_is_told_to_who_asked_and_to_nobody_else(world: _World) -> None:
    """An admin who sends /reindex reads what it did; the others are left in peace."""
    assert await world.reindexer.run("asked for") == (
        "1 added, 0 changed, 0 removed, 2 texts embedded."
    )
    assert world.told == []


async def test_a_mistake_is_told_once_and_its_mending_once(world: _World) -> None:
    """Admins are told what is wrong and where, once, and once more when it is well again."""
    world.problems = (MISTAKE,)
    for _ in range(3):
        await world.reindexer.run("scheduled")
    world.problems = ()
    for _ in range(3):
        await world.reindexer.run("scheduled")

    wrong, well = world.told
    assert "a.md, line 3: This is wrong. Mend it so." in wrong
    assert well == "The FAQ is well again, and served as it is now."


async def test_another_mistake_is_news(world: _World) -> None:
    """A second mistake is told, too, even while the first is not mended."""
    world.problems = (MISTAKE,)
    await world.reindexer.run("scheduled")
    world.problems = (MISTAKE, Problem(Source("b.md", 1), "So is this.", "Mend it, too."))
    await world.reindexer.run("scheduled")

    assert len(world.told) == 2
    assert "So is this." in world.told[1]


async def test_a_warning_is_no_reason_to_wake_anybody(world: _World) -> None:
    """What does no harm is left to `faqbot check`."""
    world.problems = (Problem(Source("a.md", 3), "Odd.", "Look.", "warning"),)
    await world.reindexer.run("scheduled")

    assert world.told == []


async def test_a_failure_is_told_once_and_remembered(
    world: _World, caplog: pytest.LogCaptureFixture
) -> None:
    """While the server is away admins and log are told once, and another try is due."""
    world.failure = FaqbotError("The server is away.")
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            await world.reindexer.run("again")
    assert world.reindexer.has_failed
    world.failure = None
    await world.reindexer.run("again")

    assert not world.reindexer.has_failed
    assert len(world.told) == 2
    assert "the old one serves on. The server is away." in world.told[0]
    assert caplog.text.count("The server is away.") == 1


async def test_a_fault_of_our_own_ends_nothing(world: _World) -> None:
    """Even a bug in reading the FAQ is told, and the next run takes place."""
    world.failure = ZeroDivisionError("division by zero")
    assert "a fault of faqbot itself (ZeroDivisionError" in await world.reindexer.run("scheduled")
    world.failure = None
    await world.reindexer.run("scheduled")

    assert len(world.told) == 2


async def test_many_problems_are_summed_up(world: _World) -> None:
    """A message about a hundred mistakes stays short enough to be read."""
    world.problems = tuple(
        Problem(Source("a.md", line), "Wrong.", "Mend it.") for line in range(1, 101)
    )
    await world.reindexer.run("scheduled")

    assert "and 90 more" in world.told[0]


async def test_one_run_at_a_time(world: _World) -> None:
    """A change, the schedule and an admin at the same moment do not run into each other."""
    await asyncio.gather(*(world.reindexer.run("at once") for _ in range(5)))

    assert world.runs == 5
    assert world.most_at_once == 1


async def test_the_schedule_runs_and_stands_in_the_log(
    world: _World, caplog: pytest.LogCaptureFixture
) -> None:
    """When the hour has come, here at the test's word, the FAQ is read and the log says so."""
    with caplog.at_level(logging.INFO, logger="bot.schedule"):
        scheduler = start_schedule("1h", world.reindexer)
        try:
            (job,) = scheduler.get_jobs()
            assert world.runs == 0
            job.modify(next_run_time=dt.datetime.now(tz=dt.UTC))
            await asyncio.wait_for(world.ran.wait(), timeout=20)
            await asyncio.sleep(0)
        finally:
            scheduler.shutdown(wait=False)
            await asyncio.sleep(0)

    assert "Re-index (scheduled): 1 added" in caplog.text
    assert world.runs == 1


@pytest.mark.parametrize(
    ("when", "now", "then"),
    [
        ("30m", "2026-03-01T05:59:00+00:00", None),
        ("0 6 * * *", "2026-03-01T05:59:00+00:00", "2026-03-01T06:00:00+00:00"),
        ("0 6 * * mon", "2026-03-01T06:01:00+00:00", "2026-03-02T06:00:00+00:00"),
    ],
)
async def test_it_runs_when_it_was_asked_to(
    when: str, now: str, then: str | None, world: _World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cron expression means the operator's own time zone; an interval begins at the start."""
    monkeypatch.setenv("TZ", "UTC")
    scheduler = start_schedule(when, world.reindexer)
    (job,) = scheduler.get_jobs()
    moment = dt.datetime.fromisoformat(now)
    due = job.trigger.get_next_fire_time(None, moment)
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)

    if then is None:
        assert job.trigger.interval == dt.timedelta(minutes=30)
    else:
        assert due == dt.datetime.fromisoformat(then)


@pytest.mark.parametrize(
    ("when", "kind"), [("30m", IntervalTrigger), ("0 6 * * *", CronTrigger), ("off", None)]
)
async def test_intervals_cron_and_off(when: str, kind: type | None, world: _World) -> None:
    """The schedule is an interval, a cron expression, or none."""
    scheduler = start_schedule(when, world.reindexer)
    jobs = scheduler.get_jobs()
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)

    assert [type(job.trigger) for job in jobs] == ([kind] if kind else [])
    assert all(job.coalesce and job.max_instances == 1 for job in jobs)


async def test_a_rollback_is_told_to_all_admins_once(world: _World) -> None:
    """Whoever asked reads what serves; all read why edits may not show, until that is over."""
    assert await world.reindexer.rollback(4) == (
        "Number 4 serves again: 0 added, 1 changed, 0 removed."
    )
    world.pin = Pin(4, ({"a.md": "hash"},))
    for _ in range(3):
        await world.reindexer.run("scheduled")
    world.pin = None
    await world.reindexer.run("files changed")

    held, well = world.told
    assert held.startswith("The FAQ was rolled back to number 4")
    assert well == "The FAQ is well again, and served as it is now."


async def test_a_rollback_that_holds_nothing_back_is_no_news(world: _World) -> None:
    """Going forth again to what the files say anyway wakes nobody."""
    world.is_pinned = False
    await world.reindexer.rollback(None)
    assert world.told == []


async def test_a_rollback_that_cannot_be_done(world: _World) -> None:
    """An admin who names a number that is not kept reads so, and nothing has changed."""
    world.failure = FaqbotError("There is no state with the number 9.")
    assert await world.reindexer.rollback(9) == (
        "Nothing was rolled back. There is no state with the number 9."
    )
    assert world.told == []


async def test_a_file_that_does_not_serve_as_it_is_wakes_people(world: _World) -> None:
    """That a file is empty is a warning, but its old text serves, which admins should know."""
    world.problems = (Problem(Source("a.md", 1), "It is empty.", "Remove it.", "warning"),)
    world.kept_files = ("a.md",)
    await world.reindexer.run("files changed")

    (told,) = world.told
    assert "a.md, line 1: It is empty. Remove it." in told
    assert "the last good version serves of: a.md." in told
