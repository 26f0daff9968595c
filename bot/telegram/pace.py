"""How fast the bot may send: Telegram's limits, kept before Telegram has to enforce them.

The library's own limiter, AIORateLimiter, does not fit people who wait: one group that sends too
much halts every request, showing that the bot types counts like an answer, up to 40 messages go to
a group within its first minute, and it does not tell how much room is left. This one takes its
place at the same point of the library, where requests can be tried again when Telegram says later.
"""

import asyncio
import contextlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

_log = logging.getLogger(__name__)

_TRIES = 5
_LONGEST_REST_SECONDS = 120.0
_MOST_REMEMBERED = 10_000

_Result: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and then one after each interval."""

    at_once: int
    interval_seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How many messages may be sent; None is any number."""

    overall: Rate | None
    private: Rate | None
    """To a person."""
    group: Rate | None
    """To a group."""


TELEGRAM: Final = Limits(
    overall=Rate(1, 1 / 30),
    private=Rate(10, 1.0),
    group=Rate(8, 5.0),  # however these fall, no more than 20 within a minute
)
"""Thirty messages a second, one a second in a chat for longer than a moment, 20 a minute in a
group."""

UNLIMITED: Final = Limits(None, None, None)


_SHOWING: Final = Rate(4, 0.25)
"""How often to show that the bot types."""


class Allowance:
    """The room that a rate leaves; times are seconds from any moment on."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._spent_until = float("-inf")
        """When there would be room for as many at once as ever."""

    def wait_seconds(self, now: float) -> float:
        """Tell how long it takes until there is room for one."""
        ahead = (self._rate.at_once - 1) * self._rate.interval_seconds
        return max(self._spent_until - ahead - now, 0.0)

    def take(self, now: float) -> float:
        """Take the next room; tell how long it takes until it is there."""
        wait_seconds = self.wait_seconds(now)
        self._spent_until = max(self._spent_until, now) + self._rate.interval_seconds
        return wait_seconds


class Pace(BaseRateLimiter[int]):
    """Makes messages wait for their room, each chat by itself, and tries again what was too early.

    Edits count only for all chats together. What puts nothing into a chat waits for nothing.
    """

    def __init__(
        self, limits: Limits = TELEGRAM, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Prepare.

        Args:
            limits: how many messages may be sent.
            clock: seconds from any moment on.
        """
        self._limits = limits
        self._clock = clock
        self._overall = Allowance(limits.overall) if limits.overall else None
        self._showing = Allowance(_SHOWING)
        self._lifted = asyncio.Event()
        self._chats: OrderedDict[int, Allowance] = OrderedDict()
        self._rests: dict[object, float] = {}
        """Until when Telegram wants to hear no more, by chat."""

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to let go of."""

    def lift(self) -> None:
        """Let nothing wait for room any more: for the last words before the end."""
        self._limits = UNLIMITED
        self._overall = None
        self._lifted.set()

    def wait_seconds(self, chat_id: int) -> float:
        """Tell how long a message to a chat would have to wait now."""
        allowance = self._allowance(chat_id)
        now = self._clock()
        rest = self._rests.get(chat_id, now) - now
        return max(rest, allowance.wait_seconds(now) if allowance else 0.0)

    async def process_request(  # noqa: PLR0913, PLR0917 - the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, _Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,  # noqa: ARG002
    ) -> _Result:
        """Send a request when its time has come.

        Raises:
            RetryAfter: Telegram wants to hear nothing for so long that nobody would wait for it.
        """
        if endpoint == "sendChatAction":
            # Later it would be untrue; and where many wait, it would make them wait longer.
            now = self._clock()
            if self._showing.wait_seconds(now):
                return True
            self._showing.take(now)
            return await callback(*args, **kwargs)
        chat_id = data.get("chat_id")
        for left in reversed(range(_TRIES)):
            await self._wait_for_room(endpoint, chat_id)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as error:
                rest = _seconds(error)
                if not left or rest > _LONGEST_REST_SECONDS:
                    raise
                _log.info("Telegram wants no %s for %g seconds.", endpoint, rest)
                self._rests[chat_id] = self._clock() + rest
        raise AssertionError  # the loop above ends in a return or a raise

    async def _wait_for_room(self, endpoint: str, chat_id: Any) -> None:
        if endpoint.startswith("send") and isinstance(chat_id, int):
            allowance = self._allowance(chat_id)
            if allowance:
                await self._sleep(allowance.take(self._clock()))
        if endpoint.startswith(("send", "edit")) and self._overall:
            await self._sleep(self._overall.take(self._clock()))
        rest = self._rests.get(chat_id, 0.0) - self._clock()
        if rest > 0:
            await asyncio.sleep(rest)
        if self._rests.get(chat_id, 0.0) <= self._clock():
            self._rests.pop(chat_id, None)

    async def _sleep(self, seconds: float) -> None:
        # Even sleeping for no time would let others overtake.
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._lifted.wait()

    def _allowance(self, chat_id: int) -> Allowance | None:
        rate = self._limits.private if chat_id > 0 else self._limits.group
        if rate is None:
            return None
        allowance = self._chats.setdefault(chat_id, Allowance(rate))
        self._chats.move_to_end(chat_id)
        if len(self._chats) > _MOST_REMEMBERED:
            self._chats.popitem(last=False)
        return allowance


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
