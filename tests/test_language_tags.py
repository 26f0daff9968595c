"""How language tags are matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language_tags import best_match, primary

_TAGS = st.from_regex(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,4}){0,2}", fullmatch=True)


@pytest.mark.parametrize(
    ("wished", "available", "found"),
    [
        ("de-AT", ["en", "de"], "de"),
        ("de_AT", ["de", "de-at"], "de-at"),
        ("pt-br", ["pt-PT", "pt-BR"], "pt-BR"),
        ("pt-br", ["pt-pt", "pt"], "pt"),
        ("pt", ["en", "pt-br"], "pt-br"),
        ("zh-hant-tw", ["zh-hans", "zh-hant"], "zh-hant"),
        ("nb", ["no"], "no"),
        ("iw", ["he"], "he"),
        ("fr", ["en", "fro"], None),
        ("", ["en"], None),
    ],
)
def test_the_nearest_variety_is_found(wished: str, available: list[str], found: str | None) -> None:
    """Exactly what was wished, else less exactly, else another variety; never another language."""
    assert best_match(wished, available) == found


@given(_TAGS, st.lists(_TAGS))
def test_what_is_found_is_there_and_the_same_language(wished: str, available: list[str]) -> None:
    """Something is found exactly where the language is there, in whichever variety."""
    found = best_match(wished, available)
    alike = [it for it in available if primary(it) == primary(wished)]
    assert found in alike if alike else found is None
    assert best_match(wished, [*available, wished]) is not None
