"""Who sends more than anybody could read the answers to."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum, auto

WINDOW_SECONDS = 60.0
SILENCE_SECONDS = 60.0
_MOST_REMEMBERED = 10_000


class Verdict(Enum):
    """What is done about something that somebody sent."""

    HEAR = auto()
    WARN = auto()
    """The one time to say that it is too much."""
    IGNORE = auto()


@dataclass(slots=True)
class _Sent:
    room: float
    """How much more may come at once."""
    at: float
    silent_until: float = 0.0


class Flood:
    """Lets so many things a minute through from each, at once or spread, and then none for a while.

    It keeps a number for each of them and nothing of what they send.
    """

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare.

        Args:
            most: within a minute; 0 for any number.
            clock: seconds from any moment on.
        """
        self._most = most
        self._clock = clock
        self._sent: OrderedDict[Hashable, _Sent] = OrderedDict()

    def judge(self, who: Hashable) -> Verdict:
        """Count one thing more."""
        if not self._most:
            return Verdict.HEAR
        now = self._clock()
        sent = self._sent.setdefault(who, _Sent(self._most, now))
        self._sent.move_to_end(who)
        if len(self._sent) > _MOST_REMEMBERED:
            self._sent.popitem(last=False)
        if now < sent.silent_until:
            return Verdict.IGNORE
        grown = sent.room + (now - sent.at) * self._most / WINDOW_SECONDS
        sent.room, sent.at = min(grown, self._most), now
        if sent.room < 1:
            sent.silent_until = now + SILENCE_SECONDS
            return Verdict.WARN
        sent.room -= 1
        return Verdict.HEAR
