"""Former ids: how an entry is found by what it was called before its heading was edited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.model import Entry, Query
from bot.text import normalise


def find(entries: Iterable[Entry], id_: str) -> Entry | None:
    """Find an entry by its id, or by a former one."""
    return by_any_id(entries).get(id_)


def by_any_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Give entries by their ids and their aliases; an alias never hides an id."""
    listed = list(entries)
    found = {entry.id: entry for entry in listed}
    for entry in listed:
        for alias in entry.details.aliases:
            found.setdefault(alias, entry)
    return found


def resolved(queries: Iterable[Query], entries: Iterable[Entry]) -> tuple[Query, ...]:
    """Give test questions with the ids that the entries have now."""
    found = by_any_id(entries)

    def now(id_: str) -> str:
        return found[id_].id if id_ in found else id_

    return tuple(
        replace(
            it,
            expected=None if it.expected is None else now(it.expected),
            also_ok=frozenset(map(now, it.also_ok)),
        )
        for it in queries
    )


def with_aliases(old: Sequence[Entry], new: Sequence[Entry]) -> tuple[Entry, ...]:
    """Let entries keep the ids that they had before.

    An old entry whose id is gone and a new one, of an id that was not there, are the same entry if
    they have the same answer or share a phrasing. Aliases stay for as long as their entry lives. An
    id that an entry has is nobody's alias, and no alias is that of two.

    Args:
        old: the entries as they were served last.
        new: the entries as they are written now.
    """
    before = {entry.id: entry for entry in old}
    given = _Given(new)
    # What the author wrote goes first, then what each entry had.
    for entry in new:
        given.give(entry, entry.details.aliases)
    for entry in new:
        if entry.id in before:
            given.give(entry, before[entry.id].details.aliases)
    fresh = [entry for entry in new if entry.id not in before]
    gone = [entry for entry in old if entry.id not in given.taken]
    for former, entry in _same(gone, fresh):
        given.give(entry, (former.id, *former.details.aliases))
    # An author who names the former id himself means all that it was called.
    for entry in fresh:
        for alias in [it for it in given.aliases[entry.id] if it in before]:
            given.give(entry, before[alias].details.aliases)
    return tuple(map(given.to, new))


class _Given:
    """Who has which alias."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.taken = {entry.id for entry in entries}
        """Ids and aliases that mean an entry already."""
        self.aliases: dict[str, list[str]] = {entry.id: [] for entry in entries}

    def give(self, entry: Entry, wanted: Iterable[str]) -> None:
        """Give an entry those aliases that mean no other."""
        for alias in wanted:
            if alias not in self.taken:
                self.taken.add(alias)
                self.aliases[entry.id].append(alias)

    def to(self, entry: Entry) -> Entry:
        """Give an entry with its aliases."""
        aliases = tuple(self.aliases[entry.id])
        if entry.details.aliases == aliases:
            return entry
        return replace(entry, details=replace(entry.details, aliases=aliases))


def _same(gone: Sequence[Entry], fresh: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Pair entries that are the same under another id, each at most once.

    Those that have most in common are paired first; of equal ones those of one file, and then the
    first in the order of the FAQ.
    """
    phrasings = [frozenset(map(normalise, entry.phrasings)) for entry in fresh]
    by_answer = _places([entry.answer] for entry in fresh)
    by_phrasing = _places(phrasings)
    pairs = []
    for number, former in enumerate(gone):
        asked = frozenset(map(normalise, former.phrasings))
        near = {it for key in asked for it in by_phrasing.get(key, ())}
        for place in near.union(by_answer.get(former.answer, ())):
            entry = fresh[place]
            common = len(asked & phrasings[place]) + (former.answer == entry.answer)
            elsewhere = former.source.file != entry.source.file
            pairs.append((-common, elsewhere, number, place))
    done_gone: set[int] = set()
    done_fresh: set[int] = set()
    result = []
    for *_, number, place in sorted(pairs):
        if number not in done_gone and place not in done_fresh:
            done_gone.add(number)
            done_fresh.add(place)
            result.append((gone[number], fresh[place]))
    return result


def _places(keys: Iterable[Iterable[str]]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, of_place in enumerate(keys):
        for key in of_place:
            found.setdefault(key, []).append(place)
    return found
