"""Arrays to bytes and back: nothing is held twice on the way, and nothing in them can be run.

A header in JSON, then each array as it stands in memory, then a checksum. What is read are views of
the bytes that were given.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Buffer: TypeAlias = bytes | memoryview

_MAGIC: Final = b"faqbot\0\n"
_LENGTH_BYTES = 8
_ALIGNMENT = 64  # what the widest instructions of today's processors like best
_CHECKSUM_BYTES = 4
_KINDS = "iuf"  # whole numbers and others; never objects, which could run anything


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was packed."""

    about: dict[str, Any]
    arrays: Mapping[str, npt.NDArray[Any]]
    """Not to be written to."""


def pack(about: Mapping[str, object], arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[Buffer, ...]:
    """Give the parts that make up the bytes, of which the arrays are not copied.

    Args:
        about: what JSON can hold.
        arrays: of numbers, by name.
    """
    told = {name: [values.dtype.str, values.shape] for name, values in arrays.items()}
    header = json.dumps({"about": about, "arrays": told}).encode()
    parts: list[Buffer] = [_MAGIC + len(header).to_bytes(_LENGTH_BYTES, "little") + header]
    parts.append(bytes(_padding(len(parts[0]))))
    for values in arrays.values():
        flat = np.ascontiguousarray(values).reshape(-1).view(np.uint8)
        parts += [flat.data, bytes(_padding(flat.nbytes))]
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return *parts, checksum.to_bytes(_CHECKSUM_BYTES, "little")


def unpack(data: bytes) -> Unpacked | None:
    """Give what was packed; None where the bytes are damaged, or something else."""
    whole = memoryview(data)
    if not data.startswith(_MAGIC) or not _is_sound(whole):
        return None
    try:
        start = len(_MAGIC) + _LENGTH_BYTES
        end = start + int.from_bytes(whole[len(_MAGIC) : start], "little")
        header = json.loads(bytes(whole[start:end]))
        arrays = dict(_arrays(whole, end + _padding(end), header["arrays"]))
        return Unpacked(dict(header["about"]), arrays)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # sound, but nothing that was packed here


def _is_sound(whole: memoryview) -> bool:
    checksum = int.from_bytes(whole[-_CHECKSUM_BYTES:], "little")
    return zlib.crc32(whole[:-_CHECKSUM_BYTES]) == checksum


def _arrays(
    whole: memoryview, offset: int, told: Mapping[str, tuple[str, list[int]]]
) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for name, (form, shape) in told.items():
        dtype = np.dtype(form)
        if dtype.kind not in _KINDS:
            raise ValueError(f"{name} holds something else than numbers")
        values = np.frombuffer(whole, dtype, prod(shape), offset)
        yield name, values.reshape(shape)
        offset += values.nbytes + _padding(values.nbytes)


def _padding(size: int) -> int:
    return -size % _ALIGNMENT
