"""What each person was told last, so that what they ask next may lean on it."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from telegram import Message, User

from bot.telegram.replies import Replies
from bot.told import Told

KEPT_SECONDS: Final = 5 * 60.0
"""After a longer pause people begin anew."""
_MOST_REMEMBERED = 5000

_Person: TypeAlias = tuple[int, int | None, int]
"""A chat's id, a forum topic's, and the person's."""


@dataclass(frozen=True, slots=True)
class _Last:
    """What somebody was told last."""

    message_id: int
    """Of what they wrote, or of what they pressed a button of."""
    told: Told
    before: Told | None
    """What their question could lean on."""
    at_seconds: float = 0.0


class FollowUps:
    """Remembers for minutes, and in memory only."""

    def __init__(self, replies: Replies, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare.

        Args:
            replies: tell what a message of the bot's said, of the last 30 days.
            clock: in seconds.
        """
        self._replies = replies
        self._clock = clock
        self._last: OrderedDict[_Person, _Last] = OrderedDict()

    async def earlier(self, message: Message, bot_id: int) -> Told | None:
        """Give what a message may lean on.

        That is the message of the bot's that it replies to, however old; else what the same person
        was told last in the same place, if that is not long ago.
        """
        replied = message.reply_to_message
        if replied and replied.from_user and replied.from_user.id == bot_id:
            sent = await self._replies.told(replied)
            if sent:
                return sent.told
        last = self._recent(message, message.from_user)
        if last is None or message.message_id > last.message_id:
            return last.told if last else None
        # It was edited: what was said after it, or to it, is nothing that it leans on.
        return last.before if message.message_id == last.message_id else None

    def asked(self, message: Message, told: Told) -> None:
        """Remember what somebody was told who wrote a message."""
        last = self._recent(message, message.from_user)
        if last and last.message_id > message.message_id:
            return  # an old message was edited
        before = last.told if last else None
        if last and last.message_id == message.message_id:
            before = last.before
        self._note(message, message.from_user, _Last(message.message_id, told, before))

    def pressed(self, message: Message, user: User, told: Told) -> None:
        """Remember what somebody was told who pressed a button of a message."""
        last = self._recent(message, user)
        latest = max(message.message_id, last.message_id if last else 0)
        self._note(message, user, _Last(latest, told, last.before if last else None))

    def _note(self, message: Message, user: User | None, last: _Last) -> None:
        person = _person(message, user)
        if person is None:
            return
        self._last[person] = replace(last, at_seconds=self._clock())
        self._last.move_to_end(person)
        if len(self._last) > _MOST_REMEMBERED:
            self._last.popitem(last=False)

    def _recent(self, message: Message, user: User | None) -> _Last | None:
        person = _person(message, user)
        last = self._last.get(person) if person else None
        return last if last and self._clock() - last.at_seconds <= KEPT_SECONDS else None


def _person(message: Message, user: User | None) -> _Person | None:
    topic = message.message_thread_id if message.is_topic_message else None
    return (message.chat_id, topic, user.id) if user else None
