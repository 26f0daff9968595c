"""Time a question through the engine without its embedding, as a ratio to one read of all vectors.

Run `python -m tests.benchmarks.speed`, or with `--smoke` for a small FAQ. The milliseconds belong
to the machine; the ratios within one run are what compares.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from bot.answering import Answerer
from bot.matching.apart import texts_to_embed
from bot.matching.deciding import Policy
from bot.matching.matcher import Matcher
from bot.matching.packing import Buffer
from bot.matching.storing import dump
from bot.memory import give_back_large_blocks
from bot.model import EmbeddingModel, Entry, Scoring, Source
from bot.storage.index import SqliteIndex
from bot.vectors import Vectorizer
from tests.fakes import FakeEmbedder, FakeVectorCache

_PHRASINGS = 3
_SENTENCES = 4


def main() -> int:
    """Measure and print."""
    # As the bot does.
    threadpool_limits(limits=1)
    give_back_large_blocks()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="a small FAQ only")
    sizes = [(50, 64)] if parser.parse_args().smoke else [(1000, 512), (1000, 1536), (10_000, 512)]
    print(
        "| entries | numbers a vector | fit, s | write, s | question, ms | read, ms |"
        " question / read | fitted / vectors |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for entries, dimensions in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder, "index.sqlite"), entries, dimensions)
    return 0


def _measure(path: Path, count: int, dimensions: int) -> None:
    random = np.random.default_rng(7)
    model = EmbeddingModel("random", dimensions)
    entries = [_entry(random, number) for number in range(count)]
    texts = texts_to_embed(entries)
    vectors = dict(zip(texts, _directions(random, len(texts), dimensions), strict=True))
    phrasings = {text: vectors[text] for it in entries for text in it.phrasings}
    matrix = np.stack(list(phrasings.values()))
    index = SqliteIndex(path)
    matcher = Matcher.fit(entries[: len(entries) // 10], vectors, even_similarity=0.5)  # warm up
    fit = _seconds(lambda: Matcher.fit(entries, vectors, even_similarity=0.5))
    matcher = Matcher.fit(entries, vectors, even_similarity=0.5)
    fitted = dump(matcher)
    first = _seconds(lambda: index.replace(entries, phrasings, model, fitted=fitted))
    policy = Policy(Scoring.CALIBRATED, None, None, 0.3)
    answerer = Answerer(Vectorizer(FakeEmbedder(model), FakeVectorCache()), index, policy)
    asked = [_words(random, 8) for _ in range(200)]
    of_asked = dict(zip(asked, _directions(random, len(asked), dimensions), strict=True))
    answerer.outcome(asked[0], of_asked)
    question = statistics.median(
        _seconds(partial(answerer.outcome, it, {it: of_asked[it]})) for it in asked
    )
    read = statistics.median(_seconds(partial(np.matmul, matrix, of_asked[it])) for it in asked)
    index.close()
    print(
        f"| {count} | {dimensions} | {fit:.2f} | {first:.2f} | {question * 1000:.2f} "
        f"| {read * 1000:.2f} | {question / read:.1f} | {_bytes(fitted) / matrix.nbytes:.1f} |",
        flush=True,
    )


def _entry(random: np.random.Generator, number: int) -> Entry:
    questions = tuple(_words(random, 8) for _ in range(_PHRASINGS))
    answer = ". ".join(_words(random, 15) for _ in range(_SENTENCES))
    return Entry(f"entry-{number:05}", questions, answer, None, None, Source("faq.md", number + 1))


def _words(random: np.random.Generator, count: int) -> str:
    """Make words up; a few are common and most are rare, as in any language."""
    ranks = random.zipf(1.3, count) % 30_000
    return " ".join(_word(int(rank)) for rank in ranks)


def _word(rank: int) -> str:
    letters = np.random.default_rng(rank)
    return "".join(letters.choice(list("etaoinsrhldcumfpgwybvk"), 4 + rank.bit_length() // 3))


def _directions(
    random: np.random.Generator, count: int, dimensions: int
) -> npt.NDArray[np.float32]:
    matrix = random.standard_normal((count, dimensions)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix


def _bytes(parts: Sequence[Buffer]) -> int:
    return sum(memoryview(part).nbytes for part in parts)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
