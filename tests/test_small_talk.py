"""Greetings and thanks, in conversations and as a file that admins write."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.app import build_engine
from bot.embedders.local_embedder import LocalEmbedder
from bot.faq.folder import fingerprint, read_faq
from bot.faq.small_talk import read_small_talk
from bot.ports import EmbedderError
from bot.settings import Settings
from bot.small_talk import SmallTalk
from bot.vectors import Vectorizer
from tests.fakes import FakeEmbedder, FakeVectorCache, entry
from tests.shop import FAQ, PAY, UNSURE, VAGUE, Shop, open_shop, texts
from tests.telegram_server import ANN, BOB, GROUP, TelegramServer

HELLO = entry("hello", "hi", "hello", "good morning", "hi there", answer="Hello! *Ask* me.")
THANKS = entry("thanks", "thanks", "thank you very much", "👍", answer="You are welcome.")


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, GROUP)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server) as shop:
        shop.small_talk.serve((HELLO, THANKS))
        yield shop


async def test_a_greeting_is_returned(shop: Shop) -> None:
    """Ann says hello, asks, and thanks."""
    hello = await shop.ask("Hi!!")
    assert hello["text"] == "Hello! Ask me."
    assert [it["type"] for it in hello["entities"]] == ["italic"]
    assert (await shop.ask(PAY.question))["text"] == "By card."
    assert (await shop.ask("Thank you very much 🙏"))["text"] == "You are welcome."
    assert (await shop.ask("👍"))["text"] == "You are welcome."


async def test_a_greeting_before_a_question_is_no_small_talk(shop: Shop) -> None:
    """What Ann wants to know is answered; and what the FAQ is unsure about, it says so."""
    assert (await shop.ask("hi, how can i pay"))["text"] == "By card."
    assert (await shop.ask(VAGUE))["text"] == UNSURE


async def test_it_never_outranks_a_real_answer(shop: Shop) -> None:
    """Where the FAQ answers a greeting, its answer is given."""
    await shop.serve(*FAQ, entry("hi", "hi there", answer="From the FAQ."))
    assert (await shop.ask("hi there"))["text"] == "From the FAQ."
    assert (await shop.ask("good morning"))["text"] == "Hello! Ask me."


async def test_groups_greet_each_other(shop: Shop, server: TelegramServer) -> None:
    """Only a greeting that is meant for the bot is returned."""
    server.text("hi", chat=GROUP, user=BOB)
    server.text("thanks", chat=GROUP, user=BOB)
    server.text("@faq_bot hi", chat=GROUP, user=BOB)
    await shop.said("Hello!", GROUP)
    assert len(server.messages(GROUP)) == 1


async def test_small_talk_is_no_question_that_others_lean_on(shop: Shop) -> None:
    """It is not remembered among the answers."""
    hello = await shop.ask("hello")
    await shop.settle()
    assert shop.sent_answers.get(ANN.id, hello["message_id"]) is None


async def test_it_works_while_nothing_else_does(shop: Shop) -> None:
    """Words are compared without any model, so a greeting is returned while that is away."""
    shop.embedder.failure = EmbedderError("The server is down.")
    assert (await shop.ask("hello"))["text"] == "Hello! Ask me."
    assert (await shop.ask("what is that"))["text"].startswith("I cannot look things up")


async def test_without_small_talk_all_is_as_ever(shop: Shop, server: TelegramServer) -> None:
    """Who wants none has none, at once."""
    shop.small_talk.serve(())
    assert (await shop.ask("hi"))["text"].startswith("I have no answer to that.")
    assert len(texts(server)) == 1


def _small_talk() -> SmallTalk:
    small_talk = SmallTalk(Vectorizer(FakeEmbedder(), FakeVectorCache()))
    small_talk.serve((HELLO, THANKS))
    return small_talk


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "HI!",
        "hiiii",
        "Hello...",
        "helllooo",
        "\uff28\uff25\uff2c\uff2c\uff2f",
        "good  morning :)",
        "good mornin",
    ],
)
def test_greetings_are_known_however_they_are_spelt(text: str) -> None:
    """Case, width, signs, drawn out letters and slips do not matter."""
    assert _small_talk().by_words(text) == HELLO


@pytest.mark.parametrize(
    "text", ["", "?!", "ho", "hi how are you", "thin", "when", "morning", "🙏"]
)
def test_other_words_are_no_greetings(text: str) -> None:
    """What is merely near in letters, or goes on, is none."""
    assert _small_talk().by_words(text) is None


async def test_what_means_the_same_is_found() -> None:
    """With the model that ships: other words and languages, but nothing else."""
    small_talk = SmallTalk(Vectorizer(LocalEmbedder(), FakeVectorCache()))
    small_talk.serve((HELLO, THANKS))
    for text in ("thanks so much!", "muchas gracias", "спасибо большое"):
        assert await small_talk.by_meaning(text) == THANKS
    for text in ("how much is a ticket", "who painted it", "tell me a story", "🙏", "word " * 20):
        assert await small_talk.by_meaning(text) is None


async def test_by_meaning_it_waits_for_the_model() -> None:
    """While the model is away nothing is found, and nothing fails."""
    embedder = FakeEmbedder()
    small_talk = SmallTalk(Vectorizer(embedder, FakeVectorCache()))
    small_talk.serve((HELLO,))
    embedder.failure = EmbedderError("The server is down.")
    assert await small_talk.by_meaning("hello you") is None
    embedder.failure = None
    assert await small_talk.by_meaning("hello") == HELLO


def test_the_file_is_no_part_of_the_faq(tmp_path: Path) -> None:
    """It is read beside the FAQ, with several ways to put it in a heading or below it."""
    (tmp_path / "faq.md").write_text("## How do I pay?\n\nBy card.\n")
    (tmp_path / "small-talk.md").write_text(
        "# Small talk\n\n## hi / hello /  hey\n\nHello!\n\n"
        "## thanks\n<!--\nalso:\n  - thank you / thx\n-->\nYou are welcome.\n"
    )
    faq = read_faq(tmp_path)
    assert [it.question for it in faq.entries] == ["How do I pay?"]
    assert faq.files == ("faq.md",)
    assert faq.problems == ()
    assert [(it.questions, it.answer) for it in faq.small_talk] == [
        (("hi", "hello", "hey"), "Hello!"),
        (("thanks", "thank you", "thx"), "You are welcome."),
    ]


def test_problems_of_the_file_are_told(tmp_path: Path) -> None:
    """A reply that is missing, and one that nobody gets, are told by line like any file's."""
    (tmp_path / "faq.md").write_text("## How do I pay?\n\nBy card.\n")
    (tmp_path / "small-talk.md").write_text("## hi\n\nHello!\n\n## bye\n\n## HI / hey\n\nHey!\n")
    faq = read_faq(tmp_path)
    told = [(it.source.file, it.source.line, it.severity, it.what) for it in faq.problems]
    assert told == [
        ("small-talk.md", 5, "error", '"bye" has no answer.'),
        ("small-talk.md", 7, "warning", '"HI" has a reply in line 1 already, which counts.'),
    ]
    assert [it.questions for it in faq.small_talk] == [("hi",), ("hey",)]


def test_an_edit_of_the_file_is_noticed(tmp_path: Path) -> None:
    """It is looked at whenever the FAQ is, in a folder or beside the file that is the FAQ."""
    (tmp_path / "faq.md").write_text("## How do I pay?\n\nBy card.\n")
    for path in (tmp_path, tmp_path / "faq.md"):
        (tmp_path / "small-talk.md").unlink(missing_ok=True)
        before = fingerprint(path)
        (tmp_path / "small-talk.md").write_text("## hi\n\nHello!\n")
        assert fingerprint(path) != before
        assert [it.answer for it in read_faq(path).small_talk] == ["Hello!"]


async def test_edits_of_the_file_are_live(tmp_path: Path) -> None:
    """What is saved is said after the next update; a broken file changes nothing."""
    faq, file = tmp_path / "faq", tmp_path / "faq" / "small-talk.md"
    faq.mkdir()
    (faq / "faq.md").write_text("## How do I pay?\n\nBy card.\n")
    data = tmp_path / "data"
    settings = Settings(faq_path=faq, data_path=data, index_path=data / "index.sqlite")
    engine = build_engine(settings, FakeEmbedder())

    async def said() -> str | None:
        await engine.update(lambda _done, _total: None)
        found = engine.small_talk.by_words("hi")
        return found.answer if found else None

    assert await said() is None
    file.write_text("## hi\n\nHello!\n")
    assert await said() == "Hello!"
    file.write_bytes(b"## hi\n\n\xff\xfe\n")
    assert await said() == "Hello!"
    file.write_text("## hi\n\nGood day!\n")
    assert await said() == "Good day!"
    file.unlink()
    assert await said() is None
    await engine.close()


def test_the_shipped_one_is_sound() -> None:
    """What ships says something to the usual words."""
    entries, parsed = read_small_talk(Path(__file__).parents[1] / "faq")
    assert parsed.problems == []
    assert {"hi", "thanks", "bye", "ok"} <= {text for it in entries for text in it.phrasings}
