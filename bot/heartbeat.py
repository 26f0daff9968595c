"""A sign of life in a file, for containers that have no port to ask at."""

import time
from pathlib import Path

HEALTHY_SECONDS = 60.0
_EVERY_SECONDS = 5.0


class Heartbeat:
    """Marks that the bot is alive."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last = 0.0

    def beat(self) -> None:
        """Leave a mark, unless there is a fresh one."""
        now = time.monotonic()
        if now - self._last >= _EVERY_SECONDS:
            self._last = now
            self._path.touch()

    def end(self) -> None:
        """Take the mark away: whoever stops on purpose is not alive."""
        self._path.unlink(missing_ok=True)


def age_seconds(path: Path) -> float | None:
    """Tell how long ago the last mark was left; None when there is none."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        return None
