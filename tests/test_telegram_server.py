"""What the stand-in for Telegram grants and refuses, so that tests of the bot mean something."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiogram.types
import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    Update,
    User,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import Application, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.telegram_server import (
    ANN,
    BOB,
    CHANNEL,
    FORUM,
    GROUP,
    SMALL_GROUP,
    TOKEN,
    Fault,
    TelegramServer,
    drop,
    flood,
    hang,
    html,
    refusal,
    slow,
)

PNG = b"\x89PNG\r\n\x1a\n"
QUICK = {"verify": False}  # loading certificates takes longer than a test
BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="more")]])


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the library for durations as such, as it warns about numbers of seconds."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
def server() -> Iterator[TelegramServer]:
    """Give a server that knows a person, a group and a channel."""
    with TelegramServer() as server:
        server.add(ANN, GROUP, CHANNEL)
        yield server


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    """Give the real library's bot, talking to the server."""
    async with bot_of(server) as bot:
        yield bot


def bot_of(server: TelegramServer) -> Bot:
    """Make another bot."""
    return Bot(
        TOKEN,
        base_url=f"{server.url}/bot",
        request=HTTPXRequest(read_timeout=5, httpx_kwargs=QUICK),
        get_updates_request=HTTPXRequest(read_timeout=5, httpx_kwargs=QUICK),
    )


async def post(server: TelegramServer, method: str, **params: Any) -> tuple[int, dict[str, Any]]:
    """Ask for what the library would not."""
    async with httpx.AsyncClient(verify=QUICK["verify"]) as client:
        reply = await client.post(
            f"{server.url}/bot{TOKEN}/{method}",
            content=json.dumps(params),  # in ASCII, so that anything can be said
            headers={"content-type": "application/json"},
        )
        return reply.status_code, reply.json()


def refused(server: TelegramServer) -> str:
    """Give what the bot was told about its only mistake."""
    (refusal,) = server.refusals
    return refusal.description


def bad_request(words: str) -> pytest.RaisesExc[BadRequest]:
    """Expect a refusal; the library changes the case of its words."""
    return pytest.raises(BadRequest, match=f"(?i){words}")


def texts(server: TelegramServer) -> list[str]:
    """Give what the bot has said to Ann, as she sees it."""
    return [message["text"] for message in server.messages(ANN)]


# Requests


async def test_wrong_token(server: TelegramServer) -> None:
    """Another bot's token is refused."""
    async with httpx.AsyncClient(verify=QUICK["verify"]) as client:
        reply = await client.get(f"{server.url}/bot1:wrong/getMe")
    unauthorized = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert (reply.status_code, reply.json()) == (401, unauthorized)
    assert refused(server) == "Unauthorized"


async def test_unknown_method(server: TelegramServer) -> None:
    """A method that the API does not have is not found, whatever its case."""
    assert (await post(server, "sendmessage", chat_id=ANN.id, text="x"))[0] == 404


async def test_method_of_the_api_that_the_server_cannot_do(server: TelegramServer) -> None:
    """What would need an answer made up is refused; what is merely done is granted."""
    assert (await post(server, "getStarTransactions"))[0] == 400
    assert await post(server, "pinChatMessage", chat_id=ANN.id, message_id=1) == (
        200,
        {"ok": True, "result": True},
    )


async def test_get_and_forms(server: TelegramServer) -> None:
    """Parameters come in the query, as a form, with files or as JSON; digits stay a text."""
    url = f"{server.url}/bot{TOKEN}/sendMessage"
    said = {"chat_id": str(ANN.id), "text": "12345"}
    async with httpx.AsyncClient(verify=QUICK["verify"]) as client:
        for reply in (
            await client.get(url, params=said),
            await client.post(url, data=said),
            await client.post(url, data=said, files={"unused": b"x"}),
            await client.post(url, json=said),
        ):
            assert reply.json()["result"]["text"] == "12345"
    assert {call.chat_id for call in server.sent} == {ANN.id}


async def test_body_that_is_no_object(server: TelegramServer) -> None:
    """A body that cannot be read is refused."""
    async with httpx.AsyncClient(verify=QUICK["verify"]) as client:
        for body in ("{", "[]"):
            reply = await client.post(
                f"{server.url}/bot{TOKEN}/getMe",
                content=body,
                headers={"content-type": "application/json"},
            )
            assert reply.status_code == 400


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"txt": "x"}, "unknown field txt"),
        ({"disable_web_page_preview": True}, "deprecated field disable_web_page_preview"),
        ({"text": 5}, "text: Input should be a valid string"),
        ({"text": None}, "text: Field required"),
        ({"message_thread_id": "seven"}, "message_thread_id: Input should be a valid integer"),
        ({"message_thread_id": True}, "message_thread_id: Input should be a valid integer"),
        ({"link_preview_options": {"off": True}}, "unknown field link_preview_options.off"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": "\ud83d"}, "strings must be encoded in UTF-8"),
        ({"text": "👍" * 2048 + "x"}, "message is too long"),
        ({"parse_mode": "HTML"}, "parse_mode is not allowed here: send entities"),
        ({"chat_id": 5}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"message_thread_id": 7}, "message thread not found"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
    ],
)
async def test_wrong_message(server: TelegramServer, params: dict[str, Any], said: str) -> None:
    """A message that Telegram would not take, or not as it was meant, is refused and noted."""
    status, reply = await post(server, "sendMessage", **{"chat_id": ANN.id, "text": "x", **params})
    assert (status, reply["error_code"], reply["description"]) == (400, 400, f"Bad Request: {said}")
    assert refused(server) == f"Bad Request: {said}"
    assert not server.sent


@pytest.mark.parametrize(
    ("entity", "said"),
    [
        ({"offset": -1}, "entity with a negative offset or length"),
        ({"length": -1}, "entity with a negative offset or length"),
        ({"length": 6}, "entity beginning at UTF-16 offset 0 ends after the end of the text"),
        ({"offset": 1}, "entity begins or ends in a middle of a UTF-16 symbol"),
        ({"length": 1}, "entity begins or ends in a middle of a UTF-16 symbol"),
        ({"type": "big"}, "unknown entity type big"),
        ({"type": "text_link"}, "wrong link URL: ''"),
        ({"type": "text_link", "url": "javascript:alert(1)"}, "wrong link URL"),
        ({"type": "text_link", "url": "relative/path.md"}, "wrong link URL"),
        ({"type": "text_link", "url": "https://"}, "wrong link URL"),
        ({"type": "text_link", "url": "http://[x"}, "wrong link URL"),
        ({"type": "text_link", "url": "https://a.org/a b"}, "wrong link URL"),
        ({"type": "text_link", "url": "http://localhost/x"}, "wrong link URL"),
        ({"type": "text_link", "url": "mailto:a@b.org"}, "wrong link URL"),
        ({"type": "text_link", "url": "tg:x"}, "wrong link URL"),
        ({"language": "python"}, "bold has no language"),
        ({"length": 0}, "entity over nothing"),
        ({"length": 4}, "entity begins or ends with a space"),
        ({"offset": 3, "length": 2}, "entity begins or ends with a space"),
        ({"type": "text_mention"}, "text_mention without a user"),
        ({"type": "custom_emoji", "url": None}, "custom_emoji without an id"),
        ({"offset": "0"}, "entities.0.offset: Input should be a valid integer"),
    ],
)
async def test_wrong_entity(server: TelegramServer, entity: dict[str, Any], said: str) -> None:
    """An entity that does not fit its text or itself is refused."""
    whole = {"type": "bold", "offset": 0, "length": 2, **entity}
    await post(server, "sendMessage", chat_id=ANN.id, text="👍! x", entities=[whole])
    assert refused(server).startswith(f"Bad Request: {said}")


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (("bold", 0, 2), ("italic", 1, 2), "entities cross: bold and italic"),
        (("bold", 1, 1), ("italic", 0, 1), "entities are not in the order of the text"),
        (("bold", 0, 1), ("italic", 0, 2), "entities are not in the order of the text"),
        (("code", 0, 2), ("bold", 0, 1), "no bold can be in code"),
        (("bold", 0, 2), ("code", 0, 1), "no code can be in bold"),
        (("text_link", 0, 2), ("code", 0, 1), "no code can be in text_link"),
        (("blockquote", 0, 2), ("expandable_blockquote", 0, 1), "no expandable_blockquote can be"),
        (("bold", 0, 2), ("bold", 0, 1), "bold in bold says nothing"),
        (("text_link", 0, 2), ("text_link", 0, 1), "text_link in text_link says nothing"),
    ],
)
async def test_entities_that_do_not_go_together(
    server: TelegramServer, first: tuple[str, int, int], second: tuple[str, int, int], said: str
) -> None:
    """Two entities of which Telegram would drop one are refused."""
    entities = [
        {"type": kind, "offset": offset, "length": length, "url": "https://a.org"}
        for kind, offset, length in (first, second)
    ]
    await post(server, "sendMessage", chat_id=ANN.id, text="abc", entities=entities)
    assert refused(server).startswith(f"Bad Request: {said}")


async def test_right_entities(server: TelegramServer, bot: Bot) -> None:
    """Entities count in UTF-16 units and come back as sent."""
    links = ["https://a.org/x?y#z", "http://a.org", "tg://user?id=5"]
    entities = [
        MessageEntity("expandable_blockquote", 0, 9),
        *(MessageEntity("text_link", 2 * at, 2, url=url) for at, url in enumerate(links)),
        MessageEntity("bold", 4, 2),
        MessageEntity("text_mention", 6, 2, user=User(ANN.id, "Ann", is_bot=False)),
        MessageEntity("pre", 8, 1, language="python"),
    ]
    message = await bot.send_message(ANN.id, "👍👍👍👍!", entities=entities)
    assert message.entities[1].url == links[0]
    assert len(message.entities) == len(entities)
    assert not server.refusals


async def test_too_many_entities(bot: Bot) -> None:
    """A message has at most 100 entities."""
    entities = [MessageEntity("bold", at, 1) for at in range(101)]
    await bot.send_message(ANN.id, "x" * 101, entities=entities[:100])
    with bad_request("too many entities"):
        await bot.send_message(ANN.id, "x" * 101, entities=entities)


async def test_a_text_of_nothing_to_see(bot: Bot) -> None:
    """Invisible signs alone are no message."""
    with bad_request("message text is empty"):
        await bot.send_message(ANN.id, " \u200b\u2060")


async def test_longest_text(server: TelegramServer, bot: Bot) -> None:
    """4,096 UTF-16 units fit in a message."""
    await bot.send_message(ANN.id, "👍" * 2048)
    assert not server.refusals


async def test_parse_mode_where_allowed() -> None:
    """A server that is told so lets parse_mode pass."""
    with TelegramServer(allow_parse_mode=True) as server:
        server.add(ANN)
        async with bot_of(server) as bot:
            await bot.send_message(ANN.id, "<b>x</b>", parse_mode="HTML")
        assert texts(server) == ["<b>x</b>"]


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ({"callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"callback_data": "ы" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": " "}, "inline keyboard button text must be non-empty"),
        ({"callback_data": None}, "text buttons are unallowed in the inline keyboard"),
        ({"url": "https://a.org"}, "a button has one use, not 2"),
        ({"url": "a.org", "callback_data": None}, "wrong link URL: 'a.org'"),
        ({"copy_text": {"text": "x" * 257}, "callback_data": None}, "BUTTON_COPY_TEXT_INVALID"),
        ({"style": "huge"}, "unknown button style huge"),
        ({"colour": "red"}, "unknown field reply_markup.inline_keyboard.0.0.colour"),
    ],
)
async def test_wrong_button(server: TelegramServer, button: dict[str, Any], said: str) -> None:
    """A button that Telegram would refuse is refused."""
    whole = {"text": "x", "callback_data": "y", **button}
    whole = {name: value for name, value in whole.items() if value is not None}
    markup = {"inline_keyboard": [[whole]]}
    await post(server, "sendMessage", chat_id=ANN.id, text="x", reply_markup=markup)
    assert refused(server) == f"Bad Request: {said}"


async def test_too_many_buttons(server: TelegramServer, bot: Bot) -> None:
    """A row has at most 8 buttons, a keyboard 100."""
    button = BUTTONS.inline_keyboard[0][0]
    for rows in ([[button] * 9], [[button]] * 101):
        with bad_request("reply markup is too long"):
            await bot.send_message(ANN.id, "x", reply_markup=InlineKeyboardMarkup(rows))
    assert len(server.refusals) == 2


# Messages


async def test_message(server: TelegramServer, bot: Bot) -> None:
    """A sent message comes back whole, its ids counting up in its chat."""
    first = await bot.send_message(
        ANN.id,
        "one",
        reply_markup=BUTTONS,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    second = await bot.send_message(ANN.id, "two", reply_to_message_id=first.id)
    elsewhere = await bot.send_message(CHANNEL.id, "three", reply_markup=ForceReply())
    assert (first.id, second.id, elsewhere.id) == (1, 2, 1)
    assert first.reply_markup == BUTTONS
    assert first.has_protected_content
    assert first.from_user is not None
    assert first.from_user.is_bot
    assert second.reply_to_message is not None
    assert second.reply_to_message.text == "one"
    assert elsewhere.sender_chat is not None
    assert (await bot.send_message("@the_channel", "four")).chat.id == CHANNEL.id
    assert texts(server) == ["one", "two"]


async def test_reply(server: TelegramServer, bot: Bot) -> None:
    """A reply may quote what the other message says, and may go on without it."""
    asked = server.message(server.text("👍 How do I pay?"))
    reply = ReplyParameters(asked["message_id"], quote="do I")
    message = await bot.send_message(ANN.id, "So", reply_parameters=reply)
    assert message.quote is not None
    assert message.quote.position == 7
    for quote in ("do you", "", "x" * 1025):
        wrong = ReplyParameters(asked["message_id"], quote=quote)
        with bad_request("QUOTE_TEXT_INVALID"):
            await bot.send_message(ANN.id, "So", reply_parameters=wrong)
    gone = ReplyParameters(99, allow_sending_without_reply=True)
    message = await bot.send_message(ANN.id, "So", reply_parameters=gone)
    assert message.reply_to_message is None
    with bad_request("other chats"):
        await bot.send_message(ANN.id, "x", reply_parameters=ReplyParameters(1, chat_id=GROUP.id))


async def test_edit(server: TelegramServer, bot: Bot) -> None:
    """An edit is what a person sees from then on; without a keyboard it takes the old one away."""
    message = await bot.send_message(ANN.id, "one", reply_markup=BUTTONS)
    edited = await message.edit_text("two")
    assert isinstance(edited, type(message))
    assert edited.edit_date is not None
    assert texts(server) == ["two"]
    assert "reply_markup" not in server.messages(ANN)[0]
    await message.edit_reply_markup(BUTTONS)
    assert "reply_markup" in server.messages(ANN)[0]
    assert texts(server) == ["two"]


async def test_edit_that_changes_nothing(server: TelegramServer, bot: Bot) -> None:
    """An edit to what is there already is refused."""
    message = await bot.send_message(ANN.id, "one", reply_markup=BUTTONS)
    for edit in (
        message.edit_text("one", reply_markup=BUTTONS),
        message.edit_reply_markup(BUTTONS),
    ):
        with bad_request("message is not modified"):
            await edit
    await message.edit_text("one")
    with bad_request("message is not modified"):
        await message.edit_reply_markup(None)
    assert len(server.refusals) == 3


async def test_edit_of_what_is_not_there(server: TelegramServer, bot: Bot) -> None:
    """Only the bot's own messages that still stand can be edited, and in the part they have."""
    message = await bot.send_message(ANN.id, "one")
    server.removed(server.messages(ANN)[0])
    with bad_request("message to edit not found"):
        await message.edit_text("two")
    asked = server.message(server.text("Mine"))
    with bad_request("can't be edited"):
        await bot.edit_message_text("Yours", ANN.id, asked["message_id"])
    with bad_request("identifier is not specified"):
        await bot.edit_message_text("x", ANN.id)
    photo = await bot.send_photo(ANN.id, PNG)
    with bad_request("no text in the message"):
        await photo.edit_text("x")
    other = await bot.send_message(ANN.id, "one")
    assert (await post(server, "editMessageText", chat_id=ANN.id, message_id=other.id))[0] == 400
    with bad_request("no caption in the message"):
        await other.edit_caption("x")


async def test_delete(server: TelegramServer, bot: Bot) -> None:
    """The bot deletes its own messages, all in private, and others' in a group as administrator."""
    message = await bot.send_message(ANN.id, "one")
    await message.delete()
    assert texts(server) == []
    with bad_request("message to delete not found"):
        await message.delete()
    await bot.delete_message(ANN.id, server.message(server.text("x"))["message_id"])
    others = server.message(server.text("x", chat=GROUP))["message_id"]
    with bad_request("can't be deleted"):
        await bot.delete_message(GROUP.id, others)
    server.member(GROUP, "administrator")
    assert await bot.delete_message(GROUP.id, others)
    one, two = [await bot.send_message(ANN.id, "x") for _ in range(2)]
    await bot.delete_messages(ANN.id, [one.id, two.id, 99])
    assert texts(server) == []
    with bad_request("from 1 to 100"):
        await bot.delete_messages(ANN.id, [])


async def test_files(server: TelegramServer, bot: Bot) -> None:
    """Photos and documents come as uploads or ids, with a caption of at most 1,024 units."""
    document = await bot.send_document(
        ANN.id, b"a,b", filename="faq.csv", caption="All", thumbnail=b"x"
    )
    assert document.document is not None
    assert (document.document.file_name, document.document.file_size) == ("faq.csv", 3)
    again = await bot.send_document(ANN.id, document.document.file_id, caption="x" * 1024)
    assert again.document == document.document
    photo = await bot.send_photo(ANN.id, PNG)
    await bot.send_photo(ANN.id, photo.photo[0].file_id)
    server.web["https://a.org/b.png"] = "photo"
    await bot.send_photo(ANN.id, "https://a.org/b.png")
    assert server.uploads == 3
    edited = await document.edit_caption(
        "Most", caption_entities=[MessageEntity(MessageEntity.BOLD, 0, 4)]
    )
    assert isinstance(edited, type(document))
    assert edited.caption == "Most"
    edited = await document.edit_caption()
    assert isinstance(edited, type(document))
    assert edited.caption is None
    assert not server.refusals
    with bad_request("another type as photo"):
        await bot.send_photo(ANN.id, document.document.file_id)
    with bad_request("wrong type of the web page"):
        await bot.send_document(ANN.id, "https://a.org/b.png")
    with bad_request("wrong file identifier"):
        await bot.send_photo(ANN.id, "whatever")
    with bad_request("IMAGE_PROCESS_FAILED"):
        await bot.send_photo(ANN.id, b"text")
    with bad_request("file must be non-empty"):
        await bot.send_document(ANN.id, b"")
    with pytest.raises(NetworkError, match="Too Large"):
        await bot.send_photo(ANN.id, PNG + bytes(10 * 1024 * 1024))
    with bad_request("caption is too long"):
        await bot.send_photo(ANN.id, "id", caption="x" * 1025)
    with bad_request("entities of a caption that is not there"):
        await bot.send_photo(ANN.id, "id", caption_entities=[MessageEntity("bold", 0, 1)])


async def test_strangers_and_blocks(server: TelegramServer, bot: Bot) -> None:
    """Nobody is written to who did not start or has blocked the bot; that is no mistake of it."""
    server.strangers.add(ANN.id)
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(ANN.id, "x")
    server.command("/start")
    await bot.send_message(ANN.id, "x")
    server.member(ANN, "kicked")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ANN.id, "x")
    server.text("Sorry")
    await bot.send_message(ANN.id, "x")
    assert not server.refusals


async def test_topics(server: TelegramServer, bot: Bot) -> None:
    """An answer goes to the topic that the question came from."""
    asked = server.message(server.text("x", chat=FORUM, thread=7))
    message = await bot.send_message(FORUM.id, "y", message_thread_id=7)
    assert asked["is_topic_message"]
    assert message.is_topic_message
    assert message.message_thread_id == 7


async def test_chat_action_and_reactions(server: TelegramServer, bot: Bot) -> None:
    """Actions and reactions must be ones that Telegram knows, on messages that exist."""
    asked = server.message(server.text("x"))["message_id"]
    await bot.send_chat_action(ANN.id, "typing")
    await bot.set_message_reaction(ANN.id, asked, "👍")
    assert server.reactions[ANN.id, asked] == [{"type": "emoji", "emoji": "👍"}]
    for action in (
        bot.send_chat_action(ANN.id, "thinking"),
        bot.send_chat_action(5, "typing"),
        bot.set_message_reaction(ANN.id, asked, "🦖"),
        bot.set_message_reaction(ANN.id, asked, ["👍", "👎"]),
        bot.set_message_reaction(ANN.id, 99, "👍"),
    ):
        with pytest.raises(BadRequest):
            await action


async def test_too_large_a_file(server: TelegramServer) -> None:
    """An upload has at most 50 MB."""
    async with httpx.AsyncClient(verify=QUICK["verify"]) as client:
        reply = await client.post(
            f"{server.url}/bot{TOKEN}/sendDocument",
            data={"chat_id": str(ANN.id)},
            files={"document": bytes(52 * 1024 * 1024)},
        )
    assert reply.status_code == 413


# The bot itself


async def test_get_me(server: TelegramServer, bot: Bot) -> None:
    """The bot is told whether it sees all of a group's messages."""
    assert not bot.can_read_all_group_messages
    server.bot["can_read_all_group_messages"] = True
    assert (await bot.get_me()).can_read_all_group_messages
    assert bot.supports_inline_queries
    assert (await post(server, "getMe", x=1))[0] == 400


async def test_commands_and_descriptions(server: TelegramServer, bot: Bot) -> None:
    """What the bot says of itself is kept a language, within Telegram's limits."""
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("help", "Hilfe")], language_code="de")
    await bot.set_my_short_description("Answers", language_code="de")
    assert [it.description for it in await bot.get_my_commands()] == ["Help"]
    assert [it.description for it in await bot.get_my_commands(language_code="de")] == ["Hilfe"]
    assert (await bot.get_my_short_description("de")).short_description == "Answers"
    assert (await bot.get_my_description()).description == ""
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == ()
    assert not server.refusals
    for wrong in (
        bot.set_my_commands([BotCommand("Help", "x")]),
        bot.set_my_commands([BotCommand("help", "")]),
        bot.set_my_commands([BotCommand("help", "x")] * 101),
        bot.set_my_short_description("x" * 121),
    ):
        with pytest.raises(BadRequest):
            await wrong


async def test_chats_and_members(server: TelegramServer, bot: Bot) -> None:
    """Chats and their members are told with their rank."""
    assert (await bot.get_chat(GROUP.id)).title == "Group"
    assert (await bot.get_chat(ANN.id)).first_name == "Ann"
    server.statuses[GROUP.id, ANN.id] = "creator"
    for status in ("administrator", "restricted", "left", "kicked", "member"):
        server.add(BOB)
        server.statuses[GROUP.id, BOB.id] = status
        assert (await bot.get_chat_member(GROUP.id, BOB.id)).status == status
    administrators = await bot.get_chat_administrators(GROUP.id)
    assert [it.user.id for it in administrators] == [ANN.id]
    assert (await bot.get_chat_member(GROUP.id, bot.id)).status == "member"
    with bad_request("member not found"):
        await bot.get_chat_member(GROUP.id, 5)


async def test_leaving(bot: Bot) -> None:
    """A chat that the bot has left is closed to it; a private one cannot be left."""
    await bot.leave_chat(GROUP.id)
    with pytest.raises(Forbidden, match="not a member"):
        await bot.send_message(GROUP.id, "x")
    with pytest.raises(BadRequest):
        await bot.leave_chat(ANN.id)


async def test_ending(server: TelegramServer, bot: Bot) -> None:
    """The bot may log out and close its instance."""
    assert await bot.log_out()
    assert await bot.close()
    assert [call.method for call in server.sent] == ["getMe", "logOut", "close"]


# Buttons and inline queries


async def test_callback(server: TelegramServer, bot: Bot) -> None:
    """A press of a button is answered once, with at most 200 characters."""
    await bot.send_message(ANN.id, "x", reply_markup=BUTTONS)
    (message,) = server.messages(ANN)
    (update,) = await bot.get_updates(
        offset=server.callback(message, "more", user=BOB), read_timeout=5
    )
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert (query.data, query.from_user.first_name, query.message.message_id) == ("more", "Bob", 1)
    with bad_request("MESSAGE_TOO_LONG"):
        await query.answer("x" * 201)
    assert server.open_callbacks
    await query.answer("x" * 200)
    assert not server.open_callbacks
    with bad_request("query is too old"):
        await query.answer()


async def test_callback_of_a_button_that_is_gone(server: TelegramServer, bot: Bot) -> None:
    """Only a client that is behind presses a button that is not there any more."""
    sent = await bot.send_message(ANN.id, "x", reply_markup=BUTTONS)
    (message,) = server.messages(ANN)
    await sent.edit_text("y")
    with pytest.raises(LookupError):
        server.callback(message, "more")
    server.callback(message, "more", anyway=True)
    server.removed(message)
    server.callback(message, "more", anyway=True)
    first, second = await bot.get_updates()
    for update, is_there in ((first, True), (second, False)):
        assert update.callback_query is not None
        assert update.callback_query.message is not None
        # The API's sign for "inaccessible"; the library's own class for it does not come out here.
        assert (update.callback_query.message.date.timestamp() > 0) == is_there


async def test_inline(server: TelegramServer, bot: Bot) -> None:
    """An inline query is answered once, with results that keep to the rules."""
    server.inline("pay")
    (update,) = await bot.get_updates()
    assert update.inline_query is not None

    def article(name: str, text: str = "x") -> InlineQueryResultArticle:
        return InlineQueryResultArticle(name, "Title", InputTextMessageContent(text))

    for wrong in (
        [article("1"), article("1")],
        [article("x" * 65)],
        [article("1", "x" * 4097)],
        [article("1", " ")],
    ):
        with pytest.raises(BadRequest):
            await update.inline_query.answer(wrong)
    await update.inline_query.answer([article("1"), article("2")])
    with bad_request("query is too old"):
        await update.inline_query.answer([])
    many = [{"type": "article", "id": str(i), "title": "x", "input_message_content": {
        "message_text": "x"}} for i in range(51)]  # fmt: skip
    reply = await post(server, "answerInlineQuery", inline_query_id="1", results=many)
    assert "RESULTS_TOO_MUCH" in reply[1]["description"]


# Updates


async def test_acknowledging(server: TelegramServer, bot: Bot) -> None:
    """An update comes again and again until a higher offset acknowledges it."""
    first, second = server.text("one"), server.text("two")
    for _ in range(2):
        assert [it.update_id for it in await bot.get_updates()] == [first, second]
    assert [it.update_id for it in await bot.get_updates(limit=1)] == [first]
    assert server.acknowledged == 0
    assert [it.update_id for it in await bot.get_updates(offset=second)] == [second]
    assert server.acknowledged == first
    assert await bot.get_updates(offset=second + 1) == ()
    assert await bot.get_updates() == ()
    assert server.acknowledged == second
    assert server.polls == 6


async def test_negative_offset(server: TelegramServer, bot: Bot) -> None:
    """A negative offset keeps so many updates from the end and forgets the others."""
    server.text("one")
    second = server.text("two")
    assert [it.update_id for it in await bot.get_updates(offset=-1)] == [second]
    assert [it.update_id for it in await bot.get_updates()] == [second]


async def test_waiting(server: TelegramServer, bot: Bot) -> None:
    """A poll with a timeout waits for an update."""
    poll = asyncio.create_task(bot.get_updates(timeout=60))
    await server.until(lambda: server.polls == 1)
    fed = server.text("x")
    assert [it.update_id for it in await poll] == [fed]
    assert await bot.get_updates(offset=fed + 1, timeout=1) == ()


async def test_two_pollers(server: TelegramServer, bot: Bot) -> None:
    """A second poller ends the first one's poll, which is no mistake of either's code."""
    first = asyncio.create_task(bot.get_updates(timeout=60))
    await server.until(lambda: server.polls == 1)
    async with bot_of(server) as other:
        second = asyncio.create_task(other.get_updates(timeout=60))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await first
        server.text("x")
        assert len(await second) == 1
    assert not server.refusals


async def test_allowed_updates(server: TelegramServer, bot: Bot) -> None:
    """Kinds of updates that are not asked for are not delivered, until others are asked for."""
    message = server.message(server.text("x"))
    server.edited(message, "y")
    (update,) = await bot.get_updates(allowed_updates=["edited_message"])
    assert update.edited_message is not None
    server.text("z")
    assert len(await bot.get_updates()) == 1
    server.text("z")
    assert len(await bot.get_updates(allowed_updates=["message", "edited_message"])) == 2
    with bad_request("unknown kinds of updates: mesage"):
        await bot.get_updates(allowed_updates=["mesage"])
    for wrong in ({"limit": 0}, {"limit": 101}, {"timeout": -1}):
        assert (await post(server, "getUpdates", **wrong))[0] == 400


async def test_webhook(server: TelegramServer, bot: Bot) -> None:
    """With a webhook there is no polling; its address and secret must be what Telegram takes."""
    await bot.set_webhook("https://bot.example:8443/hook", secret_token="s-1_")  # noqa: S106 - made up
    assert (await bot.get_webhook_info()).url == "https://bot.example:8443/hook"
    with pytest.raises(Conflict):
        await bot.get_updates()
    server.text("x")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
    assert not server.refusals
    for wrong in (
        bot.set_webhook("http://bot.example"),
        bot.set_webhook("https://bot.example:8080/"),
        bot.set_webhook("https://bot.example", secret_token="a b"),  # noqa: S106 - made up
    ):
        with pytest.raises(BadRequest):
            await wrong


async def test_what_people_send(server: TelegramServer, bot: Bot) -> None:
    """All that can be fed is what two independent implementations take for an update."""
    asked = server.text("See https://a.org, @faq_bot", user=BOB, chat=GROUP, date=1)
    answer = await bot.send_message(GROUP.id, "x", reply_markup=BUTTONS)
    (shown,) = server.messages(GROUP)
    fed = [
        asked,
        server.command("/start@faq_bot code"),
        server.text("plain", chat=GROUP, reply_to=shown),
        server.edited(server.message(asked), "@faq_bot 👍 /help"),
        server.caption("What is /this?"),
        server.sticker(),
        post := server.post("News"),
        server.edited(server.message(post), "Old news"),
        server.callback(shown, "more"),
        server.inline("pay"),
        *(server.member(GROUP, it) for it in ("administrator", "restricted", "left", "member")),
        *server.migrate(SMALL_GROUP, FORUM),
    ]
    for update_id in fed:
        aiogram.types.Update.model_validate(server.update(update_id))
    updates = await bot.get_updates()
    assert [it.update_id for it in updates] == fed
    by_id = {it.update_id: it for it in updates}
    mention = by_id[asked].message
    assert mention is not None
    assert mention.parse_entities() == {
        mention.entities[0]: "https://a.org,",
        mention.entities[1]: "@faq_bot",
    }
    start = by_id[fed[1]].message
    assert start is not None
    assert list(start.parse_entities().values()) == ["/start@faq_bot"]
    reply = by_id[fed[2]].message
    assert reply is not None
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.id == answer.id
    edited = by_id[fed[3]].edited_message
    assert edited is not None
    assert list(edited.parse_entities().values()) == ["@faq_bot", "/help"]
    assert by_id[post].channel_post is not None


async def test_raw_updates_and_repeats(server: TelegramServer, bot: Bot) -> None:
    """Anything can be fed, and an update come twice though it is acknowledged."""
    garbage = server.raw({"from_the_future": {"x": 1}})
    server.raw({"poll_answer": {}})
    first = server.text("x")
    updates = await bot.get_updates(allowed_updates=["message"])
    assert [it.update_id for it in updates] == [garbage, first]
    assert await bot.get_updates(offset=first + 1) == ()
    server.again(first)
    assert [it.update_id for it in await bot.get_updates(offset=first + 1)] == [first]
    assert await bot.get_updates(offset=first + 1) == ()
    server.raw({"update_id": first + 10})
    assert server.text("x") == first + 11


async def test_migration(server: TelegramServer, bot: Bot) -> None:
    """A group that became a supergroup is not reached by its old id, and says the new one."""
    server.migrate(SMALL_GROUP, GROUP)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(SMALL_GROUP.id, "x")
    assert caught.value.new_chat_id == GROUP.id
    assert not server.refusals


async def test_message_without_a_chat(server: TelegramServer) -> None:
    """A message that would be nowhere is a mistake of the test's."""
    with pytest.raises(ValueError, match="needs a chat"):
        server._feed_message({}, None, None)


# Misbehaviour


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (flood(3), RetryAfter),
        (refusal(403, "Forbidden: bot was kicked from the group chat"), Forbidden),
        (refusal(400, "Bad Request: can't parse entities"), BadRequest),
        (refusal(500, "Internal Server Error"), NetworkError),
        (html(502), NetworkError),
        (drop(), NetworkError),
        (drop(takes_effect=True), NetworkError),
    ],
)
async def test_faults(
    server: TelegramServer, bot: Bot, fault: Fault, error: type[Exception]
) -> None:
    """An injected fault meets the next request, leaves the later ones alone and is no refusal."""
    injection = server.inject(fault)
    with pytest.raises(error):
        await bot.send_message(ANN.id, "one")
    assert injection.met == 1
    await bot.send_message(ANN.id, "two")
    assert texts(server) == (["one", "two"] if fault.takes_effect else ["two"])
    assert not server.refusals


async def test_hanging(server: TelegramServer, bot: Bot) -> None:
    """A request that hangs ends with the client's patience."""
    server.inject(hang(takes_effect=True))
    task = asyncio.create_task(bot.send_message(ANN.id, "x", read_timeout=0.5))
    await server.until(1)
    with pytest.raises(TimedOut):
        await task
    assert texts(server) == ["x"]


async def test_slowness(server: TelegramServer, bot: Bot) -> None:
    """A slow request is granted in the end, after others that came later."""
    injection = server.inject(slow(0.5))
    task = asyncio.create_task(bot.send_message(ANN.id, "one"))
    await server.until(lambda: injection.met == 1)
    await bot.send_message(ANN.id, "two")
    await task
    assert texts(server) == ["two", "one"]


async def test_standing_fault_of_one_method(server: TelegramServer, bot: Bot) -> None:
    """A fault may stand until it is ended, and meet one method only."""
    server.inject(flood(1), method="sendMessage", times=math.inf)
    server.inject(html(502), method="getUpdates")
    for _ in range(3):
        with pytest.raises(RetryAfter):
            await bot.send_message(ANN.id, "x")
    await bot.send_chat_action(ANN.id, "typing")
    with pytest.raises(NetworkError):
        await bot.get_updates()
    server.calm()
    await bot.send_message(ANN.id, "x")


async def test_fault_after_the_checks(server: TelegramServer, bot: Bot) -> None:
    """A request that is wrong is refused for that, and the fault waits for one that is right."""
    server.inject(flood(1))
    with bad_request("message is too long"):
        await bot.send_message(ANN.id, "x" * 4097)
    with pytest.raises(RetryAfter):
        await bot.send_message(ANN.id, "x")


# Waiting and closing


async def test_waiting_for_something_else(server: TelegramServer) -> None:
    """What is waited for need not be a matter of the server's."""
    done: list[int] = []
    asyncio.get_running_loop().call_later(0.01, done.append, 1)
    await server.until(lambda: done)


def test_waiting_in_vain(server: TelegramServer) -> None:
    """A test that waits in vain is told what the bot did instead, and never the token."""
    with pytest.raises(TimeoutError, match=r"granted: \[\]") as caught:
        server.wait_for(1, timeout_seconds=0.01)
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(server)


async def test_closing_with_clients_waiting() -> None:
    """The end of the block ends polls and requests that hang."""
    with TelegramServer() as server:
        server.add(ANN)
        bot = bot_of(server)
        await bot.initialize()
        hanging = server.inject(hang())
        tasks = [
            asyncio.create_task(bot.get_updates(timeout=60)),
            asyncio.create_task(bot.send_message(ANN.id, "x")),
        ]
        await server.until(lambda: server.polls == 1 and hanging.met == 1)
    await asyncio.gather(*tasks, return_exceptions=True)
    await bot.shutdown()
    assert all(task.done() for task in tasks)


async def test_crash_of_the_server_itself() -> None:
    """A mistake in the stand-in fails the test that meets it."""
    server = TelegramServer()
    server._effects["getMe"] = lambda _: 1 // 0
    server.__enter__()
    assert (await post(server, "getMe"))[0] == 500
    with pytest.raises(ZeroDivisionError):
        server.__exit__(None, None, None)


async def test_application(server: TelegramServer) -> None:
    """A real application polls, answers, and acknowledges what it has had."""

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(f"You said: {update.message.text}")

    application = Application.builder().token(TOKEN).base_url(f"{server.url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    first = server.text("one")
    async with application:
        assert application.updater is not None
        await application.start()
        await application.updater.start_polling(timeout=10, allowed_updates=["message"])
        await server.until(1)
        server.sticker()
        last = server.text("two")
        await server.until(2)
        await application.updater.stop()
        await application.stop()
    assert texts(server) == ["You said: one", "You said: two"]
    assert server.acknowledged == last > first
    assert [call.method for call in server.sent][:2] == ["getMe", "deleteWebhook"]
    assert not server.refusals
