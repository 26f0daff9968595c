"""A text file as it lies on the disk: its lines with their own ends, its encoding, its mode.

Whatever an edit leaves alone keeps its bytes, and nobody ever sees half a file.
"""

import contextlib
import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import FaqbotError
from bot.faq.decoding import guessed_encoding

MAX_BYTES = 50_000_000
"""Of whatever is read for editing; what the bot serves is bound more narrowly."""

MARK = b"\xef\xbb\xbf"
"""Of UTF-8; only Excel needs it."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_END = re.compile(r"[\r\n]+\Z")
# The longer marks come first, as one begins with another.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (MARK, "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class FileTextError(FaqbotError):
    """A file cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Lines to stand instead of others."""

    start: int
    """The first line to go, counted from 0."""
    end: int
    """The first line to stay; `start`, where nothing goes."""
    lines: Sequence[str]
    """What comes instead, without line ends."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file."""

    raw: tuple[str, ...]
    """Its lines with their line ends; the last may have none."""
    encoding: str = "utf-8"
    mark: bytes = b""
    """The byte order mark that it begins with, if it does."""

    @property
    def text(self) -> str:
        """The text as the readers of all formats get it, every line end a line feed."""
        return "".join(_END.sub("\n", line) for line in self.raw)

    @property
    def lines(self) -> list[str]:
        """The lines without their ends; the last one is empty where the file ends in a line end."""
        return self.text.split("\n")

    @property
    def newline(self) -> str:
        """The line end that most of its lines have."""
        ends = Counter(match.group() for match in map(_END.search, self.raw) if match)
        return max(ends, key=lambda it: ends[it], default="\n")

    def edited(self, replacements: Iterable[Replacement]) -> "FileText":
        """Replace some lines, none of them twice, and leave all others as they are."""
        raw, newline = list(self.raw), self.newline
        # From the bottom up, so that all line numbers stay true; of two in one place the later one
        # goes first, and ends up below the other.
        last_first = reversed(list(replacements))
        for it in sorted(last_first, key=lambda it: (it.start, it.end), reverse=True):
            new = [line + newline for line in it.lines]
            if new and raw and it.start >= len(raw) and not _END.search(raw[-1]):
                raw[-1] += newline
            elif new and it.end >= len(raw) and raw and not _END.search(raw[-1]):
                new[-1] = it.lines[-1]  # the file goes on ending without a line end
            raw[it.start : it.end] = new
        return replace(self, raw=tuple(raw))

    def encoded(self) -> bytes:
        """Give the bytes of the file."""
        return self.mark + "".join(self.raw).encode(self.encoding)


def as_file_text(text: str) -> FileText:
    """Make a new file of a text."""
    return FileText(tuple(_LINE.findall(text)))


def decode(data: bytes, *, guess: bool = False) -> FileText:
    """Give the text of a file's bytes.

    Args:
        data: the bytes.
        guess: whether to guess an old encoding, if that can be done with certainty.

    Raises:
        FileTextError: it is no text that can be told.
    """
    mark, encoding = next((it for it in _MARKS if data.startswith(it[0])), (b"", "utf-8"))
    try:
        try:
            text = data[len(mark) :].decode(encoding)
        except UnicodeDecodeError:
            encoding = (guessed_encoding(data) if guess else None) or "utf-8"
            text = data.decode(encoding)
    except UnicodeDecodeError:
        raise FileTextError('The file is not UTF-8 text: save it again as "UTF-8".') from None
    return FileText(tuple(_LINE.findall(text)), encoding, mark)


def read_file(path: Path) -> bytes:
    """Read a file's bytes.

    Raises:
        FileTextError: it cannot be read, or is too large to be a FAQ.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileTextError(f"{path} is no ordinary file: name a file with text in it.")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileTextError(
            f"{path} cannot be read ({error.strerror}): check that it exists and that the user who "
            "runs faqbot may read it."
        ) from None
    if len(data) > MAX_BYTES:
        raise FileTextError(f"{path} is larger than {MAX_BYTES:,} bytes: take it in parts.")
    return data


@dataclass(frozen=True, slots=True)
class Write:
    """A file to write."""

    path: Path
    before: bytes | None
    """What must be there still; None where there must be nothing."""
    after: bytes


def write_files(writes: Sequence[Write]) -> None:
    """Write files, each at once and with the mode that it had, or none of them.

    Raises:
        FileTextError: a file cannot be written, or somebody else has changed it meanwhile.
    """
    new: list[tuple[Write, Path]] = []
    try:
        for write in writes:
            new.append((write, _prepare(write)))  # noqa: PERF401 - those made are to be removed
        for write, _ in new:
            _tell_changed(write)
        for write, path in new:
            path.replace(write.path.resolve())
    except OSError as error:
        file = error.filename or "The file"
        raise FileTextError(
            f"{file} cannot be written ({error.strerror}): check that the user who runs faqbot may "
            "write to the folder, and that the disk is not full."
        ) from None
    finally:
        for _, path in new:
            path.unlink(missing_ok=True)


def _prepare(write: Write) -> Path:
    """Write a file's new state beside it, under a name that no reader looks at."""
    target = write.path.resolve()  # a link stays a link
    handle, name = tempfile.mkstemp(prefix=".faqbot-", suffix=".tmp", dir=target.parent)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(write.after)
            stream.flush()
            os.fsync(stream.fileno())
        path.chmod(_mode(target))
        _keep_owner(target, path)
        if path.read_bytes() != write.after:
            raise FileTextError(  # noqa: TRY301 - cleaned up below like every other failure
                f"{write.path} could not be written whole; it is as it was."
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _mode(path: Path) -> int:
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _keep_owner(target: Path, path: Path) -> None:
    if target.exists():
        status = target.stat()
        # Only root may give a file to somebody else; to all others it is theirs already.
        with contextlib.suppress(PermissionError):
            os.chown(path, status.st_uid, status.st_gid)


def _tell_changed(write: Write) -> None:
    now = write.path.read_bytes() if write.path.exists() else None
    if now != write.before:
        raise FileTextError(
            f"{write.path} has just been changed by somebody else, so nothing was written: try "
            "again."
        )
