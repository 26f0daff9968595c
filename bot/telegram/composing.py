"""What to say to a question: text, files and buttons."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.answering import Answerer
from bot.faq_languages import asked_in
from bot.model import Entry, Outcome, OutcomeKind, Told
from bot.ports import EmbedderError, IndexNotReadyError
from bot.telegram.attachments import Attachment, attachments_of
from bot.telegram.keyboards import suggestions
from bot.telegram.rendering import Part, render
from bot.variants import language_of_phrasing
from bot.visibility import Asker
from bot.wording.saying import answer, cannot_look_up, did_you_mean, reply, shown, still_reading
from bot.wording.speech import Speech

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says at once, in one message or several."""

    text: str
    """Markdown."""
    files: tuple[Attachment, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None
    """The buttons below the last message of the text."""
    told: Told | None = None
    """What it tells of the FAQ, to be remembered; None where it does not."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The messages of the text."""
        return render(self.text, with_pictures=not self.files)


async def reply_to(answerer: Answerer, question: str, asker: Asker, speech: Speech) -> Reply:
    """Answer a question, suggest something, or say why not."""
    try:
        outcome = await answerer.answer(question, asker)
    except EmbedderError as error:
        _log.error("A question could not be looked up: %s", error)
        return Reply(cannot_look_up(speech))
    except IndexNotReadyError:
        return Reply(still_reading(speech))
    told = Told.of(question, outcome)
    speech = _heard(speech, question, outcome, answerer.languages())
    match outcome.kind:
        case OutcomeKind.ANSWER:
            return Reply(reply(outcome, (), speech), _files(outcome, speech), told=told)
        case OutcomeKind.SUGGEST:
            return suggestion_of(outcome.suggestions, speech, told)
        case OutcomeKind.DECLINE:
            return Reply(reply(outcome, answerer.entries(asker), speech), told=told)


def answer_of(entry: Entry, speech: Speech) -> Reply:
    """Give the answer of an entry that somebody chose."""
    told = Told(entry.question, OutcomeKind.ANSWER, (entry.id,))
    return Reply(answer(entry, speech), _files_of(entry, speech), told=told)


def suggestion_of(entries: Sequence[Entry], speech: Speech, told: Told | None = None) -> Reply:
    """Offer the answers of entries."""
    return Reply(did_you_mean(speech), keyboard=suggestions(entries, speech), told=told)


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
    return tuple(file for entry in entries if entry for file in _files_of(entry, speech))


def _files_of(entry: Entry, speech: Speech) -> tuple[Attachment, ...]:
    said = shown(entry, speech)
    return attachments_of(
        said.answer, entry.details.attachments, entry.source.file, said.source.file
    )
