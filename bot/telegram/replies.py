"""Which message was replied to with what, so that a reply can become another one."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest, Forbidden

from bot.model import SentAnswer
from bot.telegram.composing import Reply
from bot.telegram.files import Files
from bot.telegram.rendering import Part
from bot.telegram.sending import Sender

_log = logging.getLogger(__name__)

_MOST_REMEMBERED = 5000

_Place: TypeAlias = tuple[int, int]
"""A chat's id and a message's."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a message was replied to with."""

    message_ids: tuple[int, ...]
    file_message_ids: tuple[int, ...] = ()
    reply: Reply | None = None
    """None where it is not known any more."""


class SentAnswers(Protocol):
    """Remembers for a while what was told."""

    def put(self, answer: SentAnswer) -> None:
        """Remember what was told, in the place of what was told by the same messages."""
        ...

    def get(self, chat_id: int, message_id: int) -> SentAnswer | None:
        """Give what a message told, or one of several; None where it told nothing, or long ago."""
        ...

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that Telegram has given another id."""
        ...


class Replies:
    """Replies, and changes its replies.

    What it remembers only keeps replies in step with questions that are edited and buttons that are
    pressed twice: without it, as after a restart, buttons work all the same.
    """

    def __init__(self, sender: Sender, files: Files, answers: SentAnswers) -> None:
        self._sender = sender
        self._files = files
        self._answers = answers
        self._sent: OrderedDict[_Place, _Sent] = OrderedDict()
        self._asked: OrderedDict[_Place, _Place] = OrderedDict()
        """Where the question stands to which a message with buttons replied."""
        self._uploads: set[asyncio.Task[None]] = set()
        sender.moves.follow(self._moved)

    async def close(self) -> None:
        """Wait until all files are sent."""
        await asyncio.gather(*self._uploads, return_exceptions=True)

    def forget(self, chat_id: int) -> None:
        """Forget what was said in a chat that is none of the bot's any more."""
        for memory in (self._sent, self._asked):
            for place in [it for it in memory if it[0] == chat_id]:
                del memory[place]

    async def respond(self, message: Message, reply: Reply, *, is_edited: bool) -> None:
        """Reply to a new message, or change the reply to one that was edited."""
        asked = (message.chat_id, message.message_id)
        before = self._sent.get(asked) if is_edited else None
        if before is None:
            ids = await self._sender.reply(message, reply.parts, reply.keyboard)
        elif before.reply == reply:
            return
        else:
            ids = await self._rewrite(message, before, reply)
        await self._finish(message, asked, ids, reply)

    async def turn(self, message: Message, reply: Reply) -> None:
        """Put another reply in the place of one; below it if it cannot be changed any more.

        Args:
            message: the one of the bot's whose button was pressed.
            reply: takes its place.
        """
        here = (message.chat_id, message.message_id)
        asked = self._asked.get(here, here)
        before = self._sent.get(asked) or _Sent((message.message_id,))
        if before.reply == reply:
            return
        try:
            if message.is_accessible:
                ids = await self._rewrite(message, before, reply)
            else:
                ids = await self._sender.reply(message, reply.parts, reply.keyboard)
        except Forbidden:
            _log.info("A person has blocked the bot or left; a button changes nothing.")
            return
        await self._finish(message, asked, ids, reply)

    def keyboard(self, message: Message) -> InlineKeyboardMarkup | None:
        """Give the buttons that a message of the bot's has now.

        A press that comes late still shows those that it had.
        """
        here = (message.chat_id, message.message_id)
        known = self._sent.get(self._asked.get(here, here))
        return known.reply.keyboard if known and known.reply else message.reply_markup

    async def told(self, message: Message) -> SentAnswer | None:
        """Give what a message of the bot's told, of the last 30 days."""
        return await asyncio.to_thread(self._answers.get, message.chat_id, message.message_id)

    async def _rewrite(self, message: Message, before: _Sent, reply: Reply) -> list[int]:
        parts = reply.parts
        last = len(parts) - 1
        ids: list[int] = []
        kept = min(len(before.message_ids), len(parts))
        for number, message_id in enumerate(before.message_ids[:kept]):
            keyboard = reply.keyboard if number == last else None
            ids += await self._edit(message, message_id, parts[number], keyboard)
        for message_id in (*before.message_ids[kept:], *before.file_message_ids):
            await self._sender.delete(message.chat_id, message_id)
        return [*ids, *await self._sender.reply(message, parts[kept:], reply.keyboard)]

    async def _edit(
        self, message: Message, message_id: int, part: Part, keyboard: InlineKeyboardMarkup | None
    ) -> list[int]:
        try:
            await self._sender.edit(message.chat_id, message_id, part, keyboard)
        except BadRequest as error:
            _log.info("A reply cannot be changed any more and is sent anew: %s", error)
            return await self._sender.reply(message, [part], keyboard)
        return [message_id]

    async def _finish(self, message: Message, asked: _Place, ids: list[int], reply: Reply) -> None:
        """Remember everything, and send the files."""
        chat_id = self._sender.moves.current(message.chat_id)
        _remember(self._sent, asked, _Sent(tuple(ids), reply=reply))
        if reply.keyboard and ids:
            _remember(self._asked, (chat_id, ids[-1]), asked)
        if reply.told and ids:
            answer = SentAnswer(chat_id, ids[0], ids[-1], reply.told)
            await asyncio.to_thread(self._answers.put, answer)
        if reply.files:
            # Not even whoever waits for them should wait for them with the next question.
            task = asyncio.create_task(self._send_files(message, asked, tuple(ids), reply))
            self._uploads.add(task)
            task.add_done_callback(self._uploads.discard)

    async def _send_files(
        self, message: Message, asked: _Place, ids: tuple[int, ...], reply: Reply
    ) -> None:
        try:
            file_ids = await self._files.send(message, reply.files)
        except Exception:  # noqa: BLE001 - nobody waits for this task
            _log.exception("The files of an answer could not be sent.")
            return
        now = self._sent.get(asked)
        if now is None or now.reply is reply:
            _remember(self._sent, asked, _Sent(ids, tuple(file_ids), reply))
            return
        for message_id in file_ids:  # by now the reply is another one
            await self._sender.delete(message.chat_id, message_id)

    async def _moved(self, old_chat_id: int, new_chat_id: int) -> None:
        await asyncio.to_thread(self._answers.move, old_chat_id, new_chat_id)


def _remember(memory: OrderedDict[_Place, _T], key: _Place, value: _T) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _MOST_REMEMBERED:
        memory.popitem(last=False)
