"""Conversations about answers: a thumb up or down, and what comes of it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Details, OutcomeKind
from bot.told import SentAnswer, Told, Vote
from bot.wording.speech import Languages
from bot.wording.voting import not_yours
from tests.fakes import entry
from tests.shop import (
    CLOSE,
    FAQ,
    NONE,
    OPEN,
    PAY,
    PHONE,
    VAGUE,
    VOTES,
    Shop,
    buttons,
    data,
    open_shop,
    texts,
)
from tests.telegram_server import ANN, BOB, FORUM, GROUP, Message, TelegramServer, refusal

UP, DOWN = VOTES
UPPED, DOWNED = [f"{UP} ✓", DOWN], [UP, f"{DOWN} ✓"]
INSTEAD = "I am sorry. Did you mean:"
CLEAR = "when do you open the"
"""Sure enough of one answer, and the others are not far."""
NEAR = (
    replace(OPEN, details=Details(threshold=0.8)),
    replace(CLOSE, details=Details(threshold=0.8)),
    PHONE,
    PAY,
)


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, GROUP, FORUM)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server) as shop:
        yield shop


async def _votes(shop: Shop, message: Message, shown: list[str]) -> Message:
    """Wait until a message shows these votes; give it."""

    def found() -> list[Message]:
        messages = shop.server.messages(FORUM if message["chat"]["id"] == FORUM.id else ANN)
        them = [it for it in messages if it["message_id"] == message["message_id"]]
        return [it for it in them if buttons(it)[-2:] == shown]

    await shop.server.until(found, 10)
    return found()[0]


async def _stored(shop: Shop, message: Message) -> SentAnswer:
    """Wait until it is remembered what a message told; give it."""

    def found() -> SentAnswer | None:
        return shop.sent_answers.get(message["chat"]["id"], message["message_id"])

    await shop.server.until(found, 10)
    sent = found()
    assert sent
    return sent


def _notices(server: TelegramServer) -> list[str]:
    return [it.params.get("text", "") for it in server.calls("answerCallbackQuery")]


async def test_one_tap_and_another(shop: Shop, server: TelegramServer) -> None:
    """Ann likes the answer, then does not, then has no opinion; her last word counts."""
    answer = await shop.ask("how can i pay")
    assert buttons(answer) == VOTES
    assert (await _stored(shop, answer)).vote is None

    shop.press(answer, UP)
    upped = await _votes(shop, answer, UPPED)
    assert (await _stored(shop, answer)).vote is Vote.UP
    shop.press(upped, DOWN)
    downed = await _votes(shop, answer, DOWNED)
    assert (await _stored(shop, answer)).vote is Vote.DOWN
    shop.press(downed, f"{DOWN} ✓")
    await _votes(shop, answer, VOTES)
    assert (await _stored(shop, answer)).vote is None
    assert _notices(server) == [
        "Thank you!",
        "I am sorry. Please ask me again in other words.",
        "Your vote is taken back.",
    ]
    assert texts(server) == ["By card."]


async def test_a_double_tap_is_one_vote(shop: Shop, server: TelegramServer) -> None:
    """Two taps before the button has changed do not take the vote back at once."""
    answer = await shop.ask("how can i pay")
    for _ in range(3):
        shop.press(answer, UP)
    await _votes(shop, answer, UPPED)
    await shop.settle()
    assert (await _stored(shop, answer)).vote is Vote.UP
    assert server.refusals == []


async def test_a_vote_after_a_restart(shop: Shop, server: TelegramServer) -> None:
    """The buttons work on, and a long answer is not sent anew for a vote on it."""
    await shop.serve(OPEN, entry("long", "tell me all", answer="word " * 1500))
    await shop.ask("tell me all")
    await server.until(lambda: len(server.messages(ANN)) == 2)
    first, last = server.messages(ANN)
    assert (buttons(first), buttons(last)) == ([], VOTES)
    await shop.restart()
    await shop.serve(OPEN)
    for _ in range(2):
        shop.press(last, UP)
    upped = await _votes(shop, last, UPPED)
    assert (await _stored(shop, first)).vote is Vote.UP
    assert upped["text"] == last["text"]
    assert server.calls("editMessageText") == []


async def test_a_down_vote_brings_what_else_it_may_be(shop: Shop, server: TelegramServer) -> None:
    """Ann does not like the answer, sees what else there is, taps it, and likes that."""
    await shop.serve(*NEAR)
    answer = await shop.ask(CLEAR)
    assert answer["text"] == "At nine."
    shop.press(answer, DOWN)
    instead = await shop.said(INSTEAD)
    assert buttons(instead) == [CLOSE.question, PHONE.question, NONE]
    assert _notices(server)[-1] == "I am sorry. Thank you for telling me."
    told = (await _stored(shop, instead)).told
    assert (told.question, told.kind) == (CLEAR, OutcomeKind.SUGGEST)

    shop.press(instead, CLOSE.question)
    better = await shop.said("At five.")
    assert better["message_id"] == instead["message_id"]
    assert buttons(better) == VOTES
    shop.press(better, UP)
    await _votes(shop, better, UPPED)
    assert (await _stored(shop, answer)).vote is Vote.DOWN
    assert (await _stored(shop, better)).vote is Vote.UP
    assert (await _stored(shop, better)).told.entry_ids == ("close",)
    assert texts(server) == ["At nine.", "At five."]


async def test_alternatives_come_once(shop: Shop, server: TelegramServer) -> None:
    """Whoever votes to and fro, after a restart as well, is not flooded with the same list."""
    await shop.serve(*NEAR)
    answer = await shop.ask(CLEAR)
    shop.press(answer, DOWN)
    shop.press(answer, DOWN)
    await shop.said(INSTEAD)
    now = await _votes(shop, answer, DOWNED)
    shop.press(now, f"{DOWN} ✓")
    now = await _votes(shop, answer, VOTES)
    shop.press(now, DOWN)
    now = await _votes(shop, answer, DOWNED)
    await shop.restart()
    shop.press(now, UP)
    now = await _votes(shop, answer, UPPED)
    shop.press(now, DOWN)
    await _votes(shop, answer, DOWNED)
    await shop.settle()
    assert texts(server) == ["At nine.", INSTEAD]
    assert (await _stored(shop, answer)).vote is Vote.DOWN


async def test_what_was_refused_is_not_offered_again(shop: Shop, server: TelegramServer) -> None:
    """A second down-vote brings what is left; the last one asks for other words."""
    await shop.serve(*NEAR)
    answer = await shop.ask(CLEAR)
    shop.press(answer, DOWN)
    instead = await shop.said(INSTEAD)
    shop.press(instead, CLOSE.question)
    shop.press(await shop.said("At five."), DOWN)
    last = await shop.said(INSTEAD)
    assert buttons(last) == [PHONE.question, NONE]
    shop.press(last, PHONE.question)
    shop.press(await shop.said("All day."), DOWN)
    await _votes(shop, last, DOWNED)
    assert _notices(server)[-1] == "I am sorry. Please ask me again in other words."
    assert texts(server) == ["At nine.", "At five.", "All day."]


async def test_none_of_the_alternatives(shop: Shop, server: TelegramServer) -> None:
    """Whoever finds nothing there either is led on, and typed text is a new question."""
    await shop.serve(*NEAR)
    answer = await shop.ask(CLEAR)
    shop.press(answer, DOWN)
    shop.press(await shop.said(INSTEAD), NONE)
    kind = await shop.said("Then I have not understood you yet.")
    assert buttons(kind) == ["See all questions"]
    assert (await shop.ask("how can i pay"))["text"] == "By card."
    assert len(server.messages(ANN)) == 3


async def test_a_suggestion_that_was_pressed_can_be_voted_on(shop: Shop) -> None:
    """What else was suggested comes again after a down-vote on what was chosen."""
    unsure = await shop.ask(VAGUE)
    shop.press(unsure, OPEN.question)
    answer = await shop.said("At nine.")
    shop.press(answer, DOWN)
    assert buttons(await shop.said(INSTEAD)) == [CLOSE.question, PHONE.question, NONE]


async def test_alternatives_are_only_what_the_chat_may_see(shop: Shop) -> None:
    """What has become the staff's, or has got another id, is treated so."""
    await shop.serve(*NEAR)
    answer = await shop.ask(CLEAR)
    staff, alias = Details(audience=("@staff",)), Details(aliases=("phone",))
    await shop.serve(OPEN, replace(CLOSE, details=staff), replace(PHONE, id="x", details=alias))
    shop.press(answer, DOWN)
    assert buttons(await shop.said(INSTEAD)) == [PHONE.question, NONE]


async def test_only_answers_are_voted_on(shop: Shop) -> None:
    """Greetings, suggestions and an honest no bear no votes."""
    for text in ("/start", "/help", "/id", "what is the weather in lima", VAGUE):
        assert not {UP, DOWN} & set(buttons(await shop.ask(text)))


async def test_in_a_group_whoever_asked_votes(shop: Shop, server: TelegramServer) -> None:
    """Bob's tap on Ann's answer is met kindly and changes nothing; alternatives reply to Ann."""
    await shop.serve(*NEAR)
    server.text(f"@faq_bot {CLEAR}", chat=FORUM, thread=7)
    answer = await shop.said("At nine.", FORUM)
    shop.press(answer, UP, user=BOB)
    await server.until(lambda: not server.open_callbacks)
    assert _notices(server)[-1] == not_yours(Languages.shipped().speech(BOB.language_code))
    assert (await _stored(shop, answer)).vote is None

    shop.press(answer, DOWN)
    instead = await shop.said(INSTEAD, FORUM)
    assert instead["message_thread_id"] == 7
    assert instead["reply_to_message"]["from"]["id"] == ANN.id
    shop.press(instead, CLOSE.question, user=BOB)
    better = await shop.said("At five.", FORUM)
    shop.press(better, UP, user=BOB)
    shop.press(better, UP)
    await _votes(shop, better, UPPED)
    assert (await _stored(shop, better)).vote is Vote.UP
    assert len(server.messages(FORUM)) == 2


async def test_where_nobody_knows_who_asked(shop: Shop, server: TelegramServer) -> None:
    """With the question deleted nobody can vote in a group any more, which is said kindly."""
    server.text("@faq_bot how can i pay", chat=FORUM, thread=7)
    answer = await shop.said("By card.", FORUM)
    first = {"message_id": 7, "date": 1, "chat": FORUM.chat, "from": BOB.user}
    start = {**first, "forum_topic_created": {"name": "Topic", "icon_color": 7322096}}
    for replied in ({}, {"reply_to_message": start}):
        told = {name: it for name, it in answer.items() if name != "reply_to_message"} | replied
        query = {"id": "900", "from": BOB.user, "chat_instance": "1", "data": data(answer, UP)}
        server.open_callbacks |= {"900"}
        server.raw({"callback_query": {**query, "message": told}})
        await server.until(lambda: not server.open_callbacks)
    assert _notices(server) == ["Thank you! That answer is too old for me to note it."] * 2
    assert (await _stored(shop, answer)).vote is None


async def test_a_vote_on_an_answer_of_long_ago(
    shop: Shop, server: TelegramServer, tmp_path: Path
) -> None:
    """What is not remembered any more is answered kindly, and no vote is shown on it."""
    answer = await shop.ask("how can i pay")
    await shop.stop()
    (tmp_path / "new").mkdir()
    fresh = Shop(tmp_path / "new", server)
    await fresh.serve(*FAQ)
    await fresh.start()
    try:
        fresh.press(answer, DOWN)
        await server.until(lambda: not server.open_callbacks)
        assert "too old" in _notices(server)[-1]
        await fresh.settle()
        assert buttons(server.messages(ANN)[0]) == VOTES
        assert texts(server) == ["By card."]
    finally:
        await fresh.close()


async def test_a_vote_on_a_message_that_is_gone(shop: Shop, server: TelegramServer) -> None:
    """The vote counts though its button cannot change, and alternatives come once."""
    await shop.serve(*NEAR)
    answer = await shop.ask(CLEAR)
    server.removed(answer)
    for _ in range(2):
        server.callback(answer, data(answer, DOWN), anyway=True)
    await shop.said(INSTEAD)
    await shop.settle()
    assert (await _stored(shop, answer)).vote is Vote.DOWN
    assert texts(server) == [INSTEAD]


async def test_buttons_that_telegram_will_not_change(shop: Shop, server: TelegramServer) -> None:
    """A vote that cannot be shown is stored all the same."""
    answer = await shop.ask("how can i pay")
    cannot = "Bad Request: message can't be edited"
    server.inject(refusal(400, cannot), method="editMessageReplyMarkup")
    shop.press(answer, UP)
    await shop.settle()
    assert (await _stored(shop, answer)).vote is Vote.UP


async def test_an_edited_question_begins_anew(shop: Shop, server: TelegramServer) -> None:
    """Where the answer becomes another one, the vote on the first is gone; else it stays."""
    asked = server.message(server.text("how can i pay"))
    answer = await shop.said("By card.")
    shop.press(answer, UP)
    await _votes(shop, answer, UPPED)
    server.edited(asked, "how can i pay")
    server.edited(asked, "how can I pay")
    await shop.settle()
    assert buttons(server.messages(ANN)[0]) == UPPED
    assert (await _stored(shop, answer)).vote is Vote.UP
    assert (await _stored(shop, answer)).told.question == "how can I pay"
    assert server.calls("editMessageText") == []
    server.edited(asked, "when do you open the shop")
    assert buttons(await shop.said("At nine.")) == VOTES
    assert (await _stored(shop, answer)).vote is None


async def test_votes_are_nobodys(shop: Shop, tmp_path: Path) -> None:
    """What is kept of a vote names the answer, and not the person."""
    answer = await shop.ask("how can i pay")
    shop.press(answer, UP)
    await _votes(shop, answer, UPPED)
    told = Told(
        "how can i pay", OutcomeKind.ANSWER, ("pay",), (await _stored(shop, answer)).told.scores
    )
    id_ = answer["message_id"]
    assert await _stored(shop, answer) == SentAnswer(ANN.id, id_, id_, told, Vote.UP)
    assert b"Ann" not in (tmp_path / "answers.sqlite").read_bytes()
