"""What admins are told unasked: each cause once."""

import logging
from collections.abc import Sequence

from telegram import Bot
from telegram.error import Forbidden, TelegramError

_log = logging.getLogger(__name__)

_LONGEST = 3500


class Notices:
    """Writes to the admins."""

    def __init__(self, bot: Bot, admins: Sequence[int]) -> None:
        self._bot = bot
        self._admins = admins
        self._unreachable: set[int] = set()
        self._told: set[str] = set()
        self._waiting: list[str] | None = []

    async def open(self) -> None:
        """Tell what has come up before there was a connection, and from now on tell at once."""
        waiting, self._waiting = self._waiting or [], None
        for text in waiting:
            await self.tell(text)

    async def tell(self, text: str) -> None:
        """Tell every admin who can be written to."""
        if self._waiting is not None:
            self._waiting.append(text)
            return
        for admin in self._admins:
            try:
                await self._bot.send_message(admin, text[:_LONGEST])
            except TelegramError as error:
                self._note(admin, error)

    def _note(self, admin: int, error: TelegramError) -> None:
        is_stranger = isinstance(error, Forbidden) or "chat not found" in error.message.lower()
        if not is_stranger:
            _log.warning("The admin %s could not be told: %s", admin, error)
        elif admin not in self._unreachable:
            self._unreachable.add(admin)
            _log.warning(
                "The admin %s cannot be written to: they have to open the chat with the bot and "
                "press Start once.",
                admin,
            )

    async def tell_once(self, cause: str, text: str) -> None:
        """Tell of a cause that is new since the start."""
        if cause not in self._told:
            self._told.add(cause)
            await self.tell(text)
