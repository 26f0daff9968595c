"""Which pictures and documents arrive in a chat, sent over real HTTP to a strict server."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from telegram import Bot, Message
from telegram.request import HTTPXRequest

from bot.storage.sent_files import SqliteSentFiles
from bot.telegram.attachments import Attachment
from bot.telegram.files import Files
from bot.telegram.rendering import render
from bot.telegram.sending import Sender
from tests.telegram_server import (
    ANN,
    BOB,
    FORUM,
    TOKEN,
    Person,
    TelegramServer,
    html,
    refusal,
    slow,
)

PNG = b"\x89PNG\r\n\x1a\n"
PICTURE = Attachment("img/door.png", is_picture=True, caption="The door")
FORM = Attachment("form.pdf", is_picture=False)
IN_WEB = Attachment("https://x.org/a.png", is_picture=True, caption="A sign")


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    root = tmp_path / "faq"
    (root / "img").mkdir(parents=True)
    (root / "img" / "door.png").write_bytes(PNG + b"door")
    (root / "form.pdf").write_bytes(b"%PDF")
    return root


@pytest.fixture(name="sender")
async def _sender(server: TelegramServer) -> AsyncIterator[Sender]:
    async with Bot(TOKEN, base_url=f"{server.url}/bot", request=HTTPXRequest(8)) as bot:
        yield Sender(bot, first_pause_seconds=0.001)


@pytest.fixture(name="sent")
def _sent(tmp_path: Path) -> Iterator[SqliteSentFiles]:
    sent = SqliteSentFiles(tmp_path / "sent.sqlite")
    yield sent
    sent.close()


@pytest.fixture(name="files")
def _files(sender: Sender, root: Path, sent: SqliteSentFiles) -> Files:
    return Files(sender, root, sent)


def _asked(server: TelegramServer, user: Person = ANN) -> Message:
    message = Message.de_json(server.message(server.text("A question", user=user)))
    assert message is not None
    return message


async def test_pictures_and_documents_arrive(server: TelegramServer, files: Files) -> None:
    """A picture comes as one, with what it shows below it; anything else under its name."""
    server.web[IN_WEB.address] = "photo"
    ids = await files.send(_asked(server), [PICTURE, FORM, IN_WEB])

    picture, form, in_web = server.messages(ANN)
    assert [it["message_id"] for it in (picture, form, in_web)] == ids
    assert (picture["caption"], picture["photo"][0]["file_size"]) == ("The door", 12)
    assert form["document"]["file_name"] == "form.pdf"
    assert "caption" not in form
    assert (in_web["caption"], len(in_web["photo"])) == ("A sign", 1)
    assert server.refusals == []


async def test_a_file_is_uploaded_once(
    server: TelegramServer, files: Files, sender: Sender, root: Path, sent: SqliteSentFiles
) -> None:
    """The second reader gets what Telegram has already, after a restart, too; not an old state."""
    server.web[IN_WEB.address] = "photo"
    for someone in (ANN, BOB):
        await files.send(_asked(server, someone), [PICTURE, FORM, IN_WEB])
    await Files(sender, root, sent).send(_asked(server), [PICTURE])
    assert server.uploads == 3

    (root / "form.pdf").write_bytes(b"%PDF, changed")
    await files.send(_asked(server), [FORM])
    assert server.uploads == 4
    assert server.messages(ANN)[-1]["document"]["file_size"] == len(b"%PDF, changed")
    assert server.refusals == []


async def test_an_id_that_telegram_does_not_know_is_no_obstacle(
    server: TelegramServer, files: Files
) -> None:
    """With another bot's token the old ids are worth nothing, and the file is uploaded again."""
    await files.send(_asked(server), [FORM])
    server.inject(refusal(400, "Bad Request: wrong file identifier/HTTP URL specified"))
    await files.send(_asked(server), [FORM])
    await files.send(_asked(server), [FORM])
    assert (len(server.messages(ANN)), server.uploads) == (3, 2)


async def test_a_picture_that_is_none_comes_as_a_file(
    server: TelegramServer, files: Files, root: Path
) -> None:
    """What Telegram cannot show, and what is too large for a picture, can be opened at least."""
    (root / "img" / "door.png").write_bytes(b"no picture")
    (root / "large.png").write_bytes(PNG + bytes(11 * 1024 * 1024))
    large = Attachment("large.png", is_picture=True)
    await files.send(_asked(server), [PICTURE, large])

    one, two = server.messages(ANN)
    assert (one["document"]["file_name"], one["caption"]) == ("door.png", "The door")
    assert two["document"]["file_name"] == "large.png"
    assert [it.description for it in server.refusals] == ["Bad Request: IMAGE_PROCESS_FAILED"]


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("../secret.txt", "outside"),
        ("/etc/hostname", "outside"),
        ("link.txt", "outside"),
        (".env", "hidden"),
        ("img/.hidden/a.png", "hidden"),
        ("img", "no such file"),
        ("gone.png", "no such file"),
        ("a\0.png", "cannot be looked at"),
        ("n" * 5000, "cannot be looked at"),
        ("empty.png", "empty"),
        ("huge.bin", "larger than 50 MB"),
    ],
)
async def test_what_cannot_be_sent_is_told_to_the_log(  # noqa: PLR0913, PLR0917 - fixtures
    address: str,
    reason: str,
    server: TelegramServer,
    files: Files,
    root: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A file outside the FAQ's folder, hidden, missing or too large stays there; its words come."""
    (root.parent / "secret.txt").write_text("secret")
    (root / "link.txt").symlink_to(root.parent / "secret.txt")
    (root / ".env").write_text("KEY=secret")
    (root / "empty.png").touch()
    with (root / "huge.bin").open("wb") as huge:
        huge.truncate(51 * 1024 * 1024)
    with caplog.at_level(logging.WARNING):
        ids = await files.send(
            _asked(server),
            [Attachment(address, is_picture=True), Attachment(address, True, "A form"), FORM],  # noqa: FBT003
        )
    assert reason in caplog.text
    told, form = server.messages(ANN)
    assert told["text"] == "A form"
    assert form["document"]["file_name"] == "form.pdf"
    assert [told["message_id"], form["message_id"]] == ids
    assert server.refusals == []


async def test_a_link_inside_the_folder_is_followed(
    server: TelegramServer, files: Files, root: Path
) -> None:
    """Mounted folders are full of links, with hidden folders behind them."""
    (root / "..data").mkdir()
    (root / "..data" / "a.pdf").write_bytes(b"%PDF")
    (root / "a.pdf").symlink_to("..data/a.pdf")
    await files.send(_asked(server), [Attachment("a.pdf", is_picture=False)])
    assert server.messages(ANN)[0]["document"]["file_size"] == 4


async def test_what_telegram_cannot_fetch_is_a_link(server: TelegramServer, files: Files) -> None:
    """A picture that is gone from the web can be looked for there."""
    await files.send(_asked(server), [IN_WEB])
    assert [it["text"] for it in server.messages(ANN)] == ["A sign https://x.org/a.png"]


async def test_trouble_leaves_the_rest_in_peace(server: TelegramServer, files: Files) -> None:
    """While Telegram takes no files, their captions come; when it takes nothing, nobody crashes."""
    server.inject(html(502), method="sendPhoto", times=100)
    await files.send(_asked(server), [PICTURE, FORM])
    assert len(server.messages(ANN)) == 2
    server.inject(html(502), times=100)
    assert await files.send(_asked(server), [PICTURE, FORM]) == []


async def test_a_person_who_has_gone_gets_no_files(server: TelegramServer, files: Files) -> None:
    """Whoever blocks the bot between question and answer gets no further tries."""
    asked = _asked(server)
    server.blocked.add(ANN.id)
    assert await files.send(asked, [PICTURE, FORM]) == []


async def test_a_slow_upload_keeps_nobody_waiting(server: TelegramServer, files: Files) -> None:
    """While one person's file takes long, another's arrives."""
    server.inject(slow(60), method="sendDocument")
    waiting = asyncio.create_task(files.send(_asked(server, ANN), [FORM]))
    await server.until(lambda: server._injections[0].met)
    await files.send(_asked(server, BOB), [FORM, PICTURE])
    assert len(server.messages(BOB)) == 2
    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_files_stay_in_their_topic(server: TelegramServer, files: Files) -> None:
    """In a forum a file answers in the topic of the question."""
    asked = server.message(server.text("A question", chat=FORUM, thread=7))
    message = Message.de_json(asked)
    assert message is not None
    await files.send(message, [PICTURE])
    (picture,) = server.messages(FORUM)
    assert picture["message_thread_id"] == 7
    assert picture["reply_to_message"]["message_id"] == asked["message_id"]


async def test_a_preview_is_shown_where_it_is_asked_for(
    server: TelegramServer, sender: Sender
) -> None:
    """A link whose title says "preview" shows one; all other links stay small."""
    asked = _asked(server)
    await sender.reply(asked, render('[a](https://x.org) [b](https://y.org "preview")'))
    await sender.reply(asked, render("[a](https://x.org)"))
    options = [call.params["link_preview_options"] for call in server.calls("sendMessage")]
    assert options == [{"url": "https://y.org"}, {"is_disabled": True}]
