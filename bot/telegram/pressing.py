"""What a press of a button says, in the few bytes that Telegram carries."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final

from telegram.constants import InlineKeyboardButtonLimit

from bot.faq.aliases import by_any_id
from bot.model import Entry

MAX_DATA_BYTES: int = InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
"""What Telegram carries from a button to its press."""

KEY_DIGITS: Final = 24
"""How long what stands for an id or a topic is."""


class Action(StrEnum):
    """What a press asks for.

    Buttons live as long as the chat, so that a letter never changes its meaning.
    """

    ANSWER = "a"
    """The answer of an entry, in the place of what suggested it."""
    NONE = "n"
    """Something else than all that was suggested."""
    RELATED = "r"
    """The answer of an entry, below one that it is related to."""
    TOPICS = "t"
    """A page of the topics."""
    QUESTIONS = "q"
    """A page of a topic's questions."""
    OPEN = "o"
    """The answer of an entry, and from there the way back to a page of questions."""
    UP = "u"
    """To note that an answer was good."""
    DOWN = "d"
    """To note that an answer was not good, and something better."""
    DOWN_AGAIN = "w"
    """To note that an answer was not good, where something else has been offered before."""
    UNVOTE = "v"
    """To forget what was noted of an answer."""
    LANGUAGE = "l"
    """Another language; the key is its tag, or empty for whatever the person's client says."""


_KEY = f"(?P<key>[0-9a-f]{{{KEY_DIGITS}}})"
_TOPIC = f"(?P<topic>[0-9a-f]{{{KEY_DIGITS}}})"
_PAGE = "(?P<page>0|[1-9][0-9]{0,5})"
_FORMS = {
    **dict.fromkeys(Action, re.compile("")),
    Action.ANSWER: re.compile(_KEY),
    Action.RELATED: re.compile(_KEY),
    Action.TOPICS: re.compile(_PAGE),
    Action.QUESTIONS: re.compile(_TOPIC + _PAGE),
    Action.OPEN: re.compile(_KEY + _TOPIC + _PAGE),
    Action.LANGUAGE: re.compile("(?P<key>(?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)?)"),
}
_WITH_PAGE = frozenset((Action.TOPICS, Action.QUESTIONS, Action.OPEN))


@dataclass(frozen=True, slots=True)
class Press:
    """What a press says."""

    action: Action
    key: str = ""
    """Stands for the id of an entry, or is the tag of a language; empty where none is meant."""
    topic: str = ""
    """Stands for a topic; empty where none is meant."""
    page: int = 0
    """Counted from 0, at most 999,999."""

    @property
    def data(self) -> str:
        """The same as Telegram carries it."""
        page = self.page if self.action in _WITH_PAGE else ""
        return f"{self.action}{self.key}{self.topic}{page}"

    def at(self, page: int) -> "Press":
        """Ask for another page."""
        return replace(self, page=page)

    def within(self, topic: str, page: int) -> "Press":
        """Ask for the same entry while browsing a page of a topic's questions."""
        return Press(Action.OPEN, self.key, topic, page)

    def entry(self, entries: Iterable[Entry]) -> Entry | None:
        """Find the entry that is meant, by its id or a former one; None where it is not there."""
        return entry_by_key(self.key, entries) if self.key else None


def press_for(id_: str) -> Press:
    """Give the press that asks for the answer of an entry."""
    return Press(Action.ANSWER, key_of(id_))


def read_press(data: str) -> Press | None:
    """Tell what a press says; None for what no button of this bot ever said."""
    if data[:1] not in set(Action):
        return None
    action = Action(data[:1])
    match = _FORMS[action].fullmatch(data, 1)
    if match is None:
        return None
    said = match.groupdict(default="")
    return Press(action, said.get("key", ""), said.get("topic", ""), int(said.get("page", 0)))


def entry_by_key(key: str, entries: Iterable[Entry]) -> Entry | None:
    """Find an entry by what stands for its id, or for a former one."""
    found = by_any_id(entries).items()
    return next((entry for id_, entry in found if key_of(id_) == key), None)


@lru_cache(maxsize=50_000)  # a press is compared with every id
def key_of(text: str) -> str:
    """Shorten an id or a topic, which may have any length, the same way in every process."""
    encoded = text.encode(errors="surrogatepass")
    return hashlib.blake2b(encoded, digest_size=KEY_DIGITS // 2).hexdigest()
