"""What is known of the states in which the FAQ was published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

Contents: TypeAlias = Mapping[str, str]
"""A hash of all entries in each file of a FAQ, by file; files without entries are left out."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How one state of the FAQ differs from another, by entry id."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    """Old id and new one of each entry that has the old id as an alias now."""

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.renamed)

    def __str__(self) -> str:
        told = f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed"
        return f"{told}, {len(self.renamed)} renamed" if self.renamed else told


@dataclass(frozen=True, slots=True)
class Pin:
    """A state that serves until the FAQ's files are others than those that it took the place of."""

    number: int
    """Of the state that serves."""
    refused: tuple[Contents, ...]
    """What stood in the files of each state that was rolled back."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One state of the FAQ that was published."""

    number: int
    """Counted from 1; no number is ever given twice."""
    when: datetime | None
    """In UTC; None for one that was published before there was a history."""
    entries: int
    difference: Difference
    """To what served before."""
    contents: Contents
    """Of the files that it was read from."""


@dataclass(frozen=True, slots=True)
class History:
    """The published states that are kept."""

    publications: tuple[Publication, ...] = ()
    """The oldest first."""
    serving: int | None = None
    """The number of the one that serves; None before the first."""
    pin: Pin | None = None

    def find(self, number: int) -> Publication | None:
        """Give a state by its number."""
        return next((it for it in self.publications if it.number == number), None)

    def before_serving(self) -> Publication | None:
        """Give the newest state that is older than the one that serves."""
        if self.serving is None:
            return None
        older = [it for it in self.publications if it.number < self.serving]
        return older[-1] if older else None


@dataclass(frozen=True, slots=True)
class Record:
    """What to note of a state when it is published."""

    difference: Difference
    contents: Contents
