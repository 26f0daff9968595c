"""What becomes of questions that people type behind the bot's name in other chats."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application, ContextTypes, InlineQueryHandler

from bot.model import Entry
from bot.ports import EmbedderError, IndexNotReadyError
from bot.telegram.desk import Desk
from bot.telegram.inline_results import MOST_RESULTS, article, is_whole, starters
from bot.telegram.links import FROM_INLINE
from bot.telegram.recent import Recent
from bot.telegram.turns import Turns
from bot.text import normalise
from bot.visibility import NOBODY
from bot.wording.saying import ask_in_private, away_for_now, reading_for_now
from bot.wording.speech import Speech

_log = logging.getLogger(__name__)

_MOST_QUERY = 256
_KEEP_SECONDS = 60
"""How long Telegram, and the bot itself, may show the same again."""
_MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class _Found:
    """What to show below what was typed."""

    results: Sequence[InlineQueryResultArticle]
    why_none: str = ""
    """What the button to the private chat says, where there are no results."""
    is_personal: bool = False
    """Whether others who type the same may get something else."""
    keep_seconds: int = _KEEP_SECONDS


class Inline:
    """Shows the best entries while somebody types, and what they choose is sent by them.

    In which chat is not told, so that entries for some chats only are shown in none.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recent = Recent[_Found](_MOST_KEPT, _KEEP_SECONDS)
        self._turns = Turns()
        self._newest: dict[int, str] = {}
        """The last query of each person who waits, by user id."""

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what is typed."""
        application.add_handler(InlineQueryHandler(self._typed))

    async def _typed(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.inline_query
        if query is None:
            return
        person = query.from_user.id
        self._newest[person] = query.id
        async with self._turns.turn(person):
            # People type on meanwhile, and Telegram shows what was found for the last query only.
            if self._newest.get(person) != query.id:
                return
            try:
                found = await self._found(query, context.bot.username)
                if self._newest.get(person) == query.id:
                    await _answer(context.bot, query, found)
            finally:
                if self._newest.get(person) == query.id:
                    del self._newest[person]

    async def _found(self, query: InlineQuery, username: str) -> _Found:
        speech = self._desk.speech(query.from_user)
        text = query.query[:_MOST_QUERY]
        generation = await asyncio.to_thread(self._desk.answerer.generation)
        key = (generation, normalise(text), speech.language, speech.reads)
        known = self._recent.get(key)
        if known:
            return known
        try:
            entries = await self._entries(text)
        except IndexNotReadyError:
            return _nothing(reading_for_now(speech), keep_seconds=0)
        except EmbedderError as error:
            _log.error("A question could not be looked up: %s", error)
            return _nothing(away_for_now(speech), keep_seconds=0)
        found = await asyncio.to_thread(_shown, entries, username, speech)
        self._recent.put(key, found)
        return found

    async def _entries(self, text: str) -> Sequence[Entry]:
        """Find what to show; a few to begin with where nothing has been typed."""
        answerer = self._desk.answerer
        if not normalise(text):
            entries = await asyncio.to_thread(answerer.entries, NOBODY)
            if not entries:
                raise IndexNotReadyError
            return starters(entries)
        outcome = await answerer.answer(text, NOBODY)
        return await asyncio.to_thread(answerer.plausible, outcome)


def _shown(entries: Sequence[Entry], username: str, speech: Speech) -> _Found:
    best = entries[:MOST_RESULTS]
    if not best:
        return _nothing(ask_in_private(speech))
    is_personal = any(it.details.translations or not is_whole(it, speech) for it in best)
    return _Found([article(it, username, speech) for it in best], is_personal=is_personal)


def _nothing(why: str, *, keep_seconds: int = _KEEP_SECONDS) -> _Found:
    return _Found((), why, is_personal=True, keep_seconds=keep_seconds)


async def _answer(bot: Bot, query: InlineQuery, found: _Found) -> None:
    """Show what was found: formatted if Telegram takes it, else plain."""
    try:
        await _send(bot, query, found)
    except BadRequest as error:
        if "entit" not in error.message.lower():
            _log.info("Nobody waits any more for what was typed: %s", error)
            return
        _log.warning("Telegram refused the formatting of an answer, shown plain: %s", error)
        try:
            await _send(bot, query, replace(found, results=[_plain(it) for it in found.results]))
        except TelegramError as second:
            _log.info("What was typed could not be answered: %s", second)
    except TelegramError as error:
        _log.info("What was typed could not be answered: %s", error)


async def _send(bot: Bot, query: InlineQuery, found: _Found) -> None:
    button = (
        InlineQueryResultsButton(found.why_none, start_parameter=FROM_INLINE)
        if found.why_none
        else None
    )
    await bot.answer_inline_query(
        query.id,
        found.results,
        cache_time=found.keep_seconds,
        is_personal=found.is_personal,
        button=button,
    )


def _plain(result: InlineQueryResultArticle) -> InlineQueryResultArticle:
    content = result.input_message_content
    text = content.message_text if isinstance(content, InputTextMessageContent) else result.title
    return InlineQueryResultArticle(
        result.id, result.title, InputTextMessageContent(text), description=result.description
    )
