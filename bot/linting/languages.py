"""Whether the embedding model speaks the languages of the FAQ."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from bot.matching.language import foreignness, language_of
from bot.matching.sentences import plain_text
from bot.model import Entry, Problem

_MOST_ENTRIES = 400  # to identify a language takes up to a millisecond
_MOST_CHARS = 500
_FEWEST_LETTERS = 60
"""What is shorter says too little about its language."""
_CERTAIN = 0.99
_FEWEST_ENTRIES = 3
_LEAST_SHARE = 0.1
_CODE = re.compile(r"([a-z]{2})(?![a-z])")
# So near to a large one that they are taken for it, and that a model of it understands them.
_KIN = frozenset(("af", "an", "be", "ca", "gl", "lb", "oc", "uk", "wa"))
_NAMES = {
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cs": "Czech",
    "da": "Danish",
    "el": "Greek",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "ka": "Georgian",
    "kk": "Kazakh",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ms": "Malay",
    "nb": "Norwegian",
    "no": "Norwegian",
    "ro": "Romanian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "ur": "Urdu",
    "uz": "Uzbek",
    "vi": "Vietnamese",
}


def lint_languages(entries: Sequence[Entry], spoken: frozenset[str] | None) -> Iterator[Problem]:
    """Tell of each language that many entries are in and that the model does not speak.

    Args:
        entries: the FAQ; of very many some are looked at, evenly spread.
        spoken: what the model speaks, by ISO 639-1 code; None where nobody knows.
    """
    if spoken is None or not entries:
        return
    understood = spoken | _KIN
    rows = np.linspace(0, len(entries) - 1, min(len(entries), _MOST_ENTRIES)).astype(np.int64)
    some = [entries[row] for row in rows]
    first: dict[str, Entry] = {}
    written, identified = Counter[str](), Counter[str]()
    for entry in some:
        told = _written(entry)
        languages = told or {_identified(entry, understood)}
        for language in languages - understood - {""}:
            first.setdefault(language, entry)
            (written if told else identified)[language] += 1
    for language, entry in first.items():
        count = identified[language]
        if written[language] or count >= max(_FEWEST_ENTRIES, _LEAST_SHARE * len(some)):
            yield _unspoken(language, entry, written[language] + count, len(some))


def _written(entry: Entry) -> set[str]:
    """Give the languages that its author names, by code."""
    named = (entry.language, *(it.language for it in entry.details.translations))
    found = (_CODE.match(name.lower()) for name in named if name)
    return {match.group(1) for match in found if match}


def _identified(entry: Entry, understood: frozenset[str]) -> str:
    """Give the language that an entry surely is in and that is not understood; else nothing."""
    text = f"{' '.join(entry.questions)} {plain_text(entry.answer[:_MOST_CHARS])}"
    if sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
        return ""
    is_foreign = foreignness(text, sorted(understood)) > _CERTAIN
    return language_of(text) if is_foreign else ""


def _unspoken(language: str, entry: Entry, count: int, of: int) -> Problem:
    name = _NAMES.get(language, f'the language "{language}"')
    return Problem(
        entry.source,
        f'{count / of:.0%} of the entries, such as "{entry.question}", seem to be in {name}, which '
        "the embedding model does not speak, so they are hardly found by their meaning.",
        "Use a model that speaks it, on an embeddings server (FAQBOT_EMBEDDER=openai), and set "
        "FAQBOT_EMBEDDING_MODEL to its name.",
        "warning",
        kind="unspoken-language",
    )
