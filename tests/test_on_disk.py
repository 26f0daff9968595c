"""Large tables that are kept on disk."""

import resource
import sys
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from bot.on_disk import Kept, Rows, keep_tables_in, numbers_of, rows_of

_TABLE = np.arange(200_000, dtype=np.uint16).reshape(-1, 10)
_NUMBERS = array("I", range(1, 70_001))


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this process keeps its tables; nowhere afterwards."""
    path = tmp_path_factory.mktemp("tables")
    keep_tables_in(path)
    yield path
    keep_tables_in(None)


@given(
    hn.arrays(
        st.sampled_from([np.uint8, np.float16, np.float32]),
        hn.array_shapes(min_dims=1, max_dims=3),
    ),
    st.data(),
)
def test_rows_are_those_of_the_table(table: npt.NDArray[Any], data: st.DataObject) -> None:
    """Whatever rows are asked for, however often and in whatever order: they are the table's."""
    rows = rows_of(table)
    wanted = st.lists(st.integers(0, len(table) - 1), max_size=20)

    assert isinstance(rows, Rows)
    for _ in range(2):
        some = np.array(data.draw(wanted), dtype=np.intp)
        found = rows[some]
        assert found.dtype == table.dtype
        np.testing.assert_array_equal(found, table[some])


def test_a_table_may_lie_across_memory() -> None:
    """What is a view of another array has its own rows on disk."""
    turned = _TABLE.T

    np.testing.assert_array_equal(rows_of(turned)[np.array([3, 9])], turned[[3, 9]])


def test_numbers_are_those_of_the_array_and_only_some_are_kept() -> None:
    """Each number is the same, whenever asked for; memory does not grow with how many were."""
    numbers = numbers_of(_NUMBERS)

    assert isinstance(numbers, Kept)
    for _ in range(2):
        assert [numbers[at] for at in range(len(_NUMBERS))] == list(_NUMBERS)
    assert 0 < len(numbers) < len(_NUMBERS)


def test_threads_share_a_table() -> None:
    """Several threads that ask at the same time all get their rows."""
    rows = rows_of(_TABLE)

    def ask(seed: int) -> bool:
        some = np.random.default_rng(seed).integers(0, len(_TABLE), 20_000)
        return np.array_equal(rows[some], _TABLE[some])

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(8)))


def test_no_file_is_left_for_anybody_to_find(folder: Path) -> None:
    """The files have no name, so that nobody has to clear them away, even after a crash."""
    rows = rows_of(_TABLE)

    assert list(folder.iterdir()) == []
    np.testing.assert_array_equal(rows[np.array([7])], _TABLE[[7]])


@pytest.mark.skipif(
    sys.platform != "linux",
    reason="/proc/self/smaps, which tells what is in memory, is on Linux only",
)
def test_what_was_not_asked_for_is_not_in_memory(folder: Path) -> None:
    """Of the file itself nothing stays in memory, though its pages are cached by the system."""
    table = np.zeros((8192, 1024), dtype=np.uint8)
    rows = rows_of(table)
    rows[np.arange(0, 8192, 64)]

    resident = [
        int(line.split()[1])
        for part in Path("/proc/self/smaps").read_text().split("VmFlags")
        if f"{folder}/" in part
        for line in part.splitlines()
        if line.startswith("Rss:")
    ]
    assert resident
    assert sum(resident) == 0


def test_without_a_folder_tables_stay_as_they_are(folder: Path) -> None:
    """A command that is soon done writes nothing to disk."""
    keep_tables_in(None)
    try:
        assert rows_of(_TABLE) is _TABLE
        assert numbers_of(_NUMBERS) is _NUMBERS
    finally:
        keep_tables_in(folder)


@pytest.mark.parametrize("name", ["missing", "file"])
def test_a_folder_that_cannot_be_written_to_costs_memory_only(
    folder: Path, tmp_path: Path, name: str
) -> None:
    """Where no file can be made, the tables stay in memory, and nobody is bothered."""
    (tmp_path / "file").touch()
    keep_tables_in(tmp_path / name)
    try:
        assert rows_of(_TABLE) is _TABLE
        assert numbers_of(_NUMBERS) is _NUMBERS
    finally:
        keep_tables_in(folder)


def test_a_disk_that_becomes_full_costs_memory_only() -> None:
    """Where not all of a table can be written, it stays in memory."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_TABLE.nbytes // 2, limits[1]))
    try:
        assert rows_of(_TABLE) is _TABLE
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_an_empty_table_is_not_worth_a_file() -> None:
    """There is nothing to write of it."""
    empty = np.empty((0, 3))

    assert rows_of(empty) is empty
