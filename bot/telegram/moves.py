"""Groups that became supergroups, which gives them another id."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

Follower: TypeAlias = Callable[[int, int], Awaitable[None]]
"""Is told the old id and the new one."""


class Moves:
    """The one place that learns of a move, by the group's own word or by a refusal to send."""

    def __init__(self) -> None:
        self._new_ids: dict[int, int] = {}
        self._followers: list[Follower] = []
        self._telling = asyncio.Lock()

    def follow(self, follower: Follower) -> None:
        """Have somebody told of every move from now on, once each."""
        self._followers.append(follower)

    def current(self, chat_id: int) -> int:
        """Give the id that a chat has now."""
        while chat_id in self._new_ids:
            chat_id = self._new_ids[chat_id]
        return chat_id

    async def moved(self, old_chat_id: int, new_chat_id: int) -> None:
        """Take note of a move; tell all who keep something of the group, unless they know."""
        # Whoever learns of it second goes on only when all is in its new place.
        async with self._telling:
            if self.current(old_chat_id) == self.current(new_chat_id):
                return
            self._new_ids[old_chat_id] = new_chat_id
            for follower in self._followers:
                await follower(old_chat_id, new_chat_id)
