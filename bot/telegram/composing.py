"""What to say to a question: text, files and buttons."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import InlineKeyboardMarkup

from bot.answering import Answerer
from bot.model import Entry, Outcome, OutcomeKind, Told
from bot.ports import EmbedderError, IndexNotReadyError
from bot.telegram.attachments import Attachment, attachments_of
from bot.telegram.keyboards import suggestions
from bot.telegram.rendering import Part, render
from bot.visibility import Asker
from bot.wording.saying import cannot_look_up, did_you_mean, reply, still_reading
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
    told: Told | None = field(default=None, compare=False)
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
    match outcome.kind:
        case OutcomeKind.ANSWER:
            return Reply(reply(outcome, (), speech), _files(outcome), told=told)
        case OutcomeKind.SUGGEST:
            return suggestion_of(outcome.suggestions, speech, told)
        case OutcomeKind.DECLINE:
            return Reply(reply(outcome, answerer.entries(asker), speech), told=told)


def answer_of(entry: Entry) -> Reply:
    """Give the answer of an entry that somebody chose."""
    told = Told(entry.question, OutcomeKind.ANSWER, (entry.id,))
    return Reply(entry.answer, _files_of(entry), told=told)


def suggestion_of(entries: Sequence[Entry], speech: Speech, told: Told | None = None) -> Reply:
    """Offer the answers of entries."""
    return Reply(did_you_mean(speech), keyboard=suggestions(entries, speech), told=told)


def _files(outcome: Outcome) -> tuple[Attachment, ...]:
    """Give the files of all entries that answer."""
    return tuple(
        file for entry in (outcome.entry, *outcome.further) if entry for file in _files_of(entry)
    )


def _files_of(entry: Entry) -> tuple[Attachment, ...]:
    return attachments_of(entry.answer, entry.details.attachments, entry.source.file)
