"""What becomes of presses of buttons."""

from telegram import Bot, Message, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot.telegram.asked import asker_of, question_of
from bot.telegram.composing import Reply, answer_of, reply_to, suggestion_of
from bot.telegram.desk import Desk
from bot.telegram.keyboards import Action, Press, presses_of, read_press
from bot.wording.saying import ask_again, gone, none_of_these, still_reading, useless_button
from bot.wording.speech import Speech


class Presses:
    """Does what buttons say; whoever sees one may press it.

    All that a press needs comes with it: buttons outlive restarts and new states of the FAQ.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles presses."""
        application.add_handler(CallbackQueryHandler(self._pressed))

    async def _pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        speech = self._desk.speech(query.from_user)
        press, message = read_press(query.data or ""), query.message
        if press is None or message is None:
            await self._desk.sender.answer_press(query.id, useless_button(speech))
            return
        if not isinstance(message, Message) or not message.is_accessible:
            # Nothing of it is known but where it stands.
            message = Message(message.message_id, message.date, message.chat)
        elif press not in presses_of(self._desk.replies.keyboard(message)):
            # It has been changed by an earlier press.
            await self._desk.sender.answer_press(query.id)
            return
        if press.action is Action.ANSWER and not self._desk.answerer.entries():
            await self._desk.sender.answer_press(query.id, still_reading(speech))
            return
        await self._desk.sender.answer_press(query.id)
        reply = await self._reply(press, message, context.bot, speech)
        if reply.told:
            self._desk.follow_ups.pressed(message, query.from_user, reply.told)
        await self._desk.replies.turn(message, reply)

    async def _reply(self, press: Press, message: Message, bot: Bot, speech: Speech) -> Reply:
        entries = self._desk.answerer.entries(asker_of(message))
        if press.action is Action.NONE:
            return Reply(none_of_these(entries, speech))
        entry = press.entry(entries)
        return answer_of(entry) if entry else await self._instead(message, bot, speech)

    async def _instead(self, message: Message, bot: Bot, speech: Speech) -> Reply:
        """Say that an answer is not there any more, and offer what is."""
        asker = asker_of(message)
        asked = message.reply_to_message
        question = question_of(asked, bot.username, bot.id) if asked else ""
        if question:
            reply = await reply_to(self._desk.answerer, question, asker, speech)
            return Reply(f"{gone(speech)}\n\n{reply.text}", reply.files, reply.keyboard)
        entries = self._desk.answerer.entries(asker)
        found = (press.entry(entries) for press in presses_of(message.reply_markup))
        others = [entry for entry in found if entry]
        if not others:
            return Reply(f"{gone(speech)} {ask_again(entries, speech)}")
        reply = suggestion_of(others, speech)
        return Reply(f"{gone(speech)}\n\n{reply.text}", keyboard=reply.keyboard)
