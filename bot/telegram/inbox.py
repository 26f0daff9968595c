"""Where every update comes in, before any handler sees it."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.turns import Turns

_log = logging.getLogger(__name__)

_MOST_AT_ONCE = 256
_MOST_REMEMBERED = 10_000


class Inbox(BaseUpdateProcessor):
    """Drops duplicates, keeps each chat in order, and lets different chats run side by side."""

    def __init__(self) -> None:
        super().__init__(max_concurrent_updates=_MOST_AT_ONCE)
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._chats = Turns()

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
            if asyncio.iscoroutine(coroutine):
                coroutine.close()
            return
        if update.effective_chat is None:  # what is typed for an inline answer, for one
            await coroutine
            return
        async with self._chats.turn(update.effective_chat.id):
            await coroutine
