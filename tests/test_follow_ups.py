"""Conversations in which one question leans on the one before, with the model that ships."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.embedders.local_embedder import LocalEmbedder
from bot.faq.folder import read_faq
from bot.model import Details
from bot.telegram.follow_ups import KEPT_SECONDS
from tests.shop import Shop, buttons, open_shop, texts
from tests.telegram_server import ANN, BOB, FORUM, GROUP, TelegramServer

_MUSEUM = read_faq(Path(__file__).parent / "benchmarks" / "museum.md").entries

HOW_MUCH = "how much is it?"
TOUR, PARTY = "How do I book a guided tour?", "How do I book a birthday party?"
ADULTS, TOUR_PRICE, PARTY_PRICE = (
    "Twelve euros.",
    "Four euros beside the ticket.",
    "150 euros for ten children.",
)


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, GROUP, FORUM)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server, *_MUSEUM, model=LocalEmbedder()) as shop:
        yield shop


async def test_what_leans_on_the_last_question_is_understood(shop: Shop) -> None:
    """Ann asks for tours, then how much; for parties, then how much; and on from there."""
    assert (await shop.ask(HOW_MUCH))["text"] == ADULTS
    await shop.ask(TOUR)
    assert (await shop.ask(HOW_MUCH))["text"] == TOUR_PRICE
    assert (await shop.ask("and how long?"))["text"] == "About an hour and a half."
    await shop.ask(PARTY)
    assert (await shop.ask(HOW_MUCH))["text"] == PARTY_PRICE
    assert (await shop.ask("und wie lange?"))["text"] == "Two hours, with cake."


async def test_a_clear_new_question_stands(shop: Shop) -> None:
    """Whatever was talked about, what is clear by itself is answered as ever."""
    for entry in _MUSEUM[::5]:
        await shop.ask(TOUR)
        assert (await shop.ask(entry.question))["text"] == entry.answer
    await shop.ask(TOUR)
    assert (await shop.ask("my dog?"))["text"] == "Only guide dogs."


async def test_after_a_few_minutes_all_is_new(shop: Shop) -> None:
    """Who comes back later begins anew."""
    await shop.ask(TOUR)
    shop.now += KEPT_SECONDS
    assert (await shop.ask(HOW_MUCH))["text"] == TOUR_PRICE
    await shop.ask(TOUR)
    shop.now += KEPT_SECONDS + 1
    assert (await shop.ask(HOW_MUCH))["text"] == ADULTS


async def test_a_pressed_answer_is_talked_about(shop: Shop) -> None:
    """Ann is vague, presses a button, and asks on about what it said."""
    unsure = await shop.ask("book something")
    assert TOUR in buttons(unsure)
    shop.press(unsure, PARTY)
    await shop.said("Write to us three weeks ahead.")
    assert (await shop.ask(HOW_MUCH))["text"] == PARTY_PRICE


async def test_a_reply_leans_on_what_it_replies_to(shop: Shop, server: TelegramServer) -> None:
    """Days later, and after a restart, Ann replies to an old answer: it is about that one."""
    about_tours = await shop.ask(TOUR)
    await shop.ask(PARTY)
    server.text(HOW_MUCH, reply_to=about_tours)
    await shop.said(TOUR_PRICE)
    await shop.ask(PARTY)
    await shop.restart()
    shop.now += 3 * 24 * 3600
    server.text(HOW_MUCH, reply_to=about_tours)
    await server.until(lambda: texts(server).count(TOUR_PRICE) == 2)


async def test_everybody_is_in_a_talk_of_their_own(shop: Shop, server: TelegramServer) -> None:
    """In a group Bob's question leans on nothing of Ann's, nor hers on that in another topic."""
    await shop.ask(f"@faq_bot {TOUR}", chat=GROUP)
    bobs = await shop.ask(f"@faq_bot {HOW_MUCH}", chat=GROUP, user=BOB)
    assert bobs["text"] == ADULTS
    anns = await shop.ask(f"@faq_bot {HOW_MUCH}", chat=GROUP)
    assert anns["text"] == TOUR_PRICE

    async def said(text: str, thread: int) -> str:
        before = len(server.messages(FORUM))
        server.text(f"@faq_bot {text}", chat=FORUM, thread=thread)
        await server.until(lambda: len(server.messages(FORUM)) > before)
        return texts(server, FORUM)[-1]

    await said(TOUR, 7)
    await said(PARTY, 8)
    assert await said(HOW_MUCH, 7) == TOUR_PRICE
    assert await said(HOW_MUCH, 8) == PARTY_PRICE
    assert await said(HOW_MUCH, 9) == ADULTS


async def test_an_edited_question_leans_on_what_was_before_it(
    shop: Shop, server: TelegramServer
) -> None:
    """Ann mends a slip in her second question; it is not taken for a third."""
    await shop.ask(TOUR)
    asked = server.message(server.text("how long is it?"))
    await shop.said("About an hour and a half.")
    server.edited(asked, HOW_MUCH)
    await shop.said(TOUR_PRICE)
    assert len(server.messages(ANN)) == 2


async def test_what_somebody_may_not_see_is_not_leant_on(
    shop: Shop, server: TelegramServer
) -> None:
    """An entry for the staff alone answers no follow-up of anybody else's."""
    await shop.serve(
        *(
            replace(it, details=Details(audience=("@staff",))) if it.id == "tour-price" else it
            for it in _MUSEUM
        )
    )
    await shop.ask(TOUR)
    await shop.ask(HOW_MUCH)
    assert TOUR_PRICE not in texts(server)


async def test_what_is_remembered_is_what_was_asked(shop: Shop, server: TelegramServer) -> None:
    """Votes and admins come back to the words of the person, and to what they were told."""
    await shop.ask(TOUR)
    answer = await shop.ask(HOW_MUCH)
    await server.until(lambda: shop.sent_answers.get(ANN.id, answer["message_id"]))
    sent = shop.sent_answers.get(ANN.id, answer["message_id"])
    assert sent is not None
    assert sent.told.question == HOW_MUCH
    assert sent.told.entry_ids == ("tour-price",)
