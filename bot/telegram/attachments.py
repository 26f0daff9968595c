"""Which files come with an answer: pictures that stand alone in it, and those its entry names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from bot.telegram.addresses import is_linkable
from bot.telegram.document import Node
from bot.telegram.rendering import read
from bot.telegram.splitting import split
from bot.text import one_line

MAX_CAPTION_UNITS = 1024
"""The longest caption, in UTF-16 units."""

MAX_FILES = 10
"""Of one answer. Nobody wants more messages at once."""

_PICTURES = frozenset((".jpg", ".jpeg", ".png", ".webp"))
_WEB = re.compile("https?://", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
# The same few answers are asked for again and again.
_MOST_KEPT = 256


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send."""

    address: str
    """An address in the web, or a path from the FAQ's root; that the latter stays inside is for
    whoever reads it to check."""
    is_picture: bool
    """Whether people should see it as a picture; if Telegram thinks otherwise, it is a file."""
    caption: str = ""
    """At most 1,024 UTF-16 units."""

    @property
    def is_in_web(self) -> bool:
        """Whether Telegram fetches it by itself."""
        return bool(_WEB.match(self.address))


def attachments_of(
    answer: str, named: Sequence[str], file: str, answer_file: str | None = None
) -> tuple[Attachment, ...]:
    """Give the files that come with an answer, each once.

    Args:
        answer: Markdown.
        named: what its entry names.
        file: the FAQ file of the entry, relative to the FAQ's root; paths begin at its folder.
        answer_file: that of the answer, where a translation stands in another one.
    """
    found: dict[str, Attachment] = {}
    for attachment in (*_pictures(answer, answer_file or file), *_named(named, file)):
        found.setdefault(attachment.address, attachment)
    return tuple(found.values())[:MAX_FILES]


@lru_cache(maxsize=_MOST_KEPT)
def _pictures(answer: str, file: str) -> tuple[Attachment, ...]:
    return tuple(_pictures_of(read(answer), file))


def _pictures_of(document: Node, file: str) -> Iterator[Attachment]:
    for node in document.walk():
        if node.is_picture:
            for image in node.walk():
                path = unquote(urlsplit(image.value).path) if not _SCHEME.match(image.value) else ""
                address = _address(image.value, path, file)
                if image.kind == "image" and address:
                    yield Attachment(address, is_picture=True, caption=_caption(image.text))


def _named(named: Sequence[str], file: str) -> Iterator[Attachment]:
    for name in named:
        address = _address(name.strip(), name.strip(), file)
        if address:
            suffix = PurePosixPath(
                urlsplit(address).path if _WEB.match(address) else address
            ).suffix
            yield Attachment(address, is_picture=suffix.lower() in _PICTURES)


def _address(written: str, path: str, file: str) -> str:
    """Give where a file is; "" where it cannot be anywhere that is open to the bot."""
    if _WEB.match(written):
        return written if is_linkable(written) else ""
    if _SCHEME.match(written) or not path:
        return ""
    return normpath(PurePosixPath(file).parent / path)


def _caption(text: str) -> str:
    line = one_line(text)
    _, end, _ = next(split(line, (), (), max_units=MAX_CAPTION_UNITS), (0, 0, ()))
    return line[:end]
