"""The folder reader: the one place that reads FAQ files."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from bot.errors import FaqbotError
from bot.faq.draft import Parsed
from bot.faq.faq_file import FORMATS, OUTRIGHT, read_file
from bot.faq.ids import assign_ids
from bot.faq.lines import Lines
from bot.faq.small_talk import SMALL_TALK, read_small_talk
from bot.model import Faq

_SETTLED_NANOSECONDS = 2_000_000_000  # as coarse as any file system's clock


class FaqPathError(FaqbotError):
    """There is no FAQ where it should be."""


Signs: TypeAlias = tuple[int, ...]
Fingerprint: TypeAlias = tuple[tuple[str, Signs], ...]
Remembered: TypeAlias = dict[str, tuple[Signs, Parsed]]
"""What each file held, with signs that tell whether it is still the same."""


def read_faq(path: Path, remembered: Remembered | None = None) -> Faq:
    """Read a FAQ file, or all FAQ files of a folder and its subfolders.

    Names that begin with a dot or an underscore are left out, and so is README.md in a folder: it
    is for those who edit there. The file of small talk is read, but is no part of the FAQ.

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
    small_talk, told = read_small_talk(root) if SMALL_TALK not in names else ((), Parsed(""))
    parsed.append(told)
    problems = [problem for it in parsed for problem in it.problems]
    problems = sorted([*problems, *id_problems], key=lambda it: (it.source.file, it.source.line))
    return Faq(
        root=root,
        entries=tuple(entries),
        problems=tuple(map(Lines(root).excerpted, problems)),
        files=tuple(it.file for it in parsed[: len(names)]),
        broken_files=frozenset(it.file for it in parsed if not it.complete),
        small_talk=small_talk,
    )


def _read_or_recall(
    root: Path, name: str, shown: str, known: tuple[Signs, Parsed] | None
) -> tuple[Signs, Parsed]:
    """Read a file unless it is known; without signs where it may change unnoticed yet."""
    signs = signs_of(root / name)
    if known and signs and known[0] == signs:
        return known
    parsed = read_file(root, name, shown)
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
    if SMALL_TALK not in names and (root / SMALL_TALK).exists():
        names = [*names, SMALL_TALK]
    return tuple((name, signs_of(root / name)) for name in names)


def _files(path: Path) -> tuple[Path, list[str], list[OSError]]:
    """Give the FAQ's root, its files, and why some of its folders could not be looked into."""
    kinds = ", ".join(OUTRIGHT)
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
        if path.suffix.lower() not in OUTRIGHT:
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
                and file != root / SMALL_TALK
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
