"""What stands on buttons: texts cut to what a phone shows, and numbered where that loses any."""

from collections.abc import Sequence

from apsw import unicode as segments

from bot.text import utf16_units

MAX_LABEL_UNITS = 60
"""The longest text on a button, in UTF-16 units: about what a phone shows of one."""

_ELLIPSIS = "…"


def labels(texts: Sequence[str]) -> tuple[str, ...]:
    """Put texts on buttons that stand together: as they are, or numbered where one does not fit.

    What was cut may look alike on all of them, so the message has to list the numbered texts.
    """
    if fit(texts):
        return tuple(texts)
    return tuple(_numbered(number, text) for number, text in enumerate(texts, start=1))


def fit(texts: Sequence[str]) -> bool:
    """Tell whether all texts can be read on buttons to their ends."""
    return all(utf16_units(text) <= MAX_LABEL_UNITS for text in texts)


def label(text: str, max_units: int = MAX_LABEL_UNITS) -> str:
    """Cut a text for a button, never inside what a reader takes for one character.

    Args:
        text: one line.
        max_units: how long it may be, in UTF-16 units, at least a few.
    """
    if utf16_units(text) <= max_units:
        return text
    room = max_units - utf16_units(_ELLIPSIS)
    end = 0
    for cluster in segments.grapheme_iter(text):
        room -= utf16_units(cluster)
        if room < 0:
            break
        end += len(cluster)
    # One character may be longer than a button: a letter under dozens of marks.
    kept = text[: end or max_units // 2 - 1]
    return f"{kept.rstrip()}{_ELLIPSIS}"


def _numbered(number: int, text: str) -> str:
    prefix = f"{number}. "
    return prefix + label(text, MAX_LABEL_UNITS - utf16_units(prefix))
