"""Small requests to Telegram: they arrive, they end, and no error of theirs tells the token."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from bot.telegram.quick_request import QuickRequest
from tests.telegram_server import ANN, TOKEN, TelegramServer, hang

_HOSTS = count(1)


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN)
        yield server


@asynccontextmanager
async def _bot(url: str) -> AsyncIterator[Bot]:
    request = QuickRequest()
    await request.initialize()
    try:
        yield Bot(TOKEN, base_url=f"{url}/bot", request=request)
    finally:
        await request.shutdown()


async def test_whatever_is_written_arrives_as_it_was(server: TelegramServer) -> None:
    """Letters of all scripts, line ends, and what has a meaning in forms and addresses."""
    text = "Ciało & dusza = 100 %?\n+1 шаг / مرحبا 👩‍👩‍👧 #;"
    async with _bot(server.url) as bot:
        sent = await asyncio.gather(*(bot.send_message(ANN.id, text) for _ in range(5)))

    assert {it.text for it in sent} == {text}
    assert [it["text"] for it in server.messages(ANN)] == [text] * 5


async def test_a_reply_that_does_not_come_is_not_waited_for(server: TelegramServer) -> None:
    """Whoever asks is told in time, and the next request goes well."""
    server.inject(hang(), method="sendMessage")
    async with _bot(server.url) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(ANN.id, "one", read_timeout=0.5)

        assert (await bot.send_message(ANN.id, "two")).text == "two"


async def test_where_nobody_answers_the_error_names_the_host_and_not_the_token() -> None:
    """An operator reads where the connection failed; the token stays a secret."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    async with _bot(f"http://127.0.0.1:{port}") as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(ANN.id, "one")

    assert f"127.0.0.1:{port}" in str(caught.value)
    shown: BaseException | None = caught.value
    while shown is not None:
        assert TOKEN not in repr(shown)
        shown = shown.__cause__


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 2000 No\r\n\r\n", b"\0\xff\n\n"])
async def test_what_is_no_reply_is_a_network_error(answer: bytes) -> None:
    """A proxy or a cable that garbles replies is trouble on the way, whatever it makes of them."""

    async def garble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    garbler = await asyncio.start_server(garble, "127.0.0.1", 0)
    async with garbler, _bot(f"http://127.0.0.1:{garbler.sockets[0].getsockname()[1]}") as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(ANN.id, "one")

    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "named"),
    [
        ("HTTP_PROXY", "http://127.0.0.1:{}".format),
        ("http_proxy", "127.0.0.1:{}".format),
        ("ALL_PROXY", "http://127.0.0.1:{}".format),
    ],
)
async def test_the_proxy_of_the_environment_is_used(
    server: TelegramServer,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    named: Callable[[int], str],
) -> None:
    """Behind a company's proxy the bot needs no other setting than all programs do."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, named(int(server.url.rpartition(":")[2])))

    async with _bot(f"http://telegram{next(_HOSTS)}.test") as bot:
        sent = await bot.send_message(ANN.id, "one")

    assert sent.text == "one"


async def test_a_host_that_needs_no_proxy_is_reached_without(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Bot API server of one's own beside the bot is not looked for behind the proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    async with _bot(server.url) as bot:
        assert (await bot.send_message(ANN.id, "one")).text == "one"
