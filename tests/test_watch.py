"""Noticing changes on a real disk."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
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
