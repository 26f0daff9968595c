"""Whether two answers to the same question can both be true, as far as text alone shows it."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from bot.text import normalise

_CODE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)", re.DOTALL | re.MULTILINE)
_ADDRESS = re.compile(r"\]\([^)]*\)|<?https?://\S+|^\s*\[[^\]]+\]:.*$", re.MULTILINE)
_LIST_NUMBER = re.compile(r"^\s*\d{1,3}[.)]\s", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+")
# With what parts the thousands (1,000) or the decimals (9.30, 9:30).
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_YES = frozenset(("yes", "yeah", "ja", "oui", "sí", "sim", "да", "tak"))
_NO = frozenset(("no", "nope", "nein", "non", "não", "nee", "нет", "nie"))
_NEGATIONS = frozenset(
    (
        *("not", "no", "never", "cannot", "nicht", "kein", "keine", "keinen", "nie", "pas"),
        *("jamais", "não", "nunca", "niet", "geen", "non", "не", "нет"),
    )
)
_DAYS = {
    name: day
    for day, names in enumerate(
        (
            ("monday", "montag", "lundi", "lunes", "lunedì", "maandag", "понедельник"),
            ("tuesday", "dienstag", "mardi", "martes", "martedì", "dinsdag", "вторник"),
            ("wednesday", "mittwoch", "mercredi", "miércoles", "mercoledì", "woensdag", "среда"),
            ("thursday", "donnerstag", "jeudi", "jueves", "giovedì", "donderdag", "четверг"),
            ("friday", "freitag", "vendredi", "viernes", "venerdì", "vrijdag", "пятница"),
            ("saturday", "samstag", "samedi", "sábado", "sabato", "zaterdag", "суббота"),
            ("sunday", "sonntag", "dimanche", "domingo", "domenica", "zondag", "воскресенье"),
        )
    )
    for name in names
}
_ALIKE = 0.6
"""What share of all words two answers must have in common to differ in a "not" alone."""


def disagreement(one: str, other: str) -> str | None:
    """Say in what two answers contradict each other; None where nothing shows it.

    Each of the two must say something that the other does not: an answer that only tells more is
    no contradiction.

    Args:
        one: an answer, in Markdown.
        other: another one, to a question that means nearly the same.
    """
    first, second = _plain(one), _plain(other)
    words, further = _WORD.findall(first), _WORD.findall(second)
    if (_begins(words, _YES) and _begins(further, _NO)) or (
        _begins(words, _NO) and _begins(further, _YES)
    ):
        return f'one begins with "{words[0]}", the other with "{further[0]}"'
    for told, retold in (
        (_numbers(first), _numbers(second)),
        (_days(words), _days(further)),
    ):
        only_here, only_there = told.keys() - retold.keys(), retold.keys() - told.keys()
        if only_here and only_there:
            here = next(text for key, text in told.items() if key in only_here)
            there = next(text for key, text in retold.items() if key in only_there)
            return f'one says "{here}", the other "{there}"'
    if _differ_in_negation(set(words), set(further)):
        return 'one says "not", the other does not'
    return None


def _plain(markdown: str) -> str:
    """Leave out code, addresses and the numbers of lists, which state nothing."""
    text = _LIST_NUMBER.sub("", _ADDRESS.sub(" ", _CODE.sub(" ", markdown)))
    return normalise(text.replace("n't ", " not "))


def _begins(words: Sequence[str], with_any_of: AbstractSet[str]) -> bool:
    return bool(words) and words[0] in with_any_of


def _numbers(text: str) -> dict[str, str]:
    """Give the numbers by their digits, since 1,000 and 1.000 are one in many places."""
    return {re.sub(r"\D", "", found): found for found in _NUMBER.findall(text)}


def _days(words: Iterable[str]) -> dict[int, str]:
    """Give the days of the week, whose names may have an s behind them: on Mondays."""
    named = ((word.removesuffix("s"), word) for word in words)
    return {_DAYS[it]: it for pair in named for it in pair if it in _DAYS}


def _differ_in_negation(words: AbstractSet[str], further: AbstractSet[str]) -> bool:
    if words.isdisjoint(_NEGATIONS) == further.isdisjoint(_NEGATIONS):
        return False
    words, further = words - _NEGATIONS, further - _NEGATIONS
    return len(words & further) > _ALIKE * len(words | further)
