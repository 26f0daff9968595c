"""What everything that people may do needs: answers, words in their language, and replies."""

import contextlib
from typing import Protocol

from telegram import Chat, Message, Update, User
from telegram.error import TelegramError

from bot.answering import Answerer
from bot.model import Entry
from bot.telegram.asked import asker_of
from bot.telegram.composing import Reply
from bot.telegram.rendering import render
from bot.telegram.replies import Replies
from bot.telegram.sending import Sender
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


class Desk:
    """Where the bot meets people."""

    def __init__(
        self,
        answerer: Answerer,
        sender: Sender,
        replies: Replies,
        languages: Languages,
        chosen: ChosenLanguages,
    ) -> None:
        self.answerer = answerer
        self.sender = sender
        self.replies = replies
        self.languages = languages
        self.chosen = chosen

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

    def entries(self, message: Message) -> tuple[Entry, ...]:
        """Give what the FAQ has for the chat of a message."""
        return self.answerer.entries(asker_of(message))

    async def respond(self, update: Update, reply: Reply) -> None:
        """Reply to what came with an update, or change the reply to what was edited."""
        message = update.effective_message
        if message:
            is_edited = update.edited_message is not None
            await self.replies.respond(message, reply, is_edited=is_edited)

    async def apologise(self, update: Update) -> None:
        """Say that something went wrong that is not the person's fault."""
        if update.effective_message:
            sorry = render(wrong_inside(self.speech(update.effective_user, update.effective_chat)))
            with contextlib.suppress(TelegramError):
                await self.sender.reply(update.effective_message, sorry)
