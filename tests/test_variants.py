"""In which of its languages an entry is shown, and when that is worth a word."""

from dataclasses import replace

import pytest

from bot.model import Details, Entry, Source, Translation
from bot.variants import in_language, language_of_phrasing, only_in
from tests.fakes import entry

_GERMAN = Translation("de", ("Wann?", "wie spät"), "Um neun.", Source("de/faq.md", 7))
_BRAZILIAN = Translation("pt-BR", ("Quando?",), "Às nove.", Source("pt.md", 3))
_ENGLISH = replace(entry("when", "When?", "at what time", answer="At nine."), language="en")
_BOTH = replace(_ENGLISH, details=Details(translations=(_GERMAN, _BRAZILIAN), threshold=0.4))
_SILENT = entry("when", "When?")


@pytest.mark.parametrize(
    ("reads", "answer"),
    [
        (["de"], "Um neun."),
        (["de-AT", "en"], "Um neun."),
        (["pt"], "Às nove."),
        (["fr", "pt-pt"], "Às nove."),
        (["en", "de"], "At nine."),
        (["fr"], "At nine."),
        ([], "At nine."),
    ],
)
def test_the_first_language_that_there_is(reads: list[str], answer: str) -> None:
    """People read the variant in the language they like best; in others than these, the entry's."""
    assert in_language(_BOTH, reads).answer == answer


def test_a_variant_is_the_same_entry() -> None:
    """What is not of a language, as the id and the threshold, stays; the rest is the variant's."""
    shown = in_language(_BOTH, ["de"])
    assert (shown.id, shown.details) == (_BOTH.id, _BOTH.details)
    assert (shown.question, shown.language) == ("Wann?", "de")
    assert shown.source == _GERMAN.source


@pytest.mark.parametrize(
    ("of", "wished", "faq", "told"),
    [
        (_ENGLISH, ["de"], ["en", "de"], ("en",)),
        (_BOTH, ["ru"], ["en"], ("en", "de", "pt-BR")),
        (_BOTH, ["de-CH"], ["en", "de"], ()),
        (_BOTH, ["ru", "de"], ["en", "de"], ()),
        (_ENGLISH, ["en-GB"], ["en", "de"], ()),
        (_ENGLISH, ["de"], ["en"], ()),
        (_ENGLISH, ["de"], [], ()),
        (_ENGLISH, [], ["en", "de"], ()),
        (_SILENT, ["de"], ["en", "de"], ()),
    ],
)
def test_a_missing_language_is_told(
    of: Entry, wished: list[str], faq: list[str], told: tuple[str, ...]
) -> None:
    """Only where the FAQ has several languages, and the entry's is known and none of theirs."""
    assert only_in(of, wished, faq) == told


def test_a_phrasing_tells_its_language() -> None:
    """Each phrasing is in the language of its variant; what is none, in none."""
    assert language_of_phrasing(_BOTH, "at what time") == "en"
    assert language_of_phrasing(_BOTH, "wie spät") == "de"
    assert language_of_phrasing(_BOTH, "Que horas?") is None
    assert language_of_phrasing(_SILENT, "When?") is None
