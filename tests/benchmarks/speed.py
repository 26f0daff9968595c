"""Time a question through the engine without its embedding, as a ratio to one read of all vectors.

Run `python -m tests.benchmarks.speed`, or with `--smoke` for a small FAQ. The milliseconds belong
to the machine; the ratios within one run are what compares.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from bot.answering import Answerer
from bot.model import EmbeddingModel, Entry, Source
from bot.storage.index import SqliteIndex
from bot.vectors import Vectorizer
from tests.fakes import FakeEmbedder, FakeVectorCache

_PHRASINGS = 3


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="a small FAQ only")
    sizes = [(50, 64)] if parser.parse_args().smoke else [(1000, 512), (1000, 1536), (10_000, 512)]
    print(
        "| entries | numbers a vector | first index, s | one edit, s | question, ms | read, ms |"
        " question / read |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for entries, dimensions in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder, "index.sqlite"), entries, dimensions)
    return 0


def _measure(path: Path, count: int, dimensions: int) -> None:
    random = np.random.default_rng(7)
    model = EmbeddingModel("random", dimensions)
    matrix = random.standard_normal((count * _PHRASINGS, dimensions)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    questions = [f"question {i}" for i in range(len(matrix))]
    vectors = dict(zip(questions, matrix, strict=True))
    entries = [
        Entry(
            f"entry-{i:05}",
            tuple(questions[i * _PHRASINGS : (i + 1) * _PHRASINGS]),
            "An answer.",
            None,
            None,
            Source("faq.md", i + 1),
        )
        for i in range(count)
    ]
    index = SqliteIndex(path)
    first = _seconds(lambda: index.replace(entries, vectors, model))
    edit = _seconds(lambda: index.replace(entries[1:], vectors, model))
    answerer = Answerer(Vectorizer(FakeEmbedder(model), FakeVectorCache()), index, threshold=0.5)
    asked = random.standard_normal((100, dimensions)).astype(np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    answerer.outcome(asked[0])
    question = statistics.median(_seconds(partial(answerer.outcome, it)) for it in asked)
    read = statistics.median(_seconds(partial(np.matmul, matrix, it)) for it in asked)
    index.close()
    print(
        f"| {count} | {dimensions} | {first:.2f} | {edit:.2f} | {question * 1000:.2f} "
        f"| {read * 1000:.2f} | {question / read:.1f} |",
        flush=True,
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
