"""Who is shown an entry, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.model import Entry


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as far as it decides what they are shown."""

    chats: frozenset[str] | None
    """What names the chat that they ask in, its number and its @name in small letters; None for
    those who may see what is for some chats only."""

    @classmethod
    def in_chat(cls, number: int, name: str | None = None) -> "Asker":
        """Make the asker of a chat.

        Args:
            number: the chat's, which for a private chat is the person's.
            name: the chat's public name, without @.
        """
        names = (f"@{name.lower()}",) if name else ()
        return cls(frozenset((str(number), *names)))


ANYBODY: Final = Asker(None)
"""Someone at the console, where nothing is hidden but what is not valid today."""

NOBODY: Final = Asker(frozenset())
"""Someone of whom nothing is known, who sees only what is for everybody."""


def is_visible(entry: Entry, asker: Asker, today: date) -> bool:
    """Tell whether an entry is shown to someone today."""
    details = entry.details
    if details.valid_from and today < details.valid_from:
        return False
    if details.valid_until and today > details.valid_until:
        return False
    if not details.audience or asker.chats is None:
        return True
    return any(chat.lower() in asker.chats for chat in details.audience)


def is_conditional(entry: Entry) -> bool:
    """Tell whether an entry may be hidden from anybody ever."""
    details = entry.details
    return bool(details.audience or details.valid_from or details.valid_until)


def hidden_ids(conditional: Iterable[Entry], asker: Asker, today: date) -> frozenset[str]:
    """Give the ids of those of some entries that are not shown to someone today."""
    return frozenset(entry.id for entry in conditional if not is_visible(entry, asker, today))
