"""Finding entries by their words, in a real index."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.words import words
from bot.model import Entry
from bot.storage.database import open_database
from bot.storage.index import SqliteIndex
from bot.storage.index_tables import MIGRATIONS
from tests.fakes import FAKE_MODEL, entry, word_vector

_LIMIT = 16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the place of an index that is not there yet."""
    return tmp_path / "index.sqlite"


@pytest.fixture
def index(path: Path) -> Iterator[SqliteIndex]:
    """Give an index that has nothing in it yet."""
    index = SqliteIndex(path)
    yield index
    index.close()


def _serve(index: SqliteIndex, *entries: Entry) -> None:
    vectors = {text: word_vector(text) for it in entries for text in it.questions}
    index.replace(entries, vectors, FAKE_MODEL)


def _worded(index: SqliteIndex, text: str, limit: int = _LIMIT) -> tuple[str, ...]:
    return index.candidates(None, words(text), FAKE_MODEL, limit=limit).worded


def _count(path: Path, table: str) -> int:
    connection = open_database(path, MIGRATIONS)
    try:
        [(count,)] = connection.execute(f"select count(*) from {table}").fetchall()  # noqa: S608
    finally:
        connection.close()
    assert isinstance(count, int)
    return count


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where is my PARCEL?", "parcel"),
        ("parcels", "parcel"),
        ("another way to ask", "parcel"),
        ("tomorrow", "parcel"),
        ("E1234", "code"),
        ("error 1234!", "code"),
        ("version v2.1", "version"),
        ("忘记密码了", "password"),
        ("पासवर्ड", "hindi"),
        ("надо сбросить", "reset"),
        ("0x80070006", "hex"),
    ],
)
def test_words_find_their_entry(index: SqliteIndex, text: str, found: str) -> None:
    """A word of any phrasing or of the answer finds its entry, in every script."""
    _serve(
        index,
        entry("parcel", "Track a parcel?", "Another way!", answer="It comes *tomorrow*."),
        entry("code", "E-1234"),
        entry("version", "What is new in v2.1?"),
        entry("password", "如何重置密码"),
        entry("hindi", "पासवर्ड भूल गया"),
        entry("reset", "Как сбросить?"),
        entry("hex5", "0x80070005"),
        entry("hex", "0x80070006"),
        entry("filler", "?!", answer="Nothing of that."),
    )
    assert _worded(index, text)[0] == found


@pytest.mark.parametrize("text", ["", "?!", "nowhere to be seen"])
def test_other_words_find_nothing(index: SqliteIndex, text: str) -> None:
    """A question that shares no word with the FAQ has no such candidates."""
    _serve(index, entry("a", "blue whale"), entry("b", "?!", answer="!"))
    assert _worded(index, text) == ()


@pytest.mark.parametrize("limit", [1, 2, 16, 100])
def test_equally_good_entries_come_by_id(index: SqliteIndex, limit: int) -> None:
    """However many entries have the same words, everybody gets the same of them."""
    ids = [f"{number:02}" for number in range(60)]
    longer = entry("a", "the same in a longer entry")
    _serve(index, longer, *(entry(id_, "the same") for id_ in reversed(ids)))
    assert _worded(index, "same", limit) == tuple([*ids, "a"][:limit])


def test_rare_words_tell_more(index: SqliteIndex) -> None:
    """In a large FAQ words that nearly all entries have are left out: they tell the least."""
    _serve(index, *(entry(f"{number:04}", f"how about thing{number}") for number in range(1500)))
    assert _worded(index, "how about thing7 and thing1234") == ("0007", "1234")
    assert _worded(index, "how") == tuple(f"{number:04}" for number in range(_LIMIT))


def test_very_long_questions(index: SqliteIndex) -> None:
    """A text of thousands of words is searched for the rarest of them."""
    everything = [f"w{number}" for number in range(3000)]
    _serve(index, entry("all", " ".join(everything)), entry("some", " ".join(everything[7:9])))
    assert _worded(index, " ".join(everything)) == ("all",)
    _serve(index, *map(entry, everything))
    assert len(set(_worded(index, " ".join(everything), 100))) == 64


@pytest.mark.parametrize(
    "token", ['"', '""', "a*", "NEAR(a b)", "NOT", "a OR", "answer:a", "^a", "'", ""]
)
def test_words_are_no_query_language(index: SqliteIndex, token: str) -> None:
    """Whatever stands in a token, it is looked for and not obeyed."""
    _serve(index, entry("a"), entry("b", 'near "not" or'))
    assert index.candidates(None, [token], FAKE_MODEL, limit=5).worded == ()


def test_words_of_the_last_faq_only(index: SqliteIndex, path: Path) -> None:
    """Words of an answer that changed, or of an entry that is gone, find nothing any more."""
    _serve(index, entry("a", answer="old"), entry("b", answer="removed"), entry("c", answer="kept"))
    _serve(
        index, entry("c", answer="kept"), entry("a", answer="new"), entry("d", "c", answer="kept")
    )
    assert [_worded(index, text) for text in ("old", "removed", "new")] == [(), (), ("a",)]
    assert _worded(index, "kept") == ("c", "d")
    assert _count(path, "found_words") == 3
    assert _count(path, "word_counts") == 4


def test_words_take_no_more_space_with_every_edit(index: SqliteIndex, path: Path) -> None:
    """After very many edits there is hardly more in the tables than after the last one alone."""
    for number in range(100):
        _serve(index, *(entry(f"{i}", f"word{i * number} x") for i in range(30)))
    assert _count(path, "found_words") == 30
    assert _count(path, "entry_words_docsize") == 30
    assert _count(path, "entry_words_data") < 30  # a few parts that are yet to be merged
    assert _count(path, "word_counts") == 33  # "x", and the answer


_tokens = st.sampled_from(["one", "two", "three", "four", "v2.1", "ёж", "水", "E-5"])
_texts = st.lists(_tokens, max_size=8).map(" ".join)
_faqs = st.lists(
    st.tuples(st.lists(_texts, min_size=1, max_size=3, unique=True), _texts), min_size=1
)


@given(_faqs, _texts, st.integers(1, 8))
@hypothesis.settings(max_examples=hypothesis.settings().max_examples // 2)
def test_entries_are_ranked_by_bm25(
    faq: list[tuple[list[str], str]], question: str, limit: int
) -> None:
    """The entries are those with the best scores by the formula, and equal ones come by id."""
    entries = [
        entry(f"{number:03}", *questions, answer=answer)
        for number, (questions, answer) in enumerate(faq)
    ]
    scores = _bm25(entries, set(words(question)))
    with _open_index() as index:
        _serve(index, *entries)
        found = _worded(index, question, limit)
    # Sums that differ in nothing but rounding may come in either order.
    assert [round(scores[id_], 6) for id_ in found] == sorted(
        (round(score, 6) for score in scores.values()), reverse=True
    )[:limit]


def _bm25(entries: Sequence[Entry], asked: set[str]) -> dict[str, float]:
    """Score as https://sqlite.org/fts5.html#the_bm25_function says."""
    k1, b = 1.2, 0.75
    counts = {it.id: Counter(words("\n".join((*it.questions, it.answer)))) for it in entries}
    average = sum(count.total() for count in counts.values()) / len(entries)
    scores: dict[str, float] = {}
    for word in asked:
        having = sum(word in count for count in counts.values())
        weight = max(math.log((len(entries) - having + 0.5) / (having + 0.5)), 1e-6)
        for id_, count in counts.items():
            if word in count:
                length = 1 - b + b * count.total() / average
                score = weight * count[word] * (k1 + 1) / (count[word] + k1 * length)
                scores[id_] = scores.get(id_, 0) + score
    return scores


@contextmanager
def _open_index() -> Iterator[SqliteIndex]:
    with TemporaryDirectory() as folder:
        index = SqliteIndex(Path(folder, "index.sqlite"))
        yield index
        index.close()


_states = st.lists(
    st.dictionaries(
        st.sampled_from("abcdefgh"),
        # Few texts, so that much stays as it is from one state to the next.
        st.tuples(st.sampled_from([["one"], ["two", "ёж"]]), st.sampled_from(["", "one three"])),
        min_size=1,
    ),
    min_size=1,
    max_size=6,
)


def _contents(path: Path) -> tuple[object, ...]:
    """Give all that the tables of entries and words hold, whatever the slots."""
    connection = open_database(path, MIGRATIONS)
    try:
        connection.execute("insert into entry_words (entry_words) values ('integrity-check')")
        return tuple(
            connection.execute(query).fetchall()
            for query in (
                "select * from entries order by position",
                "select entry_id, position, question, own from phrasings order by 1, 2",
                """
                select entry_id, position, text_hash, questions, answer
                from found_words join phrasings on slot = row order by entry_id
                """,
                "select word, entries from word_counts order by word",
            )
        )
    finally:
        connection.close()


@hypothesis.settings(deadline=None)
@given(_states, st.data(), _texts)
def test_many_edits_leave_what_one_would_have_written(
    states: list[dict[str, tuple[list[str], str]]], data: st.DataObject, asked: str
) -> None:
    """Whatever came, went, changed or moved before, an index is as one that was written afresh."""
    with TemporaryDirectory() as folder:
        edited, afresh = Path(folder, "edited.sqlite"), Path(folder, "afresh.sqlite")
        one, other = SqliteIndex(edited), SqliteIndex(afresh)
        try:
            entries: list[Entry] = []
            for state in states:
                faq = [entry(id_, *texts, answer=it) for id_, (texts, it) in state.items()]
                entries = data.draw(st.permutations(faq))
                _serve(one, *entries)
            _serve(other, *entries)
            assert one.entries() == other.entries() == tuple(entries)
            assert _contents(edited) == _contents(afresh)
            assert _worded(one, asked) == _worded(other, asked)
            vector = word_vector(asked)
            found, expected = (
                it.candidates(vector, (), FAKE_MODEL, limit=_LIMIT).nearest for it in (one, other)
            )
            assert found == expected
        finally:
            one.close()
            other.close()
