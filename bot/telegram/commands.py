"""The commands that everybody may use."""

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.telegram.asked import NEW_OR_EDITED
from bot.telegram.composing import Reply
from bot.telegram.desk import Desk
from bot.wording.saying import greeting, help_text


class Commands:
    """Says hello, what it is for, and who is who."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        for command, handler in (("start", self._start), ("help", self._help), ("id", self._id)):
            application.add_handler(CommandHandler(command, handler, filters=NEW_OR_EDITED))

    async def _start(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if message := update.effective_message:
            speech = self._desk.speech(update.effective_user, message.chat)
            await self._desk.respond(update, Reply(greeting(self._desk.entries(message), speech)))

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
