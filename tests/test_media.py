"""Conversations in which people send what is no text."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.shop import PAY, Shop, open_shop, texts
from tests.telegram_server import ANN, BOB, GROUP, TelegramServer

_KINDS = {
    "voice": "I cannot listen to voice messages yet.",
    "audio": "I cannot listen to voice messages yet.",
    "video_note": "I cannot watch videos yet.",
    "video": "I cannot watch videos yet.",
    "animation": "I cannot watch videos yet.",
    "photo": "I cannot look at pictures yet.",
    "document": "I cannot look into files yet.",
    "location": "I cannot do anything with a place yet.",
    "venue": "I cannot do anything with a place yet.",
    "contact": "I cannot do anything with a contact.",
    "poll": "I had better not vote.",
    "dice": "I am no good at games.",
}


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, GROUP)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server) as shop:
        yield shop


async def test_each_kind_gets_a_kind_word_of_its_own(shop: Shop, server: TelegramServer) -> None:
    """Ann sends whatever a phone can send, and is asked to write each time, once."""
    for kind, said in _KINDS.items():
        before = len(server.messages(ANN))
        server.media(kind)
        await shop.settle()
        assert texts(server)[before:] == [f"{said} Please write your question."]
    server.sticker()
    await shop.settle()
    assert texts(server)[-1] == "I can only read text. Please ask me in words."


@pytest.mark.parametrize("kind", ["photo", "video", "document", "voice", "animation"])
async def test_a_caption_is_a_question(shop: Shop, server: TelegramServer, kind: str) -> None:
    """What stands below a picture or a file is answered as if it had been written alone."""
    server.media(kind, caption=PAY.question)
    await shop.said("By card.")
    await shop.settle()
    assert texts(server) == ["By card."]


async def test_an_album_gets_one_reply(shop: Shop, server: TelegramServer) -> None:
    """Ten pictures at once are one utterance; the next ones are another."""
    for album in ("1", "2"):
        for _ in range(10):
            server.media("photo", media_group_id=album)
    await shop.settle()
    said = "I cannot look at pictures yet. Please write your question."
    assert texts(server) == [said, said]


@pytest.mark.parametrize("place", [0, 1, 3])
async def test_the_caption_of_an_album_is_its_question(
    shop: Shop, server: TelegramServer, place: int
) -> None:
    """It is answered once, whichever picture bears it."""
    for number in range(4):
        caption: dict[str, Any] = {"caption": PAY.question} if number == place else {}
        server.media("photo", media_group_id="1", **caption)
    await shop.said("By card.")
    await shop.settle()
    assert texts(server) == ["By card."]


async def test_a_caption_that_is_edited_is_answered_anew(
    shop: Shop, server: TelegramServer
) -> None:
    """Ann mends the words below an album, and the reply changes with them."""
    first = server.message(server.media("photo", media_group_id="1", caption="hay pow"))
    server.media("photo", media_group_id="1")
    await server.until(lambda: server.messages(ANN))
    server.raw({"edited_message": {**first, "edit_date": 1, "caption": PAY.question}})
    await shop.said("By card.")
    await shop.settle()
    assert texts(server) == ["By card."]


async def test_in_groups_media_are_for_the_others(shop: Shop, server: TelegramServer) -> None:
    """Only a caption that mentions the bot, or a reply to it, is meant for it."""
    server.media("photo", chat=GROUP)
    server.media("voice", chat=GROUP)
    server.media("photo", chat=GROUP, media_group_id="1")
    server.media("photo", chat=GROUP, media_group_id="1", caption="look!")
    server.caption(f"@faq_bot {PAY.question}", chat=GROUP)
    answer = await shop.said("By card.", GROUP)
    server.media("voice", chat=GROUP, user=BOB, reply_to=answer)
    await shop.said("I cannot listen", GROUP)
    assert len(server.messages(GROUP)) == 2


async def test_what_the_chat_itself_says_gets_no_reply(shop: Shop, server: TelegramServer) -> None:
    """Nobody asked anything when a picture of the chat changed or a message was pinned."""
    date, chat = 1, ANN.chat
    pinned = {"message_id": 1, "date": date, "chat": chat, "text": "how can i pay"}
    for fields in (
        {"pinned_message": pinned},
        {"new_chat_title": "Ann and the bot"},
        {"successful_payment": {
            "currency": "EUR",
            "total_amount": 100,
            "invoice_payload": "x",
            "telegram_payment_charge_id": "1",
            "provider_payment_charge_id": "2",
        }},
    ):  # fmt: skip
        server.raw({
            "message": {"message_id": 900, "date": date, "chat": chat, "from": ANN.user, **fields}
        })  # fmt: skip
    await shop.settle()
    assert texts(server) == []
