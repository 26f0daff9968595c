"""Entries that would gain from more phrasings."""

from collections.abc import Iterator, Mapping, Sequence

from bot.model import Entry, Problem

_MOST_NAMED = 3


def lint_phrasings(entries: Sequence[Entry], nearness: Mapping[str, float]) -> Iterator[Problem]:
    """Tell of all entries with one phrasing, in one problem.

    Args:
        entries: the FAQ.
        nearness: how near each entry is to others, by id; those that are most easily mistaken for
            another one are named first.
    """
    single = [entry for entry in entries if len(entry.questions) == 1]
    if not single:
        return
    single.sort(key=lambda it: -nearness.get(it.id, 0.0))
    named = ", ".join(f'"{it.question}"{_where(it, single[0])}' for it in single[:_MOST_NAMED])
    how_many = "1 entry has" if len(single) == 1 else f"{len(single):,} entries have"
    such_as = ": " if len(single) <= _MOST_NAMED else ", such as "
    first = ""
    if len(single) > _MOST_NAMED:
        first = ", to these first"
        first += ", as they are the most easily mistaken for others" if nearness else ""
    yield Problem(
        single[0].source,
        f"{how_many} only one phrasing{such_as}{named}.",
        f"Add two or three other ways that people ask{first} (`also`, in Markdown and YAML).",
        "warning",
        kind="few-phrasings",
    )


def _where(entry: Entry, first: Entry) -> str:
    """Tell the place, but for the one that is told anyway."""
    if entry is first:
        return ""
    same = entry.source.file == first.source.file
    return f" (line {entry.source.line})" if same else f" ({entry.source.file})"
