"""Whose turn it is: one at a time for each key, in the order of their coming."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Turns:
    """Queues, one for each key that anybody waits or works under."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._present: Counter[Hashable] = Counter()

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Wait for all who came before under the same key."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        # A lock that has just been released may look free while others wait for it still.
        self._present[key] += 1
        try:
            async with lock:
                yield
        finally:
            self._present[key] -= 1
            if not self._present[key]:
                del self._locks[key], self._present[key]

    def __len__(self) -> int:
        return len(self._locks)
