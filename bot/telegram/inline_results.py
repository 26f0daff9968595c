"""Entries as people see them who type the bot's name in another chat, and what they then send."""

from collections import Counter
from collections.abc import Iterable

from telegram import (
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
)

from bot.model import Entry
from bot.telegram.composing import files_of
from bot.telegram.links import link_to
from bot.telegram.pressing import key_of
from bot.telegram.rendering import Part, render
from bot.telegram.splitting import MAX_ENTITIES, MAX_UNITS, split
from bot.text import one_line, utf16_units
from bot.wording.saying import answer, shown, whole_answer, with_question
from bot.wording.speech import Speech

MOST_RESULTS = 10
_MOST_TITLE_UNITS = 120
_MOST_DESCRIPTION_UNITS = 160
_ELLIPSIS = "…"


def article(entry: Entry, username: str, speech: Speech) -> InlineQueryResultArticle:
    """Offer an entry.

    Args:
        entry: what answers.
        username: the bot's, for the link to what one message cannot hold.
        speech: the language.
    """
    part = message_of(entry, username, speech)
    preview = render(answer(entry, speech))
    return InlineQueryResultArticle(
        key_of(entry.id),
        shortened(shown(entry, speech).question, _MOST_TITLE_UNITS),
        InputTextMessageContent(
            part.text,
            entities=part.entities,
            link_preview_options=LinkPreviewOptions(
                is_disabled=None if part.preview else True, url=part.preview
            ),
        ),
        description=shortened(preview[0].text, _MOST_DESCRIPTION_UNITS) if preview else None,
    )


def message_of(entry: Entry, username: str, speech: Speech) -> Part:
    """Put an entry into one message: its question, which nobody there has read, and its answer.

    What does not fit ends at a natural border, and a link leads to the whole.
    """
    markdown = with_question(entry, speech)
    parts = render(markdown)
    if is_whole(entry, speech):
        return parts[0]
    words = whole_answer(speech)
    mark = f" {_ELLIPSIS}\n\n" if len(parts) > 1 else "\n\n"
    first = render(markdown, max_units=MAX_UNITS - utf16_units(mark + words))[0]
    link = MessageEntity(
        MessageEntity.TEXT_LINK,
        offset=utf16_units(first.text + mark),
        length=utf16_units(words),
        url=link_to(username, entry.id),
    )
    kept = first.entities[: MAX_ENTITIES - 1]
    return Part(f"{first.text}{mark}{words}", (*kept, link), first.preview)


def is_whole(entry: Entry, speech: Speech) -> bool:
    """Tell whether one message without files holds an entry."""
    return not files_of(entry, speech) and len(render(with_question(entry, speech))) == 1


def starters(entries: Iterable[Entry]) -> list[Entry]:
    """Give the entries to offer to those who have not typed anything yet: of each topic alike."""
    seen: Counter[str | None] = Counter()
    ranked = []
    for entry in entries:
        ranked.append((seen[entry.topic], entry))
        seen[entry.topic] += 1
    ranked.sort(key=lambda it: it[0])
    return [entry for _, entry in ranked[:MOST_RESULTS]]


def shortened(text: str, max_units: int) -> str:
    """Cut a text on one line at a natural border."""
    line = one_line(text)
    if utf16_units(line) <= max_units:
        return line
    start, end, _ = next(split(line, (), (), max_units=max_units - utf16_units(_ELLIPSIS)))
    return f"{line[start:end]}{_ELLIPSIS}"
