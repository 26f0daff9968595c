"""The FAQ to leaf through: topics, their questions, and the answers, all in one message."""

from collections.abc import Sequence

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from bot.model import Entry, OutcomeKind
from bot.telegram import keyboards
from bot.telegram.asked import NEW_OR_EDITED
from bot.telegram.composing import Reply, files_of, related_to, with_long
from bot.telegram.desk import Desk
from bot.telegram.pressed import Deeds, Pressed
from bot.telegram.pressing import Action, Press
from bot.telegram.shelves import Page, Shelf, find_shelf, page_of, page_with, shelves_of
from bot.told import Told
from bot.wording.browsing import shelf_name, topic_gone, which_page, which_question, which_topic
from bot.wording.saying import gone, offer, shown, still_reading, with_question
from bot.wording.speech import Speech


class Browsing:
    """Shows the FAQ by topics.

    Where somebody is stands on the buttons alone: an entry, a topic and a page. So every way back
    leads on after a restart, and after an edit of the FAQ to what has become of that place.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        application.add_handler(CommandHandler("topics", self._begin, filters=NEW_OR_EDITED))

    @property
    def deeds(self) -> Deeds:
        """What it does when buttons are pressed."""
        return dict.fromkeys((Action.TOPICS, Action.QUESTIONS, Action.OPEN), self._turn)

    async def _begin(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        if message := update.effective_message:
            speech = self._desk.speech(update.effective_user, message.chat)
            if self._desk.answerer.entries():
                reply = topics_page(self._desk.entries(message), 0, speech)
            else:
                reply = Reply(still_reading(speech))
            await self._desk.respond(update, reply)

    async def _turn(self, pressed: Pressed) -> None:
        if not self._desk.answerer.entries():
            await pressed.end(still_reading(pressed.speech))
            return
        await pressed.end()
        entries = self._desk.entries(pressed.message)
        reply = _pages[pressed.press.action](pressed.press, entries, pressed.speech)
        await self._desk.turn(pressed.message, pressed.user, reply)


def topics_page(entries: Sequence[Entry], number: int, speech: Speech, before: str = "") -> Reply:
    """Show a page of the topics; of the questions at once, where topics would not part them.

    Args:
        entries: all that may be shown in the chat.
        number: the page's, counted from 0.
        speech: the language.
        before: Markdown to say first.
    """
    shelves = shelves_of(entries)
    if not shelves:
        return Reply(_paragraphs(before, offer((), speech)))
    if len(shelves) == 1:
        return questions_page(shelves[0], entries, number, speech, before)
    page = page_of(shelves, number)
    names = [shelf_name(it.topic, speech) for it in page.items]
    text = _paragraphs(before, with_long(names, which_topic(speech)), _which(page, speech))
    return Reply(text, keyboard=keyboards.topics(page, speech))


def questions_page(
    shelf: Shelf, entries: Sequence[Entry], number: int, speech: Speech, before: str = ""
) -> Reply:
    """Show a page of the questions of a topic.

    Args:
        shelf: the topic.
        entries: all that may be shown in the chat.
        number: the page's, counted from 0.
        speech: the language.
        before: Markdown to say first.
    """
    page = page_of(shelf.entries, number)
    shelves = shelves_of(entries)
    topics = page_with(shelves, shelf.key) if len(shelves) > 1 else None
    name = shelf.topic
    intro = with_long(
        [shown(it, speech).question for it in page.items], which_question(name, speech)
    )
    text = _paragraphs(before, intro, _which(page, speech))
    return Reply(text, keyboard=keyboards.questions(shelf, page, topics, speech))


def opened_page(entry: Entry, place: Press, entries: Sequence[Entry], speech: Speech) -> Reply:
    """Show an answer, with ways onwards and back.

    What it is related to turns the same page, since the list that people came from is one press
    away. Nobody votes here: votes tell whether a question was understood, and none was asked.

    Args:
        entry: the one to show.
        place: asks for the page of questions that it was opened from.
        entries: all that may be shown in the chat.
        speech: the language.
    """
    told = Told(entry.question, OutcomeKind.ANSWER, (entry.id,), was_chosen=True)
    keyboard = keyboards.opened(related_to([entry], entries), place, speech)
    return Reply(with_question(entry, speech), files_of(entry, speech), keyboard, told)


def _topics(press: Press, entries: Sequence[Entry], speech: Speech) -> Reply:
    return topics_page(entries, press.page, speech)


def _questions(press: Press, entries: Sequence[Entry], speech: Speech, before: str = "") -> Reply:
    shelf = find_shelf(entries, press.topic)
    if shelf is None:
        return topics_page(entries, 0, speech, before or topic_gone(speech))
    return questions_page(shelf, entries, press.page, speech, before)


def _opened(press: Press, entries: Sequence[Entry], speech: Speech) -> Reply:
    entry = press.entry(entries)
    if entry is None:
        return _questions(press, entries, speech, gone(speech))
    place = Press(Action.QUESTIONS, topic=press.topic, page=press.page)
    return opened_page(entry, place, entries, speech)


_pages = {Action.TOPICS: _topics, Action.QUESTIONS: _questions, Action.OPEN: _opened}


def _which(page: Page[Shelf] | Page[Entry], speech: Speech) -> str:
    return which_page(page.number + 1, page.count, speech) if page.count > 1 else ""


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)
