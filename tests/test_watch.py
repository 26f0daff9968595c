"""Noticing changes on a real disk."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest

from bot.watch import watch_faq

_LONG_SECONDS = 20


@asynccontextmanager
async def _watching(path: Path, how: Literal["auto", "poll"]) -> AsyncIterator[asyncio.Event]:
    changed = asyncio.Event()

    async def note() -> None:
        changed.set()

    task = asyncio.create_task(watch_faq(path, how, note))
    try:
        yield changed
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _until_noticed(changed: asyncio.Event, change: Callable[[int], object]) -> None:
    """Change again and again: a watch that has just begun may miss the first time."""
    changed.clear()
    for number in range(_LONG_SECONDS):
        change(number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(changed.wait(), timeout=1.5)
            return
    raise AssertionError("nobody noticed")


@pytest.mark.parametrize("how", ["auto", "poll"])
async def test_an_edit_a_new_file_and_a_removal_are_noticed(
    how: Literal["auto", "poll"], tmp_path: Path
) -> None:
    """Whatever an admin does in the folder is noticed, on mounts without events as well."""
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "a.md"
    file.write_text("one")
    async with _watching(tmp_path, how) as changed:
        await _until_noticed(changed, lambda number: file.write_text(f"two {number}"))
        await _until_noticed(changed, lambda number: (tmp_path / f"{number}.md").write_text("b"))
        await _until_noticed(changed, lambda _: file.unlink(missing_ok=True))


async def test_a_single_file_that_an_editor_replaces_is_noticed(tmp_path: Path) -> None:
    """Editors write a new file and move it over the old one; that is a change, too."""
    file = tmp_path / "faq.md"
    file.write_text("one")

    def replace(number: int) -> None:
        new = tmp_path / "faq.md.new"
        new.write_text(f"two {number}")
        new.rename(file)

    async with _watching(file, "auto") as changed:
        await _until_noticed(changed, replace)


async def test_a_folder_that_comes_later_is_noticed(tmp_path: Path) -> None:
    """A mount that is not there at the start does not end the watching."""
    folder = tmp_path / "later" / "faq"

    def make(number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.md").write_text("one")

    async with _watching(folder, "auto") as changed:
        await _until_noticed(changed, make)


async def _published(folder: Path, edits: Callable[[], Awaitable[object]]) -> list[dict[str, str]]:
    """Give what the files said each time that a change was told of, while they are edited."""
    seen: list[dict[str, str]] = []

    is_over = asyncio.Event()

    async def note() -> None:
        seen.append(await asyncio.to_thread(_texts, folder))
        if "last.md" in seen[-1]:
            is_over.set()

    task = asyncio.create_task(watch_faq(folder, "auto", note))
    try:
        # Only once it has told of something is it sure to watch.
        for number in range(_LONG_SECONDS * 5):
            (folder / "first.md").write_text(str(number))
            await asyncio.sleep(0.2 if number % 5 else 1.5)
            if seen:
                break
        await _until_quiet(seen)
        begun = len(seen)
        await edits()
        (folder / "last.md").write_text("last")
        await asyncio.wait_for(is_over.wait(), _LONG_SECONDS)
        await _until_quiet(seen)
        return seen[begun:]
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _texts(folder: Path) -> dict[str, str]:
    return {it.name: it.read_text() for it in folder.glob("*.md")}


async def _until_quiet(seen: list[dict[str, str]]) -> None:
    count = -1
    while count != len(seen):
        count = len(seen)
        await asyncio.sleep(1.5)


async def test_an_editor_that_saves_in_steps_is_told_of_once(tmp_path: Path) -> None:
    """Truncated, half written, written by way of another file, five at once: all or nothing."""
    for number in range(5):
        (tmp_path / f"{number}.md").write_text("old")

    async def save() -> None:
        file = tmp_path / "0.md"
        for text in ("", "ne", "new"):
            file.write_text(text)
            await asyncio.sleep(0.05)
        for number in range(1, 5):
            temporary = tmp_path / f".{number}.tmp"
            temporary.write_text("new")
            await asyncio.sleep(0.05)
            temporary.rename(tmp_path / f"{number}.md")

    (told,) = await _published(tmp_path, save)
    assert {told[f"{number}.md"] for number in range(5)} == {"new"}


async def test_a_file_that_goes_and_comes_back_at_once_is_no_news(tmp_path: Path) -> None:
    """What an editor moves away and back is not told of as gone."""
    file = tmp_path / "a.md"
    file.write_text("text")

    async def blink() -> None:
        for _ in range(3):
            file.rename(tmp_path / "a.bak")
            await asyncio.sleep(0.05)
            (tmp_path / "a.bak").rename(file)
            await asyncio.sleep(0.05)

    for told in await _published(tmp_path, blink):
        assert told["a.md"] == "text"


async def test_a_folder_that_is_written_all_the_time_is_told_of(tmp_path: Path) -> None:
    """Somebody who never stops saving does not keep all others' edits from going live."""
    seen: list[str] = []
    file = tmp_path / "a.md"

    async def note() -> None:
        seen.append(file.read_text())

    task = asyncio.create_task(watch_faq(tmp_path, "auto", note))
    try:
        for number in range(_LONG_SECONDS * 20):
            file.write_text(str(number))
            await asyncio.sleep(0.05)
            if seen:
                break
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    assert seen
