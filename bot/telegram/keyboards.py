"""The buttons below messages."""

from collections.abc import Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.model import Entry
from bot.telegram.labels import label, labels
from bot.telegram.pressing import Action, Press, press_for, read_press
from bot.telegram.shelves import Page, Shelf
from bot.told import Vote
from bot.wording.browsing import shelf_name
from bot.wording.saying import shown
from bot.wording.speech import Speech

_BACK = "\u2039 "
_ON = " \u203a"
_VOTED = "✓"
_UP = "👍"
_DOWN = "👎"
_VOTES = frozenset((Action.UP, Action.DOWN, Action.DOWN_AGAIN, Action.UNVOTE))


def suggestions(entries: Sequence[Entry], speech: Speech) -> InlineKeyboardMarkup:
    """Offer entries by their questions, one a row, and a way to refuse them all."""
    texts = labels([shown(it, speech).question for it in entries])
    rows = [
        [_button(text, press_for(entry.id))] for text, entry in zip(texts, entries, strict=True)
    ]
    none = _button(speech.say("None of these"), Press(Action.NONE))
    return InlineKeyboardMarkup([*rows, [none]])


def way_in(shelves: Sequence[Shelf], speech: Speech) -> InlineKeyboardMarkup | None:
    """Offer to browse; nothing where there is nothing to see."""
    if not shelves:
        return None
    several = len(shelves) > 1
    text = speech.say("Browse topics") if several else speech.say("See all questions")
    return InlineKeyboardMarkup([[_button(text, Press(Action.TOPICS))]])


def topics(page: Page[Shelf], speech: Speech) -> InlineKeyboardMarkup:
    """Offer a page of topics, and those beside it."""
    texts = labels([shelf_name(it.topic, speech) for it in page.items])
    rows = [
        [_button(text, Press(Action.QUESTIONS, topic=shelf.key))]
        for text, shelf in zip(texts, page.items, strict=True)
    ]
    return InlineKeyboardMarkup([*rows, *_turning(page, Press(Action.TOPICS), speech)])


def questions(
    shelf: Shelf, page: Page[Entry], topics_page: int | None, speech: Speech
) -> InlineKeyboardMarkup:
    """Offer a page of a topic's questions, those beside it, and the way back.

    Args:
        shelf: the topic.
        page: of its entries.
        topics_page: the page of topics that has this one; None where there is no other topic.
        speech: the language.
    """
    texts = labels([shown(it, speech).question for it in page.items])
    rows = [
        [_button(text, press_for(entry.id).within(shelf.key, page.number))]
        for text, entry in zip(texts, page.items, strict=True)
    ]
    rows += _turning(page, Press(Action.QUESTIONS, topic=shelf.key), speech)
    if topics_page is not None:
        rows.append(
            [_button(_BACK + speech.say("All topics"), Press(Action.TOPICS, page=topics_page))]
        )
    return InlineKeyboardMarkup(rows)


def opened(related: Iterable[Entry], place: Press, speech: Speech) -> InlineKeyboardMarkup:
    """Lead on from an answer that was opened while browsing, and back.

    Args:
        related: what people may want to read next.
        place: asks for the page of questions that it was opened from.
        speech: the language.
    """
    rows = [
        [
            _button(
                label(shown(entry, speech).question),
                press_for(entry.id).within(place.topic, place.page),
            )
        ]
        for entry in related
    ]
    return InlineKeyboardMarkup([*rows, [_button(_BACK + speech.say("Back"), place)]])


def below_answer(
    related: Iterable[Entry], speech: Speech, *, with_votes: bool
) -> InlineKeyboardMarkup | None:
    """Lead on from an answer, and ask what people think of it."""
    rows = [
        [
            _button(
                label(shown(entry, speech).question), Press(Action.RELATED, press_for(entry.id).key)
            )
        ]
        for entry in related
    ]
    if with_votes:
        rows.append(_votes(None, has_offered=False))
    return InlineKeyboardMarkup(rows) if rows else None


def with_vote(keyboard: InlineKeyboardMarkup, vote: Vote | None) -> InlineKeyboardMarkup:
    """Show a vote, or none, on the buttons of an answer.

    That a down-vote has once been met with alternatives is told by its button alone, so that voting
    to and fro never brings them twice.
    """
    has_offered = vote is Vote.DOWN or Press(Action.DOWN) not in presses_of(keyboard)
    return InlineKeyboardMarkup([
        _votes(vote, has_offered=has_offered)
        if any(press.action in _VOTES for press in presses_of([row]))
        else row
        for row in keyboard.inline_keyboard
    ])  # fmt: skip


def without(keyboard: InlineKeyboardMarkup, press: Press) -> InlineKeyboardMarkup | None:
    """Take a button away."""
    rows = [
        kept
        for row in keyboard.inline_keyboard
        if (kept := [it for it in row if it.callback_data != press.data])
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def presses_of(
    keyboard: InlineKeyboardMarkup | Iterable[Sequence[InlineKeyboardButton]] | None,
) -> tuple[Press, ...]:
    """Give what the buttons of a keyboard, or of rows of one, say, in their order."""
    rows = keyboard.inline_keyboard if isinstance(keyboard, InlineKeyboardMarkup) else keyboard
    texts = (it.callback_data for row in rows or () for it in row)
    return tuple(press for it in texts if isinstance(it, str) and (press := read_press(it)))


def _votes(vote: Vote | None, *, has_offered: bool) -> list[InlineKeyboardButton]:
    back = Press(Action.UNVOTE)
    down = Press(Action.DOWN_AGAIN if has_offered else Action.DOWN)
    return [
        _button(f"{_UP} {_VOTED}", back) if vote is Vote.UP else _button(_UP, Press(Action.UP)),
        _button(f"{_DOWN} {_VOTED}", back) if vote is Vote.DOWN else _button(_DOWN, down),
    ]


def _turning(
    page: Page[Shelf] | Page[Entry], press: Press, speech: Speech
) -> list[list[InlineKeyboardButton]]:
    """Give a row that leads to the pages before and behind, as far as there are any."""
    row = []
    if page.number > 0:
        row.append(_button(_BACK + speech.say("Previous"), press.at(page.number - 1)))
    if page.number + 1 < page.count:
        row.append(_button(speech.say("Next") + _ON, press.at(page.number + 1)))
    return [row] if row else []


def _button(text: str, press: Press) -> InlineKeyboardButton:
    return InlineKeyboardButton(text, callback_data=press.data)
