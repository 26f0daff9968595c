"""/check: what an admin reads of the FAQ's files on a phone."""

import asyncio
import threading
from pathlib import Path

import pytest

from bot.checks import Checker
from bot.inspecting import Inspection, inspect_files
from bot.model import Faq
from bot.settings import Settings
from bot.telegram.rendering import plain


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    (tmp_path / "faq").mkdir()
    return tmp_path / "faq"


async def _told(folder: Path) -> str:
    return "\n".join(plain(await Checker(Settings(faq_path=folder)).run()))


async def test_all_is_well(folder: Path) -> None:
    """A FAQ without problems is told in a line, and what else could be looked at."""
    (folder / "a.md").write_text("## How?\n\nSo.\n\n### And how else?\n\nAlso so.\n")
    (folder / "a.yaml").write_text("- questions: [Where?, In which place?]\n  answer: Here.\n")
    (folder / "a.md").unlink()
    told = await _told(folder)
    assert told.startswith("0 errors, 0 warnings in 1 answer of 1 file.")
    assert "Nothing is wrong." in told


async def test_problems_by_file_and_line(folder: Path) -> None:
    """Each problem says where it is and how to mend it, the errors first, and what comes next."""
    (folder / "a.yaml").write_text(
        "- questions: [Where?, In which place?]\n  answer: '[Here](gone.md)'\n"
        "- questions: [When?, At what time?]\n"
    )
    told = await _told(folder)
    assert told.startswith("1 error, 1 warning in 1 answer of 1 file.")
    assert told.index("❌ a.yaml:3 ") < told.index("⚠️ a.yaml:")
    assert "/reindex" in told


async def test_many_problems(folder: Path) -> None:
    """Of many problems the first ten are told, and how many more there are."""
    (folder / "a.yaml").write_text("- questions: [Where?, In which place?]\n" * 14)
    told = await _told(folder)
    assert told.startswith("14 errors, 0 warnings")
    assert told.count("❌") == 10
    assert "And 4 more; faqbot check lists all." in told


async def test_no_faq(tmp_path: Path) -> None:
    """A folder that is not there is told as the command line tells it."""
    assert str(tmp_path / "none") in await _told(tmp_path / "none")


async def test_a_check_that_takes_too_long(folder: Path) -> None:
    """Nobody waits for long, and whoever asks again gets what the first one began."""
    release = threading.Event()
    runs: list[int] = []

    def slowly(settings: Settings) -> Inspection:
        runs.append(1)
        release.wait(30)
        return Inspection(Faq(settings.faq_path, (), (), (), frozenset()), ())

    checker = Checker(Settings(faq_path=folder), inspect=slowly, most_seconds=0.05)
    assert "takes too long" in await checker.run()
    assert "takes too long" in await checker.run()
    waiting = asyncio.create_task(Checker(Settings(faq_path=folder), inspect=inspect_files).run())
    release.set()
    assert "0 errors" in await waiting
    while "0 errors" not in await checker.run():
        pass
    assert len(runs) <= 2
