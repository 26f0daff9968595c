"""`faqbot import`: another FAQ as a new file, or an edited export back to where it came from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.cli.console import Output, counted
from bot.errors import FaqbotError
from bot.faq.draft import Draft, Parsed
from bot.faq.faq_file import FORMATS, parse_text
from bot.faq.file_text import Write, as_file_text, decode, read_file, write_files
from bot.faq.ids import slug
from bot.faq.merging import Imported, Merge, ids_in_common, merge
from bot.faq.new_files import new_drafts, new_file
from bot.faq.open_faq import OpenFaq, numbered_entries, open_faq
from bot.faq.table_writer import write_csv
from bot.faq.writing import write_drafts
from bot.model import Entry
from bot.settings import Settings

_MOST_SHOWN = 10
_FORMS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".jsonl": "jsonl",
}


class ImportFileError(FaqbotError):
    """A file cannot be imported in this way."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import."""

    into: Path | None = None
    """The folder or the file for what is new."""
    delete: bool = False
    """Whether entries that an edited export does not have any more go."""
    dry_run: bool = False
    """Whether only to tell what would happen."""


def import_files(
    settings: Settings, output: Output, paths: Sequence[Path], options: ImportOptions
) -> int:
    """Import files, each as a new file of the FAQ, or as an edited export of it.

    Returns:
        The exit status: 1 if something of them could not be read or done.
    """
    faq = open_faq(settings.faq_path) if settings.faq_path.exists() else None
    read = [_read(path, settings.faq_path) for path in paths]
    has_problems = False
    results = []
    for path, parsed in zip(paths, read, strict=True):
        output.problems(path.parent, tuple(parsed.problems))
        has_problems |= any(it.severity == "error" for it in parsed.problems)
    for path, parsed in zip(paths, read, strict=True):
        imported = _entries(parsed)
        common = ids_in_common(faq, imported) if faq else set()
        if not imported:
            output.line(f"{path}: there is no question with an answer in it, so nothing was done.")
            has_problems = True
        elif faq and common and options.into is None:
            result = _bring_back(faq, imported, output, path, options)
            has_problems |= bool(result["problems"])
            results.append(result)
            faq = open_faq(settings.faq_path)
        elif common:
            raise ImportFileError(
                f'{path} has entries of the FAQ, such as "{min(common)}": leave --into away, and '
                "their changes go to where they stand."
            )
        else:
            results.append(_add(settings, output, path, parsed, options))
    output.json({"dry_run": options.dry_run, "files": results})
    return 1 if has_problems else 0


def _read(path: Path, faq_path: Path) -> Parsed:
    if not path.exists():
        raise ImportFileError(f"There is no file {path}: look whether its name is right.")
    inside = path.resolve().is_relative_to(faq_path.resolve()) and faq_path.exists()
    if inside and path.name[0] not in "._" and path.suffix.lower() in FORMATS:
        raise ImportFileError(
            f"{path} is part of the FAQ already, so there is nothing to import: `faqbot check` "
            "tells whether it is read as you mean it."
        )
    parsed = None
    if path.is_file() and path.suffix.lower() in FORMATS:
        parsed = parse_text(decode(read_file(path), guess=True).text, path.name)
    if parsed is None or not parsed.drafts:
        # Other tools' files may have the endings of ours.
        try:
            parsed = _read_foreign(path)
        except FaqbotError:
            if parsed is None:
                raise
    if parsed is None:
        raise ImportFileError(
            f"{path} is of no kind that can be imported: its name must end in one of "
            f"{', '.join(FORMATS)}."
        )
    return parsed


def _read_foreign(path: Path) -> Parsed:
    """Read a file of another tool."""
    from bot.importing.foreign import read_foreign  # noqa: PLC0415 - slow to import, seldom needed

    return read_foreign(path)


def _entries(parsed: Parsed) -> list[Imported]:
    imported = []
    for entry in numbered_entries([(parsed.file, parsed.drafts)]):
        # An id that stands twice is the same one twice, not one with a number.
        id_ = parsed.drafts[entry.source.line].id
        imported.append(Imported(replace(entry, id=id_ or entry.id), id_ is not None))
    return imported


def _bring_back(
    faq: OpenFaq, imported: Sequence[Imported], output: Output, path: Path, options: ImportOptions
) -> dict[str, object]:
    echoes = _echoes(faq) if path.suffix.lower() not in _FORMS else {}
    merged = merge(faq, imported, delete=options.delete, echoes=echoes)
    writes = [*faq.writes(), *merged.new_files]
    if not options.dry_run:
        write_files(writes)
    _tell_merged(merged, writes, output, path, options)
    return {
        "file": str(path),
        "entries": len(imported),
        "changed": merged.changed,
        "added": merged.added,
        "removed": merged.removed,
        "missing": merged.missing,
        "problems": merged.problems,
        "written": [str(it.path) for it in writes],
    }


def _echoes(faq: OpenFaq) -> dict[str, Entry]:
    """Tell how the entries come back from a table that nobody edited."""
    drafts = parse_text(write_csv(faq.entries), "faq.csv").drafts
    return {it.id: it for it in numbered_entries([("faq.csv", drafts)])}


def _tell_merged(
    merged: Merge, writes: Sequence[Write], output: Output, path: Path, options: ImportOptions
) -> None:
    would = "would be " if options.dry_run else ""
    for what, names in (
        ("changed", merged.changed),
        ("added", merged.added),
        ("removed", merged.removed),
    ):
        if names:
            output.line(
                f"{counted(len(names), 'entry', 'entries')} {would}{what}: {_listed(names)}"
            )
    if not (merged.changed or merged.added or merged.removed):
        output.line(f"{path} says nothing else than the FAQ does, so nothing was changed.")
    for write in writes:
        output.line(f"  {'Would be written' if options.dry_run else 'Written'}: {write.path}")
    if merged.unsaid:
        output.line(
            f"No entry of {path.name} has {', '.join(map(_named, merged.unsaid))}, so "
            "that stays as it is in the FAQ."
        )
    if merged.missing:
        output.line(
            f"{counted(len(merged.missing), 'entry is', 'entries are')} in the FAQ but not in "
            f"{path.name}, and stay: {_listed(merged.missing)} (To remove such entries, import "
            "with --delete.)"
        )
    for problem in merged.problems:
        output.aside(problem)


def _named(key: str) -> str:
    return {"also": "alternatives"}.get(key, key)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_SHOWN])
    more = len(names) - _MOST_SHOWN
    return f"{shown} and {more} more." if more > 0 else f"{shown}."


def _add(
    settings: Settings, output: Output, path: Path, parsed: Parsed, options: ImportOptions
) -> dict[str, object]:
    """Write what was read as a new file."""
    imported = _entries(parsed)
    drafts = [draft for it in imported for draft in new_drafts(it.entry, has_id=it.has_id)]
    target = _target(settings.faq_path, path, options.into)
    if target.exists():
        raise ImportFileError(
            f"{target} is there already, and nothing was written: name another file with --into."
        )
    write = _new(target, drafts, imported, is_chosen=options.into == target)
    if not options.dry_run:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_files([write])
    count = counted(len(imported), "entry", "entries")
    done = "would be written" if options.dry_run else "written"
    output.line(f"{path}: {count} {done} to {write.path}.")
    if not options.dry_run:
        output.line("Look through it, then ask something: faqbot chat")
    return {
        "file": str(path),
        "entries": len(imported),
        "added": [it.entry.question for it in imported],
        "written": [str(write.path)],
    }


def _target(faq_path: Path, path: Path, into: Path | None) -> Path:
    """Decide where a new file goes."""
    name = f"{slug(path.stem)}.md"
    if into is not None:
        return into if into.suffix and not into.is_dir() else into / name
    if faq_path.is_file():
        raise ImportFileError(
            f"The FAQ is the one file {faq_path}, so a new file beside it would not be read: name "
            "with --into where the entries are to go, or let FAQBOT_FAQ_PATH be a folder."
        )
    return faq_path / name


def _new(
    target: Path, drafts: Sequence[Draft], imported: Sequence[Imported], *, is_chosen: bool
) -> Write:
    if not is_chosen:
        return new_file(target, drafts)
    suffix = target.suffix.lower()
    if suffix == ".csv":
        entries = [it.entry if it.has_id else replace(it.entry, id="") for it in imported]
        return Write(target, None, write_csv(entries).encode())
    if suffix not in _FORMS:
        raise ImportFileError(
            f"The name {target.name} does not tell in which format to write: end it in one of "
            f"{', '.join((*_FORMS, '.csv'))}."
        )
    return Write(target, None, as_file_text(write_drafts(drafts, _FORMS[suffix])).encoded())
