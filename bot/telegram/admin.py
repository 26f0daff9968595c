"""The commands of admins; nobody else learns that they exist."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeAlias

from telegram import Chat, Message, Update, User
from telegram.constants import ChatType
from telegram.error import BadRequest
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.telegram.asked import NEW_OR_EDITED
from bot.telegram.composing import Reply
from bot.telegram.desk import Desk
from bot.telegram.questions import Questions
from bot.telegram.reasoning import Reasoning

_Handler: TypeAlias = Callable[[Update, ContextTypes.DEFAULT_TYPE], Awaitable[Reply]]

_UNREACHABLE = (
    "I may tell that in private only: open the chat with me, press Start, and send the command "
    "there or here again."
)


async def _cannot_check() -> str:
    return "There are no files to check."


@dataclass(frozen=True, slots=True)
class AdminTools:
    """Who the admins are, and what they may have done; each tells in Markdown what came of it."""

    admins: frozenset[int]
    reindex: Callable[[], Awaitable[str]]
    rollback: Callable[[int | None], Awaitable[str]]
    check: Callable[[], Awaitable[str]] = _cannot_check


class AdminCommands:
    """Does what admins command; from others a command is a message like any other.

    What comes of it is told in private, wherever it was commanded: who is in a group with an admin
    need not know how the bot works inside.
    """

    def __init__(self, desk: Desk, questions: Questions, tools: AdminTools) -> None:
        self._desk = desk
        self._questions = questions
        self._tools = tools
        self._reasoning = Reasoning(desk)

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        handlers: dict[str, _Handler] = {
            "why": self._reasoning.why,
            "check": self._check,
            "reindex": self._reindex,
            "rollback": self._rollback,
        }
        for command, handler in handlers.items():
            application.add_handler(
                CommandHandler(command, self._for_admins(handler), filters=NEW_OR_EDITED)
            )

    def _for_admins(
        self, handler: _Handler
    ) -> Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
        async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
            user = update.effective_user
            if user and user.id in self._tools.admins:
                await self._tell(update, user, await handler(update, context))
            else:
                await self._questions.on_message(update, context)

        return handle

    async def _tell(self, update: Update, admin: User, reply: Reply) -> None:
        """Tell an admin what came of a command."""
        message = update.effective_message
        if message is None or message.chat.type == ChatType.PRIVATE:
            await self._desk.respond(update, reply)
            return
        private = Message(message.message_id, message.date, Chat(admin.id, ChatType.PRIVATE))
        try:
            sent = await self._desk.sender.reply(private, reply.parts)
        except BadRequest:  # a chat that has never been opened may be told to be none
            sent = []
        if len(sent) < len(reply.parts):
            await self._desk.respond(update, Reply(_UNREACHABLE))

    async def _check(self, _update: Update, _context: ContextTypes.DEFAULT_TYPE) -> Reply:
        return Reply(await self._tools.check())

    async def _reindex(self, _update: Update, _context: ContextTypes.DEFAULT_TYPE) -> Reply:
        return Reply(await self._tools.reindex())

    async def _rollback(self, _update: Update, context: ContextTypes.DEFAULT_TYPE) -> Reply:
        wanted = "".join(context.args or ())
        if wanted and not wanted.isdecimal():
            return Reply(
                "Write the number of a state behind the command, or nothing for the one before."
            )
        return Reply(await self._tools.rollback(int(wanted) if wanted else None))
