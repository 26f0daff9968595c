"""Who does what buttons ask for."""

from collections.abc import Iterable

from telegram import Message, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot.telegram.desk import Desk
from bot.telegram.keyboards import presses_of
from bot.telegram.pressed import Deed, Deeds, Pressed
from bot.telegram.pressing import Action, read_press
from bot.wording.saying import useless_button


class Presses:
    """Hands each press to the feature that it is for, and ends the waiting of whoever pressed.

    All that a press needs comes with it: buttons outlive restarts and new states of the FAQ.
    """

    def __init__(self, desk: Desk, deeds: Iterable[Deeds]) -> None:
        self._desk = desk
        self._deeds: dict[Action, Deed] = {
            action: deed for of_feature in deeds for action, deed in of_feature.items()
        }

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles presses."""
        application.add_handler(CallbackQueryHandler(self._pressed))

    async def _pressed(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        sender = self._desk.sender
        speech = self._desk.speech(query.from_user, query.message.chat if query.message else None)
        press, message = read_press(query.data or ""), query.message
        if press is None or message is None:
            await sender.answer_press(query.id, useless_button(speech))
            return
        if not isinstance(message, Message) or not message.is_accessible:
            if message.chat.is_forum:
                # In which topic it stands is not told, and nothing is said in another one.
                await sender.answer_press(query.id, useless_button(speech))
                return
            # Nothing of it is known but where it stands.
            message = Message(message.message_id, message.date, message.chat)
        pressed = Pressed(query, press, message, speech, sender)
        try:
            # A button that is not there has been taken away by an earlier press.
            if not message.is_accessible or press in presses_of(
                self._desk.replies.keyboard(message)
            ):
                await self._deeds[press.action](pressed)
        finally:
            await pressed.end()
