"""A draft as named fields: what every writer writes, in the order in which people read it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from bot.faq.draft import Draft
from bot.faq.properties import DEFAULTS
from bot.model import Details, Entry

Value: TypeAlias = str | tuple[str, ...]

LISTS = ("also", "aliases", "keywords", "related", "audience", "attachments")
"""The fields that are lists of texts; the others are one text."""

PROPERTIES = (
    *("id", "also", "topic", "language", "keywords", "related", "audience", "threshold"),
    *("valid_from", "valid_until", "attachments", "aliases"),
)
"""What an entry may say beside its question and its answer, by the names of every format."""


def as_drafts(entry: Entry) -> Iterator[Draft]:
    """Give an entry as an author writes it down: its versions in each language one by one."""
    details = replace(entry.details, translations=())
    yield Draft(0, entry.id, entry.questions, entry.answer, entry.topic, entry.language, details)
    for it in entry.details.translations:
        yield Draft(0, entry.id, it.questions, it.answer, entry.topic, it.language)


def properties_of(draft: Draft) -> dict[str, Value]:
    """Give all that a draft says beside its question and its answer; nothing that is empty."""
    details = draft.details
    values: Mapping[str, Value | None] = {
        "id": draft.id,
        "also": draft.questions[1:],
        "topic": draft.topic,
        "language": draft.language,
        **details_of(details),
    }
    return {key: value for key in PROPERTIES if (value := values[key])}


def details_of(details: Details) -> dict[str, Value | None]:
    """Give the details by name, all but the translations."""
    return {
        "keywords": details.keywords,
        "related": details.related,
        "audience": details.audience,
        "threshold": None if details.threshold is None else repr(details.threshold),
        "valid_from": details.valid_from.isoformat() if details.valid_from else None,
        "valid_until": details.valid_until.isoformat() if details.valid_until else None,
        "attachments": details.attachments,
        "aliases": details.aliases,
    }


def changed_properties(old: Draft, new: Draft) -> dict[str, Value | None]:
    """Give what differs, with its new value; None where it is to be said no more."""
    before, after = properties_of(old), properties_of(new)
    return {key: after.get(key) for key in PROPERTIES if before.get(key) != after.get(key)}


def shared_defaults(one: Draft, other: Draft) -> set[str]:
    """Give the properties that both have alike, and that a file can say for all its entries."""
    first, second = properties_of(one), properties_of(other)
    return {key for key in DEFAULTS if key in first and first[key] == second.get(key)}


def placeless(drafts: Iterable[Draft]) -> list[Draft]:
    """Give drafts without the lines on which they stand, so that they compare by what they say."""
    return [
        replace(
            draft,
            line=0,
            details=replace(
                draft.details,
                translations=tuple(
                    replace(it, source=replace(it.source, file="", line=0))
                    for it in draft.details.translations
                ),
            ),
        )
        for draft in drafts
    ]
