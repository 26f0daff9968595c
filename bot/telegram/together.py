"""Answering together where a group asks faster than the bot may answer one by one."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from telegram import Message
from telegram.constants import ChatType

from bot.model import OutcomeKind
from bot.telegram.asked import name_of
from bot.telegram.composing import Reply
from bot.telegram.pace import Pace
from bot.telegram.pressing import Action, read_press
from bot.telegram.replies import Replies
from bot.wording.saying import as_markdown

_log = logging.getLogger(__name__)

_LONGEST_WAIT_SECONDS = 30.0
"""How long a reply may wait that loses something by being told together with others."""
_LONGEST_QUOTE: Final = 100
_MOST_REMEMBERED = 1000

_Place: TypeAlias = tuple[int, int | None]
"""A chat's id and a topic's."""


@dataclass(slots=True)
class _Batch:
    """Replies that are told in one message."""

    replies: dict[int, tuple[Message, Reply]] = field(default_factory=dict)
    """By the id of the message that asks."""
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def first(self) -> Message:
        """The message below which they are told."""
        return next(iter(self.replies.values()))[0]

    def put(self, message: Message, reply: Reply) -> None:
        self.replies[message.message_id] = message, reply

    def reply(self) -> Reply:
        """Give them as one; a single one as it is."""
        if len(self.replies) == 1:
            ((_, reply),) = self.replies.values()
            return reply
        return Reply("\n\n".join(_with_question(*it) for it in self.replies.values()))


class Together:
    """Replies at once while a group has room, and else as soon as there is some, all in one.

    So nobody's answer is lost and nobody waits for minutes, however many ask.
    """

    def __init__(self, replies: Replies, pace: Pace) -> None:
        self._replies = replies
        self._pace = pace
        self._waiting: dict[_Place, _Batch] = {}
        self._told: OrderedDict[tuple[int, int], _Batch] = OrderedDict()
        """What was told together, by the place of each message that asked."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def respond(self, message: Message, reply: Reply, *, is_edited: bool) -> None:
        """Reply to a message, or change the reply to one that was edited, now or soon."""
        place = message.chat_id, message.message_thread_id if message.is_topic_message else None
        waiting = self._waiting.get(place)
        told = self._told.get((message.chat_id, message.message_id)) if is_edited else None
        if waiting and message.message_id in waiting.replies:
            waiting.put(message, reply)
        elif told:
            await self._change(told, message, reply)
        elif is_edited or not self._is_joined(message, reply):
            await self._replies.respond(message, reply, is_edited=is_edited)
        elif waiting:
            waiting.put(message, reply)
        else:
            self._waiting[place] = _Batch({message.message_id: (message, reply)})
            task = asyncio.create_task(self._tell_later(place))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def forget(self, chat_id: int) -> None:
        """Say no more in a chat that is none of the bot's any more."""
        for place in [it for it in self._waiting if it[0] == chat_id]:
            del self._waiting[place]

    async def close(self) -> None:
        """Tell at once all that waits."""
        places = list(self._waiting)
        await asyncio.gather(*(self._tell(place) for place in places))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _is_joined(self, message: Message, reply: Reply) -> bool:
        if message.chat.type == ChatType.PRIVATE:
            return False
        wait_seconds = self._pace.wait_seconds(message.chat_id)
        loses = bool(reply.files) or (reply.keyboard is not None and reply.told is None)
        return wait_seconds > (_LONGEST_WAIT_SECONDS if loses else 0)

    async def _tell_later(self, place: _Place) -> None:
        await asyncio.sleep(self._pace.wait_seconds(place[0]))
        await self._tell(place)

    async def _tell(self, place: _Place) -> None:
        batch = self._waiting.pop(place, None)
        if batch is None:
            return
        if len(batch.replies) > 1:
            for message_id in batch.replies:
                self._told[place[0], message_id] = batch
            while len(self._told) > _MOST_REMEMBERED:
                self._told.popitem(last=False)
        try:
            async with batch.changing:
                await self._replies.respond(batch.first, batch.reply(), is_edited=False)
        except Exception:  # noqa: BLE001 - nobody waits for this task
            _log.exception("The answers to %d messages were not sent.", len(batch.replies))

    async def _change(self, batch: _Batch, message: Message, reply: Reply) -> None:
        async with batch.changing:
            batch.put(message, reply)
            await self._replies.respond(batch.first, batch.reply(), is_edited=True)


def _with_question(message: Message, reply: Reply) -> str:
    """Give an answer below who asked what; suggestions as a list, for there can be no buttons."""
    asked = " ".join((reply.told.question if reply.told else message.text or "").split())
    if len(asked) > _LONGEST_QUOTE:
        asked = f"{asked[:_LONGEST_QUOTE]}…"
    name = f"**{as_markdown(name_of(message))}**"
    if message.from_user and not message.sender_chat:
        name = f"[{name}](tg://user?id={message.from_user.id})"
    lines = [f"> {name}: {as_markdown(asked)}", "", reply.text]
    if reply.told and reply.told.kind is OutcomeKind.SUGGEST:
        lines += ["", *(f"- {as_markdown(it)}" for it in _suggested(reply))]
    return "\n".join(lines)


def _suggested(reply: Reply) -> list[str]:
    rows = reply.keyboard.inline_keyboard if reply.keyboard else ()
    found = ((it.text, read_press(str(it.callback_data))) for row in rows for it in row)
    return [text for text, press in found if press and press.action is Action.ANSWER]
