"""What becomes of memory."""

import gc

from bot.memory import (
    give_back_large_blocks,
    give_back_small_blocks,
    leave_alone_what_is_there,
)


def test_what_is_there_is_left_alone() -> None:
    """The collector looks at nothing that was there before, and at all that comes later."""
    before = [[number] for number in range(1000)]
    try:
        leave_alone_what_is_there()
        assert gc.get_freeze_count() > len(before)
        after: list[object] = []
        found = gc.get_objects()
        assert any(it is after for it in found)
        assert not any(it is before for it in found)
    finally:
        gc.unfreeze()


def test_giving_memory_back_harms_nothing() -> None:
    """Whatever the system's library can do, what is in use stays as it is."""
    values = [str(number) for number in range(10_000)]
    give_back_large_blocks()
    give_back_small_blocks()
    assert values == [str(number) for number in range(10_000)]
