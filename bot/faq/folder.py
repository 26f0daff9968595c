"""The folder reader: the one place that reads FAQ files."""

import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.errors import FaqbotError
from bot.faq.draft import Parsed
from bot.faq.ids import assign_ids
from bot.faq.jsonl_format import parse_jsonl
from bot.faq.markdown_format import parse_markdown
from bot.faq.yaml_format import parse_yaml_faq
from bot.model import Faq

MAX_FILE_BYTES = 1_000_000
MAX_LINE_BYTES = 64_000
MAX_LINES = 20_000

FORMATS: Mapping[str, Callable[[str, str], Parsed]] = {
    ".md": parse_markdown,
    ".markdown": parse_markdown,
    ".mdx": parse_markdown,
    ".yaml": parse_yaml_faq,
    ".yml": parse_yaml_faq,
    ".jsonl": parse_jsonl,
}


class FaqPathError(FaqbotError):
    """There is no FAQ where it should be."""


def read_faq(path: Path) -> Faq:
    """Read a FAQ file, or all FAQ files of a folder and its subfolders.

    Names that begin with a dot or an underscore are left out, and so is README.md in a folder: it
    is for those who edit there.

    Raises:
        FaqPathError: the path does not exist or is of no known format.
    """
    root, names, refused = _files(path)
    parsed = [_read_file(root, name) for name in names]
    parsed += [_refused_folder(root, error) for error in refused]
    entries, id_problems = assign_ids((it.file, it.drafts) for it in parsed)
    problems = [problem for it in parsed for problem in it.problems]
    return Faq(
        root=root,
        entries=tuple(entries),
        problems=tuple(
            sorted([*problems, *id_problems], key=lambda it: (it.source.file, it.source.line))
        ),
        files=tuple(it.file for it in parsed[: len(names)]),
        broken_files=frozenset(it.file for it in parsed if not it.complete),
    )


def fingerprint(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Tell, without reading, whether a FAQ may have changed: equal results, same files.

    Returns:
        Each file's name, time of change in nanoseconds and size in bytes; () where nothing is.
    """
    try:
        root, names, _ = _files(path)
    except FaqPathError:
        return ()
    return tuple(_stat(root, name) for name in names)


def _stat(root: Path, name: str) -> tuple[str, int, int]:
    try:
        status = (root / name).stat()
    except OSError:
        return name, 0, 0
    return name, status.st_mtime_ns, status.st_size


def _files(path: Path) -> tuple[Path, list[str], list[OSError]]:
    """Give the FAQ's root, its files, and why some of its folders could not be looked into."""
    kinds = ", ".join(FORMATS)
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
        if path.suffix.lower() not in FORMATS:
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


def _read_file(root: Path, name: str) -> Parsed:
    file = root / name
    # A name from another system's encoding can be opened, but neither shown nor stored.
    parsed = Parsed(os.fsencode(name).decode(errors="replace"))
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file")  # noqa: TRY301 - told below
        with file.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        parsed.unreadable(
            1,
            f"The file cannot be read ({error.strerror or type(error).__name__}).",
            "Check that it exists and that the user who runs faqbot may read it.",
        )
        return parsed
    if len(data) > MAX_FILE_BYTES:
        parsed.unreadable(
            1,
            f"The file is larger than {MAX_FILE_BYTES:,} bytes.",
            "Split it into several files.",
        )
        return parsed
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        parsed.unreadable(
            data.count(b"\n", 0, error.start) + 1,
            "The file is not UTF-8 text from this line on.",
            'Save it again with the encoding "UTF-8" in your editor.',
        )
        return parsed
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        parsed.unreadable(
            1, f"The file has more than {MAX_LINES:,} lines.", "Split it into several files."
        )
        return parsed
    for number, line in enumerate(lines, start=1):
        # Most lines are short, and a length in characters is at most one in bytes.
        if len(line) * 4 > MAX_LINE_BYTES and len(line.encode()) > MAX_LINE_BYTES:
            parsed.unreadable(
                number,
                f"This line is longer than {MAX_LINE_BYTES:,} bytes.",
                "Break it into several lines.",
            )
            return parsed
    return FORMATS[file.suffix.lower()](text, parsed.file)
