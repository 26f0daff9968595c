"""Where every update comes in, before any handler sees it."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.turns import Turns

_MOST_AT_ONCE = 256
_MOST_WAITING = 100_000
_MOST_REMEMBERED = 10_000

Door: TypeAlias = Callable[[Update], Awaitable[None] | None]
"""Lets an update in by None, or gives what is done in the place of handling it."""


class Inbox(BaseUpdateProcessor):
    """Drops duplicates, keeps each chat in order, and lets different chats run side by side."""

    def __init__(self, door: Door = lambda _update: None) -> None:
        """Open.

        Args:
            door: is asked of each update as it comes in, so that whom it turns away waits behind
                nobody and keeps nobody waiting.
        """
        # The library counts those who only wait for their turn: one busy chat would stop all.
        super().__init__(max_concurrent_updates=_MOST_WAITING)
        self.door = door
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._chats = Turns()
        self._desks = asyncio.Semaphore(_MOST_AT_ONCE)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to let go of."""

    def receive(self, update: Update) -> bool:
        """Take an update in; this is the one seam that all of them pass.

        Returns:
            False for one that has been here before.
        """
        if update.update_id in self._seen:
            return False
        self._seen[update.update_id] = None
        if len(self._seen) > _MOST_REMEMBERED:
            self._seen.popitem(last=False)
        return True

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Process an update after those of the same chat that came before it."""
        if not isinstance(update, Update) or not self.receive(update):
            _close(coroutine)
            return
        instead = self.door(update)
        if instead is not None:
            _close(coroutine)
            await instead
            return
        # What belongs to no chat, as what is typed for an inline answer, is in nobody's way.
        key = update.effective_chat.id if update.effective_chat else object()
        async with self._chats.turn(key), self._desks:
            await coroutine


def _close(coroutine: Awaitable[Any]) -> None:
    if asyncio.iscoroutine(coroutine):
        coroutine.close()
