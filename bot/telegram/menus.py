"""The commands that Telegram offers behind the menu button, to whom they concern."""

import logging
from collections.abc import Iterable, Mapping

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bot.telegram.desk import Desk
from bot.wording.catalogue import SOURCE_LANGUAGE
from bot.wording.speech import Speech

_log = logging.getLogger(__name__)

_BEFORE_ALL_OTHERS = -1
"""The group of handlers that see an update without taking it from anybody."""

_IN_PRIVATE = ("topics", "language", "help", "start")
_IN_GROUPS = ("ask", "topics", "help")
_OF_GROUPS_ADMINS = (*_IN_GROUPS, "faqbot")
_OF_ADMINS = {
    "why": "Why an answer was given: reply to it, or add a question",
    "check": "Look for problems in the FAQ's files",
    "reindex": "Read the FAQ's files again",
    "rollback": "Serve the state of the FAQ before this one",
}


def _described(speech: Speech) -> Mapping[str, str]:
    """Give all commands that everybody may know of; only those that exist get into a menu."""
    return {
        "ask": speech.say("Ask a question"),
        "faqbot": speech.say("How I behave in this group"),
        "help": speech.say("What I can help with"),
        "language": speech.say("Choose my language"),
        "start": speech.say("Begin anew"),
        "topics": speech.say("Browse all topics"),
    }


class Menus:
    """Tells Telegram which commands to offer, where that is not what it offers already."""

    def __init__(self, desk: Desk, admins: Iterable[int]) -> None:
        self._desk = desk
        self._unmet = set(admins)
        """Admins whose menu is not there yet, maybe since they never wrote to the bot."""
        self._application: Application | None = None  # type: ignore[type-arg] # six of them

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Be there when an admin writes for the first time."""
        self._application = application
        if self._unmet:
            writes = filters.ChatType.PRIVATE & filters.User(sorted(self._unmet))
            handler = MessageHandler(writes, self._met)
            application.add_handler(handler, group=_BEFORE_ALL_OTHERS)

    async def open(self) -> None:
        """Set all menus; one that cannot be set keeps nothing from working."""
        scopes = (
            (BotCommandScopeAllPrivateChats(), _IN_PRIVATE),
            (BotCommandScopeAllGroupChats(), _IN_GROUPS),
            (BotCommandScopeAllChatAdministrators(), _OF_GROUPS_ADMINS),
        )
        for scope, names in scopes:
            try:
                for speech in self._desk.speeches:
                    await self._set(scope, self._commands(names, speech), speech)
            except TelegramError as error:
                _log.warning("A menu of commands could not be set: %s", error)
        for admin in sorted(self._unmet):
            await self._set_for_admin(admin)

    async def _met(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        user = update.effective_user
        if user and user.id in self._unmet:
            await self._set_for_admin(user.id)

    async def _set_for_admin(self, admin: int) -> None:
        try:
            for speech in self._desk.speeches:
                commands = {**self._commands(_IN_PRIVATE, speech), **self._there(_OF_ADMINS)}
                await self._set(BotCommandScopeChat(admin), commands, speech)
        except TelegramError as error:
            _log.debug("The admin %s has no menu yet: %s", admin, error)
        else:
            self._unmet.discard(admin)

    async def _set(
        self, scope: BotCommandScope, commands: Mapping[str, str], speech: Speech
    ) -> None:
        """Set one menu in one language; English is what all others see."""
        assert self._application  # noqa: S101 - there is no connection before registering
        bot = self._application.bot
        code = "" if speech.language == SOURCE_LANGUAGE else speech.language
        wanted = tuple(BotCommand(name, what) for name, what in commands.items())
        if await bot.get_my_commands(scope, code) != wanted:
            await bot.set_my_commands(wanted, scope, code)

    def _commands(self, names: Iterable[str], speech: Speech) -> Mapping[str, str]:
        described = _described(speech)
        return self._there({name: described[name] for name in names})

    def _there(self, described: Mapping[str, str]) -> Mapping[str, str]:
        """Leave out what nobody would answer."""
        assert self._application  # noqa: S101 - there is no connection before registering
        groups = self._application.handlers.values()
        handlers = (it for group in groups for it in group if isinstance(it, CommandHandler))
        there = {name for handler in handlers for name in handler.commands}
        return {name: what for name, what in described.items() if name in there}
