"""A press of a button that waits for an end."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from telegram import CallbackQuery, Message

from bot.telegram.pressing import Action, Press
from bot.telegram.sending import Sender
from bot.wording.speech import Speech


class Pressed:
    """Somebody who has pressed a button, and sees it waiting until that ends."""

    def __init__(
        self, query: CallbackQuery, press: Press, message: Message, speech: Speech, sender: Sender
    ) -> None:
        """Prepare.

        Args:
            query: the press, as Telegram tells it.
            press: what the button says.
            message: the bot's, with the button; one that is not accessible any more knows no more
                than where it stands.
            speech: the language to speak with them.
            sender: ends the waiting.
        """
        self.user = query.from_user
        self.bot = query.get_bot()
        self.press = press
        self.message = message
        self.speech = speech
        self._query_id = query.id
        self._sender = sender
        self._has_ended = False

    async def end(self, notice: str | None = None) -> None:
        """End the waiting; only the first end counts.

        Args:
            notice: what they see for a moment, at most 200 characters.
        """
        if not self._has_ended:
            self._has_ended = True
            await self._sender.answer_press(self._query_id, notice)


Deed: TypeAlias = Callable[[Pressed], Awaitable[None]]
"""Does what a button asks for."""

Deeds: TypeAlias = Mapping[Action, Deed]
"""What a feature does, by what its buttons ask for."""
