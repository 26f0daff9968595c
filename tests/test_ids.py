"""Ids: what was written, else the heading's slug, unique over the whole FAQ."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.draft import Draft
from bot.faq.ids import assign_ids, slug
from bot.model import Source, Translation
from tests.faq_strategies import phrases


def draft(question: str, id_: str | None = None, line: int = 1) -> Draft:
    """Make a draft."""
    return Draft(line, id_, (question,), "An answer.", None, None)


def ids(*drafts: Draft) -> list[str]:
    """Give the ids that drafts of one file get."""
    return [entry.id for entry in assign_ids([("faq.md", drafts)])[0]]


def test_an_id_that_is_written_is_the_id() -> None:
    """An entry keeps its own id to the letter, whatever its question."""
    assert ids(draft("When?", "Opening Hours / 2"), draft("Where?", "ort")) == [
        "Opening Hours / 2",
        "ort",
    ]


def test_an_entry_without_an_id_has_its_heading_as_id() -> None:
    """The question, in lower case and with hyphens, is the id of an entry that has none."""
    assert ids(draft("When are you open?")) == ["when-are-you-open"]


def test_headings_that_are_the_same_get_numbers() -> None:
    """Two questions with one heading are two entries."""
    assert ids(draft("When?"), draft("When"), draft("WHEN!")) == ["when", "when-2", "when-3"]


def test_a_number_that_is_taken_is_skipped() -> None:
    """A number behind an id never makes another entry's id."""
    assert ids(draft("When?"), draft("When 2?"), draft("When?")) == ["when", "when-2", "when-3"]


def test_written_ids_come_first_wherever_they_stand() -> None:
    """A new heading above never takes the id that an entry further down was given."""
    assert ids(draft("When?"), draft("Where?", "when"), draft("How?", "when-2")) == [
        "when-3",
        "when",
        "when-2",
    ]


def test_an_id_written_twice_is_told_and_costs_no_entry() -> None:
    """The first one keeps the id; the other is told with the place of the first."""
    entries, problems = assign_ids(
        [
            ("a.md", [draft("When?", "hours", line=3)]),
            ("sub/b.md", [draft("How long?", "hours", line=7), draft("Why?", "hours", line=9)]),
        ]
    )
    assert [(it.id, it.question) for it in entries] == [
        ("hours", "When?"),
        ("hours-2", "How long?"),
        ("hours-3", "Why?"),
    ]
    assert [it.source for it in problems] == [Source("sub/b.md", 7), Source("sub/b.md", 9)]
    assert [it.what for it in problems] == [
        'The id "hours" is taken: a.md, line 3, has it too.'
    ] * 2
    assert all("another id" in it.mend for it in problems)


def test_entries_stay_in_the_order_of_the_faq_and_know_their_place() -> None:
    """An entry has all that its draft has, and where it stands."""
    one = Draft(4, None, ("When?", "hours"), "Now.", "Hours", "de")
    entries, problems = assign_ids([("a.md", [one]), ("b.md", []), ("c.md", [draft("Where?")])])
    assert [it.source for it in entries] == [Source("a.md", 4), Source("c.md", 1)]
    first = entries[0]
    assert (first.questions, first.answer, first.topic, first.language) == (
        ("When?", "hours"),
        "Now.",
        "Hours",
        "de",
    )
    assert not problems


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When are you open?", "when-are-you-open"),
        ("  What's C++ / C#?! ", "whats-c-c"),
        ("Where’s the key?", "wheres-the-key"),  # noqa: RUF001 - a typographic apostrophe
        ("snake_case and kebab-case", "snake-case-and-kebab-case"),
        ("Straße & Übergröße", "strasse-übergrösse"),
        ("e\u0301te\u0301", "été"),
        ("ＦＡＱ １２", "faq-12"),  # noqa: RUF001 - full width is what is tested
        ("Где вы находитесь?", "где-вы-находитесь"),
        ("営業時間は？", "営業時間は"),  # noqa: RUF001 - Japanese
        ("מתי פתוח?", "מתי-פתוח"),
        ("영업시간은?", "영업시간은"),
        ("👍 ok?", "ok"),
        ("?!", "question"),
        ("", "question"),
    ],
)
def test_a_slug_has_letters_and_digits_of_any_script(question: str, expected: str) -> None:
    """An id made of a heading can be read in the heading's own script."""
    assert slug(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("आप कब खुले हैं?", "आप-कब-खुले-हैं"),
        ("เปิดเมื่อไหร่", "เปิดเมื่อไหร่"),
        ("எப்போது திறக்கும்?", "எப்போது-திறக்கும்"),
    ],
)
def test_a_slug_keeps_vowel_signs(question: str, expected: str) -> None:
    """Words of scripts that write vowels as marks are neither torn apart nor made alike."""
    assert slug(question) == expected


def test_a_long_slug_ends_with_a_whole_word() -> None:
    """A long heading makes an id of at most 60 characters."""
    assert slug("word " * 30) == "-".join(["word"] * 12)
    assert slug("x" * 61) == "x" * 60
    assert slug("x" * 60) == "x" * 60
    assert slug("a " * 30) == "-".join("a" * 30)


_DRAFTS = st.lists(
    st.builds(
        draft,
        phrases() | st.sampled_from(["When?", "When 2", "?"]),
        st.none() | st.sampled_from(["when", "when-2", "when-3", "question"]) | phrases(),
    ),
    max_size=12,
)


def _split(drafts: Sequence[Draft], at: int) -> list[tuple[str, Sequence[Draft]]]:
    return [("a.md", drafts[:at]), ("b.md", drafts[at:])]


@given(_DRAFTS, st.integers(0, 12))
def test_every_entry_has_an_id_of_its_own(drafts: list[Draft], at: int) -> None:
    """No entry is lost, none shares an id, and an id that is written once is kept."""
    entries, problems = assign_ids(_split(drafts, at))
    given_ids = [it.id for it in entries]
    written = [it.id for it in drafts if it.id is not None]
    assert [it.questions for it in entries] == [it.questions for it in drafts]
    assert len(set(given_ids)) == len(drafts)
    assert all(given_ids)
    for one, id_ in zip(drafts, given_ids, strict=True):
        if one.id is not None and written.count(one.id) == 1:
            assert id_ == one.id
    assert len(problems) == len(written) - len(set(written))


@given(_DRAFTS, _DRAFTS)
def test_written_ids_never_change_with_what_else_is_there(
    drafts: list[Draft], more: list[Draft]
) -> None:
    """Whatever is added below, an entry with an id of its own keeps it."""
    before, _ = assign_ids([("a.md", drafts)])
    after, _ = assign_ids([("a.md", drafts), ("b.md", more)])
    seen: set[str] = set()
    for one, old, new in zip(drafts, before, after, strict=False):
        if one.id is not None and one.id not in seen:
            seen.add(one.id)
            assert old.id == new.id == one.id


def _in(language: str | None, question: str, id_: str | None = "hours", line: int = 1) -> Draft:
    return Draft(line, id_, (question,), f"{question} answered.", None, language)


def test_one_id_in_two_languages_is_one_entry() -> None:
    """The first is the entry, the others are its translations, in the order of their languages."""
    [entry], problems = assign_ids(
        [
            ("hours.md", [_in("en", "When?")]),
            ("hours.ru.md", [_in("ru", "Когда?", line=3)]),
            ("hours.de.md", [_in("de", "Wann?")]),
        ]
    )
    assert not problems
    assert (entry.question, entry.language, entry.source) == ("When?", "en", Source("hours.md", 1))
    assert entry.details.translations == (
        Translation("de", ("Wann?",), "Wann? answered.", Source("hours.de.md", 1)),
        Translation("ru", ("Когда?",), "Когда? answered.", Source("hours.ru.md", 3)),
    )
    assert entry.phrasings == ("When?", "Wann?", "Когда?")
    assert entry.answers == ("When? answered.", "Wann? answered.", "Когда? answered.")


@pytest.mark.parametrize("languages", [("en", "en"), ("en", None), (None, "en"), (None, None)])
def test_one_id_twice_without_two_languages_is_a_slip(
    languages: tuple[str | None, str | None],
) -> None:
    """Only what says that it is in another language is a translation."""
    drafts = [_in(language, question) for language, question in zip(languages, "ab", strict=True)]
    entries, problems = assign_ids([("faq.md", drafts)])
    assert [entry.id for entry in entries] == ["hours", "hours-2"]
    assert len(problems) == 1
    assert "`language`" in problems[0].mend


def test_the_same_heading_in_two_languages_is_two_entries() -> None:
    """Ids that nobody wrote join nothing."""
    assert ids(_in("en", "Status", None), _in("de", "Status", None)) == ["status", "status-2"]
