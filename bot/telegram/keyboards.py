"""The buttons below messages, and what a press of one says."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from apsw import unicode as segments
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit

from bot.faq.aliases import by_any_id
from bot.model import Entry
from bot.wording.saying import shown
from bot.wording.speech import Speech

MAX_DATA_BYTES: int = InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
"""What Telegram carries from a button to its press."""

MAX_LABEL_UNITS = 60
"""The longest text on a button, in UTF-16 units: about what a phone shows of one."""

_TAG = re.compile("(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", re.IGNORECASE)
_ELLIPSIS = "…"
_KEY_BYTES = 12


class Action(StrEnum):
    """What a press asks for.

    Buttons live as long as the chat, so that a letter never changes its meaning.
    """

    ANSWER = "a"
    """The answer of an entry."""
    NONE = "n"
    """Something else than all that was suggested."""
    LANGUAGE = "l"
    """Another language; the key is its tag, or empty for whatever the person's client says."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a press says."""

    action: Action
    key: str = ""
    """Stands for the id of an entry, or says which language; empty where nothing is meant."""

    @property
    def data(self) -> str:
        """The same as Telegram carries it."""
        return f"{self.action}{self.key}"

    def entry(self, entries: Iterable[Entry]) -> Entry | None:
        """Find the entry that is meant, by its id or a former one; None where it is not there."""
        if self.action is not Action.ANSWER:
            return None
        found = by_any_id(entries).items()
        return next((entry for id_, entry in found if _key(id_) == self.key), None)


def press_for(id_: str) -> Press:
    """Give the press that asks for the answer of an entry."""
    return Press(Action.ANSWER, _key(id_))


def read_press(data: str) -> Press | None:
    """Tell what a press says; None for what no button of this bot ever said."""
    if data == Action.NONE:
        return Press(Action.NONE)
    action, key = data[:1], data[1:]
    if action == Action.LANGUAGE and _TAG.fullmatch(key):
        return Press(Action.LANGUAGE, key)
    digits = 2 * _KEY_BYTES
    if action == Action.ANSWER and len(key) == digits and set(key) <= set("0123456789abcdef"):
        return Press(Action.ANSWER, key)
    return None


def suggestions(entries: Iterable[Entry], speech: Speech) -> InlineKeyboardMarkup:
    """Offer entries by their questions, one a row, and a way to refuse them all."""
    none = (speech.say("None of these"), Press(Action.NONE))
    rows = [(label(shown(entry, speech).question), press_for(entry.id)) for entry in entries]
    return InlineKeyboardMarkup([
        [InlineKeyboardButton(text, callback_data=press.data)]
        for text, press in (*rows, none)
    ])  # fmt: skip


def presses_of(keyboard: InlineKeyboardMarkup | None) -> tuple[Press, ...]:
    """Give what the buttons of a keyboard say, in their order."""
    rows = keyboard.inline_keyboard if keyboard else ()
    texts = (it.callback_data for row in rows for it in row)
    return tuple(press for it in texts if isinstance(it, str) and (press := read_press(it)))


def label(text: str) -> str:
    """Cut a text for a button, never inside what a reader takes for one character."""
    if _units(text) <= MAX_LABEL_UNITS:
        return text
    room = MAX_LABEL_UNITS - _units(_ELLIPSIS)
    end = 0
    for cluster in segments.grapheme_iter(text):
        room -= _units(cluster)
        if room < 0:
            break
        end += len(cluster)
    # One character may be longer than a button: a letter under dozens of marks.
    kept = text[: end or MAX_LABEL_UNITS // 2 - 1]
    return f"{kept.rstrip()}{_ELLIPSIS}"


def _key(id_: str) -> str:
    """Shorten an id, which may have any length, to what is the same in every process."""
    encoded = id_.encode(errors="surrogatepass")
    return hashlib.blake2b(encoded, digest_size=_KEY_BYTES).hexdigest()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2
