"""The menus of commands, as each person sees them behind the menu button."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.wording.speech import Languages
from tests.shop import open_shop
from tests.telegram_server import ANN, GROUP, Person, TelegramServer, refusal

ADA = Person(7, "Ada")
ADMINS = frozenset({ADA.id})
_SETTING = "setMyCommands"


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ADA, ANN, GROUP)
        yield server


def _commands(menu: list[str]) -> list[str]:
    return [it.partition(" ")[0] for it in menu]


async def _until_set(server: TelegramServer, chat: Person = ADA) -> None:
    await server.until(lambda: server.menu("chat", chat=chat), 10)


async def test_everybody_sees_what_there_is(tmp_path: Path, server: TelegramServer) -> None:
    """Each chat offers what somebody there may do; what only admins may do is offered to them."""
    async with open_shop(tmp_path, server, admins=ADMINS):
        await _until_set(server)
    private = server.menu("all_private_chats")
    assert "/help What I can help with" in private
    assert _commands(private)[-1] == "/start"
    assert "/ask Ask a question" in server.menu("all_group_chats")
    assert set(_commands(server.menu("all_chat_administrators"))) >= {"/ask", "/help"}
    admins = server.menu("chat", chat=ADA)
    assert admins[: len(private)] == private
    assert _commands(admins)[len(private) :] == ["/why", "/check", "/reindex", "/rollback"]
    for scope in ("all_private_chats", "all_group_chats", "all_chat_administrators", "default"):
        assert not {"/why", "/check"} & set(_commands(server.menu(scope)))


async def test_only_commands_that_exist(tmp_path: Path, server: TelegramServer) -> None:
    """Whatever is offered gets an answer that nonsense would not get."""
    async with open_shop(tmp_path, server, admins=ADMINS) as shop:
        await _until_set(server)
        nonsense = (await shop.ask("/qwertz", ADA, ADA))["text"]
        for command in _commands(server.menu("chat", chat=ADA)):
            assert (await shop.ask(f"{command} x", ADA, ADA)).get("text") != nonsense


async def test_nothing_is_set_twice(tmp_path: Path, server: TelegramServer) -> None:
    """A restart finds the menus as they should be, and sets the one that is not."""
    async with open_shop(tmp_path, server, admins=ADMINS) as shop:
        calls = 4 * len(Languages.shipped().codes)
        await server.until(lambda: len(server.calls(_SETTING)) == calls, 10)
        await shop.restart()
        await _settle(server, starts=2)
        assert len(server.calls(_SETTING)) == calls
        server._commands.clear()
        await shop.restart()
        await server.until(lambda: len(server.calls(_SETTING)) == 2 * calls, 10)


async def test_an_admin_who_comes_later(tmp_path: Path, server: TelegramServer) -> None:
    """Who has not pressed Start yet gets their menu with the first message, without a word."""
    server.strangers.add(ADA.id)
    async with open_shop(tmp_path, server, admins=ADMINS) as shop:
        await _settle(server, menus=3)
        assert server.menu("all_private_chats")
        assert not server.menu("chat", chat=ADA)
        await shop.ask("/start", ADA, ADA)
        assert "/why" in _commands(server.menu("chat", chat=ADA))
        calls = len(server.calls(_SETTING))
        await shop.ask("/start", ADA, ADA)
        assert len(server.calls(_SETTING)) == calls
        assert len(server.messages(ADA)) == 2


async def test_menus_that_cannot_be_set(tmp_path: Path, server: TelegramServer) -> None:
    """Trouble with menus keeps nobody from an answer, and one menu not from the next."""
    server.inject(refusal(400, "Bad Request: not today"), method="getMyCommands", times=2)
    server.inject(refusal(500, "Internal Server Error"), method=_SETTING)
    async with open_shop(tmp_path, server, admins=ADMINS) as shop:
        await _until_set(server)
        assert (await shop.ask("how can i pay"))["text"] == "By card."


async def _settle(server: TelegramServer, starts: int = 1, menus: int = 4) -> None:
    """Wait until the menus of so many starts have been looked at, as far as they can be."""
    looks = starts * menus * len(Languages.shipped().codes)
    await server.until(lambda: len(server.calls("getMyCommands")) >= looks, 10)
