"""What becomes of messages and commands."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from telegram import Message, Update
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot.answering import Answerer
from bot.model import Entry
from bot.telegram.asked import addressed, asker_of
from bot.telegram.composing import Reply, reply_to
from bot.telegram.files import Files
from bot.telegram.presses import Presses
from bot.telegram.rendering import render
from bot.telegram.replies import Replies
from bot.telegram.sending import Sender
from bot.wording import ONLY_TEXT, WRONG_INSIDE, greeting, help_text

_TYPING_AFTER_SECONDS = 0.3


class Handlers:
    """Answers people; holds what it needs for that."""

    def __init__(  # noqa: PLR0913 - all that it can do
        self,
        answerer: Answerer,
        sender: Sender,
        files: Files,
        *,
        admins: frozenset[int],
        reindex: Callable[[], Awaitable[str]],
        rollback: Callable[[int | None], Awaitable[str]],
    ) -> None:
        self._answerer = answerer
        self._sender = sender
        self._replies = Replies(sender, files)
        self._presses = Presses(answerer, sender, self._replies)
        self._admins = admins
        self._reindex = reindex
        self._rollback = rollback

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        new_or_edited = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
        for command, handler in (
            ("start", self._start),
            ("help", self._help),
            ("id", self._id),
            ("ask", self._ask),
            ("reindex", self._reindex_now),
            ("rollback", self._roll_back),
        ):
            application.add_handler(CommandHandler(command, handler, filters=new_or_edited))
        application.add_handler(MessageHandler(new_or_edited, self._message))
        self._presses.register(application)

    async def _start(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._respond(update, Reply(greeting(self._entries(update))))

    async def _help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._respond(update, Reply(help_text(self._entries(update))))

    async def _id(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message, user = update.effective_message, update.effective_user
        if message:
            yours = f"Your id is `{user.id}`. " if user else ""
            await self._respond(update, Reply(f"{yours}This chat's id is `{message.chat_id}`."))

    async def _ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        question = " ".join(context.args or ())
        if question:
            await self._answer(update, question)
        else:
            await self._respond(update, Reply("Write your question behind the command: `/ask …`"))

    async def _reindex_now(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        user = update.effective_user
        if user and user.id in self._admins:
            await self._respond(update, Reply(await self._reindex()))
        else:
            await self._message(update, context)

    async def _roll_back(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        user = update.effective_user
        if not user or user.id not in self._admins:
            await self._message(update, context)
            return
        wanted = "".join(context.args or ())
        if wanted and not wanted.isdecimal():
            text = "Write the number of a state behind the command, or nothing for the one before."
        else:
            text = await self._rollback(int(wanted) if wanted else None)
        await self._respond(update, Reply(text))

    async def _message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None or (message.from_user and message.from_user.is_bot):
            return
        text = addressed(message, context.bot.username, context.bot.id)
        if text is None:
            return
        if text:
            await self._answer(update, text)
        elif not _is_service(message):
            await self._respond(update, Reply(ONLY_TEXT))

    async def _answer(self, update: Update, question: str) -> None:
        message = update.effective_message
        if message is None:
            return
        async with _typing(message):
            reply = await reply_to(self._answerer, question, asker_of(message))
        await self._respond(update, reply)

    def _entries(self, update: Update) -> tuple[Entry, ...]:
        message = update.effective_message
        return self._answerer.entries(asker_of(message)) if message else ()

    async def _respond(self, update: Update, reply: Reply) -> None:
        message = update.effective_message
        if message:
            is_edited = update.edited_message is not None
            await self._replies.respond(message, reply, is_edited=is_edited)

    async def apologise(self, update: Update) -> None:
        """Say that something went wrong that is not the person's fault."""
        if update.effective_message:
            with contextlib.suppress(TelegramError):
                await self._sender.reply(update.effective_message, render(WRONG_INSIDE))


def _is_service(message: Message) -> bool:
    """Tell what the chat itself says (somebody joined, a title changed) from what people send."""
    return not (message.effective_attachment or message.text or message.caption)


@asynccontextmanager
async def _typing(message: Message) -> AsyncIterator[None]:
    """Show that the bot is at it, once it takes longer than people take for at once."""

    async def show() -> None:
        await asyncio.sleep(_TYPING_AFTER_SECONDS)
        with contextlib.suppress(TelegramError):
            await message.reply_chat_action(ChatAction.TYPING)

    task = asyncio.create_task(show())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
