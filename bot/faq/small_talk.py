"""The file of small talk: what to say to greetings and thanks. It is no part of the FAQ."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.faq.draft import Draft, Parsed
from bot.faq.faq_file import read_file
from bot.model import Entry, Source
from bot.text import normalise, one_line

SMALL_TALK: Final = "small-talk.md"
"""Its name, in the FAQ's folder; written like any FAQ file."""
_BETWEEN = "/"


def read_small_talk(root: Path) -> tuple[tuple[Entry, ...], Parsed]:
    """Read the file of small talk, if there is one.

    A heading may hold several ways to put it, with slashes between them.

    Args:
        root: the FAQ's folder.

    Returns:
        The replies, each with the texts that it is a reply to, and how the reading went.
    """
    if not (root / SMALL_TALK).exists():
        return (), Parsed(SMALL_TALK)
    parsed = read_file(root, SMALL_TALK, SMALL_TALK)
    return tuple(_entries(parsed)), parsed


def _entries(parsed: Parsed) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for draft in parsed.drafts:
        texts = []
        for text in _texts(draft):
            line = seen.setdefault(normalise(text), draft.line)
            if line == draft.line:
                texts.append(text)
            else:
                parsed.warning(
                    draft.line,
                    f'"{text}" has a reply in line {line} already, which counts.',
                    "Remove it from one of the two headings.",
                )
        if texts:
            place = Source(parsed.file, draft.line)
            id_ = draft.id or texts[0]
            yield Entry(id_, tuple(texts), draft.answer, None, draft.language, place)


def _texts(draft: Draft) -> list[str]:
    pieces = (one_line(it) for text in draft.questions for it in text.split(_BETWEEN))
    return list({normalise(it): it for it in pieces if it}.values())
