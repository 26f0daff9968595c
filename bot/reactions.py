"""How people would notice that another FAQ is published: which questions get something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.answering import Answerer
from bot.combining import readings_of
from bot.model import Entry, Outcome, OutcomeKind, Vector
from bot.ports import IndexNotReadyError
from bot.publication import Difference
from bot.text import has_words
from bot.vectors import Vectorizer


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody who asks gets to see."""

    kind: OutcomeKind
    entry_ids: tuple[str, ...]
    """Of the entries that answer or are suggested."""
    answers: tuple[str, ...]
    """What is written in those that answer."""


@dataclass(frozen=True, slots=True)
class ChangedReaction:
    """A question that gets something else than before."""

    text: str
    before: Reaction
    after: Reaction

    @property
    def is_same_entry(self) -> bool:
        """Whether only the text of what answers is another one."""
        return self.before.kind is self.after.kind and self.before.entry_ids == self.after.entry_ids


_NOTHING = Reaction(OutcomeKind.DECLINE, (), ())


async def changed_reactions(
    texts: Sequence[str],
    before: Answerer,
    after: Answerer,
    vectorizer: Vectorizer,
    difference: Difference,
) -> tuple[ChangedReaction, ...]:
    """Ask two states of the FAQ, and give the questions that they react to differently.

    Args:
        texts: the questions, whoever has asked them.
        before: asks what serves; where nothing does, nothing is answered.
        after: asks what would serve.
        vectorizer: embeds the questions, all at once.
        difference: between the two; an entry that was renamed is the same.

    Raises:
        EmbedderError: the questions could not be embedded.
    """
    asked = list(dict.fromkeys(text for text in texts if has_words(text)))
    readings = {text: readings_of(text) for text in asked}
    wanted = dict.fromkeys(reading for group in readings.values() for reading in group)
    vectors = await vectorizer.questions(list(wanted), _ignore)
    renamed = dict(difference.renamed)
    changed = []
    for text in asked:
        of_text = {reading: vectors[reading] for reading in readings[text]}
        old = _reaction(before, text, of_text, renamed)
        new = _reaction(after, text, of_text, {})
        if old != new:
            changed.append(ChangedReaction(text, old, new))
    return tuple(changed)


def _reaction(
    answerer: Answerer, text: str, vectors: Mapping[str, Vector], renamed: Mapping[str, str]
) -> Reaction:
    try:
        outcome = answerer.outcome(text, vectors)
    except IndexNotReadyError:
        return _NOTHING
    entries = _shown(outcome)
    return Reaction(
        outcome.kind,
        tuple(renamed.get(it.id, it.id) for it in entries),
        tuple(it.answer for it in entries) if outcome.kind is OutcomeKind.ANSWER else (),
    )


def _shown(outcome: Outcome) -> tuple[Entry, ...]:
    return (outcome.entry, *outcome.further) if outcome.entry else outcome.suggestions


def _ignore(_done: int, _total: int) -> None:
    pass
