"""What becomes of questions that are chosen: suggested ones, none of them, and related ones."""

from dataclasses import replace

from bot.telegram.asked import asker_of, question_of
from bot.telegram.composing import (
    Reply,
    answer_of,
    page_of_entry,
    reply_to,
    resumed,
    suggestion_of,
)
from bot.telegram.desk import Desk
from bot.telegram.keyboards import presses_of, way_in, without
from bot.telegram.pressed import Deeds, Pressed
from bot.telegram.pressing import Action
from bot.telegram.shelves import shelves_of
from bot.wording.saying import ask_again, gone, none_of_these, still_reading


class Choosing:
    """Gives the answers of questions that people choose; whoever sees a button may press it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def deeds(self) -> Deeds:
        """What it does when buttons are pressed."""
        return {
            Action.ANSWER: self._answer,
            Action.NONE: self._refuse,
            Action.RELATED: self._add_related,
        }

    async def _answer(self, pressed: Pressed) -> None:
        """Put the answer in the place of what suggested it."""
        if not self._desk.answerer.entries():
            await pressed.end(still_reading(pressed.speech))
            return
        await pressed.end()
        message = pressed.message
        speech = resumed(pressed.speech, message.text or "")
        entries = self._desk.entries(message)
        if entry := pressed.press.entry(entries):
            before = await self._desk.replies.told(message)
            reply = answer_of(entry, speech, entries, before.told if before else None)
        else:
            reply = await self._instead(pressed)
        await self._desk.turn(message, pressed.user, reply)

    async def _refuse(self, pressed: Pressed) -> None:
        """Say what comes next."""
        await pressed.end()
        speech = resumed(pressed.speech, pressed.message.text or "")
        entries = self._desk.entries(pressed.message)
        text = none_of_these(entries, speech)
        keyboard = way_in(shelves_of(entries), speech)
        await self._desk.replies.turn(pressed.message, Reply(text, keyboard=keyboard))

    async def _add_related(self, pressed: Pressed) -> None:
        """Give a related answer below, and take its button away.

        Somebody asked for the answer that is there, so it stays, unlike a page that is turned while
        browsing. A button that is used up cannot bring the same answer twice.
        """
        message, press = pressed.message, pressed.press
        if not self._desk.answerer.entries():
            await pressed.end(still_reading(pressed.speech))
            return
        entries = self._desk.entries(message)
        entry = press.entry(entries)
        await pressed.end(None if entry else gone(pressed.speech))
        if entry:
            reply = page_of_entry(entry, pressed.speech, entries)
            if message.is_accessible:
                await self._desk.add(message, pressed.user, reply)
            else:
                await self._desk.turn(message, pressed.user, reply)
        if keyboard := self._desk.replies.keyboard(message):
            await self._desk.replies.change_keyboard(message, without(keyboard, press))

    async def _instead(self, pressed: Pressed) -> Reply:
        """Say that an answer is not there any more, and offer what is."""
        message, speech = pressed.message, pressed.speech
        asker = asker_of(message)
        asked = message.reply_to_message
        bot = asked.get_bot() if asked else None
        question = question_of(asked, bot.username, bot.id) if asked and bot else ""
        if question:
            reply = await reply_to(self._desk.answerer, question, asker, speech)
            return replace(reply, text=f"{gone(speech)}\n\n{reply.text}")
        entries = self._desk.answerer.entries(asker)
        found = (press.entry(entries) for press in presses_of(message.reply_markup))
        others = [entry for entry in found if entry]
        if not others:
            return Reply(f"{gone(speech)} {ask_again(entries, speech)}")
        reply = suggestion_of(others, speech)
        return replace(reply, text=f"{gone(speech)}\n\n{reply.text}")
