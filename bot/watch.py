"""Noticing that FAQ files have changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import watchfiles

from bot.faq.folder import Fingerprint, fingerprint

_log = logging.getLogger(__name__)

# For so many looks nothing must change: longer than an editor takes from one step of a save to the
# next, and short enough for an edit to be live within two seconds.
_QUIET_LOOKS = 3
_LOOK_SECONDS = 0.1
# Where something is written all the time, people should not wait for ever.
_MOST_SECONDS = 10.0
# All that comes together is waited for here anyway, and not twice.
_GATHER_MILLISECONDS = 20
_POLL_MILLISECONDS = 300
_MISSING_SECONDS = 1.0


async def watch_faq(
    path: Path, how: Literal["auto", "poll"], changed: Callable[[], Awaitable[object]]
) -> None:
    """Tell of every change at a path, for ever.

    Args:
        path: a file or a folder; it may come and go.
        how: "poll" looks regularly, for mounts that tell of no changes.
        changed: is awaited once for changes that come together, when all is quiet.
    """
    told: Fingerprint | None = None
    while True:
        # Editors replace a file by a new one, so a file's folder is what has to be watched.
        place = path if await asyncio.to_thread(path.is_dir) else path.parent
        if not await asyncio.to_thread(place.is_dir):
            await asyncio.sleep(_MISSING_SECONDS)
            continue
        try:
            async for _ in watchfiles.awatch(
                place,
                debounce=_GATHER_MILLISECONDS,
                step=_GATHER_MILLISECONDS,
                force_polling=how == "poll" or None,
                poll_delay_ms=_POLL_MILLISECONDS,
                ignore_permission_denied=True,
            ):
                found = await _settled(path)
                # What came and went within that time, or was told of already, is no news.
                if found != told:
                    told = found
                    await changed()
                if not await asyncio.to_thread(place.is_dir):
                    break
        except (OSError, RuntimeError) as error:
            # The system has only so many watches to give.
            _log.warning("Changes of %s are looked for regularly from now on: %s", place, error)
            how = "poll"
            await asyncio.sleep(_MISSING_SECONDS)


async def _settled(path: Path) -> Fingerprint:
    """Wait until the files at a path stay as they are; give what tells of their changes."""
    loop = asyncio.get_running_loop()
    latest = loop.time() + _MOST_SECONDS
    found = await asyncio.to_thread(fingerprint, path)
    unchanged = 0
    # Looks are counted and not seconds, so that a busy machine does not look like a quiet one.
    while unchanged < _QUIET_LOOKS and loop.time() < latest:
        await asyncio.sleep(_LOOK_SECONDS)
        now = await asyncio.to_thread(fingerprint, path)
        unchanged = unchanged + 1 if now == found else 0
        found = now
    return found
