"""How two states of the FAQ differ."""

from collections.abc import Sequence
from dataclasses import replace

from bot.model import Entry, Source
from bot.publication import Difference

_ANYWHERE = Source("", 1)


def difference(old: Sequence[Entry], new: Sequence[Entry]) -> Difference:
    """Compare two states of the FAQ. Where an entry stands in its file does not count."""
    before = {entry.id: entry for entry in old}
    after = {entry.id: entry for entry in new}
    renamed = {
        alias: entry.id
        for entry in new
        if entry.id not in before
        for alias in entry.details.aliases
        if alias in before and alias not in after
    }
    known_before = set(renamed.values())
    return Difference(
        added=tuple(id_ for id_ in after if id_ not in before and id_ not in known_before),
        changed=tuple(
            id_ for id_, entry in after.items() if id_ in before and _differ(entry, before[id_])
        ),
        removed=tuple(id_ for id_ in before if id_ not in after and id_ not in renamed),
        renamed=tuple(renamed.items()),
    )


def without_places(entry: Entry) -> Entry:
    """Give an entry as if it, and its translations, stood nowhere."""
    translations = tuple(replace(it, source=_ANYWHERE) for it in entry.details.translations)
    return replace(
        entry, source=_ANYWHERE, details=replace(entry.details, translations=translations)
    )


def _differ(one: Entry, other: Entry) -> bool:
    # Most are equal in every respect, which is quickly seen.
    return one != other and without_places(one) != without_places(other)
