"""What admins may command in Telegram, and that nobody else learns of it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.ports import EmbedderError
from bot.telegram.pressing import press_for
from tests.shop import FAQ, OPEN, PAY, UNSURE, VAGUE, Shop, open_shop, texts
from tests.telegram_server import ANN, BOB, FORUM, GROUP, Person, TelegramServer

ADA = Person(7, "Ada")


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ADA, ANN, BOB, GROUP, FORUM)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server, admins=frozenset({ADA.id})) as shop:
        yield shop


async def _commanded(shop: Shop, text: str) -> str:
    told: str = (await shop.ask(text, ADA, ADA))["text"]
    return told


async def test_why_a_question_gets_its_answer(shop: Shop) -> None:
    """Ada reads what a question would get, from which line of which file, and what spoke for it."""
    told = await _commanded(shop, "/why how can i pay")
    assert told.startswith("Asked: how can i pay\n\nDecided: answer: score 1.00, threshold 0.75")
    assert "suggested from 0.65 on" in told
    assert '1. pay (faq.md:1): score 1.00, from "how can i pay"' in told
    assert "meaning of its nearest phrasing" in told
    assert "By card." not in told


async def test_why_this_answer(shop: Shop, server: TelegramServer) -> None:
    """A reply to what the bot said explains it, as the question was asked then."""
    answer = await shop.ask(VAGUE, ADA, ADA)
    server.command("/why", user=ADA, reply_to=answer)
    told = (await shop.said(f"Asked: {VAGUE}", ADA))["text"]
    assert "Decided: suggest" in told
    for place, id_ in enumerate(("close", "open", "phone"), start=1):
        assert f"{place}. {id_} (faq.md:1): score 0." in told
    assert "changed since" not in told


async def test_why_after_the_faq_has_changed(shop: Shop, server: TelegramServer) -> None:
    """What was told then is told beside what the same question gets now."""
    answer = await shop.ask("how can i pay", ADA, ADA)
    await shop.serve(*FAQ[:3])
    await shop.restart()
    server.command("/why", user=ADA, reply_to=answer)
    told = (await shop.said("Asked: how can i pay", ADA))["text"]
    assert "The FAQ or the settings have changed since. Then: answer: pay 1.00" in told
    assert "Decided: decline" in told


async def test_why_of_what_was_chosen(shop: Shop, server: TelegramServer) -> None:
    """An answer that somebody chose from suggestions tells what was asked, and what was chosen."""
    unsure = await shop.ask(VAGUE, ADA, ADA)
    assert unsure["text"] == UNSURE
    server.callback(unsure, press_for("open").data, user=ADA)
    answer = await shop.said("At nine.", ADA)
    server.command("/why", user=ADA, reply_to=answer)
    told = (await shop.said(f"Asked: {VAGUE}", ADA))["text"]
    assert "Chosen by the person from what was suggested: open (faq.md:1)." in told
    assert "Decided: suggest" in told


async def test_why_of_what_was_opened(shop: Shop, server: TelegramServer) -> None:
    """An answer that somebody opened by a link names its entry, also once that has gone."""
    answer = await shop.ask("/start open", ADA, ADA)
    server.command("/why", user=ADA, reply_to=answer)
    await shop.said("No question led to this, but a button or a link: open (faq.md:1).", ADA)
    await shop.serve(PAY)
    server.command("/why", user=ADA, reply_to=answer)
    await shop.said("No question led to this, but a button or a link: open (not there", ADA)


async def test_why_of_nothing(shop: Shop, server: TelegramServer) -> None:
    """Without an answer and without a question Ada reads how it is meant."""
    assert (await _commanded(shop, "/why")).startswith("Reply with /why to one of my answers")
    greeting = await shop.ask("/start", ADA, ADA)
    server.command("/why", user=ADA, reply_to=greeting)
    await shop.said("I remember nothing of that message", ADA)
    own = server.message(server.text("how can i pay", user=ADA))
    server.command("/why", user=ADA, reply_to=own)
    await server.until(lambda: "one of my answers" in texts(server, ADA)[-1])
    assert "There are no words in it" in await _commanded(shop, "/why ?!")


async def test_why_in_trouble(shop: Shop, server: TelegramServer, tmp_path: Path) -> None:
    """Where nothing can be looked up that is the answer, with its cause."""
    shop.embedder.failure = EmbedderError("The server is away.")
    assert "right now. The server is away." in await _commanded(shop, "/why wholly other words")
    await shop.stop()
    (tmp_path / "new").mkdir()
    fresh = Shop(tmp_path / "new", server, frozenset({ADA.id}))
    await fresh.start()
    try:
        assert "still reading" in await _commanded(fresh, "/why how can i pay")
    finally:
        await fresh.close()


async def test_marks_in_questions_stay_marks(shop: Shop) -> None:
    """What means something in Markdown is shown as it was written."""
    told = await _commanded(shop, "/why **how** can <b>i</b> pay_")
    assert told.startswith("Asked: **how** can <b>i</b> pay_\n")


async def test_commands_in_groups_are_answered_in_private(
    shop: Shop, server: TelegramServer
) -> None:
    """The group of an admin sees nothing of how the bot works inside."""
    server.text("@faq_bot how can i pay", chat=FORUM, thread=7)
    answer = await shop.said("By card.", FORUM)
    server.command("/why@faq_bot", user=ADA, chat=FORUM, reply_to=answer)
    told = (await shop.said("Asked: how can i pay", ADA))["text"]
    assert "reply_to_message" not in server.messages(ADA)[-1]
    assert "1. pay" in told
    for number, command in enumerate(("/check@faq_bot", "/rollback yesterday"), start=2):
        server.command(command, user=ADA, chat=GROUP)
        await server.until(partial(lambda number: len(server.messages(ADA)) == number, number))
    assert server.messages(GROUP) == []
    assert len(server.messages(FORUM)) == 1


async def test_an_admin_who_has_no_private_chat(shop: Shop, server: TelegramServer) -> None:
    """Who cannot be written to is told how that can be mended, and nothing else."""
    server.strangers.add(ADA.id)
    server.command("/why how can i pay", user=ADA, chat=GROUP)
    told = await shop.said("I may tell that in private only", GROUP)
    assert "pay" not in told["text"]


async def test_strangers_just_ask(shop: Shop, server: TelegramServer) -> None:
    """To all others each of these commands is a message like any other."""
    for command in ("/why how can i pay", "/check", "/reindex", "/rollback"):
        other = (await shop.ask(command.replace("/", "/no")))["text"]
        assert (await shop.ask(command))["text"] == other or command.startswith("/why")
        server.command(command, chat=GROUP)
    await shop.settle(GROUP)
    assert server.messages(GROUP) == []
    assert "Decided" not in str(server.sent)
    assert "score" not in str(server.sent)


async def test_the_tools(tmp_path: Path, server: TelegramServer) -> None:
    """What the tools tell is what Ada reads; a number goes to the rollback."""
    asked: list[int | None] = []

    async def rollback(number: int | None) -> str:
        asked.append(number)
        return "Done."

    async def told() -> str:
        return "All **well**."

    async with open_shop(tmp_path, server, OPEN, admins=frozenset({ADA.id})) as shop:
        await shop.stop()
        shop.tools = replace(shop.tools, reindex=told, rollback=rollback, check=told)
        await shop.start()
        assert await _commanded(shop, "/check") == "All well."
        assert await _commanded(shop, "/reindex") == "All well."
        assert await _commanded(shop, "/rollback") == "Done."
        assert await _commanded(shop, "/rollback 3") == "Done."
        assert "Write the number" in await _commanded(shop, "/rollback three")
    assert asked == [None, 3]
