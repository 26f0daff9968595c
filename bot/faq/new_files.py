"""New entries: below the last one of their topic, or in a file of their own."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.faq.draft import Draft
from bot.faq.editing import fits
from bot.faq.fields import as_drafts
from bot.faq.file_text import Write, as_file_text
from bot.faq.ids import slug
from bot.faq.open_faq import OpenFaq, is_table
from bot.faq.table_writer import whole_draft
from bot.faq.writing import UnwritableError, write_drafts
from bot.model import Entry, Source

_UNSORTED = "new-entries"


def place_new(faq: OpenFaq, new: Iterable[tuple[Entry, bool]]) -> list[Write]:
    """Put each new entry where those of its topic are.

    Args:
        faq: the FAQ, where the edits are gathered.
        new: the entries, and whether the id of each was written.

    Returns:
        The new files for the entries of new topics.
    """
    below: dict[str | None, Source] = {}
    last: Source | None = None
    for entry in faq.entries:
        if faq.is_editable(entry.source.file):
            last = below[entry.topic] = entry.source
    homeless: dict[str | None, list[Draft]] = {}
    for entry, has_id in new:
        place = below.get(entry.topic) or (last if faq.is_one_file else None)
        if place and is_table(place.file):
            row = replace(whole_draft(entry), id=entry.id if has_id else None)
            faq.of(place.file).added.append((place.line, row))
        elif place:
            drafts = new_drafts(entry, has_id=has_id)
            faq.of(place.file).added += ((place.line, draft) for draft in drafts)
        else:
            homeless.setdefault(entry.topic, []).extend(new_drafts(entry, has_id=has_id))
    files: list[Write] = []
    for topic, drafts in homeless.items():
        path = faq.root / f"{slug(topic) if topic else _UNSORTED}.md"
        files.append(new_file(path, drafts, {it.path for it in files}))
    return files


def new_drafts(entry: Entry, *, has_id: bool) -> list[Draft]:
    """Give an entry as drafts, with its id only if it was written or holds versions together."""
    if has_id or entry.details.translations:
        return list(as_drafts(entry))
    return [replace(draft, id=None) for draft in as_drafts(entry)]


def new_file(path: Path, drafts: Sequence[Draft], taken: Collection[Path] = ()) -> Write:
    """Write drafts as a new Markdown file, or as YAML where Markdown cannot hold them.

    A file that is there, or among those taken, is left alone: the new one gets a number.

    Raises:
        UnwritableError: neither can hold them, or they are too many for one file.
    """
    try:
        text = write_drafts(drafts, "markdown")
    except UnwritableError:
        text = write_drafts(drafts, "yaml")
        path = path.with_suffix(".yaml")
    file = as_file_text(text)
    if not fits(file, path.name):
        raise UnwritableError(
            f"{path} would become larger than a FAQ file may be, so nothing was written: import it "
            "in parts."
        )
    return Write(_free(path, taken), None, file.encoded())


def _free(path: Path, taken: Collection[Path]) -> Path:
    number, free = 1, path
    while free.exists() or free in taken:
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free
