"""Kill `faqbot index` with SIGKILL again and again, and look each time whether the index is sound.

Run `python -m tests.benchmarks.kills --kills 100`, with `--seed N` for other edits and moments. It
starts the real command with the embedded model on a FAQ that is edited before each run. After each
kill the index must open, be the FAQ either as served before or as in the file, never a mixture,
have one sound vector for each phrasing, a matcher that was fitted to just these entries and a
history that agrees, and answer. In the end one undisturbed run must bring it up to date.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import numpy as np

from bot.app import build_engine
from bot.embedders.local_embedder import LocalEmbedder
from bot.engine import Engine
from bot.environment import read_settings
from bot.errors import FaqbotError
from bot.faq.aliases import with_aliases
from bot.faq.difference import difference
from bot.faq.folder import read_faq
from bot.matching.apart import texts_to_embed
from bot.matching.storing import load
from bot.model import Entry, IndexState, OutcomeKind, Vector
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.index import SqliteIndex
from bot.storage.index_tables import MIGRATIONS
from bot.storage.vector_cache import SqliteVectorCache

_WORDS = (
    "open close price ticket lion train station hour day food drink child dog refund order parcel "
    "email phone account password key door window heat water power bill invoice garden holiday"
)
_MOST_ENTRIES = 120
_PHRASINGS = 5
_TEXTS = _PHRASINGS + 1  # an answer is one sentence
_ROOT = Path(__file__).parents[2]

# Where a kill fell, in the order of a run.
_NEW = "while the files were first made"
_STARTING = "before the model was needed"
_LOADING = "while the model was loaded or at work, nothing written"
_EMBEDDING = "with vectors cached, the index not yet touched"
_WITHIN = "within the write of the index"
_AFTER = "after its commit"
_DONE = "done before"
_PHASES = (_NEW, _STARTING, _LOADING, _EMBEDDING, _WITHIN, _AFTER)
# When to kill: at one of these, or at any time.
_ANY = "any"
_MOMENTS = {_NEW: 1, _ANY: 8, _EMBEDDING: 5, _WITHIN: 11}


class UnsoundError(Exception):
    """The index is not what it must be."""


@dataclass(frozen=True, slots=True)
class _Usual:
    """How long undisturbed runs take."""

    without_model_seconds: float
    with_model_seconds: float
    text_seconds: float

    def seconds(self, texts: int) -> float:
        """Estimate a run that has so many texts to embed."""
        if not texts:
            return self.without_model_seconds
        return self.with_model_seconds + texts * self.text_seconds


class _World:
    """A FAQ that is edited, its data folder, and the commands that are run on it."""

    def __init__(
        self, folder: Path, seed: int, embedder: LocalEmbedder, loading_seconds: float
    ) -> None:
        self._folder = folder
        self._embedder = embedder
        self._faq = folder / "faq.md"
        self._random = random.Random(seed)  # noqa: S311 - a run that can be repeated
        self._number = 0
        self._topic = 0
        self._items: list[list[str]] = []
        self._earlier: list[str] = []
        self._data_folders = 0
        self._begin_anew()
        self._edit_much()
        self._usual = self._measure(loading_seconds)

    def _begin_anew(self) -> None:
        """Go on with a data folder that is not there yet."""
        self._data_folders += 1
        self._environ = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("FAQBOT_", "OPENAI_"))
            },
            "FAQBOT_FAQ_PATH": str(self._faq),
            "FAQBOT_DATA_PATH": str(self._folder / f"data-{self._data_folders}"),
            "FAQBOT_EMBEDDER": "local",
            "PYTHONPATH": str(_ROOT),
        }
        environ = {name: it for name, it in self._environ.items() if name.startswith("FAQBOT_")}
        self._settings: Settings = read_settings(environ, self._folder / "no.env", self._faq)
        self._served: tuple[Entry, ...] = ()
        self._generation = 0

    # Edits

    def _phrasing(self) -> str:
        self._number += 1
        return f"{' '.join(self._random.sample(_WORDS.split(), 4))} {self._number}"

    def _item(self) -> list[str]:
        """Make an entry: its answer, then its phrasings."""
        return [f"Answer {self._number}.", *(self._phrasing() for _ in range(_PHRASINGS))]

    def _write(self) -> None:
        text = f"# Topic {self._topic}\n\n"
        for answer, question, *others in self._items:
            also = "".join(f"  - {it}\n" for it in others)
            text += f"## {question}\n<!--\nalso:\n{also}-->\n{answer}\n\n"
        self._earlier.append(text)
        self._faq.write_text(text, encoding="utf-8")

    def _edit_much(self) -> None:
        """Throw out and rewrite up to all entries."""
        kept = self._random.randint(0, len(self._items) * 2 // 3)
        self._items = self._random.sample(self._items, kept)
        size = self._random.randint(_MOST_ENTRIES // 2, _MOST_ENTRIES)
        self._items += [self._item() for _ in range(size - kept)]
        self._write()

    def _edit_few(self) -> None:
        """Rewrite a few phrasings."""
        for item in self._random.sample(self._items, self._random.randint(1, 5)):
            item[self._random.randrange(1, len(item))] = self._phrasing()
        self._write()

    def _edit_answers(self) -> None:
        """Rewrite answers and move entries about."""
        self._random.shuffle(self._items)
        for item in self._random.sample(self._items, len(self._items) // 2):
            self._number += 1
            item[0] = f"Answer {self._number}."
        self._write()

    def _take_back(self) -> None:
        """Go back to how the file was some time ago, but for its topic; that needs no model."""
        text = self._random.choice(self._earlier[-10:])
        self._faq.write_text(text, encoding="utf-8")
        self._items = [[entry.answer, *entry.questions] for entry in read_faq(self._faq).entries]
        self._topic += 1
        self._write()

    # Runs

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "index", "--faq", str(self._faq), "--json"],
            cwd=self._folder,
            env=self._environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _finish(self, process: subprocess.Popen[str]) -> float:
        """Let a run end by itself, after which the file must be served; give its own seconds."""
        out, err = process.communicate()
        if process.returncode:
            raise UnsoundError(f"the command ended with status {process.returncode}: {err}")
        self._check(must_be_new=True)
        return float(json.loads(out)["seconds"])

    def _measure(self, loading_seconds: float) -> _Usual:
        started = time.perf_counter()
        process = self._start()
        process.wait()  # what it prints is short enough not to be read meanwhile
        all_seconds = time.perf_counter() - started
        without_model_seconds = all_seconds - self._finish(process)
        with_model_seconds = without_model_seconds + loading_seconds
        texts = len(self._items) * _TEXTS
        return _Usual(
            without_model_seconds,
            with_model_seconds,
            max(0.0, all_seconds - with_model_seconds) / texts,
        )

    def kill_one(self) -> str | None:
        """Edit, run, kill, check.

        Returns:
            Where the kill fell; None if the run was done before.

        Raises:
            UnsoundError: the index is not what it must be.
        """
        [moment] = self._random.choices(list(_MOMENTS), list(_MOMENTS.values()))
        if moment == _NEW:
            self._begin_anew()
        edits = (self._edit_much, self._edit_few, self._edit_answers, self._take_back)
        # What is taken back needs no model, so it soon comes to a large write.
        weights = {_EMBEDDING: (5, 3, 0, 0), _WITHIN: (1, 2, 3, 6)}.get(moment, (3, 3, 4, 2))
        self._random.choices(edits, weights)[0]()
        texts = 0 if moment == _NEW else self._missing()
        process = self._start()
        grown = self._kill(process, moment, texts)
        if process.returncode >= 0:
            self._finish(process)
            return None
        process.communicate()
        generation = self._generation
        self._check(must_be_new=False)
        if self._generation > generation:
            return _AFTER
        return moment if moment == _NEW else grown

    def _kill(self, process: subprocess.Popen[str], moment: str, texts: int) -> str:
        """Kill a run at some moment; give where it was by what it had written."""
        started = time.perf_counter()
        longest = self._usual.seconds(texts)
        at = started + self._random.uniform(0, longest) if moment == _ANY else None
        while process.poll() is None:
            now = time.perf_counter()
            if at is None and self._has_come(moment):
                # For about so long runs go on in the same way.
                most = 0.3 if moment == _EMBEDDING and texts > 256 else 0.004
                at = now + self._random.uniform(0, most)
            if at is not None and now >= at:
                process.kill()
                process.wait()
            else:
                time.sleep(0.0002)
        # The logs of a killed run stay as they are, and there were none before it.
        grown = next((it for it in (_WITHIN, _EMBEDDING) if self._has_come(it)), None)
        has_model = texts and time.perf_counter() > started + self._usual.without_model_seconds
        return grown or (_LOADING if has_model else _STARTING)

    def _has_come(self, moment: str) -> bool:
        if moment == _NEW:
            return self._settings.data_path.exists()
        database = "vectors.sqlite" if moment == _EMBEDDING else "index.sqlite"
        try:
            return (self._settings.data_path / f"{database}-wal").stat().st_size > 0
        except FileNotFoundError:
            return False

    # Checks

    def _engine(self) -> Engine:
        return build_engine(self._settings, self._embedder)

    def _missing(self) -> int:
        async def preview() -> int:
            engine = self._engine()
            try:
                report = await engine.preview()
            finally:
                await engine.close()
            if not report.difference:
                raise UnsoundError("the edit left nothing to do")
            return report.embedded

        return asyncio.run(preview())

    def _check(self, *, must_be_new: bool) -> None:
        """Check that the index is sound, and note what is served.

        Raises:
            UnsoundError: it is not.
        """
        new = with_aliases(self._served, read_faq(self._faq).entries)
        try:
            served, state = asyncio.run(self._ask())
        except (FaqbotError, apsw.Error) as error:
            raise UnsoundError(f"the index cannot be used: {error!r}") from error
        if served not in ((new,) if must_be_new else (self._served, new)):
            raise UnsoundError(
                f"{len(served)} entries are served, {len(set(served) - set(new))} of them not as "
                f"in the file, {len(set(served) - set(self._served))} not as before: a mixture"
            )
        if served:
            self._check_vectors(served, state)
            self._check_matcher(served)
            self._check_history(served)
        elif state is not None:
            raise UnsoundError(f"there is a state without entries: {state}")
        self._served = served
        self._generation = state.generation if state else 0

    async def _ask(self) -> tuple[tuple[Entry, ...], IndexState | None]:
        """Ask some phrasings; give what is served."""
        engine = self._engine()
        try:
            entries = engine.entries()
            for entry in self._random.sample(entries, min(4, len(entries))):
                question = self._random.choice(entry.questions)
                outcome = await engine.ask(f"{question.upper()} ")
                if outcome.kind is not OutcomeKind.ANSWER or outcome.entry != entry:
                    raise UnsoundError(f'"{question}" got {outcome}')
            return entries, engine.index.state()
        finally:
            await engine.close()

    def _check_vectors(self, entries: tuple[Entry, ...], state: IndexState | None) -> None:
        """Check that each phrasing has its vector, and that there are no others."""
        connection = open_database(self._settings.index_path, MIGRATIONS)
        try:
            [(integrity,)] = connection.execute("pragma integrity_check").fetchall()
            slots: list[Any] = connection.execute("select slot, question from phrasings").fetchall()
            stored = {
                slot: np.frombuffer(blob, dtype="<f4")
                for slot, blob in connection.execute("select slot, embedding from phrasing_vectors")
            }
        finally:
            connection.close()
        if integrity != "ok":
            raise UnsoundError(f"integrity check: {integrity}")
        phrasings = [question for entry in entries for question in entry.questions]
        if (
            state is None
            or (state.entries, state.phrasings) != (len(entries), len(phrasings))
            or sorted(question for _, question in slots) != sorted(phrasings)
            or {slot for slot, _ in slots} != stored.keys()
        ):
            raise UnsoundError(
                f"{len(entries)} entries, {len(phrasings)} phrasings, {len(slots)} rows and "
                f"{len(stored)} vectors do not agree with each other and {state}"
            )
        prepared = {question: self._embedder.prepare(question) for _, question in slots}
        cached = self._cached(list(prepared.values()))
        for slot, question in slots:
            if not np.array_equal(stored[slot], cached[prepared[question]]):
                raise UnsoundError(f'the vector of "{question}" is not its own')
        some = self._random.sample(slots, min(3, len(slots)))
        fresh = asyncio.run(self._embedder.embed([prepared[question] for _, question in some]))
        for (slot, question), vector in zip(some, fresh, strict=True):
            if not np.allclose(stored[slot], vector, atol=1e-4):
                raise UnsoundError(f'the vector of "{question}" is not what the model gives')

    def _check_matcher(self, entries: tuple[Entry, ...]) -> None:
        """Check that what was fitted is of just these entries."""
        index = SqliteIndex(self._settings.index_path)
        try:
            matcher = load(index.served(self._embedder.model).fitted)
        finally:
            index.close()
        expected = {entry.id: tuple(sorted(entry.questions)) for entry in entries}
        fitted = matcher and dict(zip(matcher.ids, matcher.phrasings, strict=True))
        if fitted != expected:
            raise UnsoundError("the matcher was fitted to other entries than those served")
        self._cached([self._embedder.prepare(text) for text in texts_to_embed(entries)])

    def _check_history(self, entries: tuple[Entry, ...]) -> None:
        """Check that what is noted of the state that serves is what serves."""
        index = SqliteIndex(self._settings.index_path)
        try:
            history = index.history()
            noted = index.published(history.serving or 0)
        finally:
            index.close()
        if difference(noted, entries) or history.find(history.serving or 0) is None:
            raise UnsoundError(f"what is noted as number {history.serving} is not what serves")

    def _cached(self, texts: list[str]) -> Mapping[str, Vector]:
        cache = SqliteVectorCache(self._settings.data_path / "vectors.sqlite", keep_days=90)
        try:
            found = cache.get(self._embedder.model, texts)
        finally:
            cache.close()
        if len(found) < len(set(texts)):
            raise UnsoundError(f"the cache has {len(found)} of {len(set(texts))} vectors in use")
        return found

    def end(self) -> None:
        """Run once undisturbed, and once more with nothing to do.

        Raises:
            UnsoundError: that did not bring the index up to date.
        """
        self._edit_answers()
        self._finish(self._start())
        generation = self._generation
        self._finish(self._start())
        if self._generation != generation:
            raise UnsoundError("a run without an edit wrote the index")


def _work(
    folder: Path, kills: int, seed: int, embedder: LocalEmbedder, loading_seconds: float
) -> Counter[str]:
    """Kill so many runs in a world of their own; failures are counted by their message."""
    fell: Counter[str] = Counter()
    try:
        world = _World(folder, seed, embedder, loading_seconds)
        while sum(fell[phase] for phase in _PHASES) < kills:
            fell[world.kill_one() or _DONE] += 1
        world.end()
    except UnsoundError as error:
        fell[f"FAILED (seed {seed}, after {sum(fell.values())} runs): {error}"] += 1
    return fell


def main() -> int:
    """Kill, check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="how many worlds at once")
    options = parser.parse_args()
    embedder = LocalEmbedder()
    started = time.perf_counter()
    asyncio.run(embedder.warm_up())
    loading_seconds = time.perf_counter() - started
    shares = [len(range(i, options.kills, options.workers)) for i in range(options.workers)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.workers) as pool:
        worlds = []
        for number, kills in enumerate(shares):
            place = Path(folder, str(number))
            place.mkdir()
            seed = options.seed * 1000 + number
            worlds.append(pool.submit(_work, place, kills, seed, embedder, loading_seconds))
        fell = sum((world.result() for world in worlds), Counter[str]())
    failures = [what for what in fell if what.startswith("FAILED")]
    for failure in failures:
        print(failure)
    kills = sum(fell[phase] for phase in _PHASES)
    print(
        f"{kills} kills in {time.perf_counter() - started:.0f} s, failures: {len(failures)}\n"
        + "".join(f"{fell[phase]:6} {phase}\n" for phase in _PHASES)
        + f"({fell[_DONE]} more runs were done before they could be killed, and rightly.)"
    )
    return 1 if failures or kills < options.kills else 0


if __name__ == "__main__":
    sys.exit(main())
