"""Whether files say what was once rolled back, told by their entries and not by their times."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.contents import contents_of, is_as
from bot.model import Details, Entry, Faq, Source, Translation
from tests.fakes import entry


def _faq(*entries: Entry, broken: Sequence[str] = ()) -> Faq:
    files = sorted({it.source.file for it in entries} | set(broken))
    return Faq(Path("faq"), entries, (), tuple(files), frozenset(broken))


_TRANSLATED = replace(
    entry("a", "q", "r", file="en.md"),
    language="en",
    details=Details(
        keywords=("k",), translations=(Translation("de", ("f",), "Ja.", Source("de.md", 3)),)
    ),
)
_FAQ = _faq(_TRANSLATED, entry("b", file="en.md"), entry("c", file="c.md"))


def test_each_file_has_a_hash() -> None:
    """Files that say something have one, of translations, too; an empty file says nothing."""
    assert list(contents_of(_FAQ)) == ["c.md", "de.md", "en.md"]
    assert contents_of(replace(_FAQ, files=(*_FAQ.files, "empty.md"))) == contents_of(_FAQ)


def test_places_and_order_do_not_count() -> None:
    """Blank lines and entries that change places make files no others."""
    moved = (replace(it, source=Source(it.source.file, 99)) for it in reversed(_FAQ.entries))
    assert is_as(contents_of(_FAQ), _faq(*moved))


_german = _TRANSLATED.details.translations[0]


@pytest.mark.parametrize(
    "changed",
    [
        replace(_TRANSLATED, id="z"),
        replace(_TRANSLATED, answer="Another."),
        replace(_TRANSLATED, questions=("r", "q")),
        replace(_TRANSLATED, questions=("q",)),
        replace(_TRANSLATED, topic="Topic"),
        replace(_TRANSLATED, language="fr"),
        replace(_TRANSLATED, source=Source("c.md", 1)),
        replace(_TRANSLATED, details=Details(keywords=("k",))),
        replace(_TRANSLATED, details=replace(_TRANSLATED.details, keywords=())),
        replace(_TRANSLATED, details=replace(_TRANSLATED.details, valid_from=date(2030, 1, 1))),
        *(
            replace(_TRANSLATED, details=replace(_TRANSLATED.details, translations=(it,)))
            for it in (
                replace(_german, answer="Nein."),
                replace(_german, questions=("g",)),
                replace(_german, language="nl"),
                replace(_german, source=Source("c.md", 3)),
            )
        ),
    ],
)
def test_every_edit_counts(changed: Entry) -> None:
    """Whatever an author changes makes the files others."""
    assert not is_as(contents_of(_FAQ), _faq(changed, *_FAQ.entries[1:]))


def test_a_file_that_comes_or_goes_counts() -> None:
    """So does an entry in a new file, or a file less."""
    assert not is_as(contents_of(_FAQ), _faq(*_FAQ.entries, entry("d", file="d.md")))
    assert not is_as(contents_of(_FAQ), _faq(*_FAQ.entries[:2]))


def test_a_broken_file_is_taken_for_what_it_was() -> None:
    """Nobody knows what a half-written file will say, so it alone makes no difference."""
    half = _faq(replace(_FAQ.entries[0], details=Details(keywords=("k",))), *_FAQ.entries[1:])
    assert is_as(contents_of(_FAQ), replace(half, broken_files=frozenset({"de.md"})))
    assert is_as(contents_of(_FAQ), _faq(*_FAQ.entries[:2], broken=["c.md"]))
    assert not is_as(contents_of(_FAQ), _faq(_FAQ.entries[0], broken=["c.md"]))
    # What was broken when it was published is an edit once it can be read.
    was_broken = contents_of(replace(_FAQ, broken_files=frozenset({"c.md"})))
    assert not is_as(was_broken, _FAQ)


_texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=3)
_faqs = st.lists(
    st.builds(
        lambda id_, questions, answer, file: entry(id_, *questions, answer=answer, file=file),
        _texts,
        st.lists(_texts, min_size=1, max_size=3),
        _texts,
        st.sampled_from(["a.md", "b.md"]),
    ),
    max_size=3,
    unique_by=lambda it: it.id,
)


@given(_faqs, _faqs)
def test_equal_hashes_mean_equal_files(one: list[Entry], other: list[Entry]) -> None:
    """Two FAQs have the same hashes just if they have the same entries in the same files."""
    same = sorted(one, key=lambda it: it.id) == sorted(other, key=lambda it: it.id)
    assert (contents_of(_faq(*one)) == contents_of(_faq(*other))) is same
    assert is_as(contents_of(_faq(*one)), _faq(*other)) is same
