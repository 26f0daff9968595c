"""What people would notice of an edit: which of their questions get something else."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.faq.aliases import with_aliases
from bot.faq.difference import difference
from bot.indexing import Indexer
from bot.matching.deciding import Policy
from bot.model import Entry, Faq, OutcomeKind, Scoring
from bot.reactions import ChangedReaction, changed_reactions
from bot.storage.index import SqliteIndex
from bot.vectors import Vectorizer
from tests.fakes import ZOO, FakeEmbedder, FakeVectorCache

_ANSWER, _DECLINE = OutcomeKind.ANSWER, OutcomeKind.DECLINE


@pytest.fixture(name="changes")
def _changes(tmp_path: Path) -> "type[_Changes]":
    _Changes.folder = tmp_path
    return _Changes


class _Changes:
    """Asks questions before and after an edit."""

    folder: Path

    @classmethod
    async def of(
        cls, old: tuple[Entry, ...], new: tuple[Entry, ...], *texts: str
    ) -> tuple[ChangedReaction, ...]:
        """Give the reactions that change."""
        vectorizer = Vectorizer(FakeEmbedder(), FakeVectorCache())
        answerers, indexes = [], []
        new = with_aliases(old, new)
        for name, entries in (("old", old), ("new", new)):
            index = SqliteIndex(cls.folder / f"{name}.sqlite")
            indexes.append(index)
            if entries:
                faq = Faq(Path("faq"), entries, (), ("faq.md",), frozenset())
                await Indexer(vectorizer, index).update(faq)
            policy = Policy(Scoring.COSINE, 0.9, None, 0.3)
            answerers.append(Answerer(vectorizer, index, policy))
        try:
            before, after = answerers
            told = difference(old, new)
            return await changed_reactions(texts, before, after, vectorizer, told)
        finally:
            await asyncio.gather(*(asyncio.to_thread(it.close) for it in indexes))


async def test_only_what_changes_is_told(changes: type[_Changes]) -> None:
    """A new answer, another entry and none any more are told; what stays, and mere signs, not."""
    hours, place, price, *others = ZOO
    moved = replace(place, questions=(*place.questions, "ticket cost"))
    cheap = replace(price, questions=price.questions[:3])
    new = (replace(hours, answer="At ten."), moved, cheap, *others[1:])
    told = await changes.of(
        ZOO,
        new,
        *("when do you open", "ticket cost", "lunch to eat", "dogs allowed", "…", "dogs allowed"),
    )
    later, taken, gone = told
    assert (later.text, later.is_same_entry) == ("when do you open", True)
    assert (later.before.answers, later.after.answers) == (("At nine.",), ("At ten.",))
    assert (taken.before.entry_ids, taken.after.entry_ids) == (("price",), ("place",))
    assert not taken.is_same_entry
    assert (gone.before.kind, gone.after.kind) == (_ANSWER, _DECLINE)
    assert gone.before.entry_ids == ("food",)


async def test_a_renamed_entry_is_the_same(changes: type[_Changes]) -> None:
    """Nobody notices that an entry has another id."""
    hours, *others = ZOO
    new = (replace(hours, id="opening"), *others)
    assert await changes.of(ZOO, new, "when do you open", "dogs allowed") == ()


async def test_before_anything_serves_nothing_is_answered(changes: type[_Changes]) -> None:
    """The first publication changes whatever it answers."""
    (told,) = await changes.of((), ZOO, "dogs allowed", "who won the cup")
    assert (told.before.kind, told.after.entry_ids) == (_DECLINE, ("dogs",))
