"""What becomes of messages: most of them ask something."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler

from bot.telegram.asked import NEW_OR_EDITED, addressed, asker_of
from bot.telegram.composing import Reply, reply_to
from bot.telegram.desk import Desk
from bot.telegram.media import Albums, is_service, kind_word

_TYPING_AFTER_SECONDS = 0.3


class Questions:
    """Answers messages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._albums = Albums()

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what; all else must be registered before."""
        application.add_handler(CommandHandler("ask", self._ask, filters=NEW_OR_EDITED))
        application.add_handler(MessageHandler(NEW_OR_EDITED, self.on_message))

    async def on_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message, unless it is meant for others."""
        message = update.effective_message
        if message is None:
            return
        text = addressed(message, context.bot.username, context.bot.id)
        if text is None or (not text and is_service(message)):
            return
        place = self._albums.place(message, is_question=bool(text))
        if place is None:
            return
        if text:
            await self._answer(update, text, place)
        else:
            said = kind_word(message, self._desk.speech(message.from_user, message.chat))
            await self._desk.respond(update, Reply(said))

    async def _ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        question = " ".join(context.args or ())
        message = update.effective_message
        if question and message:
            await self._answer(update, question, message)
        else:
            speech = self._desk.speech(update.effective_user, update.effective_chat)
            how = speech.say("Write your question behind the command: `/ask …`")
            await self._desk.respond(update, Reply(how))

    async def _answer(self, update: Update, question: str, place: Message) -> None:
        """Answer a question at the place where it was asked, or where its album was."""
        message = update.effective_message
        if message is None:
            return
        desk, speech = self._desk, self._desk.speech(update.effective_user, message.chat)
        earlier = await desk.follow_ups.earlier(message, message.get_bot().id)
        async with _typing(message):
            reply = await reply_to(
                desk.answerer,
                question,
                asker_of(message),
                speech,
                earlier,
                small_talk=desk.small_talk,
            )
        if reply.told:
            desk.follow_ups.asked(message, reply.told)
        await desk.respond(update, reply, place)


@asynccontextmanager
async def _typing(message: Message) -> AsyncIterator[None]:
    """Show that the bot is at it, once it takes longer than people take for at once."""
    showing: asyncio.Task[None] | None = None

    async def show() -> None:
        with contextlib.suppress(TelegramError):
            await message.reply_chat_action(ChatAction.TYPING)

    def begin() -> None:
        nonlocal showing
        showing = asyncio.create_task(show())

    # Most are answered long before, and need no task for that.
    timer = asyncio.get_running_loop().call_later(_TYPING_AFTER_SECONDS, begin)
    try:
        yield
    finally:
        timer.cancel()
        if showing:
            showing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await showing
