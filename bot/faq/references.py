"""What answers and entries refer to beside their files: links, pictures, attachments."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt

from bot.faq.lines import Lines
from bot.model import Entry, Problem, Source

MOST_ATTACHMENT_BYTES = 50_000_000
"""What a bot may send in one file."""

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_MAY_REFER = re.compile(r"\]\(|\]:")
_MOST_CHARS = 64_000  # of one answer; the parser is slow on texts of many links
# An address with a scheme, of another server, of the same page, from the root of some site, or one
# that is to be filled in.
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/|\?|\{|$", re.IGNORECASE)


def lint_references(root: Path, entries: Sequence[Entry]) -> Iterator[Problem]:
    """Tell of links, pictures and attachments that are not there, or too large to be sent.

    Args:
        root: the folder that sources are relative to.
        entries: the FAQ.
    """
    lines = Lines(root)
    for entry in entries:
        texts = [(entry.source, entry.answer)]
        texts += [(it.source, it.answer) for it in entry.details.translations]
        for source, answer in texts:
            for target, what in _references(answer).items():
                if not _size(root, source, target):
                    place, column = lines.find(source, target)
                    yield _dead(place, column, target, what)
        for path in entry.details.attachments:
            problem = _attachment(root, entry.source, path, lines)
            if problem:
                yield problem


def _references(answer: str) -> dict[str, str]:
    """Give the relative addresses in an answer, none twice, and what each of them is."""
    if not _MAY_REFER.search(answer):
        return {}
    found: dict[str, str] = {}
    for block in _MARKDOWN.parse(answer[:_MOST_CHARS]):
        for token in block.children or ():
            if token.type in {"link_open", "image"}:
                is_image = token.type == "image"
                target = str(token.attrGet("src" if is_image else "href") or "")
                if not _ELSEWHERE.match(target):
                    path = unquote(re.split(r"[?#]", target, maxsplit=1)[0])
                    found.setdefault(path, "picture" if is_image else "link")
    return found


def _dead(source: Source, column: int, target: str, what: str) -> Problem:
    if what == "picture":
        problem = f'The picture "{target}" is not there.'
        mend = "Put the file there, correct the path, or write the picture's whole address."
    else:
        problem = f'The link to "{target}" leads nowhere: there is no such file beside this one.'
        mend = (
            "Write the whole address, beginning with https://, or remove the link: until then "
            "people see its words only."
        )
    return Problem(source, problem, mend, "warning", column, "dead-link")


def _attachment(root: Path, source: Source, path: str, lines: Lines) -> Problem | None:
    if _ELSEWHERE.match(path):
        return None
    size = _size(root, source, path)
    if size and size <= MOST_ATTACHMENT_BYTES:
        return None
    if size:
        what = f'The attachment "{path}" is larger than 50 MB, which Telegram does not take.'
        mend = "Make the file smaller, or link to it in the answer."
    else:
        what = f'The attachment "{path}" is not there.'
        mend = "Put the file there, or correct the path: it begins in the folder of this FAQ file."
    place, column = lines.find(source, path)
    return Problem(place, what, mend, "warning", column, "attachment")


def _size(root: Path, source: Source, target: str) -> int:
    """Give the size of a file, or 1 of a folder; 0 where nothing is."""
    path = root / Path(source.file).parent / target
    try:
        return 1 if path.is_dir() else path.stat().st_size or 1
    except (OSError, ValueError):
        return 0
