"""All that is known of a FAQ for matching, fitted when it is indexed, asked with every question."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from bot.matching.apart import Apart, speaking
from bot.matching.confidence import ASSUMED_OFF_TOPIC_SHARE, confidence, shifted, summary
from bot.matching.evidence import Evidence
from bot.matching.explaining import Explanation, explain
from bot.matching.features import Features, Scales, features
from bot.matching.fusion import Weights, probabilities
from bot.matching.language import languages_of
from bot.matching.learning import learnt
from bot.matching.priors import WITH_EMBEDDINGS, WITHOUT_EMBEDDINGS
from bot.matching.questions import Questions
from bot.matching.refreshing import Basis, Exchange
from bot.matching.rehearsal import rehearse
from bot.matching.scores import Scored, best_first, by_belief, by_similarity
from bot.matching.segments import Floats, Integers
from bot.matching.verbatim import Verbatim
from bot.model import Entry, Match, Ranking, Vector

FEWEST_ENTRIES: Final = 8
"""With fewer, what is usual in a FAQ is chance, and anything looks like one of its questions."""
_MOST_EDITED = 0.2
"""The share of entries that may be others than those that the rest was learnt from."""
_MOST_PHRASINGS_TO_SCALE = 300
_MOST_ENTRIES_TO_IDENTIFY = 300
_MOST_BY_ENTRY = 16
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """What has changed in a FAQ since it was taken apart."""

    changed: tuple[Entry, ...]
    """Those that are new, or that other words or sentences speak for; by id."""
    left_out: frozenset[str]
    """Ids of those that are gone, and of those that changed."""
    edited: frozenset[str]
    """Ids of all these since all was learnt."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Ranks the entries of one state of the FAQ."""

    ids: tuple[str, ...]
    """The entries in their order here, ascending."""
    phrasings: tuple[tuple[str, ...], ...]
    """Each entry's, ascending, in the order of the evidence."""
    evidence: Evidence
    languages: tuple[str, ...]
    scales: Scales | None
    """None where there are too few entries to learn from."""
    weights: Weights
    weights_of_words: Weights
    """For questions without embeddings."""
    even_similarity: float
    """The similarity at which an entry of a FAQ without scales is as likely right as not."""
    edited: frozenset[str] = frozenset()
    """Ids of entries that have come, gone or changed since all was learnt of the whole FAQ."""
    places: dict[str, int] = field(init=False)
    """Where each entry stands in `ids`."""
    verbatim: Verbatim = field(init=False)
    """What needs no comparing."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", {id_: row for row, id_ in enumerate(self.ids)})
        object.__setattr__(self, "verbatim", Verbatim.of(self.ids, self.phrasings))

    @classmethod
    def fit(
        cls, entries: Sequence[Entry], vectors: Mapping[str, Vector], *, even_similarity: float
    ) -> "Matcher":
        """Learn all there is to learn of a FAQ. Takes up to a few seconds, on one processor.

        The result does not depend on the order of entries or phrasings.

        Args:
            entries: the FAQ, at least one entry.
            vectors: by text, for each of `texts_to_embed`.
            even_similarity: for FAQs of one or two entries, see `Matcher`.
        """
        return cls.of(Apart.of_faq(entries, vectors), even_similarity=even_similarity)

    @classmethod
    def of(cls, apart: Apart, *, even_similarity: float) -> "Matcher":
        """Do the same for a FAQ that was taken apart, when the vectors by text are needed no more.

        Args:
            apart: the FAQ.
            even_similarity: as for `fit`.
        """
        # More threads than one wait for each other more than they work, and would round otherwise.
        with threadpool_limits(limits=1):
            return cls._fitted(apart, even_similarity)

    @classmethod
    def _fitted(cls, apart: Apart, even_similarity: float) -> "Matcher":
        phrasings = apart.phrasings
        evidence = Evidence.of(apart.parts)
        languages = languages_of(
            f"{' '.join(phrasings[row])} {apart.beginnings[row]}"
            for row in _spread(len(phrasings), _MOST_ENTRIES_TO_IDENTIFY)
        )
        matcher = cls(
            apart.ids,
            phrasings,
            evidence,
            languages,
            None,
            WITH_EMBEDDINGS.prior.at(0),
            WITHOUT_EMBEDDINGS.prior.at(0),
            even_similarity,
        )
        return matcher._adapted() if len(phrasings) >= FEWEST_ENTRIES else matcher

    def _adapted(self) -> "Matcher":
        owners = self.evidence.phrasings.owners()
        some = _spread(len(owners), _MOST_PHRASINGS_TO_SCALE)
        scales = Scales.of(self.evidence, self.evidence.parts.own(some), owners[some])
        rehearsals = list(rehearse(self.evidence, scales))
        return replace(
            self,
            scales=scales,
            weights=learnt(rehearsals, WITH_EMBEDDINGS.prior, scales.depth),
            weights_of_words=learnt(
                rehearsals, WITHOUT_EMBEDDINGS.prior, scales.depth, in_words=True
            ),
        )

    def edit(self, before: Sequence[Entry], after: Sequence[Entry]) -> Edit | None:
        """Find what of an edit concerns matching.

        Args:
            before: the entries that this is of.
            after: the entries as they are now.

        Returns:
            None where so much has changed that all has to be learnt anew.
        """
        known = {entry.id: speaking(entry) for entry in before}
        changed = [it for it in after if known.get(it.id) != speaking(it)]
        left_out = frozenset(known.keys() - {it.id for it in after} | {it.id for it in changed})
        edited = self.edited | left_out
        # Of a FAQ that is too small to learn from, or that is another one by now.
        has_learnt = self.scales is not None and len(after) >= FEWEST_ENTRIES
        if edited and not (has_learnt and len(edited) <= _MOST_EDITED * len(after)):
            return None
        return Edit(tuple(sorted(changed, key=lambda it: it.id)), left_out, edited)

    def refreshed(self, edit: Edit, vectors: Mapping[str, Vector]) -> "Matcher":
        """Take over an edit at once, keeping what was learnt of the FAQ as a whole.

        Args:
            edit: what has changed.
            vectors: by text, for each of `texts_to_embed` of the changed entries.
        """
        if not edit.left_out and not edit.changed:
            return self
        fresh = Apart.of(edit.changed, vectors, self.dimensions)
        with threadpool_limits(limits=1):
            exchange = Exchange(
                edit.left_out,
                tuple(it.id for it in edit.changed),
                fresh.phrasings,
                fresh.parts,
            )
            ids, phrasings, basis = exchange.apply(
                self.ids, self.phrasings, Basis.of(self.evidence)
            )
            return replace(
                self,
                ids=ids,
                phrasings=phrasings,
                evidence=basis.evidence(),
                edited=edit.edited,
            )

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        return int(self.evidence.vectors.shape[1])

    def phrasing_vectors(self) -> dict[str, Vector]:
        """Give the vectors of all phrasings."""
        texts = (text for group in self.phrasings for text in group)
        return dict(zip(texts, self.evidence.vectors, strict=True))

    def rank(
        self,
        text: str,
        vector: Vector | None,
        candidates: Sequence[str] | None,
        *,
        off_topic_share: float = ASSUMED_OFF_TOPIC_SHARE,
        hidden: Collection[str] = (),
    ) -> Ranking:
        """Rank the entries that may answer a question.

        Args:
            text: the question, with at least one word.
            vector: its embedding; None where there is none.
            candidates: ids of entries that may be meant; unknown ones are left out, and the most
                likely ones by the model of meaning are looked at in any case. None for all.
            off_topic_share: the share of questions that no entry answers, from 0 to 1.
            hidden: ids of entries that must not be found.
        """
        ratios = None
        if vector is not None:
            ratios = self.evidence.plda.log_likelihood_ratios(vector[None])
        rows = self._rows(candidates, ratios, hidden)
        exact = self.verbatim.match(text)
        if exact and exact.entry_id in hidden:
            exact = None
        if not len(rows):
            return Ranking((exact,), 0.0) if exact else Ranking((), 1.0)
        questions = Questions.of([text], None if vector is None else vector[None], self.languages)
        voiced = self.evidence.voiced(questions, rows, ratios)
        if self.scales is None:
            order, scores, off_topic = by_similarity(voiced, self.even_similarity)
        else:
            described = features(voiced, self.scales, len(self.ids))
            order, scores, off_topic = self.believed(
                described, self.scales, off_topic_share, with_embeddings=vector is not None
            )
        # Which phrasing came nearest is of interest for the first few only.
        matches = [
            Match(
                self.ids[row],
                self._nearest_phrasing(row, questions)
                if place < _MOST_SHOWN
                else self.phrasings[row][0],
                score,
            )
            for place, (row, score) in enumerate(
                zip(rows[order].tolist(), scores.tolist(), strict=True)
            )
        ]
        if exact:
            others = [replace(it, score=0.0) for it in matches if it.entry_id != exact.entry_id]
            matches, off_topic = [exact, *others], 0.0
        return Ranking(best_first(matches), off_topic)

    def nearest(
        self, vector: Vector, candidates: Sequence[str], hidden: Collection[str] = ()
    ) -> Ranking:
        """Rank by nothing but the cosine to the nearest phrasing, as a score from 0 to 1."""
        rows = self._rows(candidates, None, hidden)
        if not len(rows):
            return Ranking((), None)
        places, phrasings = self.evidence.phrasings.places(rows)
        similarities = self.evidence.vectors[places] @ vector
        matches = []
        for row, start, end in zip(rows, phrasings.starts[:-1], phrasings.starts[1:], strict=True):
            best = int(similarities[start:end].argmax())
            # Equal vectors miss 1 by a rounding error.
            score = float(np.clip(np.round(similarities[start + best], 6), 0.0, 1.0))
            matches.append(Match(self.ids[row], self.phrasings[row][best], score))
        return Ranking(best_first(matches), None)

    def explain(
        self, text: str, vector: Vector | None, matches: Sequence[Match]
    ) -> tuple[Explanation, ...]:
        """Tell what spoke for each of these matches of a question, in the same order."""
        places = [self.places[match.entry_id] for match in matches]
        rows = np.array(sorted(set(places)), dtype=np.int64)
        if not len(rows):
            return ()
        questions = Questions.of([text], None if vector is None else vector[None], self.languages)
        voiced = self.evidence.voiced(questions, rows)
        return tuple(
            explain(match, voiced, int(np.searchsorted(rows, place)), self.scales)
            for match, place in zip(matches, places, strict=True)
        )

    def vector_of(self, phrasing: str) -> Vector:
        """Give the vector of one of the FAQ's phrasings."""
        texts = [text for group in self.phrasings for text in group]
        vector: Vector = self.evidence.vectors[texts.index(phrasing)]
        return vector

    def believed(
        self,
        described: Features,
        scales: Scales,
        off_topic_share: float,
        *,
        with_embeddings: bool,
    ) -> Scored:
        """Score the candidates of one question by what was learnt.

        Args:
            described: the candidates.
            scales: those of the FAQ.
            off_topic_share: as for `rank`.
            with_embeddings: whether the question has a vector.
        """
        priors = WITH_EMBEDDINGS if with_embeddings else WITHOUT_EMBEDDINGS
        weights = self.weights if with_embeddings else self.weights_of_words
        chances = probabilities(described, weights)
        belief = shifted(
            confidence(summary(chances, described, scales, len(self.ids)), priors.calibration),
            off_topic_share,
        )
        return by_belief(described, chances, belief)

    def _rows(
        self, candidates: Sequence[str] | None, ratios: Floats | None, hidden: Collection[str]
    ) -> Integers:
        if candidates is None:
            if not hidden:
                return np.arange(len(self.ids))
            candidates = self.ids
        rows = {self.places[id_] for id_ in candidates if id_ in self.places}
        if ratios is not None:
            count = min(_MOST_BY_ENTRY, ratios.shape[1])
            rows.update(np.argpartition(-ratios[0], count - 1)[:count].tolist())
        rows.difference_update(self.places[id_] for id_ in hidden if id_ in self.places)
        return np.array(sorted(rows), dtype=np.int64)

    def _nearest_phrasing(self, row: int, questions: Questions) -> str:
        start, end = self.evidence.phrasings.starts[row : row + 2]
        if questions.vectors is not None:
            near = self.evidence.vectors[start:end] @ questions.vectors[0]
        else:
            places, documents = self.evidence.spelling.documents.places(np.arange(start, end))
            near = self.evidence.spelling.cosines(questions.grams[0], places, documents)
        return self.phrasings[row][int(near.argmax())]


def _spread(count: int, most: int) -> Integers:
    if count <= most:
        return np.arange(count)
    return np.linspace(0, count - 1, most).astype(np.int64)
