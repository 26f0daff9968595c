"""The questions of a FAQ compared with each other by meaning, and asked of the FAQ without them."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from bot.faq.disagreement import disagreement
from bot.faq.lines import Lines
from bot.faq.lint import asked_the_same, contradiction, same_people_see, told_apart, where_asked
from bot.matching.alike import FEWEST, Neighbours
from bot.matching.apart import texts_to_embed
from bot.matching.deciding import Bands, even_similarity
from bot.matching.language import foreignness, language_of
from bot.matching.matcher import FEWEST_ENTRIES, Matcher
from bot.matching.self_test import rehearsed
from bot.model import Entry, Faq, Problem, Ranking, Vector
from bot.vectors import Vectorizer

MOST_TO_EMBED = 4000
"""So many texts take about ten seconds on this machine, as long as anyone waits for a check."""
MOST_TO_COMPARE = 20_000
MOST_TO_REHEARSE = 3000

_DIGITS = re.compile(r"\d+")
_FOREIGN = 0.5


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found, and what was not looked at."""

    problems: tuple[Problem, ...]
    nearness: Mapping[str, float]
    """By entry id, how near its nearest neighbour is; none where they were not compared."""
    notes: tuple[str, ...] = ()
    """What was left out and why, a whole sentence each."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A phrasing and its entry."""

    text: str
    entry: Entry


async def lint_meaning(
    faq: Faq,
    vectorizer: Vectorizer,
    bands: Bands,
    off_topic_share: float,
    progress: Callable[[int, int], None],
) -> Linted:
    """Find questions of different entries that mean the same, and those that go to a wrong one.

    Args:
        faq: the FAQ.
        vectorizer: asks the model for what is not at hand, unless that is very much.
        bands: from which scores on an entry answers.
        off_topic_share: the share of questions that no entry answers.
        progress: is told how many of how many texts have been embedded.

    Raises:
        EmbedderError: what is not at hand could not be embedded.
    """
    asked = _compared(faq.entries)
    if len(asked) < FEWEST:
        return Linted((), {})
    texts = [it.text for it in asked]
    missing = await asyncio.to_thread(vectorizer.missing, texts)
    if missing > MOST_TO_EMBED:
        return Linted((), {}, (_not_embedded("Questions were not compared by meaning", missing),))
    vectors, _ = await vectorizer.of_faq(texts, progress)
    neighbours = await asyncio.to_thread(_neighbours, asked, vectors)
    nearness: dict[str, float] = {}
    for it, similarity in zip(asked, neighbours.similarities, strict=True):
        nearness[it.entry.id] = max(nearness.get(it.entry.id, -1.0), float(similarity))
    lines = Lines(faq.root)
    alike = dict(_alike(asked, neighbours))
    problems = [_same(one, other, lines) for one, other in alike.values()]
    note = await _reason_not_to_rehearse(faq.entries, vectorizer)
    if note is None:
        vectors, _ = await vectorizer.of_faq(texts_to_embed(faq.entries), progress)
        model = vectorizer.model.name
        rehearsed = await asyncio.to_thread(
            _rehearsed, faq.entries, vectors, even_similarity(model), off_topic_share
        )
        problems += _stolen(faq.entries, rehearsed, bands, alike.keys(), lines)
    return Linted(tuple(problems), nearness, (note,) if note else ())


def _compared(entries: Sequence[Entry]) -> list[_Asked]:
    """Give all phrasings, or of a huge FAQ the first of each entry.

    Of those that differ in signs only there is one: they are told anyway, and would make it look
    usual to be near another entry.
    """
    is_huge = sum(len(it.phrasings) for it in entries) > MOST_TO_COMPARE
    asked: dict[str, _Asked] = {}
    for entry in entries:
        for text in entry.phrasings[:1] if is_huge else entry.phrasings:
            asked.setdefault(asked_the_same(text), _Asked(text, entry))
    return list(asked.values())[:MOST_TO_COMPARE]


def _neighbours(asked: Sequence[_Asked], vectors: Mapping[str, Vector]) -> Neighbours:
    numbers: dict[str, int] = {}
    owners = np.array([numbers.setdefault(it.entry.id, len(numbers)) for it in asked])
    return Neighbours.of(np.stack([vectors[it.text] for it in asked]), owners)


def _alike(
    asked: Sequence[_Asked], neighbours: Neighbours
) -> Iterator[tuple[frozenset[str], tuple[_Asked, _Asked]]]:
    """Give the nearest phrasings of two entries that seem to mean the same, by the entries' ids."""
    found: set[frozenset[str]] = set()
    for row in neighbours.outstanding():
        one, other = asked[row], asked[neighbours.rows[row]]
        ids = frozenset((one.entry.id, other.entry.id))
        if ids not in found and _may_be_one(one, other):
            found.add(ids)
            # The later one is told, with a pointer to the earlier.
            yield ids, (one, other) if row > neighbours.rows[row] else (other, one)


def _may_be_one(one: _Asked, other: _Asked) -> bool:
    """Tell whether two phrasings that are near each other may mean the same to people, too."""
    said = [{asked_the_same(text) for text in it.entry.phrasings} for it in (one, other)]
    return (
        said[0].isdisjoint(said[1])  # else the text alone has shown it
        and same_people_see(one.entry, other.entry)
        and not (_is_name(one.text) or _is_name(other.text))
        # Windows 10 and Windows 11 are near each other.
        and _DIGITS.findall(one.text) == _DIGITS.findall(other.text)
        and not _in_different_languages(one.entry, other.entry)
    )


def _is_name(text: str) -> bool:
    """Tell a name alone, such as that of a setting: its letters count, not what they mean."""
    return text.isascii() and " " not in text.strip()


def _in_different_languages(one: Entry, other: Entry) -> bool:
    if one.language and other.language:
        return one.language != other.language
    first, second = (f"{' '.join(it.questions)} {it.answer}" for it in (one, other))
    return foreignness(first, (language_of(second),)) > _FOREIGN


def _same(asked: _Asked, other: _Asked, lines: Lines) -> Problem:
    source, column = lines.find(where_asked(asked.entry, asked.text), asked.text)
    wherein = disagreement(asked.entry.answer, other.entry.answer)
    if wherein:
        return contradiction(source, column, asked.text, other.entry, other.text, wherein)
    return Problem(
        source,
        f'"{asked.text}" means nearly the same as "{other.text}" of the entry '
        f"{told_apart(other.entry, source)}, so people may get either answer.",
        "Make one entry of both, or word the two so that their difference shows.",
        "warning",
        column,
        "near-duplicate",
    )


async def _reason_not_to_rehearse(entries: Sequence[Entry], vectorizer: Vectorizer) -> str | None:
    """Say why the FAQ is not asked its own phrasings; nothing where that shows nothing anyway."""
    count = sum(len(it.phrasings) for it in entries)
    if len(entries) < FEWEST_ENTRIES or count == len(entries):
        return ""
    what = "Phrasings that lead to another entry were not looked for"
    if count > MOST_TO_REHEARSE:
        return f"{what}, because that takes too long for more than {MOST_TO_REHEARSE:,}."
    missing = await asyncio.to_thread(vectorizer.missing, texts_to_embed(entries))
    return _not_embedded(what, missing) if missing > MOST_TO_EMBED else None


def _not_embedded(what: str, missing: int) -> str:
    return f"{what}, because {missing:,} texts have no vectors yet: run `faqbot index` first."


def _rehearsed(
    entries: Sequence[Entry],
    vectors: Mapping[str, Vector],
    similarity: float,
    off_topic_share: float,
) -> list[tuple[str, str, Ranking]]:
    matcher = Matcher.fit(entries, vectors, even_similarity=similarity)
    return rehearsed(matcher, off_topic_share)


def _stolen(
    entries: Sequence[Entry],
    rehearsed: Sequence[tuple[str, str, Ranking]],
    bands: Bands,
    told: AbstractSet[frozenset[str]],
    lines: Lines,
) -> Iterator[Problem]:
    """Tell of phrasings that another entry answers, once for each two entries."""
    by_id = {it.id: it for it in entries}
    # The rehearsal leaves out more than the one phrasing, so it is less sure than the bot will be.
    least = bands.stricter().answer
    found: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for text, id_, ranking in rehearsed:
        best = ranking.matches[0]
        if best.entry_id != id_ and best.score >= least and not _is_name(text):
            found.setdefault((id_, best.entry_id), []).append((best.score, text))
    for (id_, other_id), texts in found.items():
        entry, other = by_id[id_], by_id[other_id]
        if frozenset((id_, other_id)) in told or not same_people_see(entry, other):
            continue
        _, text = max(texts)
        source, column = lines.find(where_asked(entry, text), text)
        further = f" (and to {len(texts) - 1} more like it)" if len(texts) > 1 else ""
        yield Problem(
            source,
            f'The answer to a question like "{text}"{further} would come from the entry '
            f'{told_apart(other, source)}, "{other.question}".',
            "Add one or two phrasings that are like it here, or move it there if it belongs there.",
            "warning",
            column,
            "stolen-phrasing",
        )
