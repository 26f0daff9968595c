"""Memory that is not needed any more, given back to the system."""

import contextlib
import ctypes

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
_LARGE_BYTES = 1_000_000


def give_back_large_blocks() -> None:
    """Have large arrays given back when they are let go of.

    Left to itself the C library of most Linuxes keeps them for later, ever more of them. Where
    there is another one, nothing happens.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
