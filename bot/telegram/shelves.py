"""The FAQ as people browse it: by topics, in pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot.model import Entry
from bot.telegram.pressing import KEY_DIGITS, key_of

MOST_ON_PAGE: Final = 8
"""What fits on a phone at once."""

EVERYTHING: Final = "0" * KEY_DIGITS
"""Stands for all entries, whatever their topics."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The entries of a topic."""

    key: str
    """Stands for the topic on buttons."""
    topic: str | None
    """None for entries without a topic, and for all entries."""
    entries: tuple[Entry, ...]
    """In the order of the FAQ, at least one."""


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """Some of many."""

    items: tuple[_T, ...]
    number: int
    """Counted from 0."""
    count: int
    """How many pages there are."""


def shelves_of(entries: Sequence[Entry]) -> tuple[Shelf, ...]:
    """Put entries on shelves: one a topic, what has none last; a single one for up to one topic."""
    shelves = _by_topic(entries)
    named = [it for it in shelves if it.topic is not None]
    if len(named) < 2:  # noqa: PLR2004 - with one topic there is nothing to choose
        return (Shelf(EVERYTHING, None, tuple(entries)),) if entries else ()
    return *named, *(it for it in shelves if it.topic is None)


def find_shelf(entries: Sequence[Entry], key: str) -> Shelf | None:
    """Find a shelf by what stands for it; None where it is not there any more."""
    if key == EVERYTHING:
        return Shelf(EVERYTHING, None, tuple(entries)) if entries else None
    return next((it for it in _by_topic(entries) if it.key == key), None)


def page_of(items: Sequence[_T], number: int) -> Page[_T]:
    """Give a page; the last one where there are not so many any more."""
    count = max(1, -(-len(items) // MOST_ON_PAGE))
    number = min(number, count - 1)
    start = number * MOST_ON_PAGE
    return Page(tuple(items[start : start + MOST_ON_PAGE]), number, count)


def page_with(shelves: Sequence[Shelf], key: str) -> int:
    """Tell on which page of shelves one stands; the first where it stands on none."""
    keys = [it.key for it in shelves]
    return keys.index(key) // MOST_ON_PAGE if key in keys else 0


def _by_topic(entries: Sequence[Entry]) -> list[Shelf]:
    found: dict[str | None, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.topic or None, []).append(entry)
    # No topic is empty, so that nothing else has the key of the empty text.
    return [Shelf(key_of(topic or ""), topic, tuple(them)) for topic, them in found.items()]
