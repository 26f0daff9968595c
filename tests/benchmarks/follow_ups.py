"""Measure how well questions that lean on earlier ones are understood, and what that costs others.

Run `python -m tests.benchmarks.follow_ups`, or with `--smoke` for the dialogues only.
"""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.app import build_engine
from bot.engine import Engine
from bot.faq.question_file import read_questions
from bot.following import answer_following
from bot.model import Outcome, OutcomeKind, Query
from bot.settings import Settings
from bot.told import Told
from tests.benchmarks.dialogues import (
    KEPT_ASIDE,
    LOOKED_AT,
    MUSEUM_KEPT_ASIDE,
    MUSEUM_LOOKED_AT,
    Dialogue,
)
from tests.benchmarks.quality import DATA

_HERE = Path(__file__).parent
_SHIPPED = _HERE.parents[1] / "faq"
_DIALOGUES = (
    ("faq/", "looked at", _SHIPPED, LOOKED_AT),
    ("faq/", "kept aside", _SHIPPED, KEPT_ASIDE),
    ("museum.md", "looked at", _HERE / "museum.md", MUSEUM_LOOKED_AT),
    ("museum.md", "kept aside", _HERE / "museum.md", MUSEUM_KEPT_ASIDE),
)
_MOST_QUESTIONS = 300
_CLEAR = ("right", "right > wrong", "wrong", "wrong > right", "wrong > wrong")


@dataclass(frozen=True, slots=True)
class _Set:
    """A FAQ with questions of which each stands for itself."""

    name: str
    faq: Path
    questions: Path


def _sets() -> Iterator[_Set]:
    yield _Set("faq/", _SHIPPED, _SHIPPED / "_questions.yaml")
    for folder in sorted(DATA.iterdir()) if DATA.is_dir() else ():
        faqs, questions = sorted(folder.glob("faq*.jsonl")), sorted(folder.glob("queries*.jsonl"))
        if faqs and questions:
            yield _Set(folder.name, faqs[-1], questions[0])


async def _engine(faq: Path, folder: Path) -> Engine:
    index = folder / "index.sqlite"
    settings = Settings(faq_path=faq, data_path=folder, index_path=index, embedder="local")
    engine = build_engine(settings)
    await engine.update(lambda _done, _total: None)
    return engine


def _is_right(outcome: Outcome, right: frozenset[str]) -> bool:
    return outcome.entry.id in right if outcome.entry else not right


async def _dialogue(engine: Engine, dialogue: Dialogue) -> tuple[bool, bool, bool]:
    """Tell whether the second question is answered rightly alone, after the first, or helped."""
    first = Told.of(dialogue.question, await engine.ask(dialogue.question))
    alone = await engine.ask(dialogue.follow_up)
    after = await answer_following(engine.answerer, dialogue.follow_up, first)
    is_right = _is_right(after, dialogue.right)
    suggested = dialogue.right & {it.id for it in after.suggestions}
    return _is_right(alone, dialogue.right), is_right, is_right or bool(suggested)


async def _harm(engine: Engine, queries: Sequence[Query]) -> Counter[str]:
    """Ask questions behind random others, and count what that changes."""
    chance = random.Random(7)  # noqa: S311 - the same ones each time
    others = [it for it in queries if it.expected]
    counts = Counter[str]()
    for query in chance.sample(queries, min(len(queries), _MOST_QUESTIONS)):
        before = chance.choice([it for it in others if it.text != query.text])
        told = Told.of(before.text, await engine.ask(before.text))
        alone = await engine.ask(query.text)
        after = await answer_following(engine.answerer, query.text, told)
        right = frozenset((query.expected, *query.also_ok)) if query.expected else frozenset[str]()
        kind = "unsure"
        if alone.kind is OutcomeKind.ANSWER:
            kind = "right" if _is_right(alone, right) else "wrong"
        counts[kind] += 1
        if after.entry == alone.entry:
            continue
        is_right = after.entry is not None and _is_right(after, right)
        counts[f"{kind} > {'right' if is_right else 'wrong'}"] += 1
    return counts


async def _main(*, smoke: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("| FAQ | dialogues | how many | right alone | right | right or suggested |")
        print("|---|---|---:|---:|---:|---:|")
        for name, which, faq, dialogues in _DIALOGUES:
            engine = await _engine(faq, Path(folder))
            found = [await _dialogue(engine, it) for it in dialogues]
            figures = " | ".join(str(sum(it)) for it in zip(*found, strict=True))
            print(f"| {name} | {which} | {len(found)} | {figures} |", flush=True)
            await engine.close()
        if smoke:
            return
        names = (*_CLEAR, "unsure", "unsure > right", "unsure > wrong")
        print(f"\n| FAQ | {' | '.join(names)} |\n|---|{'---:|' * len(names)}")
        for it in _sets():
            engine = await _engine(it.faq, Path(folder))
            counts = await _harm(engine, read_questions(it.questions))
            figures = " | ".join(str(counts[name]) for name in names)
            print(f"| {it.name} | {figures} |", flush=True)
            await engine.close()


if __name__ == "__main__":
    asyncio.run(_main(smoke="--smoke" in sys.argv[1:]))
