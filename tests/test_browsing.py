"""Conversations with whoever leafs through the FAQ, follows links and reads on."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Details, Entry
from bot.telegram.browsing import topics_page
from bot.telegram.composing import related_to
from bot.telegram.links import FROM_INLINE, link_to
from bot.telegram.shelves import MOST_ON_PAGE
from bot.wording.speech import ENGLISH
from tests.fakes import entry
from tests.shop import CLOSE, FAQ, OPEN, PAY, PHONE, VOTES, Shop, buttons, open_shop, texts
from tests.telegram_server import ANN, BOB, BOT_NAME, FORUM, GROUP, Message, TelegramServer

TOPICS = "What would you like to know about?"
WHICH = "Which question is yours?"
ALL, BACK, PREVIOUS, NEXT = "‹ All topics", "‹ Back", "‹ Previous", "Next ›"  # noqa: RUF001


def _in(topic: str | None, *entries: Entry, related: tuple[str, ...] = ()) -> tuple[Entry, ...]:
    return tuple(
        replace(it, topic=topic, details=replace(it.details, related=related)) for it in entries
    )


HOURS = (*_in("Hours", OPEN, CLOSE), *_in("Money", PAY), *_in(None, PHONE))
READ_ON = (*_in(None, OPEN, related=("hours", "gone", "pay", "open")), CLOSE, PHONE, PAY)


async def _now(server: TelegramServer, message: Message, text: str) -> Message:
    """Wait until a message reads so; give it."""

    def found() -> list[Message]:
        them = [it for it in server.messages(ANN) if it["message_id"] == message["message_id"]]
        return [it for it in them if it["text"] == text]

    await server.until(found, 10)
    return found()[0]


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, GROUP, FORUM)
        yield server


@pytest.fixture(name="shop")
async def _shop(tmp_path: Path, server: TelegramServer) -> AsyncIterator[Shop]:
    async with open_shop(tmp_path, server, *HOURS) as shop:
        yield shop


async def test_from_topics_to_an_answer_and_back(shop: Shop, server: TelegramServer) -> None:
    """Ann looks around: topics, questions, an answer and all the way back, in one message."""
    first = await shop.ask("/topics")
    assert first["text"] == TOPICS
    assert buttons(first) == ["Hours", "Money", "Other questions"]

    shop.press(first, "Hours")
    questions = await shop.said("Hours")
    assert questions["text"] == f"Hours\n\n{WHICH}"
    assert [it["type"] for it in questions["entities"]] == ["bold"]
    assert buttons(questions) == [OPEN.question, CLOSE.question, ALL]

    shop.press(questions, OPEN.question)
    answer = await shop.said(OPEN.question)
    assert answer["text"] == f"{OPEN.question}\n\nAt nine."
    assert buttons(answer) == [BACK]

    shop.press(answer, BACK)
    assert buttons(await shop.said("Hours")) == buttons(questions)
    shop.press(await shop.said("Hours"), ALL)
    topics = await shop.said(TOPICS)
    shop.press(topics, "Other questions")
    assert buttons(await shop.said(WHICH)) == [PHONE.question, ALL]
    await shop.settle()
    assert [it["message_id"] for it in server.messages(ANN)] == [first["message_id"]]


@pytest.mark.parametrize("topic", [None, "Shop"])
async def test_where_there_is_nothing_to_choose(
    shop: Shop, server: TelegramServer, topic: str | None
) -> None:
    """A FAQ with one topic or none shows its questions at once, and no way to other topics."""
    await shop.serve(*_in(topic, *FAQ))
    questions = await shop.ask("/topics")
    assert questions["text"] == WHICH
    assert buttons(questions) == [it.question for it in FAQ]
    shop.press(questions, PAY.question)
    answer = await shop.said(PAY.question)
    shop.press(answer, BACK)
    await shop.said(WHICH)
    assert len(server.messages(ANN)) == 1


async def test_many_questions_and_topics_have_pages(shop: Shop) -> None:
    """Page by page Ann comes to the last question, and back to the very page she was on."""
    many = tuple(entry(f"q{number}", f"question {number}") for number in range(20))
    await shop.serve(*_in("Long", *many), *(_in(f"T{i}", entry(f"t{i}"))[0] for i in range(9)))
    topics = await shop.ask("/topics")
    assert topics["text"] == f"{TOPICS}\n\nPage 1 of 2"
    assert buttons(topics) == ["Long", *(f"T{i}" for i in range(7)), NEXT]
    shop.press(topics, NEXT)
    second = await shop.said(f"{TOPICS}\n\nPage 2 of 2")
    assert buttons(second) == ["T7", "T8", PREVIOUS]
    shop.press(second, "T8")
    lonely = await shop.said("T8")
    shop.press(lonely, ALL)
    shop.press(await shop.said(f"{TOPICS}\n\nPage 2 of 2"), PREVIOUS)
    shop.press(await shop.said(f"{TOPICS}\n\nPage 1 of 2"), "Long")
    shop.press(await shop.said("Long"), NEXT)
    page = await shop.said(f"Long\n\n{WHICH}\n\nPage 2 of 3")
    assert buttons(page) == [*(f"question {i}" for i in range(8, 16)), PREVIOUS, NEXT, ALL]
    shop.press(page, "question 12")
    shop.press(await shop.said("question 12"), BACK)
    assert buttons(await shop.said(page["text"])) == buttons(page)


async def test_buttons_outlive_restarts_and_edits(shop: Shop, server: TelegramServer) -> None:
    """After a night of edits every button leads to what has become of its place."""
    pages = [await shop.ask("/topics") for _ in range(4)]
    for page in pages[1:]:
        shop.press(page, "Hours")
    await server.until(lambda: texts(server).count(f"Hours\n\n{WHICH}") == 3)
    _, hours, other, third = server.messages(ANN)
    shop.press(third, OPEN.question)
    opened = await shop.said(OPEN.question)

    renamed = replace(OPEN, id="opening", details=Details(aliases=("open",)))
    await shop.serve(*_in("Money", PAY), *_in("Times", renamed), *_in("Hours", PHONE))
    await shop.restart()
    shop.press(hours, OPEN.question)
    answer = await _now(server, hours, opened["text"])
    shop.press(opened, BACK)
    back = await _now(server, opened, f"Hours\n\n{WHICH}")
    assert buttons(back) == [PHONE.question, ALL]

    shop.press(other, CLOSE.question)
    gone = await shop.said("That answer is not there any more.")
    assert gone["text"] == f"That answer is not there any more.\n\nHours\n\n{WHICH}"
    assert buttons(gone) == [PHONE.question, ALL]

    await shop.serve(*_in("Money", PAY), *_in("Times", renamed))
    shop.press(answer, BACK)
    gone = await shop.said("That topic is not there any more.")
    assert gone["text"] == f"That topic is not there any more.\n\n{TOPICS}"
    assert buttons(gone) == ["Money", "Times"]
    await shop.settle()
    assert len(server.messages(ANN)) == 4


async def test_a_long_answer_makes_room_again(shop: Shop, server: TelegramServer) -> None:
    """Of an answer that takes several messages and a file, one message is left on the way back."""
    long = replace(OPEN, answer="word " * 1500 + "\n\n![Our door](door.png)")
    server.web["https://example.com/door.png"] = "photo"
    long = replace(long, answer=long.answer.replace("door.png", "https://example.com/door.png"))
    await shop.serve(*_in("Hours", long, CLOSE), *_in("Money", PAY))
    topics = await shop.ask("/topics")
    shop.press(topics, "Hours")
    shop.press(await shop.said("Hours"), OPEN.question)
    await server.until(lambda: len(server.messages(ANN)) == 3)
    first, last, photo = server.messages(ANN)
    assert buttons(first) == []
    assert buttons(last) == [BACK]
    assert photo["caption"] == "Our door"

    shop.press(last, BACK)
    await shop.said("Hours")
    await server.until(lambda: len(server.messages(ANN)) == 1)
    (left,) = server.messages(ANN)
    assert left["message_id"] == topics["message_id"]
    assert buttons(left) == [OPEN.question, CLOSE.question, ALL]


async def test_what_a_chat_may_not_see_is_not_listed(shop: Shop, server: TelegramServer) -> None:
    """What is for the staff alone is on no page, behind no link and beside no answer."""
    before = await shop.ask("/topics")
    staff = Details(audience=(str(GROUP.id),))
    hidden = replace(OPEN, details=staff), replace(CLOSE, details=staff)
    await shop.serve(
        *_in("Money", PAY, related=("open",)),
        *(replace(it, topic="Hours") for it in hidden),
        *_in("Calls", PHONE),
    )
    assert buttons(await shop.ask("/topics")) == ["Money", "Calls"]
    shop.press(before, "Hours")
    assert buttons(await shop.said("That topic is not there any more.")) == ["Money", "Calls"]
    assert buttons(await shop.ask("how can i pay")) == VOTES
    assert "not there any more" in (await shop.ask("/start open"))["text"]
    server.text("/topics", chat=GROUP)
    assert buttons(await shop.said(TOPICS, GROUP)) == ["Money", "Hours", "Calls"]


async def test_a_group_browses_in_its_topic(shop: Shop, server: TelegramServer) -> None:
    """Asked for in a topic of a forum, the pages stay there, whoever turns them."""
    server.text("/topics@faq_bot", chat=FORUM, thread=7)
    topics = await shop.said(TOPICS, FORUM)
    shop.press(topics, "Money", user=BOB)
    shop.press(await shop.said("Money", FORUM), PAY.question)
    answer = await shop.said(PAY.question, FORUM)
    assert answer["message_thread_id"] == 7
    assert answer["message_id"] == topics["message_id"]
    server.text("/topics@other_bot", chat=FORUM, thread=7)
    await shop.settle(FORUM)
    assert len(server.messages(FORUM)) == 1


async def test_pages_turned_twice_turn_once(shop: Shop, server: TelegramServer) -> None:
    """Two taps before anything has changed are one, and every tap is answered."""
    topics = await shop.ask("/topics")
    for text in ("Hours", "Hours", "Money"):
        shop.press(topics, text)
    await shop.settle()
    assert texts(server) == [f"Hours\n\n{WHICH}"]


async def test_nothing_to_browse_yet(shop: Shop, server: TelegramServer, tmp_path: Path) -> None:
    """On an empty machine people are asked to wait; where all is hidden they are told so."""
    await shop.serve(*_in("Hours", OPEN, related=("pay",)), *_in("Money", PAY))
    topics, answer = await shop.ask("/topics"), await shop.ask("when do you open the shop")
    await shop.stop()
    (tmp_path / "new").mkdir()
    fresh = Shop(tmp_path / "new", server)
    await fresh.start()
    try:
        assert "still reading" in (await fresh.ask("/topics"))["text"]
        for message, text in ((topics, "Hours"), (answer, PAY.question)):
            fresh.press(message, text)
        await server.until(lambda: not server.open_callbacks)
        told = [it.params["text"] for it in server.calls("answerCallbackQuery")]
        assert ["still reading" in it for it in told] == [True, True]
        await fresh.serve(replace(OPEN, details=Details(audience=("@staff",))))
        empty = await fresh.ask("/topics")
        assert empty["text"] == "There is nothing that I can help with yet."
        assert buttons(empty) == []
    finally:
        await fresh.close()


async def test_questions_that_begin_alike_can_be_told_apart(shop: Shop) -> None:
    """What a button cannot show to its end stands in the message, under the button's number."""
    alike = "may i bring back what i bought in one of your shops within thirty days of the "
    both = entry("a", alike + "purchase"), entry("b", alike + "delivery")
    await shop.serve(*both)
    questions = await shop.ask("/topics")
    assert questions["text"].split("\n")[2:] == [f"1. {alike}purchase", f"2. {alike}delivery"]
    first, second = buttons(questions)
    assert (first[:5], second[:5]) == ("1. ma", "2. ma")

    unsure = await shop.ask("may i bring back what bought in one")
    assert unsure["text"].startswith("I am not sure. Did you mean:\n\n1. may i bring")
    assert buttons(unsure)[0].startswith("1. may i bring")
    shop.press(unsure, buttons(unsure)[1])
    await shop.said("An answer.")


async def test_none_of_these_leads_to_the_topics(shop: Shop) -> None:
    """Who finds nothing among the suggestions may look around instead of asking again."""
    unsure = await shop.ask("when do you")
    shop.press(unsure, "None of these")
    kind = await shop.said("Then I have not understood you yet.")
    assert buttons(kind) == ["Browse topics"]
    shop.press(kind, "Browse topics")
    topics = await shop.said(TOPICS)
    assert topics["message_id"] == unsure["message_id"]


async def test_hello_leads_to_the_topics(shop: Shop) -> None:
    """Whoever starts may look around at once."""
    hello = await shop.ask("/start")
    assert buttons(hello) == ["Browse topics"]
    shop.press(hello, "Browse topics")
    await shop.said(TOPICS)


@pytest.mark.parametrize(
    "id_", ["open", "Öffnungszeiten", "a.b", "x" * 65, "x" * 64, "with space", "_-", "0" * 24]
)
async def test_a_link_opens_its_entry(shop: Shop, id_: str) -> None:
    """Whatever an entry's id is, there is a link to it, which Telegram takes."""
    await shop.serve(replace(OPEN, id=id_), CLOSE)
    root, payload = link_to(BOT_NAME, id_).split("?start=")
    assert root == "https://t.me/faq_bot"
    assert 1 <= len(payload) <= 64
    assert payload.isascii()
    assert set(payload.replace("-", "_").replace("_", "")) <= set(map(chr, range(48, 123)))
    answer = await shop.ask(f"/start {payload}")
    assert answer["text"] == f"{OPEN.question}\n\nAt nine."


async def test_who_comes_from_inline_is_greeted(shop: Shop) -> None:
    """Who found nothing while typing in another chat, and comes in private, reads how to ask."""
    hello = (await shop.ask(f"/start {FROM_INLINE}"))["text"]
    assert hello.startswith("Hello!")
    assert "not there any more" not in hello


async def test_links_that_are_old(shop: Shop, server: TelegramServer) -> None:
    """A former id leads to its entry; a dead link is met with a kind word and a greeting."""
    renamed = replace(OPEN, id="opening", details=Details(aliases=("open", "früh")))
    await shop.serve(renamed, PAY)
    for id_ in ("open", "früh", "opening"):
        payload = link_to(BOT_NAME, id_).split("=")[1]
        assert "At nine." in (await shop.ask(f"/start {payload}"))["text"]
    unknown = await shop.ask("/start nobody-knows")
    assert unknown["text"].startswith("That answer is not there any more.\n\nHello!")
    assert (await shop.ask("/start two words"))["text"].startswith("Hello!")
    server.text("/start@faq_bot open", chat=FORUM, thread=7)
    answer = await shop.said(OPEN.question, FORUM)
    assert answer["message_thread_id"] == 7


async def test_a_link_before_the_faq_is_read(server: TelegramServer, tmp_path: Path) -> None:
    """On an empty machine nobody is told that what a link leads to is gone."""
    fresh = Shop(tmp_path, server)
    await fresh.start()
    try:
        assert "still reading" in (await fresh.ask("/start open"))["text"]
        assert (await fresh.ask("/start"))["text"].startswith("Hello!")
    finally:
        await fresh.close()


async def test_related_questions_are_read_on(shop: Shop, server: TelegramServer) -> None:
    """Below an answer stand those it leads on to; each comes below, and its button goes."""
    hours = replace(CLOSE, details=Details(aliases=("hours",), related=("open",)))
    await shop.serve(READ_ON[0], hours, PHONE, PAY)
    answer = await shop.ask("when do you open the shop")
    assert answer["text"] == "At nine."
    assert buttons(answer) == [CLOSE.question, PAY.question, *VOTES]

    shop.press(answer, CLOSE.question)
    shop.press(answer, CLOSE.question)
    related = await shop.said(CLOSE.question)
    assert related["text"] == f"{CLOSE.question}\n\nAt five."
    assert buttons(related) == [OPEN.question]
    shop.press(related, OPEN.question)
    await shop.said(OPEN.question)
    await server.until(lambda: len(server.messages(ANN)) == 3)
    await shop.settle()
    answer, related, again = server.messages(ANN)
    assert answer["text"] == "At nine."
    assert buttons(answer) == [PAY.question, *VOTES]
    assert buttons(related) == []
    assert buttons(again) == [CLOSE.question, PAY.question]


async def test_related_questions_after_a_restart(shop: Shop, server: TelegramServer) -> None:
    """They lead on after a restart, once each, and say it where the answer is gone."""
    await shop.serve(*_in(None, OPEN, related=("close", "pay", "phone", "open")), *FAQ[1:])
    answer = await shop.ask("when do you open the shop")
    assert buttons(answer) == [CLOSE.question, PAY.question, PHONE.question, *VOTES]
    await shop.serve(OPEN, CLOSE, PAY)
    await shop.restart()
    for text in (CLOSE.question, CLOSE.question, PHONE.question):
        shop.press(answer, text)
    await shop.settle()
    assert texts(server) == ["At nine.", f"{CLOSE.question}\n\nAt five."]
    assert buttons(server.messages(ANN)[0]) == [PAY.question, *VOTES]
    told = [it.params.get("text", "") for it in server.calls("answerCallbackQuery")]
    assert sum("not there any more" in it for it in told) == 1
    server.removed(answer)
    for _ in range(2):
        server.callback(answer, answer["reply_markup"]["inline_keyboard"][1][0]["callback_data"],
                        anyway=True)  # fmt: skip
    await shop.said(PAY.question)
    await shop.settle()
    assert texts(server) == [f"{CLOSE.question}\n\nAt five.", f"{PAY.question}\n\nBy card."]


async def test_related_questions_in_a_group(shop: Shop, server: TelegramServer) -> None:
    """Bob reads on from what Ann was told: below it, in the topic, and Ann's answer stays."""
    await shop.serve(*READ_ON)
    server.text("@faq_bot when do you open the shop", chat=FORUM, thread=7)
    answer = await shop.said("At nine.", FORUM)
    shop.press(answer, PAY.question, user=BOB)
    related = await shop.said(PAY.question, FORUM)
    assert related["reply_to_message"]["message_id"] == answer["message_id"]
    assert related["message_thread_id"] == 7


async def test_reading_on_while_browsing_turns_the_page(shop: Shop) -> None:
    """Related answers come in the same message, and the way back is that to the list."""
    await shop.serve(
        *_in("Hours", OPEN, related=("pay", "close")),
        *_in("Hours", CLOSE, related=("open",)),
        *_in("Money", PAY),
    )
    topics = await shop.ask("/topics")
    shop.press(topics, "Money")
    shop.press(await shop.said("Money"), ALL)
    shop.press(await shop.said(TOPICS), "Hours")
    shop.press(await shop.said("Hours"), OPEN.question)
    answer = await shop.said(OPEN.question)
    assert buttons(answer) == [PAY.question, CLOSE.question, BACK]
    shop.press(answer, PAY.question)
    onwards = await shop.said(PAY.question)
    assert onwards["message_id"] == topics["message_id"]
    assert buttons(onwards) == [BACK]
    shop.press(onwards, BACK)
    assert (await shop.said("Hours"))["text"].endswith(WHICH)


def test_several_answers_lead_on_together() -> None:
    """What is related to several answers is named once, and never what was just answered."""
    faq = [*_in(None, *FAQ[:2], related=("pay", "open", "phone", "a", "close")), *FAQ[2:]]
    more = [entry("b"), replace(entry("c"), details=Details(aliases=("a",)))]
    assert [it.id for it in related_to(faq[:2], [*faq, *more])] == ["pay", "phone", "c"]
    assert [it.id for it in related_to(faq[:1], [*faq, *more])] == ["pay", "phone", "c"]
    assert related_to(faq[2:], faq) == ()


def test_a_page_is_no_longer_than_a_phone() -> None:
    """However large the FAQ is, a page has few buttons."""
    entries = [replace(entry(f"{i}"), topic=f"T{i}") for i in range(500)]
    keyboard = topics_page(entries, 999_999, ENGLISH).keyboard
    assert keyboard
    assert len(keyboard.inline_keyboard) <= MOST_ON_PAGE + 1
    assert keyboard.inline_keyboard[0][0].text == "T496"
