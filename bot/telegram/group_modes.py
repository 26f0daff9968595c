"""When to speak in which group."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from bot.model import GroupMode


class ChatSettings(Protocol):
    """Keeps what the admins of chats have set."""

    def group_modes(self) -> Mapping[int, GroupMode]:
        """Give when to speak in groups that have settled it, by chat id."""
        ...

    def set_group_mode(self, chat_id: int, mode: GroupMode) -> None:
        """Keep when to speak in a group."""
        ...

    def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that Telegram has given another id."""
        ...


class GroupModes:
    """What holds for each group: its own choice, or else the operator's."""

    def __init__(self, default: GroupMode, settings: ChatSettings) -> None:
        self.default = default
        self._settings = settings
        self._modes = dict(settings.group_modes())

    def of(self, chat_id: int) -> GroupMode:
        """Give what holds for a group."""
        return self._modes.get(chat_id, self.default)

    async def choose(self, chat_id: int, mode: GroupMode) -> None:
        """Have something else hold for a group."""
        await asyncio.to_thread(self._settings.set_group_mode, chat_id, mode)
        self._modes[chat_id] = mode

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Follow a group that Telegram has given another id."""
        await asyncio.to_thread(self._settings.move, old_chat_id, new_chat_id)
        if mode := self._modes.pop(old_chat_id, None):
            self._modes[new_chat_id] = mode
