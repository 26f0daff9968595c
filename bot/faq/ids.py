"""Ids: what an author wrote, else the heading's slug, unique over the whole FAQ."""

import unicodedata
from collections.abc import Iterable

from bot.faq.draft import Draft
from bot.model import Entry, Problem, Source

_LONGEST_SLUG = 60


def assign_ids(files: Iterable[tuple[str, Iterable[Draft]]]) -> tuple[list[Entry], list[Problem]]:
    """Give every draft an id.

    Written ids come first, wherever they stand, so that a new heading never takes one away.

    Args:
        files: file names and their drafts, in the order of the FAQ.

    Returns:
        The entries in the same order, and a problem for each id that was written twice.
    """
    drafts = [(file, draft) for file, of_file in files for draft in of_file]
    problems: list[Problem] = []
    first: dict[str, Source] = {}
    ids: dict[int, str] = {}
    for number, (file, draft) in enumerate(drafts):
        if draft.id is None:
            continue
        source = Source(file, draft.line)
        if draft.id in first:
            other = first[draft.id]
            problems.append(
                Problem(
                    source,
                    f'The id "{draft.id}" is taken: {other.file}, line {other.line}, has it too.',
                    f'Give this entry another id; until then it is "{draft.id}" with a number.',
                )
            )
        else:
            first[draft.id] = source
            ids[number] = draft.id
    taken = set(first)
    numbers: dict[str, int] = {}
    for number, (_, draft) in enumerate(drafts):
        if number not in ids:
            ids[number] = _unique(draft.id or slug(draft.questions[0]), taken, numbers)
            taken.add(ids[number])
    entries = [
        Entry(
            ids[number],
            draft.questions,
            draft.answer,
            draft.topic,
            draft.language,
            Source(file, draft.line),
        )
        for number, (file, draft) in enumerate(drafts)
    ]
    return entries, problems


def slug(text: str) -> str:
    """Make an id of a heading: lower case letters and digits of any script, joined by hyphens."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Vowel signs belong to their letters, apostrophes to nothing.
    kept = (
        char if unicodedata.category(char)[0] in "LNM" else " "
        for char in folded
        if char not in "'\u2019"
    )
    result = "-".join("".join(kept).split())
    if len(result) > _LONGEST_SLUG:
        result = result[: _LONGEST_SLUG + 1].rpartition("-")[0] or result[:_LONGEST_SLUG]
    return result or "question"


def _unique(base: str, taken: set[str], numbers: dict[str, int]) -> str:
    """Add the next free number, where one is needed; `numbers` has the last one of each base."""
    unique = base
    while unique in taken:
        numbers[base] = numbers.get(base, 1) + 1
        unique = f"{base}-{numbers[base]}"
    return unique
