"""Which message was replied to with what, so that a reply can become another one."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias, TypeVar

from telegram import InlineKeyboardMarkup, Message
from telegram.error import BadRequest, Forbidden

from bot.telegram.composing import Reply
from bot.telegram.files import Files
from bot.telegram.rendering import Part
from bot.telegram.sending import Sender
from bot.told import SentAnswer, Vote

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

    def vote(self, chat_id: int, message_id: int, vote: Vote | None) -> None:
        """Note what somebody thinks of what was told; in vain where nothing was, or long ago."""
        ...

    def forget(self, chat_id: int, first_message_id: int, message_id: int) -> None:
        """Forget what was told by messages that tell something else now."""
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
        self._keyboards: OrderedDict[_Place, InlineKeyboardMarkup | None] = OrderedDict()
        """The buttons that messages have now, which votes change without another reply."""
        self._uploads: set[asyncio.Task[None]] = set()
        sender.moves.follow(self._moved)

    async def close(self) -> None:
        """Wait until all files are sent."""
        await asyncio.gather(*self._uploads, return_exceptions=True)

    def forget(self, chat_id: int) -> None:
        """Forget what was said in a chat that is none of the bot's any more."""
        for memory in (self._sent, self._asked, self._keyboards):
            for place in [it for it in memory if it[0] == chat_id]:
                del memory[place]

    async def respond(self, message: Message, reply: Reply, *, is_edited: bool) -> None:
        """Reply to a new message, or change the reply to one that was edited."""
        asked = (message.chat_id, message.message_id)
        before = self._sent.get(asked)
        if before and not is_edited:
            return  # what it was edited to has come first, and is answered
        if before is None:
            ids = await self._sender.reply(message, reply.parts, reply.keyboard)
        elif before.reply and before.reply.looks_like(reply):
            await self._retell(message, asked, before, reply)
            return
        else:
            try:
                ids = await self._rewrite(message, before, reply)
            except Forbidden:
                _log.info("A person has blocked the bot or left; the reply stays as it was.")
                return
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
        _remember(self._keyboards, here, None)
        await self._finish(message, asked, ids, reply)

    async def add(self, message: Message, reply: Reply) -> None:
        """Reply once more, to what has had a reply; this one is changed by its own buttons only.

        Args:
            message: the one to stand below.
            reply: stands for itself.
        """
        ids = await self._sender.reply(message, reply.parts, reply.keyboard)
        if ids:
            await self._finish(message, (message.chat_id, ids[-1]), ids, reply)

    async def change_keyboard(
        self, message: Message, keyboard: InlineKeyboardMarkup | None
    ) -> None:
        """Put other buttons, or none, below a message of the bot's, which stays as it is."""
        _remember(self._keyboards, (message.chat_id, message.message_id), keyboard)
        if message.is_accessible:
            await self._sender.edit_keyboard(message.chat_id, message.message_id, keyboard)

    def keyboard(self, message: Message) -> InlineKeyboardMarkup | None:
        """Give the buttons that a message of the bot's has now.

        A press that comes late still shows those that it had.
        """
        return self._keyboards.get((message.chat_id, message.message_id), message.reply_markup)

    async def told(self, message: Message) -> SentAnswer | None:
        """Give what a message of the bot's told, of the last 30 days."""
        return await asyncio.to_thread(self._answers.get, message.chat_id, message.message_id)

    async def vote(self, message: Message, vote: Vote | None) -> None:
        """Note what somebody thinks of what a message of the bot's told, if that is known."""
        await asyncio.to_thread(self._answers.vote, message.chat_id, message.message_id, vote)

    async def _retell(self, message: Message, asked: _Place, before: _Sent, reply: Reply) -> None:
        """Remember what messages tell that stay as they are, with the vote that they show."""
        _remember(self._sent, asked, replace(before, reply=reply))
        if reply.told and before.message_ids:
            first, last = before.message_ids[0], before.message_ids[-1]
            known = await asyncio.to_thread(self._answers.get, message.chat_id, last)
            answer = SentAnswer(
                message.chat_id, first, last, reply.told, known.vote if known else None
            )
            await asyncio.to_thread(self._answers.put, answer)

    async def _rewrite(self, message: Message, before: _Sent, reply: Reply) -> list[int]:
        if before.message_ids:
            ends = before.message_ids[0], before.message_ids[-1]
            await asyncio.to_thread(self._answers.forget, message.chat_id, *ends)
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
        for message_id in ids:
            keyboard = reply.keyboard if message_id == ids[-1] else None
            _remember(self._keyboards, (chat_id, message_id), keyboard)
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
