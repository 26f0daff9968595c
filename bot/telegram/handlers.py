"""Everything that the bot does, in one order."""

from telegram import Bot, Update
from telegram.ext import Application

from bot.telegram.admin import AdminCommands, AdminTools
from bot.telegram.browsing import Browsing
from bot.telegram.choosing import Choosing
from bot.telegram.commands import Commands
from bot.telegram.desk import Desk
from bot.telegram.door import Door
from bot.telegram.feedback import Feedback
from bot.telegram.flood import Flood
from bot.telegram.group_modes import GroupModes
from bot.telegram.groups import Groups
from bot.telegram.inline import Inline
from bot.telegram.language import LanguageChoice
from bot.telegram.menus import Menus
from bot.telegram.presses import Presses
from bot.telegram.questions import Questions


class Handlers:
    """All that handles updates."""

    def __init__(self, desk: Desk, tools: AdminTools, modes: GroupModes, flood: Flood) -> None:
        self.desk = desk
        self.door = Door(desk, modes, flood, tools.admins)
        questions, browsing = Questions(desk), Browsing(desk)
        languages = LanguageChoice(desk)
        self._menus = Menus(desk, tools.admins)
        self._groups = Groups(desk, modes)
        # The first who wants an update gets it, and questions are what is left.
        self._all = (
            Commands(desk),
            browsing,
            AdminCommands(desk, questions, tools),
            languages,
            Presses(
                desk,
                (Choosing(desk).deeds, browsing.deeds, Feedback(desk).deeds, languages.deeds),
            ),
            Inline(desk),
            self._menus,
            self._groups,
            questions,
        )

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        for it in self._all:
            it.register(application)

    async def open(self) -> None:
        """Do what is done once, as soon as there is a connection."""
        await self._menus.open()

    async def apologise(self, update: Update) -> None:
        """Say that something went wrong that is not the person's fault."""
        await self.desk.apologise(update)

    def warnings(self, bot: Bot) -> tuple[str, ...]:
        """Say what the operator should know of the bot as Telegram knows it."""
        return tuple(filter(None, (self._groups.warning(bot),)))
