"""A FAQ with its files open for editing: entries know their drafts, edits are gathered by file."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.faq.draft import Draft
from bot.faq.editing import EDITORS, Editor, Edits, edit_file
from bot.faq.faq_file import parse_text
from bot.faq.file_text import FileText, FileTextError, Write, decode, read_file
from bot.faq.folder import read_faq
from bot.faq.ids import assign_ids
from bot.model import Entry, Faq, Source


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A FAQ file that can be edited."""

    path: Path
    data: bytes
    """What lies on the disk."""
    text: FileText
    drafts: tuple[Draft, ...]

    def editor(self, name: str) -> Editor | None:
        """Give what knows where its entries stand; None for formats that no program edits."""
        make = EDITORS.get(Path(name).suffix.lower())
        return make(self.text, self.drafts) if make else None


@dataclass(slots=True)
class OpenFaq:
    """All files of a FAQ, and what is to become of them."""

    root: Path
    files: Mapping[str, OpenFile]
    is_one_file: bool
    """Whether the FAQ is one file, not a folder, so that a new one would not be read."""
    closed: frozenset[str]
    """Files that cannot be read, and so not be edited."""
    entries: tuple[Entry, ...] = ()
    """Their sources give the number of the draft in its file, from 0, instead of a line."""
    edits: dict[str, Edits] = field(default_factory=dict)

    def draft(self, source: Source) -> Draft:
        """Give the draft at a place, as it is to be so far."""
        now = self.files[source.file].drafts[source.line]
        return self.of(source.file).changed.get(source.line, now)

    def change(self, source: Source, draft: Draft) -> None:
        """Let a draft say something else."""
        if draft != self.draft(source):
            self.of(source.file).changed[source.line] = draft

    def of(self, file: str) -> Edits:
        """Give the edits of a file, to add to them."""
        return self.edits.setdefault(file, Edits())

    def keep_ids(self) -> None:
        """Write down the ids that entries would lose because a heading changes, be it another's."""
        before = {(it.source.file, it.source.line): it.id for it in self.entries}
        after = [(name, list(self.of(name).numbered(it.drafts))) for name, it in self.files.items()]
        numbered = dict(after)
        entries = numbered_entries((name, [draft for _, draft in them]) for name, them in after)
        for entry in entries:
            number, draft = numbered[entry.source.file][entry.source.line]
            if number is None:
                continue
            id_ = before.get((entry.source.file, number))
            if id_ is not None and id_ != entry.id:
                self.change(Source(entry.source.file, number), replace(draft, id=id_))

    def writes(self) -> Iterator[Write]:
        """Give the files that change, with their new bytes.

        Raises:
            EditError: an edit cannot be written down.
        """
        for name, file in self.files.items():
            edits = self.of(name)
            data = (edit_file(file.text, name, edits) if edits else file.text).encoded()
            if data != file.data:
                yield Write(file.path, file.data, data)

    def is_editable(self, file: str) -> bool:
        """Tell whether a program can edit this file."""
        return file in self.files and Path(file).suffix.lower() in EDITORS


def open_faq(path: Path) -> OpenFaq:
    """Open the files of a FAQ; those that cannot be read to their end stay closed.

    Raises:
        FaqPathError: the path does not exist or is of no known format.
    """
    faq = read_faq(path)
    texts: dict[str, tuple[bytes, FileText]] = {}
    for name in faq.files:
        with contextlib.suppress(FileTextError):  # told by the reader
            data = read_file(faq.root / name)
            texts[name] = data, decode(data, guess=is_table(name))
    return open_texts(faq, texts, is_one_file=path.is_file())


def open_texts(
    faq: Faq, texts: Mapping[str, tuple[bytes, FileText]], *, is_one_file: bool
) -> OpenFaq:
    """Open the files of a FAQ whose texts may differ from what lies on the disk.

    Args:
        faq: the FAQ as it was read.
        texts: by file, what lies on the disk, and the text that is to be there.
        is_one_file: whether the FAQ is a file, not a folder.
    """
    files: dict[str, OpenFile] = {}
    for name, (data, text) in texts.items():
        parsed = parse_text(text.text, name)
        if parsed.complete:
            files[name] = OpenFile(faq.root / name, data, text, tuple(parsed.drafts))
    closed = frozenset(faq.files) - set(files)
    opened = OpenFaq(faq.root, files, is_one_file, closed)
    opened.entries = numbered_entries((name, it.drafts) for name, it in files.items())
    return opened


def is_table(file: str) -> bool:
    """Tell whether a file has a row for each entry, its translations in further columns."""
    return Path(file).suffix.lower() in {".csv", ".tsv", ".tab"}


def numbered_entries(files: Iterable[tuple[str, Sequence[Draft]]]) -> tuple[Entry, ...]:
    """Give the entries of drafts; their sources tell the number of the draft, not the line."""
    entries, _ = assign_ids(
        (name, [_numbered(draft, Source(name, number)) for number, draft in enumerate(drafts)])
        for name, drafts in files
    )
    return tuple(entries)


def _numbered(draft: Draft, place: Source) -> Draft:
    inside = tuple(replace(it, source=place) for it in draft.details.translations)
    return replace(draft, line=place.line, details=replace(draft.details, translations=inside))
