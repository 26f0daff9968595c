"""The commands that everybody may use."""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.model import Entry
from bot.telegram.asked import NEW_OR_EDITED
from bot.telegram.composing import Reply, page_of_entry
from bot.telegram.desk import Desk
from bot.telegram.keyboards import way_in
from bot.telegram.links import FROM_INLINE, linked
from bot.telegram.shelves import shelves_of
from bot.wording.saying import gone, greeting, help_text, still_reading
from bot.wording.speech import Speech


class Commands:
    """Says hello, what it is for, and who is who."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        for command, handler in (("start", self._start), ("help", self._help), ("id", self._id)):
            application.add_handler(CommandHandler(command, handler, filters=NEW_OR_EDITED))

    async def _start(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if message := update.effective_message:
            speech = self._desk.speech(update.effective_user, message.chat)
            if context.args and not self._desk.answerer.entries():
                reply = Reply(still_reading(speech))
            else:
                reply = _started(context.args or (), self._desk.entries(message), speech)
            await self._desk.respond(update, reply)

    async def _help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if message := update.effective_message:
            speech = self._desk.speech(update.effective_user, message.chat)
            await self._desk.respond(update, Reply(help_text(self._desk.entries(message), speech)))

    async def _id(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message, user = update.effective_message, update.effective_user
        if message:
            speech = self._desk.speech(user, message.chat)
            yours = speech.say("Your id is `{id}`.", id=user.id) + " " if user else ""
            chats = speech.say("This chat's id is `{id}`.", id=message.chat_id)
            await self._desk.respond(update, Reply(f"{yours}{chats}"))


def _started(words: Sequence[str], entries: Sequence[Entry], speech: Speech) -> Reply:
    """Show the entry that a link leads to; say hello to whoever comes by no link, or a dead one."""
    hello = greeting(entries, speech)
    keyboard = way_in(shelves_of(entries), speech)
    if len(words) != 1 or words[0] == FROM_INLINE:
        return Reply(hello, keyboard=keyboard)
    if entry := linked(words[0], entries):
        return page_of_entry(entry, speech, entries)
    return Reply(f"{gone(speech)}\n\n{hello}", keyboard=keyboard)
