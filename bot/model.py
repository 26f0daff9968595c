"""The values that everything here speaks in: entries, problems, candidates, outcomes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Vector: TypeAlias = npt.NDArray[np.float32]
"""One embedding: float32, shape (dimensions,), length 1."""

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Several embeddings: float32, shape (texts, dimensions), each row of length 1."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where in the FAQ something stands."""

    file: str
    """Path relative to the FAQ's root, with forward slashes."""
    line: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class Translation:
    """An entry in a further language."""

    language: str
    questions: tuple[str, ...]
    """As those of an entry."""
    answer: str
    source: Source


@dataclass(frozen=True, slots=True)
class Details:
    """What an entry may say of itself beside its questions and its answer."""

    aliases: tuple[str, ...] = ()
    """Ids that it was known by before; what names one of them means this entry."""
    keywords: tuple[str, ...] = ()
    """Words that speak for it, though they stand neither in its questions nor in its answer."""
    related: tuple[str, ...] = ()
    """Ids of entries that people may want to read next."""
    audience: tuple[str, ...] = ()
    """The chats and groups that may see it, by number or @name; everybody where it is empty."""
    threshold: float | None = None
    """The score from which on it answers, instead of the one that holds for all."""
    valid_from: date | None = None
    valid_until: date | None = None
    """The last day on which it is shown."""
    attachments: tuple[str, ...] = ()
    """Files to send with the answer: addresses, or paths from the folder of the entry's file."""
    translations: tuple[Translation, ...] = ()
    """Of other languages than the entry's own, each of another one, by language."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer and all the ways to ask for it."""

    id: str
    questions: tuple[str, ...]
    """The phrasings of its own language, the one to show first; at least one, no two alike."""
    answer: str
    """Markdown, as the admin wrote it."""
    topic: str | None
    language: str | None
    source: Source
    details: Details = Details()

    @property
    def question(self) -> str:
        """The phrasing that stands for the entry."""
        return self.questions[0]

    @property
    def phrasings(self) -> tuple[str, ...]:
        """All questions, of the translations, too; no two alike."""
        if not self.details.translations:
            return self.questions
        of_translations = (text for it in self.details.translations for text in it.questions)
        return tuple(dict.fromkeys((*self.questions, *of_translations)))

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers in all languages, its own first."""
        return self.answer, *(it.answer for it in self.details.translations)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a FAQ file that its author should know of."""

    source: Source
    what: str
    """What is wrong, a whole sentence."""
    mend: str
    """How to mend it, a whole sentence."""
    severity: Literal["error", "warning"] = "error"
    """An error keeps something out of the index; a warning does not."""
    column: int = 1
    """In characters, counted from 1, where it is known; 1 elsewhere."""
    kind: str = "reading"
    """A name for programs, the same for all problems of one kind: "reading" is what the parsers
    tell, the others are those of lint."""
    excerpt: str = ""
    """The line itself, whole; empty where it cannot be read."""


@dataclass(frozen=True, slots=True)
class Faq:
    """What a FAQ folder or file holds."""

    root: Path
    """The folder that sources are relative to."""
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    broken_files: frozenset[str]
    """Files that could not be read to their end, and folders that could not be looked into; of
    these, and of what is below them, there may be too few entries here, or none."""
    small_talk: tuple[Entry, ...] = ()
    """What to say to what asks nothing; no part of the FAQ."""

    def is_broken(self, file: str) -> bool:
        """Tell whether what stands in a file could not be read, or not wholly."""
        return any(file == broken or file.startswith(f"{broken}/") for broken in self.broken_files)


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """Which model made a vector. Vectors of different models never compare."""

    name: str
    dimensions: int | None
    """The length asked for; None leaves it to the model."""

    def __str__(self) -> str:
        return self.name if self.dimensions is None else f"{self.name}, {self.dimensions} numbers"


@dataclass(frozen=True, slots=True)
class Usage:
    """What the embedding has cost so far."""

    tokens: int = 0
    credits: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.tokens + other.tokens, self.credits + other.credits)

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(self.tokens - other.tokens, self.credits - other.credits)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The entries that may answer a question, found in two ways in one state of the index."""

    generation: int
    nearest: tuple[str, ...]
    """Entry ids by the distance of their nearest phrasing, the nearest first; by id where found
    roughly."""
    worded: tuple[str, ...]
    """Entry ids by the words that they share with the question, the best first."""


@dataclass(frozen=True, slots=True)
class Served:
    """One state of the index without its vectors."""

    generation: int
    entries: tuple[Entry, ...]
    """In the order of the FAQ."""
    fitted: bytes
    """What was fitted to these entries, or to those of a little earlier, when they were indexed."""
    refreshed: bytes = b""
    """What is new to what was fitted."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry with its score."""

    entry_id: str
    question: str
    """The entry's phrasing that came nearest."""
    score: float
    """The probability that this entry is right, from 0 to 1; where the scoring is by cosine, that
    of the nearest phrasing."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What the FAQ has for a question."""

    matches: tuple[Match, ...]
    """Best first, equal scores by entry id."""
    off_topic: float | None
    """The probability that no entry answers it; None where the scoring has none."""


class Scoring(StrEnum):
    """What a score is."""

    CALIBRATED = "calibrated"
    """The probability of being right, by all that speaks for an entry."""
    COSINE = "cosine"
    """The similarity of the nearest phrasing, and nothing else."""


class OutcomeKind(StrEnum):
    """The three things that can become of a question."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question."""

    kind: OutcomeKind
    entry: Entry | None
    """The entry that answers; None unless the kind is ANSWER."""
    further: tuple[Entry, ...]
    """Entries that answer the other questions of the same message, in their order."""
    suggestions: tuple[Entry, ...]
    """What the person may have meant, best first; empty unless the kind is SUGGEST."""
    matches: tuple[Match, ...]
    """The best entries, best first, whatever the kind; empty for a text without words."""
    off_topic: float | None
    """The probability that no entry answers; None where the scoring has none."""
    threshold: float
    """The score from which on an entry answers."""
    suggest_threshold: float
    """The score from which on entries are suggested."""
    reading: str = ""
    """What of the message this is about: all of it, or the part that was understood."""
    without_embeddings: bool = False
    """Whether it was found by words alone, because no embeddings were to be had."""

    @property
    def score(self) -> float | None:
        """The best score; None where there was nothing to score."""
        return self.matches[0].score if self.matches else None


class GroupMode(StrEnum):
    """When to speak in a group."""

    MENTION = "mention"
    """When it is mentioned, replied to or commanded."""
    AUTO = "auto"
    """Also whenever it clearly knows the answer."""
    OFF = "off"
    """Never."""


@dataclass(frozen=True, slots=True)
class Query:
    """A test question with the right reaction to it."""

    text: str
    expected: str | None
    """The entry that should answer; None where the bot should not answer."""
    also_ok: frozenset[str] = frozenset()
    """Further entries that are right, too."""

    def accepts(self, entry_id: str) -> bool:
        """Tell whether an entry answers this question rightly."""
        return self.expected is not None and (entry_id == self.expected or entry_id in self.also_ok)


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the index was built from."""

    generation: int
    """Grows by one with every replacement."""
    model: EmbeddingModel
    dimensions: int
    """The length of its vectors."""
    entries: int
    phrasings: int
