"""Learn the priors of the matching over many FAQs, and show how they do on FAQs left out.

    python -m tests.benchmarks.priors FOLDER... [--write]

Every folder below those given that has a `faq*.jsonl` and `queries*.jsonl`, in the form of the
evaluation sets, is a FAQ. More are made of each: with fewer phrasings, with a third of its entries
left out, with other phrasings as its answers, and with questions as further phrasings. Where a
FAQ has few questions off its topics, questions to other FAQs are added. What is shown was measured
on FAQs whose whole family (the first part of the folder's name, up to a hyphen) took no part in the
learning. With `--write` the priors, learnt from all, replace bot/matching/priors.py.
"""

import argparse
import asyncio
import itertools
import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from bot.embedders.local_embedder import LocalEmbedder
from bot.matching.confidence import (
    ASSUMED_OFF_TOPIC_SHARE,
    SUMMARY,
    Calibration,
    confidence,
    summary,
)
from bot.matching.deciding import Policy
from bot.matching.entry_parts import Parts
from bot.matching.evidence import Evidence, without_embeddings
from bot.matching.features import CANDIDATE_FEATURES, NONE_FEATURES, Features, Scales, features
from bot.matching.fusion import Example, Prior, Weights, probabilities, refit
from bot.matching.language import languages_of
from bot.matching.learning import learnt
from bot.matching.questions import Questions
from bot.matching.rehearsal import Rehearsed, rehearse
from bot.matching.segments import Floats, Integers
from bot.matching.sentences import plain_text, sentences
from bot.model import Scoring, Vectors
from bot.text import has_words

_FOLDS = 5
_RIDGE, _CALIBRATION_RIDGE = 0.0006, 0.001
_MOST_QUESTIONS = 250
_FEW_OFF_TOPIC = 0.22
_FEW_PHRASINGS = (1, 2, 3)
_FEWEST_MOVED = 6
_POLICY = Policy(Scoring.CALIBRATED, None, None, ASSUMED_OFF_TOPIC_SHARE)


@dataclass(frozen=True)
class Task:
    """A FAQ with questions to it."""

    name: str
    family: str
    phrasings: dict[str, tuple[str, ...]]
    answers: dict[str, str]
    questions: tuple[tuple[str, frozenset[str]], ...]
    """Each with the ids that are right; none where it is off the topic."""


@dataclass
class Described:
    """A task as the matching sees it, with embeddings or without."""

    task: Task
    scales: Scales
    rehearsals: list[Rehearsed]
    features: Features
    accepted: Integers
    """The place of the right candidate, -1 for none."""
    off_topic: Integers
    summaries: Floats = field(default_factory=lambda: np.zeros((0, len(SUMMARY))))
    best_is_right: Integers = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def weights(self) -> Floats:
        """How much each question counts: off-topic ones together as much as is assumed."""
        off = self.off_topic.astype(float)
        if not off.any() or off.all():
            return np.full(len(off), 1 / len(off))
        inside = (1 - off) * (1 - ASSUMED_OFF_TOPIC_SHARE) / (1 - off).sum()
        return np.asarray(inside + off * ASSUMED_OFF_TOPIC_SHARE / off.sum())


def main() -> int:
    """Learn, show, and write if that is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    tasks = [task for folder in arguments.folders for task in _read(folder)]
    tasks += [further for task in tasks for further in _derived(task)]
    tasks = _with_off_topic(tasks)
    vectors = asyncio.run(_embedded(tasks))
    learnt_tables = []
    for in_words in (False, True):
        described = [_described(task, vectors, in_words=in_words) for task in tasks]
        learnt_tables.append(_learn(described, in_words=in_words))
    if arguments.write:
        _write(Path(__file__).parents[2] / "bot" / "matching" / "priors.py", learnt_tables)
    return 0


def _read(folder: Path) -> Iterator[Task]:
    for faq in sorted(folder.rglob("faq*.jsonl")):
        entries = _rows(faq)
        for queries in sorted(faq.parent.glob("queries*.jsonl")):
            questions = tuple(
                (row["text"], _right(row)) for row in _rows(queries) if has_words(row["text"])
            )
            yield Task(
                f"{faq.parent.name}/{faq.stem}/{queries.stem}",
                re.split(r"[-_]", faq.parent.name)[0],
                {row["id"]: tuple(row["questions"]) for row in entries},
                {row["id"]: row["answer"] for row in entries},
                questions,
            )


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _right(row: dict[str, str]) -> frozenset[str]:
    expected = row.get("expected")
    return frozenset([expected, *(row.get("also_ok") or [])]) if expected else frozenset()


def _derived(task: Task) -> Iterator[Task]:
    """Make FAQs of other shapes of one."""
    chance = random.Random(task.name)  # noqa: S311 - so that it can be repeated
    many = sum(map(len, task.phrasings.values())) >= 3 * len(task.phrasings)
    for count in _FEW_PHRASINGS if many else ():
        few = {
            id_: tuple(chance.sample(it, min(count, len(it)))) for id_, it in task.phrasings.items()
        }
        yield replace(task, name=f"{task.name} ({count} phrasings)", phrasings=few)
    if many:
        mixed = {id_: chance.sample(it, min(4, len(it))) for id_, it in task.phrasings.items()}
        yield replace(
            task,
            name=f"{task.name} (phrasings as answers)",
            phrasings={id_: tuple(it[:1]) for id_, it in mixed.items()},
            answers={id_: ". ".join(it[1:]) for id_, it in mixed.items()},
        )
    kept = {id_ for place, id_ in enumerate(sorted(task.phrasings)) if place % 3}
    yield replace(
        task,
        name=f"{task.name} (two thirds)",
        phrasings={id_: it for id_, it in task.phrasings.items() if id_ in kept},
        answers={id_: it for id_, it in task.answers.items() if id_ in kept},
        questions=tuple((text, right & kept) for text, right in task.questions),
    )
    moved: dict[str, str] = {}
    for text, right in task.questions:
        if not many and len(right) == 1:
            moved.setdefault(next(iter(right)), text)
    if len(moved) >= _FEWEST_MOVED:
        more = {
            id_: (*it, moved[id_]) if id_ in moved else it for id_, it in task.phrasings.items()
        }
        left = tuple(it for it in task.questions if it[0] not in moved.values())
        yield replace(task, name=f"{task.name} (more phrasings)", phrasings=more, questions=left)


def _with_off_topic(tasks: Sequence[Task]) -> list[Task]:
    """Take some of the questions to each FAQ, and add some of other FAQs."""
    found = []
    for task in tasks:
        chance = random.Random(f"{task.name} off topic")  # noqa: S311
        questions = list(task.questions)
        if len(questions) > _MOST_QUESTIONS:
            questions = chance.sample(questions, _MOST_QUESTIONS)
        if sum(not right for _, right in questions) < _FEW_OFF_TOPIC * len(questions):
            others = [it for it in tasks if it.family != task.family]
            for _ in range(int(ASSUMED_OFF_TOPIC_SHARE * len(questions)) if others else 0):
                text, _right = chance.choice(chance.choice(others).questions)
                questions.append((text, frozenset()))
        if any(right for _, right in questions):
            found.append(replace(task, questions=tuple(questions)))
    return found


async def _embedded(tasks: Sequence[Task]) -> dict[str, Vectors]:
    embedder = LocalEmbedder()
    texts = {
        text
        for task in tasks
        for text in (
            *itertools.chain.from_iterable(task.phrasings.values()),
            *itertools.chain.from_iterable(map(sentences, task.answers.values())),
            *(text for text, _ in task.questions),
        )
    }
    ordered = sorted(texts)
    vectors = await embedder.embed([embedder.prepare(text) for text in ordered])
    return dict(zip(ordered, vectors, strict=True))


def _described(task: Task, vectors: dict[str, Vectors], *, in_words: bool) -> Described:
    ids = sorted(task.phrasings)
    texts = [text for id_ in ids for text in sorted(task.phrasings[id_])]
    parts = [sentences(task.answers[id_]) for id_ in ids]
    of_answers = [vectors[text] for group in parts for text in group]
    own = Questions.of(texts, np.stack([vectors[text] for text in texts]))
    evidence = Evidence.of(
        Parts.of(
            own,
            [len(task.phrasings[id_]) for id_ in ids],
            [plain_text(task.answers[id_]) for id_ in ids],
            [len(group) for group in parts],
            np.stack(of_answers) if of_answers else np.zeros((0, 512), np.float32),
        )
    )
    languages = languages_of(
        f"{' '.join(sorted(task.phrasings[id_]))} {plain_text(task.answers[id_])[:300]}"
        for id_ in ids
    )
    some = np.linspace(0, len(texts) - 1, min(len(texts), 300)).astype(np.int64)
    scales = Scales.of(evidence, own.some(some), evidence.phrasings.owners()[some])
    asked = [text for text, _ in task.questions]
    voiced = evidence.voiced(
        Questions.of(asked, np.stack([vectors[text] for text in asked]), languages)
    )
    described = features(without_embeddings(voiced) if in_words else voiced, scales, len(ids))
    accepted = np.array(
        [
            next((place for place, row in enumerate(rows) if ids[row] in right), -1)
            for rows, (_, right) in zip(described.candidates, task.questions, strict=True)
        ]
    )
    return Described(
        task,
        scales,
        list(rehearse(evidence, scales)),
        described,
        accepted,
        np.array([not right for _, right in task.questions], dtype=np.int64),
    )


def _learn(described: Sequence[Described], *, in_words: bool) -> tuple[Prior, Calibration]:
    """Learn from all; and from all but some families at a time, to show how those fare."""
    families = sorted({it.task.family for it in described})
    left_out = [frozenset(families[fold::_FOLDS]) for fold in range(_FOLDS)]
    for out in left_out:
        prior = _prior([it for it in described if it.task.family not in out])
        for it in described:
            if it.task.family in out:
                _summarise(it, prior, in_words=in_words)
    print(f"\n{'By words alone' if in_words else 'With embeddings'}\n")
    print("| FAQ | right first | right reactions |\n|---|---:|---:|")
    for out in left_out:
        calibration = _calibration([it for it in described if it.task.family not in out])
        for it in described:
            if it.task.family in out and "(" not in it.task.name:
                _show(it, calibration)
    return _prior(described), _calibration(described)


def _shares(described: Sequence[Described]) -> list[float]:
    """Let each family count the same."""
    counts: dict[str, int] = {}
    for it in described:
        counts[it.task.family] = counts.get(it.task.family, 0) + 1
    return [1 / counts[it.task.family] / len(counts) for it in described]


def _prior(described: Sequence[Described]) -> Prior:
    examples = []
    for it, share in zip(described, _shares(described), strict=True):
        depth = it.scales.depth
        both = it.features.of_candidates
        spread = Features(
            it.features.candidates,
            np.concatenate([(1 - depth) * both, depth * both], axis=2),
            np.concatenate([it.features.of_none, depth * it.features.of_none], axis=1),
        )
        examples.append(Example(spread, it.accepted, it.weights * share))
    start = Weights(np.zeros(2 * len(CANDIDATE_FEATURES)), np.zeros(2 * len(NONE_FEATURES)))
    found = refit(examples, start, evidence=1.0, ridge=_RIDGE)
    shallow, deep = np.split(found.of_candidates, 2)
    none, more_of_none = np.split(found.of_none, 2)
    return Prior(Weights(shallow, none), Weights(deep, more_of_none))


def _summarise(described: Described, prior: Prior, *, in_words: bool) -> None:
    weights = learnt(described.rehearsals, prior, described.scales.depth, in_words=in_words)
    chances = probabilities(described.features, weights)
    described.summaries = summary(
        chances, described.features, described.scales, len(described.task.phrasings)
    )
    described.best_is_right = (chances[:, :-1].argmax(axis=1) == described.accepted).astype(
        np.int64
    )


def _calibration(described: Sequence[Described]) -> Calibration:
    """Learn right, off-topic or wrong: two candidates with features of their own, and none."""
    examples = []
    for it, share in zip(described, _shares(described), strict=True):
        blocks = np.zeros((len(it.summaries), 2, 2 * len(SUMMARY)))
        blocks[:, 0, : len(SUMMARY)] = it.summaries
        blocks[:, 1, len(SUMMARY) :] = it.summaries
        kind = np.where(it.best_is_right == 1, 0, np.where(it.off_topic == 1, 1, -1))
        nothing = np.zeros((len(it.summaries), 1))
        candidates = np.zeros((len(it.summaries), 2), np.int64)
        examples.append(Example(Features(candidates, blocks, nothing), kind, it.weights * share))
    start = Weights(np.zeros(2 * len(SUMMARY)), np.zeros(1))
    found = refit(examples, start, evidence=1.0, ridge=_CALIBRATION_RIDGE)
    return Calibration(*np.split(found.of_candidates, 2))


def _show(described: Described, calibration: Calibration) -> None:
    belief = confidence(described.summaries, calibration)
    inside = described.off_topic == 0
    right = described.best_is_right == 1
    answered = [
        score >= _POLICY.bands("", off_topic).answer
        for score, off_topic in zip(belief.right, belief.off_topic, strict=True)
    ]
    reactions = np.where(answered, right, ~inside)
    print(f"| {described.task.name} | {right[inside].mean():.3f} | {reactions.mean():.3f} |")


def _write(path: Path, tables: Sequence[tuple[Prior, Calibration]]) -> None:
    text = path.read_text(encoding="utf-8")
    head, _, _ = text.partition("WITH_EMBEDDINGS: Final")
    names = ("WITH_EMBEDDINGS", "WITHOUT_EMBEDDINGS")
    meanings = ("For all voices.", "For the voices that need no embeddings.")
    blocks = []
    for name, meaning, (prior, calibration) in zip(names, meanings, tables, strict=True):
        columns = (
            (CANDIDATE_FEATURES, prior.shallow.of_candidates, prior.deep.of_candidates),
            (NONE_FEATURES, prior.shallow.of_none, prior.deep.of_none),
            (SUMMARY, calibration.right, calibration.off_topic),
        )
        parts = "".join(
            "    {\n"
            + "".join(
                f'        "{feature}": ({one + 0:.3f}, {two + 0:.3f}),\n'
                for feature, one, two in zip(features_, first, second, strict=True)
            )
            + "    },\n"
            for features_, first, second in columns
        )
        blocks.append(f'{name}: Final = _priors(\n{parts})\n"""{meaning}"""\n')
    path.write_text(head + "\n".join(blocks), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
