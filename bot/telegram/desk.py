"""What everything that people may do needs: answers, words in their language, and replies."""

import contextlib

from telegram import Message, Update, User
from telegram.error import TelegramError

from bot.answering import Answerer
from bot.model import Entry
from bot.small_talk import SmallTalk
from bot.telegram.asked import asker_of
from bot.telegram.composing import Reply
from bot.telegram.follow_ups import FollowUps
from bot.telegram.rendering import render
from bot.telegram.replies import Replies
from bot.telegram.sending import Sender
from bot.wording.saying import wrong_inside
from bot.wording.speech import Languages, Speech


class Desk:
    """Where the bot meets people."""

    def __init__(  # noqa: PLR0913 - all that features share
        self,
        answerer: Answerer,
        sender: Sender,
        replies: Replies,
        languages: Languages,
        *,
        small_talk: SmallTalk | None = None,
        follow_ups: FollowUps | None = None,
    ) -> None:
        self.answerer = answerer
        self.sender = sender
        self.replies = replies
        self.small_talk = small_talk
        self.follow_ups = follow_ups or FollowUps(replies)
        self._languages = languages

    def speech(self, user: User | None) -> Speech:
        """Give the language to speak with someone."""
        return self._languages.speech(user.language_code if user else None)

    def entries(self, message: Message) -> tuple[Entry, ...]:
        """Give what the FAQ has for the chat of a message."""
        return self.answerer.entries(asker_of(message))

    async def respond(self, update: Update, reply: Reply, place: Message | None = None) -> None:
        """Reply to what came with an update, or change the reply to what was edited.

        Args:
            update: what came.
            reply: what to say.
            place: the message whose reply it is, where that is another one.
        """
        message = update.effective_message
        if message:
            place = place or message
            is_edited = update.edited_message is not None or place is not message
            await self.replies.respond(place, reply, is_edited=is_edited)

    async def apologise(self, update: Update) -> None:
        """Say that something went wrong that is not the person's fault."""
        if update.effective_message:
            sorry = render(wrong_inside(self.speech(update.effective_user)))
            with contextlib.suppress(TelegramError):
                await self.sender.reply(update.effective_message, sorry)
