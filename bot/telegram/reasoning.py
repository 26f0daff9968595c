"""/why: what decided on a question, for admins, short enough for a phone."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from telegram import Message, Update
from telegram.ext import ContextTypes

from bot import reasons
from bot.matching.explaining import Explanation
from bot.model import Entry, Match, Outcome
from bot.ports import EmbedderError, IndexNotReadyError
from bot.telegram.asked import asker_of
from bot.telegram.composing import Reply
from bot.telegram.desk import Desk
from bot.told import SentAnswer, Told, Vote
from bot.visibility import Asker
from bot.wording.saying import as_markdown

_HOW = "Reply with `/why` to one of my answers, or write a question behind it: `/why how do I pay?`"
_FORGOTTEN = (
    "I remember nothing of that message: it told nothing from the FAQ, or that was more than 30 "
    "days ago. To ask anew, write the question behind the command: `/why how do I pay?`"
)
_VOTES = {Vote.UP: "👍", Vote.DOWN: "👎"}


class Reasoning:
    """Explains what was told, and what would be."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def why(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> Reply:
        """Explain the answer that is replied to, or what a question would get."""
        message = update.effective_message
        question = " ".join(context.args or ())
        if message and question:
            return Reply("\n\n".join(await self._anew(question, asker_of(message))))
        replied = message.reply_to_message if message else None
        if replied and replied.from_user and replied.from_user.id == context.bot.id:
            return await self._of(replied)
        return Reply(_HOW)

    async def _of(self, replied: Message) -> Reply:
        answer = await self._desk.replies.told(replied)
        if answer is None:
            return Reply(_FORGOTTEN)
        told = answer.told
        if not told.scores:
            places = await self._places()
            named = ", ".join(_named(id_, places) for id_ in told.entry_ids) or "nothing"
            return Reply(f"No question led to this, but a button or a link: {named}.")
        anew = await self._anew(told.question, asker_of(replied), told)
        return Reply("\n\n".join([*anew, *_vote(answer)]))

    async def _anew(self, question: str, asker: Asker, told: Told | None = None) -> list[str]:
        """Explain what a question gets now, and in what that differs from what was told."""
        asked = f"**Asked:** {as_markdown(question)}"
        answerer = self._desk.answerer
        try:
            outcome = await answerer.answer(question, asker)
            found = await answerer.explain(outcome.reading) if outcome.matches else ()
        except EmbedderError as error:
            return [asked, f"I cannot look it up right now. {as_markdown(str(error))}"]
        except IndexNotReadyError:
            return [asked, "I am still reading the FAQ."]
        if not outcome.matches:
            return [asked, "There are no words in it, so that nothing was looked up."]
        explained = {it.match.entry_id: it for it in found}
        places = await self._places()
        entries = (
            _entry(place, match, explained.get(match.entry_id), places)
            for place, match in enumerate(outcome.matches, start=1)
        )
        return [asked, *_then(told, outcome, places), *_decision(outcome), *entries]

    async def _places(self) -> Mapping[str, str]:
        """Give where each entry stands, by id."""
        entries: Sequence[Entry] = await asyncio.to_thread(self._desk.answerer.entries)
        return {it.id: f"{it.source.file}:{it.source.line}" for it in entries}


def _then(told: Told | None, outcome: Outcome, places: Mapping[str, str]) -> Iterator[str]:
    """Tell what was told where that is not what the question gets now."""
    if told and told.was_chosen:
        named = ", ".join(_named(id_, places) for id_ in told.entry_ids)
        yield f"**Chosen** by the person from what was suggested: {named}."
        return
    now = Told.of(told.question, outcome) if told else None
    if told is None or now is None or _rounded(told) == _rounded(now):
        return
    scores = ", ".join(f"{as_markdown(id_)} {score:.2f}" for id_, score in told.scores)
    yield (
        "The FAQ or the settings have changed since. "
        f"**Then:** {told.kind}: {scores}. What follows is what it gets now."
    )


def _rounded(told: Told) -> tuple[object, ...]:
    # Vectors of the same text differ by float noise.
    scores = tuple((id_, round(score, 2)) for id_, score in told.scores)
    return told.kind, told.entry_ids, scores


def _decision(outcome: Outcome) -> Iterator[str]:
    suggested = f"suggested from {outcome.suggest_threshold:.2f} on"
    yield f"**Decided:** {as_markdown(reasons.decision(outcome))}, {suggested}."
    if chance := reasons.off_topic(outcome):
        yield chance


def _entry(
    place: int, match: Match, explanation: Explanation | None, places: Mapping[str, str]
) -> str:
    """Name an entry and fold what spoke for it."""
    head = f"**{place}.** {_named(match.entry_id, places)}: {as_markdown(reasons.score(match))}"
    voices = reasons.voices(explanation) if explanation else ()
    lines = [f"- {value:.2f} {as_markdown(told)}" for value, told in voices]
    return "\n".join([f"{head}\n", "<details>", "", *lines, "", "</details>"]) if lines else head


def _named(id_: str, places: Mapping[str, str]) -> str:
    place = places.get(id_)
    return f"**{as_markdown(id_)}** ({as_markdown(place) if place else 'not there any more'})"


def _vote(answer: SentAnswer) -> Iterator[str]:
    if answer.vote:
        yield f"It was voted {_VOTES[answer.vote]}."
