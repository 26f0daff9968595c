"""What becomes of memory: given back to the system, or left alone as it stays."""

import contextlib
import ctypes
import gc

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h
_MOST_ARENAS = -8  # M_ARENA_MAX
_LARGE_BYTES = 1_000_000


def give_back_large_blocks() -> None:
    """Have large arrays given back when they are let go of.

    Left to itself the C library of most Linuxes keeps them for later, ever more of them. Where
    there is another one, nothing happens.
    """
    with contextlib.suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        # Else each thread keeps free blocks of its own, that no other may use.
        library.mallopt(_MOST_ARENAS, 1)


def give_back_small_blocks() -> None:
    """Give back what is free among the small blocks, which otherwise is kept for later."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def leave_alone_what_is_there() -> None:
    """Have the garbage collector look at nothing that is there by now.

    A large FAQ is a million objects that stay; to look through them for cycles holds up whoever
    asks just then by a tenth of a second. What is let go of is still freed, as it is in no cycle.
    """
    gc.collect()
    gc.freeze()
