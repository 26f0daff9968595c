"""What everything that people may do needs: answers, words in their language, and replies."""

import asyncio
import contextlib
from typing import Protocol

from telegram import Chat, Message, Update, User
from telegram.error import TelegramError

from bot.answering import Answerer
from bot.model import Entry
from bot.small_talk import SmallTalk
from bot.telegram.asked import asker_of
from bot.telegram.composing import Reply
from bot.telegram.follow_ups import FollowUps
from bot.telegram.pace import UNLIMITED, Pace
from bot.telegram.rendering import render
from bot.telegram.replies import Replies
from bot.telegram.sending import Sender
from bot.telegram.together import Together
from bot.wording.saying import wrong_inside
from bot.wording.speech import Languages, Listener, Speech


class ChosenLanguages(Protocol):
    """Remembers the languages that people and groups have chosen."""

    def get(self, chat_id: int) -> str | None:
        """Give the tag that was chosen in a chat, at once; None where none was."""
        ...

    def put(self, chat_id: int, language: str | None) -> None:
        """Keep what was chosen; None forgets it."""
        ...

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that Telegram has given another id."""
        ...


class Desk:
    """Where the bot meets people."""

    def __init__(  # noqa: PLR0913 - all that features share
        self,
        answerer: Answerer,
        sender: Sender,
        replies: Replies,
        languages: Languages,
        chosen: ChosenLanguages,
        *,
        small_talk: SmallTalk | None = None,
        follow_ups: FollowUps | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.answerer = answerer
        self.sender = sender
        self.replies = replies
        self.languages = languages
        self.chosen = chosen
        self.small_talk = small_talk
        self.follow_ups = follow_ups or FollowUps(replies)
        self._together = Together(replies, pace or Pace(UNLIMITED))
        sender.moves.follow(self._moved)

    def speech(self, user: User | None, chat: Chat | None = None) -> Speech:
        """Give the language to speak with someone.

        That is what was chosen for the chat, else what they chose in private, else what their
        client is set to, else the FAQ's. (What they ask is answered in the language that they ask
        in, if they chose none and it is clear: `composing` sees to that.)
        """
        places = (*((chat.id,) if chat else ()), *((user.id,) if user else ()))
        chosen = [language for place in places if (language := self.chosen.get(place))]
        client = [user.language_code] if user and user.language_code else []
        wished = tuple(dict.fromkeys((*chosen, *client)))
        return self.languages.with_(Listener(wished, bool(chosen), self.answerer.languages()))

    @property
    def speeches(self) -> tuple[Speech, ...]:
        """All the languages that are spoken, English first."""
        return tuple(map(self.languages.speech, self.languages.codes))

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
            await self._together.respond(place, reply, is_edited=is_edited)

    async def turn(self, message: Message, user: User, reply: Reply) -> None:
        """Put another reply in the place of a message of the bot's, for who pressed a button."""
        self._note(message, user, reply)
        await self.replies.turn(message, reply)

    async def add(self, message: Message, user: User, reply: Reply) -> None:
        """Say something more below a message of the bot's, for who pressed a button."""
        self._note(message, user, reply)
        await self.replies.add(message, reply)

    def _note(self, message: Message, user: User, reply: Reply) -> None:
        if reply.told:
            self.follow_ups.pressed(message, user, reply.told)

    def forget(self, chat_id: int) -> None:
        """Forget a chat that the bot has been removed from."""
        self._together.forget(chat_id)
        self.replies.forget(chat_id)

    async def close(self) -> None:
        """Send all that still waits to be sent."""
        await self._together.close()
        await self.replies.close()

    async def _moved(self, old_chat_id: int, new_chat_id: int) -> None:
        await asyncio.to_thread(self.chosen.move, old_chat_id, new_chat_id)

    async def apologise(self, update: Update) -> None:
        """Say that something went wrong that is not the person's fault."""
        if update.effective_message:
            sorry = render(wrong_inside(self.speech(update.effective_user, update.effective_chat)))
            with contextlib.suppress(TelegramError):
                await self.sender.reply(update.effective_message, sorry)
