"""Noticing that FAQ files have changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import watchfiles

_log = logging.getLogger(__name__)

# Long enough for an editor to finish writing, short enough to be live within two seconds.
_SETTLE_MILLISECONDS = 400
_POLL_MILLISECONDS = 500
_MISSING_SECONDS = 1.0


async def watch_faq(
    path: Path, how: Literal["auto", "poll"], changed: Callable[[], Awaitable[object]]
) -> None:
    """Tell of every change at a path, for ever.

    Args:
        path: a file or a folder; it may come and go.
        how: "poll" looks regularly, for mounts that tell of no changes.
        changed: is awaited once for changes that come together.
    """
    while True:
        # Editors replace a file by a new one, so a file's folder is what has to be watched.
        place = path if await asyncio.to_thread(path.is_dir) else path.parent
        if not await asyncio.to_thread(place.is_dir):
            await asyncio.sleep(_MISSING_SECONDS)
            continue
        try:
            async for _ in watchfiles.awatch(
                place,
                debounce=_SETTLE_MILLISECONDS,
                step=_SETTLE_MILLISECONDS // 4,
                force_polling=how == "poll" or None,
                poll_delay_ms=_POLL_MILLISECONDS,
                ignore_permission_denied=True,
            ):
                await changed()
                if not await asyncio.to_thread(place.is_dir):
                    break
        except (OSError, RuntimeError) as error:
            # The system has only so many watches to give.
            _log.warning("Changes of %s are looked for regularly from now on: %s", place, error)
            how = "poll"
            await asyncio.sleep(_MISSING_SECONDS)
