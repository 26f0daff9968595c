"""The folder reader: the one place that reads FAQ files."""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from bot.errors import FaqbotError
from bot.faq.decoding import decode, decode_guessing
from bot.faq.draft import Parsed
from bot.faq.ids import assign_ids
from bot.faq.json_format import parse_json_faq
from bot.faq.jsonl_format import parse_jsonl
from bot.faq.lines import Lines
from bot.faq.markdown_format import parse_markdown
from bot.faq.table_format import parse_csv, parse_tsv
from bot.faq.yaml_format import parse_yaml_faq
from bot.model import Faq

_SETTLED_NANOSECONDS = 2_000_000_000  # as coarse as any file system's clock


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may have; what has more was hardly written for a FAQ, and is not parsed."""

    file_bytes: int
    lines: int
    line_bytes: int


PROSE = Limits(file_bytes=1_000_000, lines=20_000, line_bytes=64_000)
"""Of files that people write by hand."""

DATA = Limits(file_bytes=10_000_000, lines=100_000, line_bytes=10_000_000)
"""Of files that programs write: an export may be long, and all of it on one line."""

FORMATS: Mapping[str, Callable[[str, str], Parsed]] = {
    ".md": parse_markdown,
    ".markdown": parse_markdown,
    ".mdx": parse_markdown,
    ".yaml": parse_yaml_faq,
    ".yml": parse_yaml_faq,
    ".json": parse_json_faq,
    ".jsonl": parse_jsonl,
    ".ndjson": parse_jsonl,
    ".csv": parse_csv,
    ".tsv": parse_tsv,
    ".tab": parse_tsv,
}

_OUTRIGHT: Mapping[str, Callable[[str, str], Parsed]] = {**FORMATS, ".txt": parse_markdown}
"""Also what is read if it is named as the FAQ: in a folder, .txt files are anything."""

_LIMITS = dict.fromkeys((".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".tab"), DATA)
_TABLES = frozenset((".csv", ".tsv", ".tab"))


class FaqPathError(FaqbotError):
    """There is no FAQ where it should be."""


Signs: TypeAlias = tuple[int, ...]
Fingerprint: TypeAlias = tuple[tuple[str, Signs], ...]
Remembered: TypeAlias = dict[str, tuple[Signs, Parsed]]
"""What each file held, with signs that tell whether it is still the same."""


def read_faq(path: Path, remembered: Remembered | None = None) -> Faq:
    """Read a FAQ file, or all FAQ files of a folder and its subfolders.

    Names that begin with a dot or an underscore are left out, and so is README.md in a folder: it
    is for those who edit there.

    Args:
        path: the file or folder.
        remembered: what an earlier call left there; only files that changed since are read.

    Raises:
        FaqPathError: the path does not exist or is of no known format.
    """
    root, names, refused = _files(path)
    shown = _shown_names(names)
    before = remembered or {}
    signed = [_read_or_recall(root, name, shown[name], before.get(name)) for name in names]
    if remembered is not None:
        remembered.clear()
        remembered.update(
            {name: (signs, it) for name, (signs, it) in zip(names, signed, strict=True) if signs}
        )
    parsed = [it for _, it in signed]
    if path.is_file():
        parsed = [_meant_as_faq(it) for it in parsed]
    parsed += [_refused_folder(root, error) for error in refused]
    entries, id_problems = assign_ids((it.file, it.drafts) for it in parsed)
    problems = [problem for it in parsed for problem in it.problems]
    problems = sorted([*problems, *id_problems], key=lambda it: (it.source.file, it.source.line))
    return Faq(
        root=root,
        entries=tuple(entries),
        problems=tuple(map(Lines(root).excerpted, problems)),
        files=tuple(it.file for it in parsed[: len(names)]),
        broken_files=frozenset(it.file for it in parsed if not it.complete),
    )


def limits_of(name: str) -> Limits:
    """Tell what a file of this name may have."""
    return _LIMITS.get(Path(name).suffix.lower(), PROSE)


def parse_text(text: str, name: str) -> Parsed:
    """Parse the text of a file by the end of its name."""
    return _OUTRIGHT[Path(name).suffix.lower()](text, name)


def _read_or_recall(
    root: Path, name: str, shown: str, known: tuple[Signs, Parsed] | None
) -> tuple[Signs, Parsed]:
    """Read a file unless it is known; without signs where it may change unnoticed yet."""
    signs = signs_of(root / name)
    if known and signs and known[0] == signs:
        return known
    parsed = _read_file(root, name, shown)
    # A file that was written a moment ago can be written again without a sign of it.
    is_settled = signs and time.time_ns() - max(signs[:2]) > _SETTLED_NANOSECONDS
    return (signs if is_settled else ()), parsed


def signs_of(file: Path) -> Signs:
    """Give what tells of every change of a file, of its rights and its name, too.

    Returns:
        When its text and when its state changed in nanoseconds, its size in bytes, and its number
        on the disk; () where it cannot be looked at.
    """
    try:
        status = file.stat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def fingerprint(path: Path) -> Fingerprint:
    """Tell, without reading, whether a FAQ may have changed: equal results, same files.

    Returns:
        Each file's name, with what `signs_of` gives; () where nothing is.
    """
    try:
        root, names, _ = _files(path)
    except FaqPathError:
        return ()
    return tuple((name, signs_of(root / name)) for name in names)


def _files(path: Path) -> tuple[Path, list[str], list[OSError]]:
    """Give the FAQ's root, its files, and why some of its folders could not be looked into."""
    kinds = ", ".join(_OUTRIGHT)
    try:
        path.stat()
    except FileNotFoundError:
        pass  # told below
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such path can be"
        raise FaqPathError(
            f"{path!s} cannot be looked at ({reason}): name the FAQ's file or folder with --faq "
            "or FAQBOT_FAQ_PATH."
        ) from None
    if path.is_file():
        if path.suffix.lower() not in _OUTRIGHT:
            raise FaqPathError(
                f"{path} is not a FAQ file that can be read: its name must end in one of {kinds}."
            )
        return path.parent, [path.name], []
    if not path.is_dir():
        raise FaqPathError(
            f"There is no FAQ at {path}: write one there (one heading a question, the answer "
            "below it), or name another place with --faq or FAQBOT_FAQ_PATH."
        )
    refused: list[OSError] = []
    return path, sorted(_walk(path, refused)), refused


def _walk(root: Path, refused: list[OSError]) -> Iterator[str]:
    seen = {os.path.realpath(root)}
    for folder, folders, files in os.walk(root, onerror=refused.append, followlinks=True):
        folders[:] = [name for name in folders if name[0] not in "._"]
        # A link to a folder further up would lead round in circles.
        real = {name: os.path.realpath(Path(folder, name)) for name in folders}
        folders[:] = [name for name in folders if real[name] not in seen]
        seen.update(real.values())
        for name in files:
            file = Path(folder, name)
            if (
                name[0] not in "._"
                and file.suffix.lower() in FORMATS
                and file.stem.lower() != "readme"
            ):
                yield file.relative_to(root).as_posix()


def _refused_folder(root: Path, error: OSError) -> Parsed:
    """Tell of a folder that cannot be looked into, as of a file that cannot be read."""
    parsed = Parsed(Path(error.filename).relative_to(root).as_posix())
    parsed.unreadable(
        1,
        f"The folder cannot be read ({error.strerror}).",
        "Allow it to the user who runs faqbot, or begin its name with an underscore to leave it "
        "out.",
    )
    return parsed


def _meant_as_faq(parsed: Parsed) -> Parsed:
    """Take it for a mistake if the one file that is the FAQ seems to be none."""
    if not parsed.complete:
        problems = [replace(it, severity="error") for it in parsed.problems]
        return replace(parsed, problems=problems)
    return parsed


def _shown_names(names: Sequence[str]) -> Mapping[str, str]:
    """Give each file a name that can be shown, no two alike.

    A name from another system's encoding can be opened, but neither shown nor stored.
    """
    shown = {name: os.fsencode(name).decode(errors="replace") for name in names}
    taken = {name for name, readable in shown.items() if name == readable}
    for name, readable in shown.items():
        if name != readable:
            unique, number = readable, 1
            while unique in taken:
                number += 1
                unique = f"{readable} ({number})"
            taken.add(unique)
            shown[name] = unique
    return shown


def _read_file(root: Path, name: str, shown: str) -> Parsed:
    file = root / name
    suffix = file.suffix.lower()
    limits = limits_of(name)
    parsed = Parsed(shown)
    if shown != name:
        parsed.warning(
            1,
            f"The name of this file is no text, so it is called {shown} here.",
            "Rename the file, in plain letters.",
        )
    data = _read_bytes(file, limits, parsed)
    if data is None:
        return parsed
    text = _decode(data, parsed, is_table=suffix in _TABLES)
    if text is None:
        return parsed
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _is_within(limits, text, parsed):
        return parsed
    told = parsed.problems
    parsed = _OUTRIGHT[suffix](text, parsed.file)
    parsed.problems[:0] = told
    if not text.strip():
        # An editor that empties a file before it writes it is no reason to drop what was there.
        parsed.complete = False
        parsed.warning(
            1,
            "The file is empty; what it said before goes on being served.",
            "Write a question and its answer, or remove the file.",
        )
    return parsed


def _read_bytes(file: Path, limits: Limits, into: Parsed) -> bytes | None:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file")  # noqa: TRY301 - told below
        with file.open("rb") as stream:
            data = stream.read(limits.file_bytes + 1)
    except OSError as error:
        into.unreadable(
            1,
            f"The file cannot be read ({error.strerror or type(error).__name__}).",
            "Check that it exists and that the user who runs faqbot may read it.",
        )
        return None
    if len(data) > limits.file_bytes:
        into.unreadable(
            1,
            f"The file is larger than {limits.file_bytes:,} bytes.",
            "Split it into several files.",
        )
        return None
    return data


def _decode(data: bytes, into: Parsed, *, is_table: bool) -> str | None:
    try:
        if not is_table:
            # Editors write UTF-8; where one did not, its user can tell what it should be.
            return decode(data)
        text, guessed = decode_guessing(data)
    except UnicodeDecodeError as error:
        into.unreadable(
            data.count(b"\n", 0, error.start) + 1,
            "The file is not UTF-8 text from this line on.",
            'Save it again as "CSV UTF-8" in your spreadsheet program.'
            if is_table
            else 'Save it again with the encoding "UTF-8" in your editor.',
        )
        return None
    if guessed:
        first = next(number for number, byte in enumerate(data) if byte > 0x7F)  # noqa: PLR2004 - the last of ASCII
        line = data.count(b"\n", 0, first) + 1
        into.warning(
            line,
            f"The file is not UTF-8 text; it was read as {guessed}.",
            'Check that all its letters are right, or save it again as "CSV UTF-8" in your '
            "spreadsheet program.",
        )
    return text


def _is_within(limits: Limits, text: str, into: Parsed) -> bool:
    lines = text.split("\n")
    if len(lines) > limits.lines:
        into.unreadable(
            1, f"The file has more than {limits.lines:,} lines.", "Split it into several files."
        )
        return False
    for number, line in enumerate(lines, start=1):
        # Most lines are short, and a length in characters is at most one in bytes.
        if len(line) * 4 > limits.line_bytes and len(line.encode()) > limits.line_bytes:
            into.unreadable(
                number,
                f"This line is longer than {limits.line_bytes:,} bytes.",
                "Break it into several lines.",
            )
            return False
    return True
