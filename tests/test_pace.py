"""How fast the bot sends, and what becomes of those who send too fast themselves."""

import asyncio
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.model import Details, Vectors
from bot.telegram.flood import SILENCE_SECONDS, WINDOW_SECONDS, Flood, Verdict
from bot.telegram.pace import TELEGRAM, Allowance, Limits, Pace, Rate
from tests.fakes import FakeEmbedder, entry
from tests.shop import FAQ, OPEN, VAGUE, Shop, data, open_shop, texts
from tests.telegram_server import ANN, BOB, GROUP, Person, TelegramServer, flood, hang

ADA = Person(7, "Ada")
PAYS = "By card."
TOO_MUCH = "That is more than I can keep up with. Please give me a minute."


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, ADA, GROUP)
        yield server


@pytest.fixture(autouse=True)
def _as_when_running(monkeypatch: pytest.MonkeyPatch) -> None:
    # As `run_bot` has it.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@given(
    st.integers(1, 20),
    st.floats(0.01, 10),
    st.lists(st.floats(0, 20), min_size=1, max_size=60),
)
def test_an_allowance_is_never_passed(
    at_once: int, interval_seconds: float, pauses: list[float]
) -> None:
    """Whenever things are sent, no stretch of time sees more of them than the rate allows."""
    allowance = Allowance(Rate(at_once, interval_seconds))
    now, sent = 0.0, []
    for pause in pauses:
        now += pause
        foretold = allowance.wait_seconds(now)
        assert allowance.take(now) == foretold
        sent.append(now + foretold)
    assert sent == sorted(sent)
    for first, start in enumerate(sent):
        for last in range(first, len(sent)):
            most = at_once + (sent[last] - start) / interval_seconds
            assert last - first + 1 <= most + 1e-6


def test_a_group_gets_no_more_than_twenty_a_minute() -> None:
    """However a group is written to, Telegram's limit for it holds, and the first need not wait."""
    assert TELEGRAM.group
    allowance = Allowance(TELEGRAM.group)
    sent = [allowance.take(0.0) for _ in range(100)]
    assert sent[:8] == [0.0] * 8
    assert all(sum(start <= it < start + 60 for it in sent) <= 20 for start in sent)


def test_a_flood_gets_one_word_and_then_silence() -> None:
    """Twenty things at once are heard, one more is told off once, and soon all is well again."""
    now = 0.0
    rule = Flood(20, clock=lambda: now)
    assert [rule.judge("ann") for _ in range(20)] == [Verdict.HEAR] * 20
    assert rule.judge("ann") is Verdict.WARN
    assert {rule.judge("ann") for _ in range(100)} == {Verdict.IGNORE}
    assert rule.judge("bob") is Verdict.HEAR
    now = SILENCE_SECONDS - 1
    assert rule.judge("ann") is Verdict.IGNORE
    now = SILENCE_SECONDS
    assert [rule.judge("ann") for _ in range(20)] == [Verdict.HEAR] * 20


def test_a_steady_talker_is_never_told_off() -> None:
    """Who sends the limit a minute, evenly, is heard for ever; so is everything without one."""
    now = 0.0
    rule = Flood(20, clock=lambda: now)
    for _ in range(500):
        now += WINDOW_SECONDS / 20
        assert rule.judge("ann") is Verdict.HEAR
    anything = Flood(0)
    assert {anything.judge("ann") for _ in range(500)} == {Verdict.HEAR}


def test_flooders_are_forgotten_in_time() -> None:
    """However many people write, the memory of them is bounded."""
    rule = Flood(1, clock=lambda: 0.0)
    for person in range(20_000):
        rule.judge(person)
    assert len(rule._sent) == 10_000


async def test_one_refusal_rests_one_chat_only() -> None:
    """Where Telegram wants to hear no more for a while, all else goes on."""
    now, done = 0.0, list[str]()
    pace = Pace(Limits(None, None, None), clock=lambda: now)
    refusals = [RetryAfter(0), RetryAfter(0)]

    async def send(what: str) -> bool:
        if what == "group" and refusals:
            raise refusals.pop()
        done.append(what)
        return True

    async def process(what: str, chat_id: int, endpoint: str = "sendMessage") -> None:
        await pace.process_request(send, (what,), {}, endpoint, {"chat_id": chat_id}, None)

    await process("group", -1)
    assert done == ["group"]
    pace._rests[-1] = now + 100
    assert pace.wait_seconds(-1) == 100
    resting = asyncio.create_task(process("later", -1))
    await process("person", 1)
    await process("typing", -1, "sendChatAction")
    assert done == ["group", "person", "typing"]
    resting.cancel()


async def test_typing_is_shown_to_a_few_at_a_time() -> None:
    """When many wait, showing each of them that the bot is at it would make them wait longer."""
    now, shown = 0.0, list[int]()
    pace = Pace(clock=lambda: now)

    async def show(chat_id: int) -> bool:
        shown.append(chat_id)
        return True

    for chat_id in range(100):
        await pace.process_request(show, (chat_id,), {}, "sendChatAction", {}, None)
    assert shown == [0, 1, 2, 3]
    now = 0.25
    await pace.process_request(show, (100,), {}, "sendChatAction", {}, None)
    assert shown[-1] == 100


async def test_a_rest_of_an_hour_is_not_waited_for() -> None:
    """What Telegram refuses for so long is an error, not a message that comes when nobody cares."""
    pace = Pace()

    async def refuse() -> bool:
        raise RetryAfter(3600)

    with pytest.raises(RetryAfter):
        await pace.process_request(refuse, (), {}, "sendMessage", {"chat_id": 1}, None)


async def test_what_was_too_early_is_sent_again(tmp_path: Path, server: TelegramServer) -> None:
    """An answer that Telegram wants later comes later, once."""
    async with open_shop(tmp_path, server) as shop:
        injection = server.inject(flood(1), method="sendMessage")
        assert (await shop.ask("how can i pay"))["text"] == PAYS
        assert injection.met == 1
    assert texts(server) == [PAYS]


async def test_a_flood_in_private(tmp_path: Path, server: TelegramServer) -> None:
    """Ann sends far too much: she reads so once, then nothing; nobody else notices, and every press
    is answered.
    """
    async with open_shop(tmp_path, server, flood_limit=4, admins=frozenset({ADA.id})) as shop:
        unsure = await shop.ask(VAGUE)
        asked = server.message(server.text("how can i pay"))
        await shop.said(PAYS)
        server.edited(asked, "when do you close the shop")
        await shop.said("At five.")
        shop.press(unsure, OPEN.question)
        await shop.said("At nine.")
        server.text("how can i pay")
        await shop.said(TOO_MUCH)
        for _ in range(30):
            server.text("how can i pay")
            server.edited(asked, "how can i pay")
            server.callback(unsure, data(unsure, OPEN.question), anyway=True)
        await server.until(lambda: not server.open_callbacks)
        for _ in range(10):
            assert (await shop.ask("how can i pay", ADA, ADA))["text"] == PAYS
        assert (await shop.ask("how can i pay", BOB, BOB))["text"] == PAYS
    assert texts(server) == ["At nine.", "At five.", TOO_MUCH]


async def test_a_flood_of_presses_is_told_where_it_happens(
    tmp_path: Path, server: TelegramServer
) -> None:
    """Who only presses reads the word for a moment above the chat, and no message."""
    async with open_shop(tmp_path, server, flood_limit=2) as shop:
        unsure = await shop.ask(VAGUE)
        for _ in range(4):
            server.callback(unsure, data(unsure, OPEN.question), anyway=True)
        await server.until(lambda: not server.open_callbacks)
        await shop.said("At nine.")
    told = [it.params.get("text") for it in server.calls("answerCallbackQuery")]
    assert (len(told), told.count(TOO_MUCH)) == (4, 1)
    assert texts(server) == ["At nine."]


async def test_a_flood_in_a_group_is_one_persons(tmp_path: Path, server: TelegramServer) -> None:
    """In a group Ann is told off below her message, Bob is still heard, and chat among people does
    not count.
    """
    async with open_shop(tmp_path, server, flood_limit=2) as shop:
        for _ in range(20):
            server.text("nice weather", chat=GROUP)
        for _ in range(3):
            server.text("@faq_bot how can i pay", chat=GROUP)
        told = await shop.said(TOO_MUCH, GROUP)
        assert told["reply_to_message"]["from"]["id"] == ANN.id
        for _ in range(10):
            server.text("@faq_bot how can i pay", chat=GROUP)
        await shop.ask("@faq_bot when do you close the shop", GROUP, BOB)
    assert sorted(texts(server, GROUP)) == ["At five.", PAYS, PAYS, TOO_MUCH]


class _SlowEmbedder(FakeEmbedder):
    """Takes its time over new words."""

    seconds = 0.0

    async def embed(self, asked: Sequence[str]) -> Vectors:
        await asyncio.sleep(self.seconds)
        return await super().embed(asked)


async def test_typing_is_shown_only_where_it_takes_long(
    tmp_path: Path, server: TelegramServer
) -> None:
    """A quick answer comes without a flicker; who waits for a slow one sees that it is coming."""
    shop = Shop(tmp_path, server)
    embedder = _SlowEmbedder(shop.embedder.model)
    shop.embedder = shop._vectorizer._embedder = embedder
    await shop.serve(*FAQ)
    await shop.start()
    try:
        await shop.ask("how can i pay")
        assert server.calls("sendChatAction") == []
        embedder.seconds = 0.8
        await shop.ask("how can i pay you")
        (typing,) = server.calls("sendChatAction")
        assert (typing.chat_id, typing.params["action"]) == (ANN.id, "typing")
    finally:
        await shop.close()


async def test_nobody_waits_for_an_upload(tmp_path: Path, server: TelegramServer) -> None:
    """While forty uploads make no progress, all get their answers, and those forty the next one."""
    (tmp_path / "map.txt").write_text("left")
    place = replace(
        entry("place", "where is it", answer="Here."), details=Details(attachments=("map.txt",))
    )
    people = [Person(5000 + number) for number in range(40)]
    async with open_shop(tmp_path, server, *FAQ, place) as shop:
        server.inject(hang(), method="sendDocument", times=math.inf)
        for person in people:
            server.text("where is it", user=person)
        for person in people:
            await shop.said("Here.", person)
        assert (await shop.ask("how can i pay", BOB, BOB))["text"] == PAYS
        assert (await shop.ask("how can i pay", people[0], people[0]))["text"] == PAYS
    assert server.calls("sendDocument") == []
