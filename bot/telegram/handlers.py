"""What becomes of messages and commands."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from telegram import Message, MessageEntity, Update
from telegram.constants import ChatAction, ChatType
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot.answering import Answerer
from bot.model import Entry, Outcome, OutcomeKind
from bot.ports import EmbedderError, IndexNotReadyError
from bot.telegram.attachments import Attachment, attachments_of
from bot.telegram.files import Files
from bot.telegram.rendering import Part, render
from bot.telegram.sending import Sender
from bot.visibility import Asker
from bot.wording import (
    CANNOT_LOOK_UP,
    ONLY_TEXT,
    STILL_READING,
    WRONG_INSIDE,
    greeting,
    help_text,
    reply,
)

_log = logging.getLogger(__name__)

_TYPING_AFTER_SECONDS = 0.3
_MOST_REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a message was answered with."""

    message_ids: tuple[int, ...]
    parts: tuple[Part, ...]
    file_message_ids: tuple[int, ...] = ()
    files: tuple[Attachment, ...] = ()


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
        self._files = files
        self._admins = admins
        self._reindex = reindex
        self._rollback = rollback
        self._sent: OrderedDict[tuple[int, int], _Sent] = OrderedDict()

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

    async def _start(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._respond(update, render(greeting(self._entries(update))))

    async def _help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._respond(update, render(help_text(self._entries(update))))

    async def _id(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message, user = update.effective_message, update.effective_user
        if message:
            yours = f"Your id is `{user.id}`. " if user else ""
            await self._respond(update, render(f"{yours}This chat's id is `{message.chat_id}`."))

    async def _ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        question = " ".join(context.args or ())
        if question:
            await self._answer(update, question)
        else:
            await self._respond(update, render("Write your question behind the command: `/ask …`"))

    async def _reindex_now(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        user = update.effective_user
        if user and user.id in self._admins:
            await self._respond(update, render(await self._reindex()))
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
        await self._respond(update, render(text))

    async def _message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None or (message.from_user and message.from_user.is_bot):
            return
        text = message.text or message.caption
        if message.chat.type != ChatType.PRIVATE:
            text = _addressed(message, context.bot.username, context.bot.id)
            if text is None:
                return
        if text:
            await self._answer(update, text)
        elif not _is_service(message):
            await self._respond(update, render(ONLY_TEXT))

    async def _answer(self, update: Update, question: str) -> None:
        message = update.effective_message
        if message is None:
            return
        files: tuple[Attachment, ...] = ()
        async with _typing(message):
            try:
                outcome = await self._answerer.answer(question, _asker(message))
            except EmbedderError as error:
                _log.error("A question could not be looked up: %s", error)
                text = CANNOT_LOOK_UP
            except IndexNotReadyError:
                text = STILL_READING
            else:
                is_answer = outcome.kind is OutcomeKind.ANSWER
                text = reply(outcome, () if is_answer else self._answerer.entries(_asker(message)))
                if is_answer:
                    files = _files(outcome)
        await self._respond(update, render(text, with_pictures=not files), files)

    def _entries(self, update: Update) -> tuple[Entry, ...]:
        message = update.effective_message
        return self._answerer.entries(_asker(message)) if message else ()

    async def _respond(
        self, update: Update, parts: tuple[Part, ...], files: tuple[Attachment, ...] = ()
    ) -> None:
        """Answer a new message, or edit the answer to one that was edited."""
        message = update.effective_message
        if message is None:
            return
        key = (message.chat_id, message.message_id)
        before = self._sent.get(key) if update.edited_message else None
        if before is None:
            ids = await self._sender.reply(message, parts)
        elif (before.parts, before.files) == (parts, files):
            return
        else:
            ids = await self._rewrite(message, before, parts)
        self._sent[key] = _Sent(tuple(ids), parts)
        if files:
            file_ids = await self._files.send(message, files)
            self._sent[key] = _Sent(tuple(ids), parts, tuple(file_ids), files)
        self._sent.move_to_end(key)
        if len(self._sent) > _MOST_REMEMBERED:
            self._sent.popitem(last=False)

    async def _rewrite(self, message: Message, before: _Sent, parts: tuple[Part, ...]) -> list[int]:
        kept = min(len(before.message_ids), len(parts))
        for message_id, part in zip(before.message_ids[:kept], parts[:kept], strict=True):
            await self._sender.edit(message.chat_id, message_id, part)
        for message_id in (*before.message_ids[kept:], *before.file_message_ids):
            await self._sender.delete(message.chat_id, message_id)
        return [
            *before.message_ids[:kept],
            *await self._sender.reply(message, parts[kept:]),
        ]

    async def apologise(self, update: Update) -> None:
        """Say that something went wrong that is not the person's fault."""
        if update.effective_message:
            with contextlib.suppress(TelegramError):
                await self._sender.reply(update.effective_message, render(WRONG_INSIDE))


def _files(outcome: Outcome) -> tuple[Attachment, ...]:
    """Give the files of all entries that answer."""
    entries = (outcome.entry, *outcome.further)
    return tuple(
        file
        for entry in entries
        if entry
        for file in attachments_of(entry.answer, entry.details.attachments, entry.source.file)
    )


def _asker(message: Message) -> Asker:
    return Asker.in_chat(message.chat_id, message.chat.username)


def _addressed(message: Message, username: str, bot_id: int) -> str | None:
    """Give what a message in a group asks of the bot; None when it is meant for others."""
    text = message.text or message.caption or ""
    mentions: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    found = {
        **message.parse_entities(mentions),
        **message.parse_caption_entities(mentions),
    }
    name = f"@{username}".lower()
    for entity, mention in found.items():
        if mention.lower() == name or (entity.user and entity.user.id == bot_id):
            return text.replace(mention, " ", 1).strip()
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot_id:
        return text
    return None


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
