"""One file to drafts: what may be in it, how it is decoded, and which format parses it."""

import errno
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.faq.decoding import decode, decode_guessing
from bot.faq.draft import Parsed
from bot.faq.json_format import parse_json_faq
from bot.faq.jsonl_format import parse_jsonl
from bot.faq.markdown_format import parse_markdown
from bot.faq.table_format import parse_csv, parse_tsv
from bot.faq.yaml_format import parse_yaml_faq


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

OUTRIGHT: Mapping[str, Callable[[str, str], Parsed]] = {**FORMATS, ".txt": parse_markdown}
"""Also what is read if it is named as the FAQ: in a folder, .txt files are anything."""

_LIMITS = dict.fromkeys((".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".tab"), DATA)
_TABLES = frozenset((".csv", ".tsv", ".tab"))


def limits_of(name: str) -> Limits:
    """Tell what a file of this name may have."""
    return _LIMITS.get(Path(name).suffix.lower(), PROSE)


def parse_text(text: str, name: str) -> Parsed:
    """Parse the text of a file by the end of its name."""
    return OUTRIGHT[Path(name).suffix.lower()](text, name)


def read_file(root: Path, name: str, shown: str) -> Parsed:
    """Read one file; whatever is wrong with it becomes a problem.

    Args:
        root: the folder of the FAQ.
        name: the file's, from there.
        shown: what it is called to people.
    """
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
    parsed = OUTRIGHT[suffix](text, parsed.file)
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
