"""What decided on a question, in words that whoever edits the FAQ understands."""

from collections.abc import Iterator

from bot.matching.explaining import Explanation, Part
from bot.model import Match, Outcome


def decision(outcome: Outcome) -> str:
    """Say what became of a question and by how much; nothing where nothing was scored."""
    if outcome.score is None:
        return ""
    nearest = outcome.matches[0].entry_id
    by_words = ", by words alone" if outcome.without_embeddings else ""
    return (
        f"{outcome.kind}{by_words}: score {outcome.score:.2f}, threshold "
        f"{outcome.threshold:.2f}, nearest entry {nearest}"
    )


def off_topic(outcome: Outcome) -> str:
    """Say how likely no entry answers; nothing where nobody knows."""
    if outcome.off_topic is None:
        return ""
    return f"The chance that nothing in the FAQ answers this is {outcome.off_topic:.2f}."


def score(match: Match) -> str:
    """Say how near an entry came, and by which of its phrasings."""
    return f'score {match.score:.2f}, from "{match.question}"'


def voices(explanation: Explanation) -> Iterator[tuple[float, str]]:
    """Give what spoke for an entry: each part's value and what that means."""
    for part in explanation.parts:
        yield part.value, _told(part)


def _told(part: Part) -> str:
    return f"{part.what} - {part.verdict}" if part.verdict else part.what
