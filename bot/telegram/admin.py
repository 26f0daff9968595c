"""The commands of admins; nobody else learns that they exist."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.telegram.asked import NEW_OR_EDITED
from bot.telegram.composing import Reply
from bot.telegram.desk import Desk
from bot.telegram.questions import Questions

_Handler: TypeAlias = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class AdminTools:
    """Who the admins are, and what they may have done; each tells in plain text what came of it."""

    admins: frozenset[int]
    reindex: Callable[[], Awaitable[str]]
    rollback: Callable[[int | None], Awaitable[str]]


class AdminCommands:
    """Does what admins command; from others a command is a message like any other."""

    def __init__(self, desk: Desk, questions: Questions, tools: AdminTools) -> None:
        self._desk = desk
        self._questions = questions
        self._tools = tools

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        for command, handler in (("reindex", self._reindex), ("rollback", self._rollback)):
            application.add_handler(
                CommandHandler(command, self._for_admins(handler), filters=NEW_OR_EDITED)
            )

    def _for_admins(self, handler: _Handler) -> _Handler:
        async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            user = update.effective_user
            if user and user.id in self._tools.admins:
                await handler(update, context)
            else:
                await self._questions.on_message(update, context)

        return handle

    async def _reindex(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        await self._desk.respond(update, Reply(await self._tools.reindex()))

    async def _rollback(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        wanted = "".join(context.args or ())
        if wanted and not wanted.isdecimal():
            text = "Write the number of a state behind the command, or nothing for the one before."
        else:
            text = await self._tools.rollback(int(wanted) if wanted else None)
        await self._desk.respond(update, Reply(text))
