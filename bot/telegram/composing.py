"""What to say to a question: text, files and buttons."""

import logging
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.answering import Answerer
from bot.model import Entry, Outcome, OutcomeKind
from bot.ports import EmbedderError, IndexNotReadyError
from bot.telegram.attachments import Attachment, attachments_of
from bot.telegram.keyboards import suggestions
from bot.telegram.rendering import Part, render
from bot.visibility import Asker
from bot.wording import CANNOT_LOOK_UP, DID_YOU_MEAN, STILL_READING, reply

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says at once, in one message or several."""

    text: str
    """Markdown."""
    files: tuple[Attachment, ...] = ()
    keyboard: InlineKeyboardMarkup | None = None
    """The buttons below the last message of the text."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The messages of the text."""
        return render(self.text, with_pictures=not self.files)


async def reply_to(answerer: Answerer, question: str, asker: Asker) -> Reply:
    """Answer a question, suggest something, or say why not."""
    try:
        outcome = await answerer.answer(question, asker)
    except EmbedderError as error:
        _log.error("A question could not be looked up: %s", error)
        return Reply(CANNOT_LOOK_UP)
    except IndexNotReadyError:
        return Reply(STILL_READING)
    match outcome.kind:
        case OutcomeKind.ANSWER:
            return Reply(reply(outcome, ()), _files(outcome))
        case OutcomeKind.SUGGEST:
            return suggestion_of(*outcome.suggestions)
        case OutcomeKind.DECLINE:
            return Reply(reply(outcome, answerer.entries(asker)))


def answer_of(entry: Entry) -> Reply:
    """Give the answer of an entry."""
    return Reply(entry.answer, _files_of(entry))


def suggestion_of(*entries: Entry) -> Reply:
    """Offer the answers of entries."""
    return Reply(DID_YOU_MEAN, keyboard=suggestions(entries))


def _files(outcome: Outcome) -> tuple[Attachment, ...]:
    """Give the files of all entries that answer."""
    return tuple(
        file for entry in (outcome.entry, *outcome.further) if entry for file in _files_of(entry)
    )


def _files_of(entry: Entry) -> tuple[Attachment, ...]:
    return attachments_of(entry.answer, entry.details.attachments, entry.source.file)
