"""Conversations in groups, by the real application over real HTTP to a strict server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.model import GroupMode
from bot.telegram.pace import Limits, Rate
from tests.shop import FAQ, OPEN, UNSURE, VAGUE, Shop, open_shop, texts
from tests.telegram_server import (
    ANN,
    BOB,
    CHANNEL,
    FORUM,
    GROUP,
    SMALL_GROUP,
    Message,
    Person,
    Room,
    TelegramServer,
)

ADA = Person(7, "Ada")
ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
GIF_BOT = {"id": 55, "is_bot": True, "first_name": "Gif", "username": "gif"}
OPENS = "At nine."
PAYS = "By card."
BUSY = Limits(overall=None, private=None, group=Rate(2, 1.0))
"""A group that may have two messages at once, and then one a second."""


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, ADA, GROUP, FORUM, SMALL_GROUP)
        server.statuses[GROUP.id, ADA.id] = "administrator"
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server) as shop:
        yield shop


def _from(user: dict[str, Any]) -> dict[str, Any]:
    return {"from": user}


async def _said(server: TelegramServer, count: int, chat: Room = GROUP) -> list[str]:
    await server.until(lambda: len(server.messages(chat)) >= count, 10)
    return texts(server, chat)


async def test_it_answers_who_speaks_to_it(shop: Shop, server: TelegramServer) -> None:
    """Mentioned, replied to, commanded or called below somebody's question it answers: just once,
    below the message.
    """
    question = server.message(server.text("When do you open the shop?", chat=GROUP, user=BOB))
    server.text("@faq_bot how can i pay", chat=GROUP)
    assert await _said(server, 1) == [PAYS]
    (answer,) = server.messages(GROUP)
    assert answer["reply_to_message"]["text"] == "@faq_bot how can i pay"

    server.text("when do you close the shop", chat=GROUP, reply_to=answer)
    assert (await _said(server, 2))[1:] == ["At five."]
    server.text("/ask@faq_bot how can i pay", chat=GROUP)
    assert (await _said(server, 3))[2:] == [PAYS]
    server.text("/ask how can i pay", chat=GROUP)
    assert (await _said(server, 4))[3:] == [PAYS]
    server.text("@faq_bot", chat=GROUP, reply_to=question)
    assert (await _said(server, 5))[4:] == [OPENS]
    await shop.settle(GROUP)
    assert len(server.messages(GROUP)) == 5


async def test_what_is_not_for_it_is_left_alone(shop: Shop, server: TelegramServer) -> None:
    """People among themselves, other bots and their commands, and channels get nothing."""
    server.text("how can i pay", chat=GROUP)
    answer = await shop.ask("@faq_bot when do you open the shop", GROUP)
    server.text("/ask@other_bot how can i pay", chat=GROUP)
    server.text("/ask@other_bot how can i pay", chat=GROUP, reply_to=answer)
    server.text("/ask@other_bot @faq_bot how can i pay", chat=GROUP)
    server.text("/nonsense", chat=GROUP)
    asked = "@faq_bot how can i pay"
    server.text(asked, chat=GROUP, **_from(GIF_BOT))
    server.text(asked, chat=GROUP, via_bot=GIF_BOT)
    server.text(asked, chat=GROUP, sender_chat=CHANNEL.chat)
    server.text(asked, chat=GROUP, sender_chat=CHANNEL.chat, is_automatic_forward=True)
    server.text("/help@faq_bot", chat=GROUP, sender_chat=CHANNEL.chat, is_automatic_forward=True)
    server.text(asked, chat=GROUP, **_from(server.bot))
    server.text("how can i pay", via_bot=server.bot)  # its own answer, chosen inline
    server.post(asked)
    await shop.settle(GROUP)
    assert texts(server, GROUP) == [OPENS]
    assert texts(server) == []
    assert server.messages(CHANNEL) == []


async def test_it_stays_in_the_topic(shop: Shop, server: TelegramServer) -> None:
    """What is asked in a topic of a forum is answered there, and in General what is asked there."""
    server.text("@faq_bot how can i pay", chat=FORUM, thread=7)
    server.text("@faq_bot when do you open the shop", chat=FORUM)
    await _said(server, 2, FORUM)
    threads = {it["text"]: it.get("message_thread_id") for it in server.messages(FORUM)}
    assert threads == {PAYS: 7, OPENS: None}
    server.text("@faq_bot how can i pay", chat=GROUP, thread=9)  # a thread of replies, no topic
    assert "message_thread_id" not in (await shop.said(PAYS, GROUP))


async def test_only_admins_of_the_group_choose(shop: Shop, server: TelegramServer) -> None:
    """/faqbot tells everybody how it is, and does what admins want, anonymous ones, too."""
    state = await shop.ask("/faqbot", GROUP)
    assert "when I am mentioned" in state["text"]
    assert "/faqbot auto" in state["text"]
    assert (await shop.ask("/faqbot off", GROUP))["text"].startswith("Only admins")
    assert "silent" in (await shop.ask("/faqbot OFF", GROUP, ADA))["text"]
    server.text("@faq_bot how can i pay", chat=GROUP)
    server.text("/help@faq_bot", chat=GROUP)
    assert "id is" in (await shop.ask("/id", GROUP))["text"]
    assert (await shop.ask("/faqbot", GROUP))["text"].startswith("In this group I am silent")

    hidden = _from(ANONYMOUS) | {"sender_chat": GROUP.chat}
    server.text("/faqbot mention", chat=GROUP, **hidden)
    told = "In this group I answer when"
    await server.until(lambda: [it[: len(told)] for it in texts(server, GROUP)].count(told) == 2)
    server.text("@faq_bot how can i pay", chat=GROUP, **hidden)
    await shop.said(PAYS, GROUP)
    assert (await shop.ask("/faqbot sometimes", GROUP, ADA))["text"].startswith("The admins of")
    assert "for groups" in (await shop.ask("/faqbot auto"))["text"]
    assert texts(server, GROUP).count(PAYS) == 1


async def test_what_a_group_has_chosen_outlives_a_restart(
    shop: Shop, server: TelegramServer
) -> None:
    """The choice of a group is kept, and holds for that group alone."""
    await shop.ask("/faqbot off", GROUP, ADA)
    await shop.restart()
    server.text("@faq_bot how can i pay", chat=GROUP)
    await shop.ask("@faq_bot how can i pay", FORUM)
    assert (await shop.ask("/faqbot", GROUP))["text"].startswith("In this group I am silent")
    assert PAYS not in texts(server, GROUP)


async def test_privacy_mode_makes_auto_impossible(shop: Shop, server: TelegramServer) -> None:
    """Who chooses auto where the bot sees too little reads why, and what to do."""
    told = (await shop.ask("/faqbot auto", GROUP, ADA))["text"]
    assert "I cannot see what you write to each other" in told
    server.statuses[GROUP.id, server.bot["id"]] = "administrator"
    assert "cannot see" not in (await shop.ask("/faqbot auto", GROUP, ADA))["text"]
    server.statuses[GROUP.id, server.bot["id"]] = "member"
    server.bot["can_read_all_group_messages"] = True
    assert "cannot see" not in (await shop.ask("/faqbot auto", GROUP, ADA))["text"]


async def test_the_operator_is_warned_of_privacy_mode(
    tmp_path: Path, server: TelegramServer
) -> None:
    """With FAQBOT_GROUPS=auto and privacy mode, the operator's admins are told at the start."""
    admins = frozenset({ADA.id})
    async with open_shop(tmp_path, server, groups=GroupMode.AUTO, admins=admins) as shop:
        assert "privacy mode" in (await shop.said("FAQBOT_GROUPS is auto", ADA))["text"]
        server.bot["can_read_all_group_messages"] = True
        await shop.restart()
        await shop.ask("how can i pay")
    assert len(server.messages(ADA)) == 1


async def test_by_itself_it_speaks_only_where_it_is_sure(
    tmp_path: Path, server: TelegramServer
) -> None:
    """In a group that wants it, a clear question gets its answer; nothing else gets a word."""
    server.bot["can_read_all_group_messages"] = True
    async with open_shop(tmp_path, server, groups=GroupMode.AUTO) as shop:
        server.text("how can i pay", chat=GROUP)
        assert await _said(server, 1) == [PAYS]
        server.text("When do you open the SHOP", chat=FORUM, thread=7)
        await _said(server, 1, FORUM)
        assert server.messages(FORUM)[0]["message_thread_id"] == 7

        bobs = server.message(server.text("what a day", user=BOB, chat=GROUP))
        server.text(VAGUE, chat=GROUP)  # would be suggestions
        server.text("zebras in pyjamas", chat=GROUP)  # would be a no
        server.text("how can i pay him back", chat=GROUP)  # would be an answer, if asked
        server.text("how can i pay", chat=GROUP, reply_to=bobs)
        server.text("@bob_builder how can i pay", chat=GROUP)
        server.text("/pay how can i pay", chat=GROUP)
        server.text("how can i pay", chat=GROUP, **_from(GIF_BOT))
        server.sticker(chat=GROUP)
        assert (await shop.ask(f"@faq_bot {VAGUE}", GROUP))["text"] == UNSURE
        assert (await shop.ask("@faq_bot how can i pay him back", GROUP))["text"] == PAYS
        assert len(texts(server, GROUP)) == 3

        asked = server.message(server.text("how can i", chat=GROUP))
        server.edited(asked, "how can i pay")
        await _said(server, 4)
        server.edited(asked, "when do you open the shop")
        await server.until(lambda: texts(server, GROUP)[3] == OPENS)
        server.edited(asked, "never mind")
        await shop.settle(GROUP)
        assert len(texts(server, GROUP)) == 4


async def test_it_says_hello_once(shop: Shop, server: TelegramServer) -> None:
    """A group that adds the bot reads how to ask; a promotion, a channel and a removal get none."""
    server.statuses[GROUP.id, server.bot["id"]] = "left"
    server.member(GROUP, "member")
    hello = await shop.said("Hello!", GROUP)
    assert "/ask" in hello["text"]
    server.member(GROUP, "administrator")
    server.statuses[CHANNEL.id, server.bot["id"]] = "left"
    server.member(CHANNEL, "administrator")
    server.member(ANN, "kicked")
    server.member(ANN, "member")
    await shop.settle(GROUP)
    assert texts(server, GROUP) == [hello["text"]]
    assert server.messages(CHANNEL) == server.messages(ANN) == []


async def test_what_was_removed_is_forgotten(shop: Shop, server: TelegramServer) -> None:
    """Thrown out and added again, the bot begins anew, and an edit of old gets a new answer."""
    asked = server.message(server.text("@faq_bot how can i pay", chat=GROUP))
    await _said(server, 1)
    server.member(GROUP, "kicked")
    server.member(GROUP, "member")
    await shop.said("Hello!", GROUP)
    server.edited(asked, "@faq_bot when do you open the shop")
    assert (await _said(server, 3))[2:] == [OPENS]


async def test_in_a_silent_bots_group_there_is_no_hello(
    tmp_path: Path, server: TelegramServer
) -> None:
    """With FAQBOT_GROUPS=off, groups read nothing, until their admins want it otherwise."""
    async with open_shop(tmp_path, server, groups=GroupMode.OFF) as shop:
        server.statuses[GROUP.id, server.bot["id"]] = "left"
        server.member(GROUP, "member")
        server.text("@faq_bot how can i pay", chat=GROUP)
        await shop.ask("/faqbot mention", GROUP, ADA)
        await shop.ask("@faq_bot how can i pay", GROUP)
        assert len(texts(server, GROUP)) == 2


NEW = Room(-1001000000077, "Small group, grown")


async def test_a_group_grows_into_a_supergroup(shop: Shop, server: TelegramServer) -> None:
    """Its choice and what it was told move along, and in the new place all goes on."""
    server.statuses[SMALL_GROUP.id, ADA.id] = "creator"
    await shop.ask("/faqbot off", SMALL_GROUP, ADA)
    await shop.ask("/faqbot mention", SMALL_GROUP, ADA)
    told = await shop.ask("@faq_bot how can i pay", SMALL_GROUP)
    await shop.ask("/faqbot off", SMALL_GROUP, ADA)
    server.add(NEW)
    server.migrate(SMALL_GROUP, NEW)
    state = await shop.ask("/faqbot", NEW)
    assert "silent" in state["text"]
    moved = shop.sent_answers.get(NEW.id, told["message_id"])
    assert moved
    assert moved.told.question == "how can i pay"
    assert shop.sent_answers.get(SMALL_GROUP.id, told["message_id"]) is None
    await shop.restart()
    assert "silent" in (await shop.ask("/faqbot", NEW))["text"]


async def test_an_answer_follows_the_group(shop: Shop, server: TelegramServer) -> None:
    """What was asked just before the move is answered where the group is now, and not astray."""
    server.add(NEW)
    server.text("hello", chat=NEW)  # has the id that the question has in the old place
    unsure = await shop.ask(f"@faq_bot {VAGUE}", SMALL_GROUP)
    server._moved[SMALL_GROUP.id] = NEW.id  # before anybody is told
    server.text("@faq_bot how can i pay", chat=SMALL_GROUP)
    (answer,) = [it for it in [await shop.said(PAYS, NEW)] if it]
    assert "reply_to_message" not in answer
    shop.press(unsure, OPEN.question)
    await shop.said(OPENS, NEW)
    server.migrate(SMALL_GROUP, NEW)
    await shop.settle(NEW)
    assert len(server.messages(NEW)) == 2


def _quotes(message: Message) -> list[str]:
    """Give what is quoted in a message."""
    units: bytes = message["text"].encode("utf-16-le")
    spans: list[dict[str, Any]] = message.get("entities", [])
    return [
        units[2 * it["offset"] : 2 * (it["offset"] + it["length"])].decode("utf-16-le")
        for it in spans
        if it["type"] == "blockquote"
    ]


async def test_a_busy_group_is_answered_together(tmp_path: Path, server: TelegramServer) -> None:
    """When a group asks faster than the bot may speak, the answers come in one message, each below
    its question; an edit of one of them changes its part, and nobody's is lost.
    """
    async with open_shop(tmp_path, server, *FAQ, limits=BUSY) as shop:
        await shop.ask("@faq_bot how can i pay", GROUP)
        await shop.ask("@faq_bot how can i pay", GROUP)
        server.text("@faq_bot when do you open the shop", chat=GROUP)
        bobs = server.message(server.text("@faq_bot how can i pay", chat=GROUP, user=BOB))
        server.text(f"@faq_bot {VAGUE}", chat=GROUP)
        server.text("@faq_bot zebras *in* pyjamas", chat=GROUP)
        server.text("/help@faq_bot", chat=GROUP)
        await _said(server, 3)
        together = server.messages(GROUP)[2]
        assert _quotes(together) == [
            "Ann: when do you open the shop",
            "Bob: how can i pay",
            f"Ann: {VAGUE}",
            "Ann: zebras *in* pyjamas",
            "Ann: /help@faq_bot",
        ]
        assert OPENS in together["text"]
        assert f"{UNSURE}\n\n• {FAQ[1].question}\n• {OPEN.question}" in together["text"]
        assert "I have no answer to that." in together["text"]
        assert together["reply_to_message"]["text"] == "@faq_bot when do you open the shop"
        assert "reply_markup" not in together

        server.edited(bobs, "@faq_bot when do you close the shop")
        await server.until(lambda: "At five." in server.messages(GROUP)[2]["text"])
        assert PAYS not in server.messages(GROUP)[2]["text"]
        await shop.settle(GROUP)
        assert len(server.messages(GROUP)) == 3


async def test_topics_are_not_mixed(tmp_path: Path, server: TelegramServer) -> None:
    """Answering together never takes an answer to another topic; a lone one stays as it was."""
    async with open_shop(tmp_path, server, *FAQ, limits=BUSY):
        for thread in (7, 8, 7, 8, 7, 9):
            server.text("@faq_bot how can i pay", chat=FORUM, thread=thread)
        await server.until(lambda: str(texts(server, FORUM)).count(PAYS) == 6, 10)
        by_thread: dict[int, str] = {}
        for it in server.messages(FORUM):
            thread = it["message_thread_id"]
            by_thread[thread] = by_thread.get(thread, "") + it["text"]
        assert {thread: text.count(PAYS) for thread, text in by_thread.items()} == {
            7: 3,
            8: 2,
            9: 1,
        }
        assert by_thread[9] == PAYS


async def test_a_question_that_waits_may_be_edited(tmp_path: Path, server: TelegramServer) -> None:
    """Who mends a question before its answer has room gets the answer to what it is now."""
    async with open_shop(tmp_path, server, *FAQ, limits=BUSY) as shop:
        await shop.ask("@faq_bot how can i pay", GROUP)
        await shop.ask("@faq_bot how can i pay", GROUP)
        asked = server.message(server.text("@faq_bot how can i pay", chat=GROUP))
        server.edited(asked, "@faq_bot when do you open the shop")
        assert (await _said(server, 3))[2] == OPENS
        await shop.settle(GROUP)
        assert len(server.messages(GROUP)) == 3


async def test_waiting_answers_are_told_before_the_end(
    tmp_path: Path, server: TelegramServer
) -> None:
    """A bot that is stopped says what it owes; where it was thrown out it owes nothing."""
    slow = Limits(None, None, Rate(1, 600.0))
    async with open_shop(tmp_path, server, *FAQ, limits=slow) as shop:
        for chat in (GROUP, FORUM):
            await shop.ask("@faq_bot how can i pay", chat)
            server.text("@faq_bot when do you open the shop", chat=chat)
            server.text("@faq_bot when do you close the shop", chat=chat, user=BOB)
        server.member(FORUM, "kicked")
        last = server.text("thanks")
        await server.until(lambda: server.acknowledged >= last - 1, 10)
        await shop.ask("how can i pay")
    assert len(server.messages(GROUP)) == 2
    assert len(server.messages(FORUM)) == 1
