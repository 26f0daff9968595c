"""The sign of life that containers ask for."""

import os
from pathlib import Path

from bot.heartbeat import Heartbeat, age_seconds


def test_a_beat_is_fresh_and_its_end_is_known(tmp_path: Path) -> None:
    """A running bot is told from one that was never there or has stopped on purpose."""
    path = tmp_path / "heartbeat"
    heart = Heartbeat(path)
    assert age_seconds(path) is None

    heart.beat()
    fresh = age_seconds(path)
    assert fresh is not None
    assert fresh < 60

    os.utime(path, (1, 1))
    old = age_seconds(path)
    assert old is not None
    assert old > 60

    heart.end()
    heart.end()
    assert age_seconds(path) is None
