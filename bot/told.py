"""What people were told, as it is remembered."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model import Outcome, OutcomeKind


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was told when they asked."""

    question: str
    """As it was asked; an entry's own where nothing was asked, and it was opened by its title."""
    kind: OutcomeKind
    entry_ids: tuple[str, ...]
    """The entries that answered or were suggested, in their order."""
    scores: tuple[tuple[str, float], ...] = ()
    """The ids and scores of the best entries, best first; none where nothing was scored."""
    was_chosen: bool = False
    """Whether a person chose what answered, and not the bot."""

    @classmethod
    def of(cls, question: str, outcome: Outcome) -> "Told":
        """Note an outcome."""
        shown = (*((outcome.entry,) if outcome.entry else ()), *outcome.further)
        entries = shown or outcome.suggestions
        return cls(
            question,
            outcome.kind,
            tuple(it.id for it in entries),
            tuple((it.entry_id, it.score) for it in outcome.matches),
        )


class Vote(StrEnum):
    """What somebody thinks of an answer."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """What was told in a chat, and nothing about the person."""

    chat_id: int
    first_message_id: int
    """Of the messages that it took."""
    message_id: int
    """Of the last of them, which bears the buttons."""
    told: Told
    vote: Vote | None = None
