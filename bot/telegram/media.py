"""What to say to what is no text, and albums, which are many messages and one utterance."""

from collections import OrderedDict
from typing import TypeAlias

from telegram import Message

from bot.wording.saying import only_text
from bot.wording.speech import Speech

_MOST_ALBUMS = 1000

_Album: TypeAlias = tuple[int, str]
"""A chat's id and the album's."""


def is_service(message: Message) -> bool:
    """Tell what the chat itself says (somebody joined, a title changed) from what people send."""
    if message.successful_payment:
        return True
    return not (message.effective_attachment or message.text or message.caption)


def kind_word(message: Message, speech: Speech) -> str:
    """Say what becomes of a message without words, by what it is."""
    cannot = _cannot(message, speech)
    return f"{cannot} {speech.say('Please write your question.')}" if cannot else only_text(speech)


def _cannot(message: Message, speech: Speech) -> str | None:  # noqa: PLR0911 - one a kind
    if message.voice or message.audio:
        return speech.say("I cannot listen to voice messages yet.")
    if message.animation or message.video or message.video_note:
        return speech.say("I cannot watch videos yet.")
    if message.photo:
        return speech.say("I cannot look at pictures yet.")
    if message.document:
        return speech.say("I cannot look into files yet.")
    if message.location or message.venue:
        return speech.say("I cannot do anything with a place yet.")
    if message.contact:
        return speech.say("I cannot do anything with a contact.")
    if message.poll:
        return speech.say("I had better not vote.")
    if message.dice or message.game:
        return speech.say("I am no good at games.")
    return None


class Albums:
    """Sees to it that an album gets one reply, though each picture of it is a message."""

    def __init__(self) -> None:
        self._replied: OrderedDict[_Album, tuple[Message, bool]] = OrderedDict()

    def place(self, message: Message, *, is_question: bool) -> Message | None:
        """Give the message to which a reply to this one belongs; None where one is enough.

        Whatever stands below any of the pictures counts, so that a question takes the place of the
        kind word which a picture before it has got.

        Args:
            message: a picture, or anything else, of an album or not.
            is_question: whether it asks something.
        """
        if message.media_group_id is None:
            return message
        album = (message.chat_id, message.media_group_id)
        known = self._replied.get(album)
        if known is None:
            self._replied[album] = message, is_question
            if len(self._replied) > _MOST_ALBUMS:
                self._replied.popitem(last=False)
            return message
        first, was_question = known
        if not is_question or (was_question and first.message_id != message.message_id):
            return None
        self._replied[album] = first, True
        return first
