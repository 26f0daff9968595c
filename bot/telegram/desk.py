"""What everything that people may do needs: answers, words in their language, and replies."""

import contextlib

from telegram import Message, Update, User
from telegram.error import TelegramError

from bot.answering import Answerer
from bot.model import Entry
from bot.telegram.asked import asker_of
from bot.telegram.composing import Reply
from bot.telegram.pace import UNLIMITED, Pace
from bot.telegram.rendering import render
from bot.telegram.replies import Replies
from bot.telegram.sending import Sender
from bot.telegram.together import Together
from bot.wording.saying import wrong_inside
from bot.wording.speech import Languages, Speech


class Desk:
    """Where the bot meets people."""

    def __init__(
        self,
        answerer: Answerer,
        sender: Sender,
        replies: Replies,
        languages: Languages,
        pace: Pace | None = None,
    ) -> None:
        self.answerer = answerer
        self.sender = sender
        self.replies = replies
        self._languages = languages
        self._together = Together(replies, pace or Pace(UNLIMITED))

    def speech(self, user: User | None) -> Speech:
        """Give the language to speak with someone."""
        return self._languages.speech(user.language_code if user else None)

    def entries(self, message: Message) -> tuple[Entry, ...]:
        """Give what the FAQ has for the chat of a message."""
        return self.answerer.entries(asker_of(message))

    async def respond(self, update: Update, reply: Reply) -> None:
        """Reply to what came with an update, or change the reply to what was edited."""
        message = update.effective_message
        if message:
            is_edited = update.edited_message is not None
            await self._together.respond(message, reply, is_edited=is_edited)

    def forget(self, chat_id: int) -> None:
        """Forget a chat that the bot has been removed from."""
        self._together.forget(chat_id)
        self.replies.forget(chat_id)

    async def close(self) -> None:
        """Send all that still waits to be sent."""
        await self._together.close()
        await self.replies.close()

    async def apologise(self, update: Update) -> None:
        """Say that something went wrong that is not the person's fault."""
        if update.effective_message:
            sorry = render(wrong_inside(self.speech(update.effective_user)))
            with contextlib.suppress(TelegramError):
                await self.sender.reply(update.effective_message, sorry)
