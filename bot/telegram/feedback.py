"""Votes on answers, and what else an answer that was not liked might have been."""

from telegram import Message
from telegram.constants import ChatType

from bot.model import Entry, OutcomeKind
from bot.telegram.asked import asker_of
from bot.telegram.composing import suggestion_of
from bot.telegram.desk import Desk
from bot.telegram.keyboards import with_vote
from bot.telegram.pressed import Deeds, Pressed
from bot.telegram.pressing import Action
from bot.told import SentAnswer, Told, Vote
from bot.wording.saying import did_you_mean_instead
from bot.wording.voting import (
    not_yours,
    sorry_and_more,
    sorry_ask_again,
    taken_back,
    thanks,
    too_long_ago,
)

_VOTES = {
    Action.UP: Vote.UP,
    Action.DOWN: Vote.DOWN,
    Action.DOWN_AGAIN: Vote.DOWN,
    Action.UNVOTE: None,
}


class Feedback:
    """Takes votes; who voted is not kept."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def deeds(self) -> Deeds:
        """What it does when buttons are pressed."""
        return dict.fromkeys(_VOTES, self._vote)

    async def _vote(self, pressed: Pressed) -> None:
        message, replies = pressed.message, self._desk.replies
        asker_id = _asker_id(message)
        if asker_id not in {None, pressed.user.id}:
            await pressed.end(not_yours(pressed.speech))
            return
        sent = await replies.told(message)
        if asker_id is None or sent is None:
            await pressed.end(too_long_ago(pressed.speech))
            return
        vote = _VOTES[pressed.press.action]
        await replies.vote(message, vote)
        # Pressed anew where the button could not be changed, it brings nothing twice.
        is_first = pressed.press.action is Action.DOWN and sent.vote is not Vote.DOWN
        others = self._desk.answerer.alternatives(sent.told, asker_of(message)) if is_first else ()
        notice = taken_back(pressed.speech)
        if vote is Vote.UP:
            notice = thanks(pressed.speech)
        elif vote is Vote.DOWN:
            notice = (sorry_and_more if others else sorry_ask_again)(pressed.speech)
        await pressed.end(notice)
        if keyboard := replies.keyboard(message):
            await replies.change_keyboard(message, with_vote(keyboard, vote))
        if others:
            await self._offer(pressed, sent, others)

    async def _offer(
        self, pressed: Pressed, sent: SentAnswer, others: tuple[tuple[Entry, float], ...]
    ) -> None:
        """Suggest other answers in a message of their own, once.

        There long questions can be read to their ends, the answer keeps the vote on it, and what is
        chosen instead can be voted on as well.
        """
        entries = [entry for entry, _ in others]
        ids = tuple(entry.id for entry in entries)
        scores = tuple((entry.id, score) for entry, score in others)
        told = Told(sent.told.question, OutcomeKind.SUGGEST, ids, scores)
        sorry = did_you_mean_instead(pressed.speech)
        reply = suggestion_of(entries, pressed.speech, told, sorry)
        await self._desk.replies.add(_asked(pressed.message), reply)


def _asker_id(message: Message) -> int | None:
    """Tell who asked for what a message of the bot's answers; None where nobody knows."""
    if message.chat.type == ChatType.PRIVATE:
        return message.chat_id
    asked = message.reply_to_message
    # Where the question is deleted, a message in a topic replies to the topic's beginning.
    if asked is None or asked.forum_topic_created or asked.from_user is None:
        return None
    return asked.from_user.id


def _asked(message: Message) -> Message:
    """Give the question that a message of the bot's answers, as far as it tells where to reply."""
    asked = message.reply_to_message
    if asked is None:
        return message
    return Message(
        asked.message_id,
        asked.date,
        message.chat,
        message_thread_id=message.message_thread_id,
        is_topic_message=message.is_topic_message,
    )
