"""What to say to a question: text, files and buttons."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from telegram import InlineKeyboardMarkup

from bot.answering import Answerer
from bot.faq.aliases import by_any_id
from bot.faq_languages import asked_in
from bot.following import answer_following
from bot.model import Entry, Outcome, OutcomeKind
from bot.ports import EmbedderError, IndexNotReadyError
from bot.small_talk import SmallTalk
from bot.telegram.attachments import Attachment, attachments_of
from bot.telegram.keyboards import below_answer, suggestions, way_in
from bot.telegram.labels import fit, label
from bot.telegram.rendering import Part, render
from bot.telegram.shelves import shelves_of
from bot.told import Told
from bot.variants import language_of_phrasing
from bot.visibility import Asker
from bot.wording.saying import (
    answer,
    cannot_look_up,
    did_you_mean,
    numbered,
    reply,
    shown,
    still_reading,
    with_question,
)
from bot.wording.speech import Speech

_log = logging.getLogger(__name__)

_MOST_RELATED = 3
_LONGEST_LISTED_UNITS = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says at once, in one message or several."""

    text: str
    """Markdown."""
    files: tuple[Attachment, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None
    """The buttons below the last message of the text."""
    told: Told | None = field(default=None, compare=False)
    """What it tells of the FAQ, to be remembered; None where it does not."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The messages of the text."""
        return render(self.text, with_pictures=not self.files)

    def looks_like(self, other: "Reply") -> bool:
        """Tell whether people see no difference between this and another reply."""
        return replace(self, told=None) == replace(other, told=None)


async def reply_to(  # noqa: PLR0913 - all that a reply depends on
    answerer: Answerer,
    question: str,
    asker: Asker,
    speech: Speech,
    earlier: Told | None = None,
    *,
    small_talk: SmallTalk | None = None,
) -> Reply:
    """Answer a question, suggest something, or say why not.

    Args:
        answerer: answers.
        question: as it was asked.
        asker: who asks.
        speech: the language to speak.
        earlier: what the question may lean on.
        small_talk: what to say to what is no question; an answer of the FAQ comes first.
    """
    chat = small_talk.by_words(question) if small_talk else None
    try:
        outcome = await answer_following(answerer, question, None if chat else earlier, asker)
    except EmbedderError as error:
        _log.error("A question could not be looked up: %s", error)
        return _chatting(chat, speech) if chat else Reply(cannot_look_up(speech))
    except IndexNotReadyError:
        return _chatting(chat, speech) if chat else Reply(still_reading(speech))
    if small_talk and not chat and outcome.kind is OutcomeKind.DECLINE:
        chat = await small_talk.by_meaning(question)
    if chat and outcome.kind is not OutcomeKind.ANSWER:
        return _chatting(chat, speech)
    told = Told.of(question, outcome)
    speech = _heard(speech, question, outcome, answerer.languages())
    match outcome.kind:
        case OutcomeKind.ANSWER:
            given = (*((outcome.entry,) if outcome.entry else ()), *outcome.further)
            has_more = any(entry.details.related for entry in given)
            related = related_to(given, answerer.entries(asker)) if has_more else ()
            keyboard = below_answer(related, speech, with_votes=True)
            return Reply(reply(outcome, (), speech), _files(outcome, speech), keyboard, told)
        case OutcomeKind.SUGGEST:
            return suggestion_of(outcome.suggestions, speech, told)
        case OutcomeKind.DECLINE:
            entries = answerer.entries(asker)
            keyboard = way_in(shelves_of(entries), speech)
            return Reply(reply(outcome, entries, speech), keyboard=keyboard, told=told)


def _chatting(entry: Entry, speech: Speech) -> Reply:
    """Say something that is not of the FAQ, and so is not remembered."""
    return Reply(answer(entry, speech), files_of(entry, speech))


def answer_of(
    entry: Entry,
    speech: Speech,
    entries: Sequence[Entry] = (),
    before: Told | None = None,
) -> Reply:
    """Give the answer of an entry that somebody chose from what was suggested.

    Args:
        entry: the one chosen.
        speech: the language.
        entries: all that may be shown in the chat.
        before: what was suggested, as far as that is known.
    """
    question, scores = (before.question, before.scores) if before else (entry.question, ())
    told = Told(question, OutcomeKind.ANSWER, (entry.id,), scores, was_chosen=True)
    keyboard = below_answer(related_to([entry], entries), speech, with_votes=True)
    return Reply(answer(entry, speech), files_of(entry, speech), keyboard, told)


def page_of_entry(entry: Entry, speech: Speech, entries: Sequence[Entry]) -> Reply:
    """Give the answer of an entry that somebody opened by its title, below its question.

    Nobody votes on it: votes tell whether a question was understood, and here none was asked.

    Args:
        entry: the one opened.
        speech: the language.
        entries: all that may be shown in the chat.
    """
    told = Told(entry.question, OutcomeKind.ANSWER, (entry.id,), was_chosen=True)
    keyboard = below_answer(related_to([entry], entries), speech, with_votes=False)
    return Reply(with_question(entry, speech), files_of(entry, speech), keyboard, told)


def suggestion_of(
    entries: Sequence[Entry], speech: Speech, told: Told | None = None, intro: str = ""
) -> Reply:
    """Offer the answers of entries.

    Args:
        entries: the likeliest first.
        speech: the language.
        told: what this tells of the FAQ.
        intro: Markdown to say first, instead of that the bot is not sure.
    """
    text = with_long([shown(it, speech).question for it in entries], intro or did_you_mean(speech))
    return Reply(text, keyboard=suggestions(entries, speech), told=told)


def with_long(texts: Sequence[str], intro: str) -> str:
    """List what stands on buttons, behind an introduction, if some of it is too long for one."""
    if fit(texts):
        return intro
    return f"{intro}\n\n{numbered(label(it, _LONGEST_LISTED_UNITS) for it in texts)}"


def related_to(shown: Sequence[Entry], entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give what people may want to read after some entries: a few, and none of these.

    Args:
        shown: the entries that they read.
        entries: all that may be shown in the chat.
    """
    wanted = [id_ for entry in shown for id_ in entry.details.related]
    found = by_any_id(entries) if wanted else {}
    read = {entry.id for entry in shown}
    named = (found[id_] for id_ in wanted if id_ in found)
    return tuple({it.id: it for it in named if it.id not in read}.values())[:_MOST_RELATED]


def files_of(entry: Entry, speech: Speech) -> tuple[Attachment, ...]:
    """Give the files that come with the answer of an entry."""
    said = shown(entry, speech)
    return attachments_of(
        said.answer, entry.details.attachments, entry.source.file, said.source.file
    )


def resumed(speech: Speech, said: str) -> Speech:
    """Give how to go on where the bot has offered suggestions, whatever language that was in."""
    faq_languages = speech.listener.faq_languages
    others = (speech.answering(tag, faq_languages) for tag in speech.spoken)
    return next((it for it in (speech, *others) if did_you_mean(it) in said), speech)


def _heard(
    speech: Speech, question: str, outcome: Outcome, faq_languages: tuple[str, ...]
) -> Speech:
    """Give how to speak about a question: in its language, where that is clear."""
    found = (outcome.entry, *outcome.further, *outcome.suggestions)
    nearest = next(
        (
            language_of_phrasing(entry, match.question)
            for match in outcome.matches[:1]
            for entry in found
            if entry and entry.id == match.entry_id
        ),
        None,
    )
    language = asked_in(question, speech.reads[0], (*faq_languages, *speech.spoken), nearest)
    return speech.answering(language, faq_languages)


def _files(outcome: Outcome, speech: Speech) -> tuple[Attachment, ...]:
    """Give the files of all entries that answer."""
    entries = (outcome.entry, *outcome.further)
    return tuple(file for entry in entries if entry for file in files_of(entry, speech))
