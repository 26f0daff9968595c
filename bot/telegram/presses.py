"""What becomes of presses of buttons."""

from telegram import Bot, Message, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes

from bot.answering import Answerer
from bot.telegram.asked import asker_of, question_of
from bot.telegram.composing import Reply, answer_of, reply_to, suggestion_of
from bot.telegram.keyboards import Action, Press, presses_of, read_press
from bot.telegram.replies import Replies
from bot.telegram.sending import Sender
from bot.wording import GONE, STILL_READING, USELESS_BUTTON, ask_again, none_of_these


class Presses:
    """Does what buttons say; whoever sees one may press it.

    All that a press needs comes with it: buttons outlive restarts and new states of the FAQ.
    """

    def __init__(self, answerer: Answerer, sender: Sender, replies: Replies) -> None:
        self._answerer = answerer
        self._sender = sender
        self._replies = replies

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles presses."""
        application.add_handler(CallbackQueryHandler(self._pressed))

    async def _pressed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None:
            return
        press, message = read_press(query.data or ""), query.message
        if press is None or message is None:
            await self._sender.answer_press(query.id, USELESS_BUTTON)
            return
        if not isinstance(message, Message) or not message.is_accessible:
            # Nothing of it is known but where it stands.
            message = Message(message.message_id, message.date, message.chat)
        elif press not in presses_of(self._replies.keyboard(message)):
            await self._sender.answer_press(query.id)  # it has been changed by an earlier press
            return
        if press.action is Action.ANSWER and not self._answerer.entries():
            await self._sender.answer_press(query.id, STILL_READING)
            return
        await self._sender.answer_press(query.id)
        await self._replies.turn(message, await self._reply(press, message, context.bot))

    async def _reply(self, press: Press, message: Message, bot: Bot) -> Reply:
        entries = self._answerer.entries(asker_of(message))
        if press.action is Action.NONE:
            return Reply(none_of_these(entries))
        entry = press.entry(entries)
        return answer_of(entry) if entry else await self._instead(message, bot)

    async def _instead(self, message: Message, bot: Bot) -> Reply:
        """Say that an answer is not there any more, and offer what is."""
        asker = asker_of(message)
        asked = message.reply_to_message
        question = question_of(asked, bot.username, bot.id) if asked else ""
        if question:
            reply = await reply_to(self._answerer, question, asker)
            return Reply(f"{GONE}\n\n{reply.text}", reply.files, reply.keyboard)
        entries = self._answerer.entries(asker)
        found = (press.entry(entries) for press in presses_of(message.reply_markup))
        others = [entry for entry in found if entry]
        if not others:
            return Reply(f"{GONE} {ask_again(entries)}")
        reply = suggestion_of(*others)
        return Reply(f"{GONE}\n\n{reply.text}", keyboard=reply.keyboard)
