"""Language tags, as people's clients, FAQs and catalogues name languages: de, pt-BR, zh_Hant."""

from collections.abc import Iterable
from typing import Final

# What some still write, and what is read alike.
_SAME: Final = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no"}


def primary(tag: str) -> str:
    """Give the language alone, by ISO 639 code: de of de-AT."""
    return _parts(tag)[0]


def best_match(wished: str, available: Iterable[str]) -> str | None:
    """Find the nearest to a wished language.

    As RFC 4647 looks tags up: pt-br is found as pt-br, else as pt. Failing that, another variety
    of the language is better than another language.

    Args:
        wished: a tag.
        available: tags, of which the first of several equally near ones is taken.

    Returns:
        One of those that are available, as it is written there; None where none is the language.
    """
    wanted = _parts(wished)
    alike = [(tag, parts) for tag in available if (parts := _parts(tag))[0] == wanted[0]]
    for length in range(len(wanted), 0, -1):
        for tag, parts in alike:
            if parts == wanted[:length]:
                return tag
    return alike[0][0] if alike else None


def _parts(tag: str) -> list[str]:
    language, *rest = tag.strip().lower().replace("_", "-").split("-")
    return [_SAME.get(language, language), *rest]
