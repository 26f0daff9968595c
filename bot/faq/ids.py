"""Ids: what an author wrote, else the heading's slug, unique over the whole FAQ."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from bot.faq.draft import Draft
from bot.model import Entry, Problem, Source, Translation

_LONGEST_SLUG = 60


def assign_ids(files: Iterable[tuple[str, Iterable[Draft]]]) -> tuple[list[Entry], list[Problem]]:
    """Give every draft an id.

    Written ids come first, wherever they stand, so that a new heading never takes one away. Drafts
    of one written id that are in different languages are one entry and its translations.

    Args:
        files: file names and their drafts, in the order of the FAQ.

    Returns:
        The entries in the same order, and a problem for each id that was written twice.
    """
    drafts = [(Source(file, draft.line), draft) for file, of_file in files for draft in of_file]
    drafts = _with_translations(drafts)
    problems: list[Problem] = []
    first: dict[str, Source] = {}
    ids: dict[int, str] = {}
    for number, (source, draft) in enumerate(drafts):
        if draft.id is None:
            continue
        if draft.id in first:
            other = first[draft.id]
            problems.append(
                Problem(
                    source,
                    f'The id "{draft.id}" is taken: {other.file}, line {other.line}, has it too.',
                    f'Give this entry another id; until then it is "{draft.id}" with a number. '
                    "(The same entry in two languages may have the same id, if each says its "
                    "`language`.)",
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
            source,
            draft.details,
        )
        for number, (source, draft) in enumerate(drafts)
    ]
    return entries, problems


@lru_cache(maxsize=50_000)  # a FAQ is read again and again, and hardly a heading is new
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


def _with_translations(drafts: Iterable[tuple[Source, Draft]]) -> list[tuple[Source, Draft]]:
    """Put what is another language's version of an entry into that entry."""
    merged: list[tuple[Source, Draft]] = []
    places: dict[str, int] = {}
    for source, draft in drafts:
        place = places.get(draft.id) if draft.id and draft.language else None
        if place is not None and draft.language:
            main_source, main = merged[place]
            spoken = {main.language, *(it.language for it in main.details.translations)}
            further = (
                Translation(draft.language, draft.questions, draft.answer, source),
                *draft.details.translations,
            )
            if main.language and spoken.isdisjoint(it.language for it in further):
                translations = (*main.details.translations, *further)
                details = replace(
                    main.details,
                    translations=tuple(sorted(translations, key=lambda it: it.language)),
                )
                merged[place] = main_source, replace(main, details=details)
                continue
        if draft.id:
            places.setdefault(draft.id, len(merged))
        merged.append((source, draft))
    return merged


def _unique(base: str, taken: set[str], numbers: dict[str, int]) -> str:
    """Add the next free number, where one is needed; `numbers` has the last one of each base."""
    unique = base
    while unique in taken:
        numbers[base] = numbers.get(base, 1) + 1
        unique = f"{base}-{numbers[base]}"
    return unique
