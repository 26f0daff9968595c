"""The registry: which foreign format a file has, and which module reads it."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from bot.errors import FaqbotError
from bot.faq.draft import Parsed
from bot.importing import qna_maker, qnabot, rasa
from bot.importing.decoding import decode
from bot.importing.settling import settle

MAX_FILE_BYTES = 20_000_000

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_HTML = re.compile(
    r"\s*(?:<\?xml|<!doctype html|<!--|<html|<head|<body|<(?:div|main|details|dl|h[1-6]|p)\b)",
    re.IGNORECASE,
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:[^\n]*\n)*?---[ \t]*\n\s*")
_UNDERLINED = re.compile(r"^\S.*\n([=\-~^\"'`#*+.:_])\1+[ \t]*$|^\.\. \w", re.MULTILINE)
_MOST_TO_LOOK_AT = 4_000


class ForeignFileError(FaqbotError):
    """A file cannot be imported."""


class MissingLibraryError(FaqbotError):
    """A library that only importing needs is not installed."""


@dataclass(frozen=True, slots=True)
class ForeignFormat:
    """What people call a format, and how its files end."""

    name: str
    endings: tuple[str, ...]
    """In lower case, with the dot."""


FOREIGN_FORMATS: Sequence[ForeignFormat] = (
    ForeignFormat("Excel workbook", (".xlsx", ".xlsm")),
    ForeignFormat("web page", (".html", ".htm", ".xhtml")),
    ForeignFormat("reStructuredText", (".rst", ".rest", ".txt")),
    ForeignFormat("QnABot on AWS export", (".json", ".xlsx")),
    ForeignFormat("QnA Maker or Azure question answering export", (".tsv", ".json")),
    ForeignFormat("Rasa project", (".yml", ".yaml", ".md")),
)
"""All that can be imported, for help texts."""


def read_foreign(path: Path) -> Parsed:
    """Read a FAQ that another tool wrote.

    Args:
        path: a file, or the folder of a Rasa project.

    Raises:
        ForeignFileError: it cannot be read, or is of no known format.
        MissingLibraryError: the format needs a library that is not installed.
    """
    parsed = _read(path)
    parsed.drafts = settle(parsed.drafts)
    return parsed


def _read(path: Path) -> Parsed:
    try:
        if path.is_dir():
            return rasa.parse_project(path)
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise ForeignFileError(
                f"{path} is larger than {MAX_FILE_BYTES:,} bytes: split it into several files."
            )
        if _is_rasa(path, data):
            return rasa.parse_project(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such path can be"
        raise ForeignFileError(f"{path!s} cannot be read ({reason}): check its name.") from None
    parse = _parser(path, data)
    return parse(data, path.name)


def _parser(path: Path, data: bytes) -> Callable[[bytes, str], Parsed]:
    """Choose by what a file holds, and only where that tells nothing by its ending."""
    ending = path.suffix.lower()
    if data.startswith(_ZIP) and (ending in {".xlsx", ".xlsm"} or b"xl/workbook" in data):
        return _load("workbook")
    _refuse_documents(path, data)
    text, _ = decode(data)
    start = _FRONT_MATTER.sub("", text.lstrip("\ufeff \n\t")[:_MOST_TO_LOOK_AT])
    if ending == ".json" or start[:1] in {"{", "["}:
        return _json_parser(path, text)
    if qna_maker.is_header(start.partition("\n")[0]):
        return qna_maker.parse
    if ending in {".html", ".htm", ".xhtml"} or _HTML.match(start):
        return _load("html_page")
    if ending in {".rst", ".rest"} or (ending == ".txt" and _UNDERLINED.search(text)):
        return _load("restructured_text")
    raise _unknown(path)


def _json_parser(path: Path, text: str) -> Callable[[bytes, str], Parsed]:
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        # One object a line, or broken: QnABot's reader tells which.
        return qnabot.parse if '"qid"' in text else _raise_broken(path)
    if qnabot.is_qnabot(value):
        return qnabot.parse
    if qna_maker.is_qna_maker(value):
        return qna_maker.parse_json
    raise _unknown(path)


def _raise_broken(path: Path) -> Callable[[bytes, str], Parsed]:
    raise ForeignFileError(f"{path} is not valid JSON: export it once more.")


def _is_rasa(path: Path, data: bytes) -> bool:
    return path.suffix.lower() in {".yml", ".yaml", ".md"} and rasa.is_rasa(decode(data)[0])


def _refuse_documents(path: Path, data: bytes) -> None:
    """Tell what to do with the documents that people have, and no importer reads."""
    if data.startswith(_OLD_OFFICE):
        raise ForeignFileError(
            f"{path} is of an old Office format, or has a password: open it, save it as .xlsx "
            "(tables) or as a web page (texts), and import that."
        )
    if data.startswith((b"%PDF", _ZIP)):
        raise ForeignFileError(
            f"{path} is a document that cannot be imported: open it, save it as a web page "
            "(.html), and import that."
        )


def _unknown(path: Path) -> ForeignFileError:
    formats = "; ".join(f"{it.name} ({', '.join(it.endings)})" for it in FOREIGN_FORMATS)
    return ForeignFileError(
        f"{path} is of no format that can be imported. These are: {formats}. A FAQ in Markdown, "
        "YAML, JSON Lines or CSV needs no import: put it into the FAQ folder."
    )


def _load(module: str) -> Callable[[bytes, str], Parsed]:
    """Import a reader only when it is needed: its library is not part of the core."""
    try:
        parse = import_module(f"bot.importing.{module}").parse
    except ModuleNotFoundError as error:
        raise MissingLibraryError(
            f"Importing this needs the library {error.name}, which is not installed: install it "
            'with: pip install "faqbot[import]"'
        ) from None
    return cast("Callable[[bytes, str], Parsed]", parse)
