"""Former ids: an edited heading breaks no link, no button and no question file."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.faq.aliases import find, resolved, with_aliases
from bot.faq.difference import difference
from bot.model import Details, Entry, Query
from bot.text import normalise
from tests.fakes import entry


def _aliased(it: Entry, *aliases: str) -> Entry:
    return replace(it, details=replace(it.details, aliases=aliases))


def _aliases(entries: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    return {it.id: it.details.aliases for it in entries if it.details.aliases}


_ids = st.sampled_from("abcdefgh")
_contents = st.builds(
    lambda questions, answer, aliases: replace(
        entry("", *questions, answer=answer), details=Details(aliases=tuple(aliases))
    ),
    st.lists(st.sampled_from(["x", "X?", "y", "z", "v", "w"]), min_size=1, max_size=3, unique=True),
    st.sampled_from(["One.", "Two.", "Three."]),
    st.just([]) | st.lists(_ids, max_size=2, unique=True),
)
_states = st.dictionaries(_ids, _contents, min_size=1).map(
    lambda them: tuple(replace(content, id=id_) for id_, content in them.items())
)


@given(st.lists(_states, min_size=1, max_size=6))
def test_an_id_or_alias_means_one_entry(states: list[tuple[Entry, ...]]) -> None:
    """Whatever the edits, an alias hides no id, belongs to one entry, and nothing else changes."""
    served: tuple[Entry, ...] = ()
    for state in states:
        served = with_aliases(served, state)
        ids = [it.id for it in served]
        aliases = [alias for it in served for alias in it.details.aliases]
        assert len({*ids, *aliases}) == len(ids) + len(aliases)
        assert [_aliased(it) for it in served] == [_aliased(it) for it in state]
        assert with_aliases(served, state) == served  # an update without an edit changes nothing


@given(_states, _states)
def test_what_was_called_otherwise_is_found(old: tuple[Entry, ...], new: tuple[Entry, ...]) -> None:
    """An id that is gone is found again wherever only one entry can be meant."""
    old = with_aliases((), old)
    served = with_aliases(old, new)
    before = {it.id for it in old}
    gone = [it for it in old if it.id not in {entry.id for entry in new}]
    fresh = [it for it in new if it.id not in before]
    for former in gone:
        same = [it for it in fresh if _have_much_in_common(former, it)]
        rivals = {it.id for it in gone for other in same if _have_much_in_common(it, other)}
        written = any(former.id in it.details.aliases for it in new)
        found = find(served, former.id)
        if not written and len(same) == 1 and rivals == {former.id}:
            assert found
            assert found.id == same[0].id
        elif not written and not same:
            assert found is None


def _have_much_in_common(one: Entry, other: Entry) -> bool:
    shared = {*map(normalise, one.phrasings)} & {*map(normalise, other.phrasings)}
    return one.answer == other.answer or bool(shared)


@given(_states, _states)
def test_a_rename_is_neither_a_removal_nor_an_addition(
    old: tuple[Entry, ...], new: tuple[Entry, ...]
) -> None:
    """Each old id is kept, renamed or removed, each new one was there, is renamed to or added."""
    old = with_aliases((), old)
    served = with_aliases(old, new)
    told = difference(old, served)
    before, after = {it.id for it in old}, {it.id for it in served}
    formers = [former for former, _ in told.renamed]
    assert len(set(formers)) == len(formers)
    assert set(told.removed) | set(formers) == before - after
    assert not set(told.removed) & set(formers)
    assert set(told.added) | {now for _, now in told.renamed} == after - before
    assert not set(told.added) & {now for _, now in told.renamed}
    for former, now in told.renamed:
        found = find(served, former)
        assert found
        assert found.id == now


def test_an_edited_heading_keeps_the_old_id() -> None:
    """A heading that is put better keeps the entry's old id; so does a new answer to it."""
    old = (entry("price", "What does it cost?", answer="Ten."), entry("open", "When?"))
    better = entry("how-much", "How much is it?", answer="Ten.")
    served = with_aliases(old, (better, old[1]))
    assert _aliases(served) == {"how-much": ("price",)}
    assert difference(old, served).renamed == (("price", "how-much"),)
    dearer = entry("fee", "how much is it", "What is the fee?", answer="Twelve.")
    assert _aliases(with_aliases(served, (dearer, old[1]))) == {}  # neither answer nor phrasing
    dearer = entry("fee", "HOW much is it?", "What is the fee?", answer="Twelve.")
    assert _aliases(with_aliases(served, (dearer, old[1]))) == {"fee": ("how-much", "price")}


def test_an_edit_that_is_taken_back() -> None:
    """A heading that is put back has its own id again, and goes by the other one, too."""
    first, second = entry("a", answer="Same."), entry("b", answer="Same.")
    served = with_aliases(with_aliases((first,), (second,)), (first,))
    assert _aliases(served) == {"a": ("b",)}


def test_the_most_alike_is_the_same() -> None:
    """Of several that could be meant, the one with most in common is, then the one in that file."""
    old = (entry("a", "one", "two", answer="Yes."), entry("b", answer="Yes.", file="b.md"))
    new = (
        entry("c", "c", answer="Yes."),
        entry("d", "d", answer="Yes.", file="b.md"),
        entry("e", "ONE", "two?", "two", answer="Yes, it is."),
    )
    assert _aliases(with_aliases(old, new)) == {"d": ("b",), "e": ("a",)}
    assert _aliases(with_aliases(old, new[::-1])) == {"d": ("b",), "e": ("a",)}


def test_what_an_author_writes_counts_first() -> None:
    """An alias that is written down wins against what was guessed, with all it stood for."""
    old = (_aliased(entry("a", answer="Same."), "z"),)
    new = (entry("b", answer="Same."), _aliased(entry("c", answer="Other."), "a"))
    assert _aliases(with_aliases(old, new)) == {"c": ("a", "z")}
    # And nobody loses an id to one.
    assert _aliases(with_aliases((), (entry("a"), _aliased(entry("b"), "a", "b", "x")))) == {
        "b": ("x",)
    }


def test_questions_expect_an_entry_by_any_of_its_ids() -> None:
    """A question file with former ids goes on working; unknown ids stay to be told of."""
    entries = (_aliased(entry("new"), "old"), _aliased(entry("other"), "new", "older"))
    queries = (
        Query("q", "old", frozenset({"older", "nowhere"})),
        Query("q", None),
        Query("q", "new"),
    )
    assert resolved(queries, entries) == (
        Query("q", "new", frozenset({"other", "nowhere"})),
        Query("q", None),
        Query("q", "new"),
    )
    assert find(entries, "new") is entries[0]
    assert find(entries, "nowhere") is None
