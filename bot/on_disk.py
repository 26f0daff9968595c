"""Large tables of which few rows are ever asked for: on disk, and in memory only those rows.

They are not just mapped: of what is in its cache, the kernel maps 16 pages and more for each one
that is touched, so that some ten questions would bring in half of a table.
"""

import contextlib
import mmap
import shutil
import tempfile
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

_T = TypeVar("_T")

# Beyond these, all that is kept is let go of: what is in use is soon there again.
_MOST_ROWS = 16384
_MOST_NUMBERS = 65536
# The index is on the same disk, and needs room more.
_TIMES_FREE = 8

_folder: Path | None = None


def keep_tables_in(folder: Path | None) -> None:
    """Have this process keep such tables in a folder from now on; None for in memory.

    Many a system's own folder for temporary files is memory again. The files have no name, and are
    gone with the process.
    """
    global _folder  # noqa: PLW0603 - one for the process, as what malloc is told
    _folder = folder


def rows_of(table: npt.NDArray[Any]) -> "npt.NDArray[Any] | Rows":
    """Give what stands for a table where it is only indexed by arrays of rows."""
    stored = _stored(np.ascontiguousarray(table).data)
    return table if stored is None else Rows(stored, table)


def numbers_of(numbers: "array[int]") -> "array[int] | Kept[int]":
    """Give what stands for an array where it is only indexed by one number at a time."""
    stored = _stored(memoryview(numbers))
    if stored is None:
        return numbers
    code, size = numbers.typecode, numbers.itemsize
    return Kept(lambda at: array(code, stored.read(at * size, size))[0], _MOST_NUMBERS)


class Kept(dict[int, _T], Generic[_T]):
    """What was asked for lately, and the way to all else.

    Threads may share it: what is read is always the same. It is a dictionary because one that only
    holds one takes twice as long, at each letter of each text.
    """

    def __init__(self, read: Callable[[int], _T], most: int) -> None:
        super().__init__()
        self._read = read
        self._most = most

    def __missing__(self, at: int) -> _T:
        """Read what is not at hand."""
        if len(self) >= self._most:
            self.clear()
        found = self[at] = self._read(at)
        return found


class Rows:
    """Stands for a table with numbered rows."""

    def __init__(self, stored: "_Stored", table: npt.NDArray[Any]) -> None:
        size = table.nbytes // len(table)
        self._kept = Kept(lambda row: stored.read(row * size, size), _MOST_ROWS)
        self._dtype = table.dtype
        self._shape = table.shape[1:]

    def __getitem__(self, rows: npt.NDArray[np.integer]) -> npt.NDArray[Any]:
        """Give a copy of some rows, as the table would."""
        data = b"".join(map(self._kept.__getitem__, rows.tolist()))
        return np.frombuffer(data, self._dtype).reshape(len(rows), *self._shape)


class _Stored:
    """Bytes on disk."""

    def __init__(self, data: memoryview, folder: Path) -> None:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            written = 0
            while written < len(data):
                written += file.write(data[written:])
            # With `pread` another thread could take over at each row, and keep it waiting for
            # milliseconds.
            self._mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._advise("MADV_RANDOM")

    def read(self, start: int, size: int) -> bytes:
        """Give some of them, and leave none in memory."""
        found = self._mapped[start : start + size]
        self._advise("MADV_DONTNEED")
        return found

    def _advise(self, name: str) -> None:
        with contextlib.suppress(AttributeError, OSError):  # not every system knows such advice
            self._mapped.madvise(getattr(mmap, name))


def _stored(table: memoryview) -> _Stored | None:
    """Write a table to disk; None where it had better stay in memory."""
    if _folder is None or not table.nbytes:
        return None
    try:
        if shutil.disk_usage(_folder).free < _TIMES_FREE * table.nbytes:
            return None
        return _Stored(table.cast("B"), _folder)
    except OSError:  # a full disk, a folder that cannot be written to
        return None
