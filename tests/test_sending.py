"""What arrives in a chat, sent by the real library over real HTTP to a strict server."""

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from telegram import Bot, Chat, Message, MessageEntity
from telegram.error import BadRequest, NetworkError
from telegram.request import HTTPXRequest

from bot.faq.folder import read_faq
from bot.model import Faq
from bot.telegram.rendering import Part, render
from bot.telegram.sending import Sender
from tests.telegram_server import ANN, TOKEN, TelegramServer, drop, html, refusal

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT.parent / "shared" / "faq-samples"
PLACES = [ROOT / "faq", SAMPLES / "pnpm-faq.md", SAMPLES / "homebrew-FAQ.md"]
BOLD = Part("Now.", (MessageEntity(MessageEntity.BOLD, 0, 3),))


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN)
        yield server


@pytest.fixture(name="sender")
async def _sender(server: TelegramServer) -> AsyncIterator[Sender]:
    bot = Bot(TOKEN, base_url=f"{server.url}/bot", request=HTTPXRequest())
    async with bot:
        yield Sender(bot)


def _asked(server: TelegramServer) -> Message:
    message_id = server.message(server.text("A question"))["message_id"]
    now = dt.datetime.now(tz=dt.UTC)
    return Message(message_id, now, Chat(ANN.id, Chat.PRIVATE))


def _read(place: Path) -> Faq:
    if not place.exists():
        pytest.skip(f"{place} is not there: ../shared comes with the project's workspace only")
    return read_faq(place)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_every_answer_is_delivered_whole(
    place: Path, server: TelegramServer, sender: Sender
) -> None:
    """What a person sees, over all messages of an answer, is the whole rendered answer."""
    asked = _asked(server)
    for entry in _read(place).entries:
        parts = render(entry.answer)
        before = len(server.messages(ANN))
        ids = await sender.reply(asked, parts)
        arrived = server.messages(ANN)[before:]

        assert [message["message_id"] for message in arrived] == ids
        assert [message["text"] for message in arrived] == [part.text for part in parts]
    assert server.refusals == []


async def test_refused_formatting_falls_back_to_plain_text(
    server: TelegramServer, sender: Sender
) -> None:
    """An answer whose formatting Telegram does not take arrives without it, not never."""
    server.inject(refusal(400, "Bad Request: can't parse entities: whatever"))
    await sender.reply(_asked(server), [BOLD])

    (message,) = server.messages(ANN)
    assert message["text"] == "Now."
    assert "entities" not in message


async def test_what_is_refused_for_another_reason_is_an_error(
    server: TelegramServer, sender: Sender
) -> None:
    """A refusal that plain text would not mend is not tried again and again."""
    injection = refusal(400, "Bad Request: not today")
    server.inject(injection, times=2)

    with pytest.raises(BadRequest, match=r"(?i)not today"):
        await sender.reply(_asked(server), [BOLD])
    assert server.messages(ANN) == []


async def test_a_broken_connection_is_tried_again(server: TelegramServer, sender: Sender) -> None:
    """A hiccup of the network costs a moment, not the answer."""
    server.inject(drop())
    server.inject(html(502))
    assert len(await sender.reply(_asked(server), [BOLD])) == 1
    assert len(server.messages(ANN)) == 1


async def test_a_person_who_has_gone_is_left_alone(server: TelegramServer, sender: Sender) -> None:
    """Whoever blocks the bot between question and answer gets no further tries."""
    asked = _asked(server)
    server.blocked.add(ANN.id)

    assert await sender.reply(asked, [BOLD, BOLD]) == []


async def test_an_edit_that_changes_nothing_is_no_error(
    server: TelegramServer, sender: Sender
) -> None:
    """The same text again is what was wanted; a message that is gone stays gone."""
    (message_id,) = await sender.reply(_asked(server), [BOLD])
    await sender.edit(ANN.id, message_id, Part("Then.", ()))
    server.inject(refusal(400, "Bad Request: message is not modified"), method="editMessageText")
    await sender.edit(ANN.id, message_id, Part("Then.", ()))
    assert [it["text"] for it in server.messages(ANN)] == ["Then."]

    await sender.delete(ANN.id, message_id)
    assert server.messages(ANN) == []
    server.inject(refusal(400, "Bad Request: message can't be deleted"), method="deleteMessage")
    await sender.delete(ANN.id, message_id)


async def test_a_server_that_stays_away_ends_the_tries(
    server: TelegramServer, sender: Sender
) -> None:
    """After half a minute of failures the error goes to whoever handles errors."""
    server.inject(html(502), method="sendMessage", times=100)
    hasty = Sender(sender._bot, first_pause_seconds=0.001)
    with pytest.raises(NetworkError):
        await hasty.reply(_asked(server), [BOLD])
