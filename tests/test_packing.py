"""Arrays to bytes and back."""

import pickle
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from bot.matching.packing import pack, unpack

_dtypes = st.sampled_from(["<f4", "<f8", "<i8", "<u2", "<u4"]).map(np.dtype)
_arrays = st_numpy.arrays(
    _dtypes, st_numpy.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=9)
)
_json = st.dictionaries(st.text(), st.none() | st.integers() | st.lists(st.text()))


def _packed(about: dict[str, object], **arrays: npt.NDArray[Any]) -> bytes:
    return b"".join(pack(about, arrays))


def _with_header(header: bytes) -> bytes:
    """Write a sound whole around any header."""
    data = b"faqbot\0\n" + len(header).to_bytes(8, "little") + header + bytes(128)
    return data + zlib.crc32(data).to_bytes(4, "little")


@given(_json, st.dictionaries(st.text(), _arrays, max_size=4))
def test_what_was_packed_comes_back(
    about: dict[str, object], arrays: dict[str, npt.NDArray[Any]]
) -> None:
    """Whatever numbers an array holds, in whatever shape, it comes back to the last bit."""
    found = unpack(b"".join(pack(about, arrays)))

    assert found is not None
    assert found.about == about
    assert found.arrays.keys() == arrays.keys()
    for name, values in arrays.items():
        again = found.arrays[name]
        assert (again.dtype, again.shape) == (values.dtype, values.shape)
        assert again.tobytes() == values.tobytes()


def test_arrays_are_not_copied() -> None:
    """What is packed and what is unpacked shares its memory with what was given."""
    values = np.arange(1000.0)
    parts = pack({}, {"values": values})
    assert any(np.shares_memory(np.frombuffer(it, np.uint8), values) for it in parts if len(it))
    data = b"".join(parts)
    found = unpack(data)
    assert found is not None
    assert np.shares_memory(found.arrays["values"], np.frombuffer(data, np.uint8))


def test_an_array_that_does_not_lie_in_one_piece_comes_back() -> None:
    """A part of an array is packed as what it holds."""
    values = np.arange(12).reshape(3, 4).T[1:]
    found = unpack(_packed({}, values=values))
    assert found is not None
    assert found.arrays["values"].tolist() == values.tolist()


@given(st.data())
def test_damage_is_noticed(data: st.DataObject) -> None:
    """Where a byte was lost or changed nothing is read."""
    whole = _packed({"of": "a FAQ"}, values=np.arange(5), others=np.ones((2, 3)))
    place = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[place] ^= data.draw(st.integers(1, 255))

    assert unpack(bytes(flipped)) is None
    assert unpack(whole[:place]) is None


@given(st.binary() | st.binary().map(_with_header))
@example(_with_header(b"[]"))
@example(_with_header(b"{}"))
@example(_with_header(b'{"about": {}, "arrays": []}'))
@example(_with_header(b'{"about": 1, "arrays": {}}'))
@example(_with_header(b'{"about": {}, "arrays": {"a": ["<f4", [1000]]}}'))
@example(_with_header(b'{"about": {}, "arrays": {"a": ["<f4", [-1]]}}'))
@example(_with_header(b'{"about": {}, "arrays": {"a": ["no such", [1]]}}'))
@example(_with_header(b'{"about": {}, "arrays": {"a": 1}}'))
@example(_with_header(b"[" * 100_000))
def test_anything_else_is_not_read(data: bytes) -> None:
    """Bytes of any other kind are not read and raise nothing, even with the right checksum."""
    assert unpack(data) is None


class _Tell:
    """Once unpickled, leaves a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("form", ["|O", "|V8", "O"])
def test_nothing_in_it_is_ever_run(form: str, tmp_path: Path) -> None:
    """Bytes with a pickle in them, which could run anything, are not read."""
    trap = tmp_path / "run"
    assert unpack(pickle.dumps(_Tell(trap))) is None
    header = b'{"about": {}, "arrays": {"a": ["%s", [1]]}}' % form.encode()
    assert unpack(_with_header(header)) is None
    assert not trap.exists()
    pickle.loads(pickle.dumps(_Tell(trap)))  # noqa: S301 - shows that the trap works
    assert trap.exists()
