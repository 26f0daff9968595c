"""`/language`: which language the bot speaks in a chat."""

import asyncio

from telegram import (
    Chat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
    User,
)
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.telegram.asked import NEW_OR_EDITED
from bot.telegram.composing import Reply
from bot.telegram.desk import Desk
from bot.telegram.managers import may_choose
from bot.telegram.pressed import Deeds, Pressed
from bot.telegram.pressing import Action, Press
from bot.wording.autonyms import autonym
from bot.wording.saying import as_markdown, only_admins
from bot.wording.speech import Speech

_IN_A_ROW = 2
_AUTOMATIC = frozenset(("auto", "automatic"))


class LanguageChoice:
    """Lets people choose for themselves in private, and the admins of a group for the group."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        application.add_handler(CommandHandler("language", self._asked, filters=NEW_OR_EDITED))

    @property
    def deeds(self) -> Deeds:
        """What it does when buttons are pressed."""
        return {Action.LANGUAGE: self._pressed}

    async def _asked(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None:
            return
        speech = self._desk.speech(user, message.chat)
        named = " ".join(context.args or ())
        if not await may_choose(message, user, context.bot):
            await self._desk.respond(update, Reply(only_admins(speech)))
        elif not named:
            await self._desk.respond(update, self._offer(speech))
        elif named.casefold() in _AUTOMATIC:
            await self._desk.respond(update, await self._choose(message.chat, user, None))
        elif language := self._desk.languages.chosen(named):
            await self._desk.respond(update, await self._choose(message.chat, user, language))
        else:
            unknown = speech.say("I do not speak that language.")
            offer = self._offer(speech)
            await self._desk.respond(update, Reply(f"{unknown} {offer.text}", (), offer.keyboard))

    async def _pressed(self, pressed: Pressed) -> None:
        message = pressed.message
        if not await may_choose(message, pressed.user, pressed.bot):
            await pressed.end(only_admins(pressed.speech))
            return
        await pressed.end()
        # What was spoken when a button was made need not be spoken any more.
        tag = pressed.press.key
        chosen = tag if tag in self._desk.languages.codes else None
        reply = await self._choose(message.chat, pressed.user, chosen)
        await self._desk.replies.turn(message, reply)

    def _offer(self, speech: Speech) -> Reply:
        """Tell what is spoken now, and offer all that could be."""
        buttons = [(autonym(tag), tag) for tag in self._desk.languages.codes]
        buttons.append((speech.say("Automatic"), ""))
        keyboard = [
            InlineKeyboardButton(text, callback_data=Press(Action.LANGUAGE, tag).data)
            for text, tag in buttons
        ]
        rows = [keyboard[at : at + _IN_A_ROW] for at in range(0, len(keyboard), _IN_A_ROW)]
        text = speech.say(
            "I speak {language} with you now. Which language would you like?",
            language=as_markdown(autonym(speech.language)),
        )
        return Reply(text, keyboard=InlineKeyboardMarkup(rows))

    async def _choose(self, chat: Chat, user: User | None, language: str | None) -> Reply:
        await asyncio.to_thread(self._desk.chosen.put, chat.id, language)
        speech = self._desk.speech(user, chat)
        if language is None:
            return Reply(speech.say("From now on I speak the language that you write to me in."))
        name = as_markdown(autonym(speech.language))
        return Reply(speech.say("From now on I speak {language} with you.", language=name))
