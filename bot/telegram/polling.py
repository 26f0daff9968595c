"""Fetching updates, and what to do when the token, the network or another poller forbids it."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from telegram import Bot, Update
from telegram.error import Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.errors import FaqbotError

_log = logging.getLogger(__name__)

UPDATE_KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
)
"""What is asked for by name: Telegram leaves out whatever is not."""

_LONG_POLL_SECONDS = 20
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0


class TokenRefusedError(FaqbotError):
    """Telegram knows no bot with this token."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refuses the token: it is wrong or was revoked. Ask @BotFather for the right "
            "one (/mybots, API Token) and set TELEGRAM_BOT_TOKEN."
        )


class Poller:
    """Fetches updates until it is told to stop."""

    def __init__(
        self,
        bot: Bot,
        take: Callable[[Update], Awaitable[None]],
        *,
        alive: Callable[[], None],
        trouble: Callable[[str], Awaitable[None]],
    ) -> None:
        """Prepare to poll.

        Args:
            bot: whose updates to fetch.
            take: takes an update in; only then is it acknowledged.
            alive: is called whenever Telegram has answered.
            trouble: is told once of what keeps updates from coming.
        """
        self._bot = bot
        self._take = take
        self._alive = alive
        self._trouble = trouble
        self._offset: int | None = None
        self._pause_seconds = _FIRST_PAUSE_SECONDS
        self._is_troubled = False

    async def connect(self, initialize: Callable[[], Awaitable[None]]) -> None:
        """Repeat the first contact until it succeeds.

        Raises:
            TokenRefusedError: it never will.
        """
        while True:
            try:
                await initialize()
            except TelegramError as error:
                await self._wait_after(error)
            else:
                return

    async def run(self) -> None:
        """Fetch updates for ever.

        Raises:
            TokenRefusedError: no update will ever come.
        """
        while True:
            try:
                updates = await self._bot.get_updates(
                    offset=self._offset,
                    timeout=_LONG_POLL_SECONDS,
                    allowed_updates=UPDATE_KINDS,
                )
            except TelegramError as error:
                await self._wait_after(error)
                continue
            self._alive()
            if self._is_troubled:
                self._is_troubled = False
                _log.warning("Updates from Telegram come in again.")
            self._pause_seconds = _FIRST_PAUSE_SECONDS
            for update in updates:
                await self._take(update)
                self._offset = update.update_id + 1

    async def acknowledge(self) -> None:
        """Tell Telegram what was taken, so that the next start does not get it again."""
        if self._offset is not None:
            with contextlib.suppress(TelegramError):
                await self._bot.get_updates(
                    offset=self._offset, timeout=0, limit=1, allowed_updates=UPDATE_KINDS
                )

    async def _wait_after(self, error: TelegramError) -> None:
        if isinstance(error, InvalidToken | Forbidden):
            raise TokenRefusedError from None
        if isinstance(error, RetryAfter):
            wait = error.retry_after
            await asyncio.sleep(wait if isinstance(wait, int | float) else wait.total_seconds())
            return
        if not self._is_troubled and not isinstance(error, TimedOut):
            self._is_troubled = True
            what = (
                "Another program fetches this bot's updates, too, so each gets only some of them: "
                "stop the other one, or give each a bot of its own."
                if isinstance(error, Conflict)
                else f"Telegram cannot be reached ({error}): check the network and "
                "FAQBOT_TELEGRAM_API_URL. Trying on."
            )
            _log.error(what)
            if isinstance(error, Conflict):  # all else cannot be told in Telegram while it lasts
                await self._trouble(what)
        await asyncio.sleep(self._pause_seconds)
        self._pause_seconds = min(self._pause_seconds * 2, _LONGEST_PAUSE_SECONDS)
