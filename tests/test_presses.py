"""Conversations with "Did you mean", by the real application over real HTTP to a strict server."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Details
from bot.telegram.pressing import press_for
from tests.fakes import entry
from tests.shop import (
    CLOSE,
    FAQ,
    NONE,
    OPEN,
    PAY,
    PHONE,
    UNSURE,
    VAGUE,
    VOTES,
    Shop,
    buttons,
    data,
    open_shop,
    texts,
)
from tests.telegram_server import ANN, BOB, FORUM, GROUP, TelegramServer, refusal


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, GROUP, FORUM)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server) as shop:
        yield shop


async def test_a_press_becomes_the_answer(shop: Shop, server: TelegramServer) -> None:
    """Ann is vague, is asked what she means, taps it, and reads the answer in the same place."""
    unsure = await shop.ask(VAGUE)
    assert unsure["text"] == UNSURE
    assert buttons(unsure) == [CLOSE.question, OPEN.question, PHONE.question, NONE]

    shop.press(unsure, OPEN.question)
    answer = await shop.said("At nine.")
    assert answer["message_id"] == unsure["message_id"]
    assert [it["type"] for it in answer["entities"]] == ["italic"]
    assert buttons(answer) == VOTES

    await shop.settle()
    assert texts(server) == ["At nine."]


async def test_none_of_these_says_what_comes_next(shop: Shop, server: TelegramServer) -> None:
    """Who meant something else is asked for other words, and told what the bot knows about."""
    unsure = await shop.ask(VAGUE)
    shop.press(unsure, NONE)
    kind = await shop.said("Then I have not understood you yet.")
    assert kind["message_id"] == unsure["message_id"]
    assert "in other words" in kind["text"]
    assert PAY.question in kind["text"]
    assert buttons(kind) == ["See all questions"]

    assert (await shop.ask("how can i pay"))["text"] == "By card."
    assert len(server.messages(ANN)) == 2
    shop.press(kind, "See all questions")
    all_of_them = await shop.said("Which question is yours?")
    assert all_of_them["message_id"] == unsure["message_id"]
    assert buttons(all_of_them) == [it.question for it in FAQ]


async def test_typed_text_is_a_new_question(shop: Shop, server: TelegramServer) -> None:
    """Nobody has to press anything; the old buttons work on."""
    unsure = await shop.ask(VAGUE)
    assert (await shop.ask("1"))["text"].startswith("I have no answer to that.")
    assert (await shop.ask("how can i pay"))["text"] == "By card."
    shop.press(unsure, PHONE.question)
    await shop.said("All day.")
    assert len(server.messages(ANN)) == 3


async def test_a_double_tap_answers_once(shop: Shop, server: TelegramServer) -> None:
    """Two taps before anything has changed, and Telegram's own repeats, are one."""
    long = replace(OPEN, answer="word " * 1500)
    await shop.serve(long, *FAQ[1:])
    unsure = await shop.ask(VAGUE)
    for text in (OPEN.question, OPEN.question, CLOSE.question):
        shop.press(unsure, text)
    await server.until(lambda: not server.open_callbacks)
    server.again(max(server._updates))
    await shop.settle()
    assert len(server.messages(ANN)) == 2
    assert " ".join(texts(server)).split() == ["word"] * 1500
    server.callback(unsure, data(unsure, OPEN.question), anyway=True)
    await shop.settle()
    assert len(server.messages(ANN)) == 2


async def test_files_come_with_a_pressed_answer(
    shop: Shop, server: TelegramServer, tmp_path: Path
) -> None:
    """Pictures and attachments follow as they follow any answer, and leave with it."""
    (tmp_path / "door.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    await shop.serve(replace(OPEN, answer="At nine.\n\n![Our door](door.png)"), *FAQ[1:])
    asked = server.message(server.text(VAGUE))
    unsure = await shop.said(UNSURE)
    shop.press(unsure, OPEN.question)
    await server.until(lambda: len(server.messages(ANN)) == 2)
    assert server.messages(ANN)[-1]["caption"] == "Our door"

    server.edited(asked, "how can i pay")
    await shop.said("By card.")
    await server.until(lambda: len(server.messages(ANN)) == 1)
    assert server.messages(ANN)[-1]["message_id"] == unsure["message_id"]


async def test_an_edited_question_keeps_its_one_reply(shop: Shop, server: TelegramServer) -> None:
    """Buttons come and go as Ann mends what she asked, before and after a press."""
    asked = server.message(server.text("how can i pay"))
    answer = await shop.said("By card.")
    for _ in range(2):
        server.edited(asked, VAGUE)
        unsure = await shop.said(UNSURE)
        assert len(buttons(unsure)) == 4
        server.edited(asked, "how can i pay")
        assert buttons(await shop.said("By card.")) == VOTES
        server.edited(asked, VAGUE)
        shop.press(await shop.said(UNSURE), CLOSE.question)
        await shop.said("At five.")
    assert [it["message_id"] for it in server.messages(ANN)] == [answer["message_id"]]


async def test_an_edit_that_overtakes_its_message(shop: Shop, server: TelegramServer) -> None:
    """What was mended before the bot saw it is answered once, as it reads now."""
    with server.backwards():
        asked = server.message(server.text("how can i pay"))
        server.edited(asked, OPEN.question)
    await shop.said("At nine.")
    assert (await shop.ask(CLOSE.question))["text"] == "At five."
    assert texts(server) == ["At nine.", "At five."]


async def test_old_buttons_outlive_a_restart_and_other_ids(
    shop: Shop, server: TelegramServer
) -> None:
    """After a night in which headings were edited the buttons still lead to their answers."""
    unsure, again = await shop.ask(VAGUE), await shop.ask(VAGUE)
    renamed = replace(OPEN, id="opening", details=Details(aliases=("open",)))
    await shop.serve(PAY, renamed, replace(CLOSE, answer="At six."))
    await shop.restart()

    shop.press(unsure, OPEN.question)
    shop.press(again, CLOSE.question)
    await shop.said("At nine.")
    await shop.said("At six.")
    server.callback(unsure, data(unsure, OPEN.question), anyway=True)
    await shop.settle()
    assert texts(server) == ["At nine.", "At six."]


async def test_an_answer_that_is_gone_leaves_the_others(shop: Shop) -> None:
    """In private, where the question is not at hand, what was suggested beside it is offered."""
    unsure, lonely = await shop.ask(VAGUE), await shop.ask(VAGUE)
    await shop.serve(CLOSE, PAY)
    shop.press(unsure, OPEN.question)
    gone = await shop.said("That answer is not there any more.")
    assert gone["message_id"] == unsure["message_id"]
    assert gone["text"].endswith(UNSURE)
    assert buttons(gone) == [CLOSE.question, NONE]
    shop.press(gone, CLOSE.question)
    await shop.said("At five.")

    await shop.serve(PAY)
    shop.press(lonely, OPEN.question)
    gone = await shop.said("That answer is not there any more.")
    assert "Please ask me again in other words." in gone["text"]
    assert buttons(gone) == []


async def test_an_answer_that_is_gone_in_a_group(shop: Shop, server: TelegramServer) -> None:
    """Where the question is at hand it is asked anew, whoever presses."""
    server.text(f"@faq_bot {VAGUE}", chat=GROUP)
    unsure = await shop.said(UNSURE, GROUP)
    server.text(f"/ask@faq_bot {VAGUE}", chat=GROUP, user=BOB)
    await server.until(lambda: len(server.messages(GROUP)) == 2)
    lonely = server.messages(GROUP)[-1]
    week = entry("week", "when do you open", answer="All week.")
    await shop.serve(CLOSE, week, PHONE, PAY)
    shop.press(unsure, OPEN.question, user=BOB)
    gone = await shop.said("That answer is not there any more.", GROUP)
    assert "All week." in gone["text"]

    await shop.serve(CLOSE, PHONE, PAY)
    shop.press(lonely, OPEN.question)
    await server.until(lambda: texts(server, GROUP)[-1].startswith("That answer is not there"))
    gone = server.messages(GROUP)[-1]
    assert gone["message_id"] == lonely["message_id"]
    assert buttons(gone) == [CLOSE.question, PHONE.question, NONE]


async def test_what_a_chat_may_not_see_is_not_there(shop: Shop, server: TelegramServer) -> None:
    """A button that was right for everybody shows nothing once the entry is for others only."""
    unsure = await shop.ask(VAGUE)
    await shop.serve(replace(OPEN, details=Details(audience=("@staff",))), *FAQ[1:])
    shop.press(unsure, OPEN.question)
    gone = await shop.said("That answer is not there any more.")
    assert buttons(gone) == [CLOSE.question, PHONE.question, NONE]
    assert "nine" not in str(server.sent)


async def test_anybody_in_a_group_may_press(shop: Shop, server: TelegramServer) -> None:
    """Ann asks in a topic and Bob helps out; the answer stays in the topic."""
    await shop.serve(replace(OPEN, answer="word " * 1500), *FAQ[1:])
    server.text(f"@faq_bot {VAGUE}", chat=FORUM, thread=7)
    unsure = await shop.said(UNSURE, FORUM)
    assert unsure["reply_to_message"]["from"]["id"] == ANN.id
    shop.press(unsure, OPEN.question, user=BOB)
    await server.until(lambda: len(server.messages(FORUM)) == 2)
    assert [it["message_thread_id"] for it in server.messages(FORUM)] == [7, 7]


async def test_foreign_presses_do_nothing(shop: Shop, server: TelegramServer) -> None:
    """What no button of this bot says is answered and changes nothing."""
    unsure = await shop.ask(VAGUE)
    stranger = press_for("stranger").data
    for carried in ("", "more", "a", f"{stranger}0", "\x00", "нет", stranger):
        server.callback(unsure, carried, anyway=True)
    user = {"id": ANN.id, "is_bot": False, "first_name": "Ann"}
    query = {"id": "900", "from": user, "chat_instance": "1"}
    server.open_callbacks |= {"900"}
    server.raw({"callback_query": {**query, "inline_message_id": "x", "data": stranger}})
    await server.until(lambda: not server.open_callbacks)
    await shop.settle()
    assert server.messages(ANN) == [unsure]
    told = [it.params.get("text", "") for it in server.calls("answerCallbackQuery")]
    assert sum("does nothing any more" in it for it in told) == 7


async def test_a_message_out_of_reach_gets_a_new_one(shop: Shop, server: TelegramServer) -> None:
    """Where a message cannot be edited any more the answer comes below, each only once."""
    unsure = await shop.ask(VAGUE)
    server.removed(unsure)
    for text in (OPEN.question, OPEN.question, CLOSE.question):
        server.callback(unsure, data(unsure, text), anyway=True)
    await shop.said("At five.")
    await shop.settle()
    assert texts(server) == ["At nine.", "At five."]

    await shop.serve(PAY)
    server.callback(unsure, data(unsure, OPEN.question), anyway=True)
    assert "in other words" in (await shop.said("That answer is not there any more."))["text"]


async def test_a_message_out_of_reach_in_a_topic_gets_none(
    shop: Shop, server: TelegramServer
) -> None:
    """Telegram does not tell which topic it stood in, so that nothing is said in a wrong one."""
    server.text(f"@faq_bot {VAGUE}", chat=FORUM, thread=7)
    unsure = await shop.said(UNSURE, FORUM)
    server.removed(unsure)
    server.callback(unsure, data(unsure, OPEN.question), anyway=True)
    await server.until(lambda: not server.open_callbacks)
    (told,) = (it.params["text"] for it in server.calls("answerCallbackQuery"))
    assert "does nothing any more" in told
    await shop.settle(FORUM)
    assert texts(server, FORUM) == []


async def test_an_edit_that_is_refused_becomes_a_new_message(
    shop: Shop, server: TelegramServer
) -> None:
    """A message that Telegram will not change leaves nobody without an answer."""
    unsure = await shop.ask(VAGUE)
    server.inject(refusal(400, "Bad Request: message can't be edited"), method="editMessageText")
    shop.press(unsure, OPEN.question)
    await shop.said("At nine.")
    assert texts(server) == [UNSURE, "At nine."]
    shop.press(unsure, OPEN.question)
    await shop.settle()
    assert texts(server) == [UNSURE, "At nine."]


async def test_a_press_that_waited_too_long(shop: Shop, server: TelegramServer) -> None:
    """The answer comes though Telegram does not take the end of the wait any more."""
    unsure = await shop.ask(VAGUE)
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    server.inject(refusal(400, too_old), method="answerCallbackQuery")
    shop.press(unsure, OPEN.question)
    await shop.said("At nine.")
    server.open_callbacks.clear()


async def test_whoever_left_is_left_alone(shop: Shop, server: TelegramServer) -> None:
    """A press from someone who blocks the bot at once is no error."""
    unsure = await shop.ask(VAGUE)
    blocked = refusal(403, "Forbidden: bot was blocked by the user")
    refused = server.inject(blocked, method="editMessageText")
    shop.press(unsure, OPEN.question)
    await server.until(lambda: refused.met == 1)
    await shop.settle()
    assert texts(server) == [UNSURE]


async def test_whoever_left_after_an_edit_is_left_alone(
    shop: Shop, server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    """An edit by someone who blocks the bot at once is no error."""
    asked = server.message(server.text("how can i pay"))
    await shop.said("By card.")
    server.blocked.add(ANN.id)
    update = server.edited(asked, OPEN.question)
    await server.until(lambda: server.acknowledged >= update)
    await server.until(lambda: shop.is_idle)
    assert texts(server) == ["By card."]
    assert not [it for it in caplog.records if it.levelname == "ERROR"]


async def test_a_press_before_the_faq_is_read(
    shop: Shop, server: TelegramServer, tmp_path: Path
) -> None:
    """On an empty machine a press is asked to wait, and works later."""
    unsure = await shop.ask(VAGUE)
    await shop.stop()
    (tmp_path / "new").mkdir()
    fresh = Shop(tmp_path / "new", server)
    await fresh.start()
    try:
        fresh.press(unsure, OPEN.question)
        await server.until(lambda: not server.open_callbacks)
        assert "still reading" in server.calls("answerCallbackQuery")[-1].params["text"]
        await fresh.serve(*FAQ)
        fresh.press(unsure, OPEN.question)
        await fresh.said("At nine.")
    finally:
        await fresh.close()
