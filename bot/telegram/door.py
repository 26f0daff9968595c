"""Who is let in: what is meant for others stays outside, and so do those who send too much."""

import contextlib
from collections.abc import Awaitable

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.model import GroupMode
from bot.telegram.asked import addressed, command_of, is_from_person
from bot.telegram.desk import Desk
from bot.telegram.flood import Flood, Verdict
from bot.telegram.group_modes import GroupModes
from bot.telegram.rendering import render
from bot.wording.saying import too_much

_ALWAYS = frozenset({"faqbot", "id"})
"""The commands that work where the bot is silent."""


class Door:
    """Decides about each update as it comes in, before it waits for anything."""

    def __init__(
        self, desk: Desk, modes: GroupModes, flood: Flood, welcome: frozenset[int]
    ) -> None:
        """Prepare.

        Args:
            desk: speaks with whom it turns away.
            modes: when to speak in groups.
            flood: knows who sends too much.
            welcome: who is let in however much they send, by user id.
        """
        self._desk = desk
        self._modes = modes
        self._flood = flood
        self._welcome = welcome

    def __call__(self, update: Update) -> Awaitable[None] | None:
        """Let an update in by None, or give what is done in its place."""
        message = update.message or update.edited_message
        if message and not self._is_heard(message):
            return _nothing()
        sender = update.effective_sender
        if sender is None or sender.id in self._welcome or not _counts(update):
            return None
        # Who only talks to others is never told that it is too much.
        is_spoken_to = message is None or _is_spoken_to(message)
        verdict = self._flood.judge((sender.id, is_spoken_to))
        if verdict is Verdict.HEAR:
            return None
        return self._turn_away(update, is_told=is_spoken_to and verdict is Verdict.WARN)

    def _is_heard(self, message: Message) -> bool:
        bot = message.get_bot()
        # As a place on the map that moves all the time.
        is_wordless_edit = message.edit_date and not (message.text or message.caption)
        if _is_move(message) or is_wordless_edit or not is_from_person(message, bot.id):
            return _is_move(message)
        mode = self._modes.of(message.chat_id)
        if message.chat.type == ChatType.PRIVATE or mode is GroupMode.AUTO:
            return True
        if mode is GroupMode.OFF:
            return command_of(message, bot.username) in _ALWAYS
        return _is_spoken_to(message)

    async def _turn_away(self, update: Update, *, is_told: bool) -> None:
        word = (
            too_much(self._desk.speech(update.effective_user, update.effective_chat))
            if is_told
            else None
        )
        if query := update.callback_query:
            await self._desk.sender.answer_press(query.id, word)
        elif word and update.effective_message:
            with contextlib.suppress(TelegramError):
                await self._desk.sender.reply(update.effective_message, render(word))


def _is_move(message: Message) -> bool:
    return bool(message.migrate_to_chat_id or message.migrate_from_chat_id)


def _counts(update: Update) -> bool:
    """Tell whether an update is something that somebody may send too much of."""
    message = update.message or update.edited_message
    if message:
        return not _is_move(message)
    return bool(update.callback_query or update.my_chat_member)


def _is_spoken_to(message: Message) -> bool:
    bot = message.get_bot()
    return addressed(message, bot.username, bot.id) is not None or bool(
        command_of(message, bot.username)
    )


async def _nothing() -> None:
    pass
