"""Inline mode as people meet it: they type the bot's name in any chat and send what they choose."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.model import Details, Translation
from bot.ports import EmbedderError
from bot.telegram.inline_results import MOST_RESULTS, message_of, shortened, starters
from bot.telegram.links import link_to
from bot.wording.speech import ENGLISH
from tests.fakes import entry
from tests.shop import CLOSE, FAQ, OPEN, PAY, PHONE, VAGUE, Shop, open_shop
from tests.telegram_checks import utf16_units
from tests.telegram_server import ANN, BOB, TelegramServer, refusal

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server) as shop:
        yield shop


def _answers(server: TelegramServer) -> list[dict[str, Any]]:
    return [it.params for it in server.calls("answerInlineQuery")]


async def _typed(server: TelegramServer, text: str) -> dict[str, Any]:
    """Type and wait for what is shown."""
    before = len(_answers(server))
    server.inline(text)
    await server.until(lambda: len(_answers(server)) > before, 10)
    return _answers(server)[-1]


def _titles(shown: dict[str, Any]) -> list[str]:
    return [it["title"] for it in shown["results"]]


@pytest.mark.usefixtures("shop")
async def test_a_question_typed_in_another_chat(server: TelegramServer) -> None:
    """Ann types, sees the question and how its answer begins, and sends both in one message."""
    shown = await _typed(server, OPEN.question)
    first = shown["results"][0]
    assert first["type"] == "article"
    assert (first["title"], first["description"]) == (OPEN.question, "At nine.")
    content = first["input_message_content"]
    assert content["message_text"] == f"{OPEN.question}\n\nAt nine."
    assert [it["type"] for it in content["entities"]] == ["bold", "italic"]
    assert content["link_preview_options"] == {"is_disabled": True}
    assert shown["cache_time"] == 60
    assert not shown["is_personal"]
    assert "button" not in shown


@pytest.mark.usefixtures("shop")
async def test_all_that_may_be_meant_is_shown(server: TelegramServer) -> None:
    """Where the bot would ask "Did you mean", all three are there to choose from."""
    assert _titles(await _typed(server, VAGUE)) == [CLOSE.question, OPEN.question, PHONE.question]
    ids = [it["id"] for it in _answers(server)[-1]["results"]]
    assert len(set(ids)) == 3


@pytest.mark.usefixtures("shop")
async def test_nothing_typed_yet(server: TelegramServer) -> None:
    """Who has typed nothing but the name is shown what can be asked."""
    assert _titles(await _typed(server, "")) == [it.question for it in FAQ]
    assert _titles(await _typed(server, "  ")) == [it.question for it in FAQ]


@pytest.mark.usefixtures("shop")
async def test_no_answer_leads_to_the_private_chat(server: TelegramServer) -> None:
    """What the FAQ does not answer shows nothing but a button to the chat with the bot."""
    for text in ("the weather in lima", "?!"):
        shown = await _typed(server, text)
        assert shown["results"] == []
        assert shown["button"]["text"] == "No answer found. Ask me in private"
        assert shown["button"]["start_parameter"] == "inline"
        assert shown["is_personal"]


async def test_what_is_for_some_chats_only_is_not_shown(shop: Shop, server: TelegramServer) -> None:
    """In which chat somebody types is not told, so that not even Ann herself is an audience."""
    hidden = replace(OPEN, details=Details(audience=(str(ANN.id),)))
    await shop.serve(hidden, *FAQ[1:])
    assert OPEN.question not in _titles(await _typed(server, OPEN.question))
    assert OPEN.question not in _titles(await _typed(server, ""))
    assert "nine" not in str(server.sent)


async def test_typing_on(shop: Shop, server: TelegramServer) -> None:
    """Of what is typed while the bot is at it only the last is worked on; Bob waits for nobody."""
    gate = shop.embedder.gate = asyncio.Event()
    server.inline("how")
    await server.until(lambda: "how" in shop.embedder.asked)
    for text in ("how can", "how can i", "how can i pay"):
        server.inline(text)
    server.inline("when do you close", user=BOB)
    await server.until(lambda: "when do you close" in shop.embedder.asked)
    gate.set()
    await server.until(lambda: len(_answers(server)) == 2, 10)
    await shop.settle()
    assert len(_answers(server)) == 2
    assert "how can" not in shop.embedder.asked
    assert "how can i" not in shop.embedder.asked


async def test_the_same_again_costs_nothing(shop: Shop, server: TelegramServer) -> None:
    """What was typed a moment ago is known, however it is written, until the FAQ changes."""
    first = await _typed(server, "how can I pay you")
    shop.embedder.failure = EmbedderError("away")
    assert (await _typed(server, " How can i PAY you"))["results"] == first["results"]
    shop.embedder.failure = None
    await shop.serve(replace(PAY, answer="In cash."), *FAQ[:3])
    again = await _typed(server, "how can I pay you")
    assert again["results"][0]["description"] == "In cash."


async def test_trouble_is_told_on_the_button(
    shop: Shop, server: TelegramServer, tmp_path: Path
) -> None:
    """Where nothing can be looked up the button says so, and Telegram does not keep it."""
    shop.embedder.failure = EmbedderError("away")
    shown = await _typed(server, "wholly other words")
    assert (shown["results"], shown["cache_time"]) == ([], 0)
    assert shown["button"]["text"] == "I cannot look things up right now"
    await shop.stop()

    (tmp_path / "new").mkdir()
    fresh = Shop(tmp_path / "new", server)
    await fresh.start()
    try:
        for text in ("how can i pay", ""):
            shown = await _typed(server, text)
            assert shown["button"]["text"] == "I am still reading the FAQ"
            assert shown["cache_time"] == 0
        await fresh.serve(*FAQ)
        assert _titles(await _typed(server, "how can i pay")) == [PAY.question]
    finally:
        await fresh.close()


async def test_nobody_waits_any_more(
    shop: Shop, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    """That Telegram finds a query too old, or is away for a moment, is no fault to tell of."""
    for fault in (refusal(400, TOO_OLD), refusal(500, "Internal Server Error")):
        met = server.inject(fault, method="answerInlineQuery")
        server.inline("how can i pay")
        await server.until(partial(getattr, met, "met"))
    await shop.settle()
    assert _titles(await _typed(server, "how can i pay")) == [PAY.question]
    assert not [it for it in caplog.records if it.levelname == "ERROR"]


@pytest.mark.usefixtures("shop")
async def test_formatting_that_is_refused(server: TelegramServer) -> None:
    """An entity that Telegram does not take costs the formatting, not the answer."""
    fault = refusal(400, "Bad Request: can't parse entities: wrong message entity")
    server.inject(fault, method="answerInlineQuery")
    (result, *_) = (await _typed(server, OPEN.question))["results"]
    content = result["input_message_content"]
    assert content["message_text"] == f"{OPEN.question}\n\nAt nine."
    assert "entities" not in content


async def test_a_long_answer_leads_to_the_whole(shop: Shop, server: TelegramServer) -> None:
    """One message is all that can be sent: it ends at a natural border, with a link."""
    long = replace(OPEN, answer="\n\n".join(["A **few** words. " * 20] * 20))
    await shop.serve(long, *FAQ[1:])
    shown = await _typed(server, OPEN.question)
    content = shown["results"][0]["input_message_content"]
    assert utf16_units(content["message_text"]) <= 4096
    assert content["message_text"].endswith("words. …\n\nSee the whole answer")
    assert content["entities"][-1]["url"] == "https://t.me/faq_bot?start=open"
    assert len(content["entities"]) <= 100
    assert shown["is_personal"]


async def test_files_lead_to_the_whole(shop: Shop, server: TelegramServer) -> None:
    """What comes with files in the chat with the bot says here where to get them."""
    await shop.serve(replace(OPEN, answer="At nine.\n\n![Our door](door.png)"), *FAQ[1:])
    content = (await _typed(server, OPEN.question))["results"][0]["input_message_content"]
    assert content["message_text"].startswith(f"{OPEN.question}\n\nAt nine.")
    assert content["message_text"].endswith("\n\nSee the whole answer")


async def test_translations_make_it_personal(shop: Shop, server: TelegramServer) -> None:
    """What is not the same in all languages Telegram must not show to others."""
    german = Translation("de", ("wann macht ihr auf",), "Um neun.", OPEN.source)
    await shop.serve(replace(OPEN, details=Details(translations=(german,))), *FAQ[1:])
    assert (await _typed(server, OPEN.question))["is_personal"]


def test_links_carry_any_id() -> None:
    """An id that a link cannot carry goes by what a button carries for it."""
    assert link_to("faq_bot", "how-to_pay") == "https://t.me/faq_bot?start=how-to_pay"
    for id_ in ("größe", "a" * 65, "a b", ""):
        payload = link_to("faq_bot", id_).rpartition("=")[2]
        assert payload.isalnum()
        assert len(payload) <= 64


def test_starters_are_of_every_topic() -> None:
    """Of each topic the first comes before the second of any."""
    entries = [
        replace(entry(f"{topic}{number}"), topic=topic) for topic in "ab" for number in range(8)
    ]
    found = [it.id for it in starters(entries)]
    assert found[:4] == ["a0", "b0", "a1", "b1"]
    assert len(found) == MOST_RESULTS


def test_previews_end_at_words() -> None:
    """A title or description that is too long is cut at a border and says so."""
    assert shortened("short\n\ntext", 20) == "short text"
    cut = shortened("many words that are too many for this", 21)
    assert cut == "many words that are…"
    assert utf16_units(shortened("👨‍👩‍👧" * 30, 50)) <= 50


def test_many_entities_leave_room_for_the_link() -> None:
    """A message of a hundred formats and more keeps to a hundred with its link."""
    answer = " ".join(f"**b{number}** and" for number in range(150))
    part = message_of(replace(PAY, answer=answer), "faq_bot", ENGLISH)
    assert len(part.entities) == 100
    assert part.entities[-1].type == "text_link"
