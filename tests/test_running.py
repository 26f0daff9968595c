"""The bot as people meet it: the real command as a process, real HTTP to a strict server.

Each test reads as a conversation or as an operator's day. Where what is asked does not matter, it
stands in the FAQ word for word, so that only the tests of the engine depend on the model.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import pytest

from bot.embedders.local_embedder import LocalEmbedder
from bot.storage.index import SqliteIndex
from tests.embeddings_server import KEY, Asked, EmbeddingsServer
from tests.telegram_server import (
    ANN,
    BOB,
    FORUM,
    GROUP,
    TOKEN,
    Person,
    Room,
    TelegramServer,
    drop,
    flood,
    hang,
    html,
    refusal,
    slow,
)

ADMIN = Person(7, "Ada")
PEOPLE = [Person(2000 + number) for number in range(40)]
ROOMS = [Room(-1001000001000 - number, "Group") for number in range(10)]
FAQ = """\
# Shop

## When do you open?
<!-- id: open -->
At *nine*.

## How can I pay?
<!-- id: pay -->
By card, see [our page](https://example.com/pay).

# Returns

## Can I send it back?
<!-- id: back -->
Within 30 days.
"""
_LONG_SECONDS = 60


class Bot:
    """A process that runs the real command on a folder of its own."""

    def __init__(self, folder: Path, server: TelegramServer) -> None:
        self.folder = folder
        self.server = server
        self.faq = folder / "faq" / "faq.md"
        self.settings: dict[str, str] = {}
        self.expects_fault = False
        self._process: subprocess.Popen[str] | None = None
        self._log = folder / "log"

    def start(self, **settings: str) -> None:
        """Start it; settings stay for later starts."""
        self.settings |= settings
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "NO_PROXY": "127.0.0.1",
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "FAQBOT_TELEGRAM_API_URL": self.server.url,
            "FAQBOT_ADMINS": str(ADMIN.id),
            "FAQBOT_LOG_LEVEL": "info",
            **self.settings,
        }
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
                text=True,
            )

    def begin(self, **settings: str) -> None:
        """Start it and wait until it can answer."""
        self.start(**settings)
        self.until(lambda: "Re-index (start)" in self.log)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it; the exit status tells how that went."""
        assert self._process
        self._process.send_signal(how)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end."""
        assert self._process
        try:
            return self._process.wait(timeout=10)
        finally:
            self._process.kill()
            self._process.wait()

    def until(self, what: Callable[[], object]) -> None:
        """Wait until something has become true that the server does not know of."""
        deadline = time.monotonic() + _LONG_SECONDS
        while not what():
            assert time.monotonic() < deadline, self.log
            assert self._process is None or self._process.poll() is None, self.log
            time.sleep(0.02)

    @property
    def log(self) -> str:
        """All that it has written."""
        return self._log.read_text()

    def end(self) -> None:
        """Stop it, if it still runs."""
        if self._process and self._process.poll() is None:
            assert self.stop() == 0, self.log


Texts: TypeAlias = list[str]


def texts(server: TelegramServer, chat: Person | Room = ANN) -> Texts:
    """Read what the bot has said in a chat."""
    return [message.get("text", "") for message in server.messages(chat)]


@pytest.fixture(name="server")
def _server() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        server.add(ANN, BOB, ADMIN, GROUP, FORUM)
        yield server


@pytest.fixture(name="bot")
def _bot(tmp_path: Path, server: TelegramServer) -> Iterator[Bot]:
    bot = Bot(tmp_path, server)
    bot.faq.parent.mkdir()
    bot.faq.write_text(FAQ)
    try:
        yield bot
    finally:
        bot.end()
        assert TOKEN not in bot.log
        assert bot.expects_fault == ("Traceback" in bot.log)


def _wait_texts(server: TelegramServer, count: int, chat: Person | Room = ANN) -> Texts:
    server.wait_for(lambda: len(server.messages(chat)) >= count, _LONG_SECONDS)
    return texts(server, chat)


def test_a_conversation(bot: Bot, server: TelegramServer) -> None:
    """Hello, an answer with its formatting, what there is, an honest no, a kind word, the end."""
    bot.begin()

    server.command("/start")
    (hello,) = _wait_texts(server, 1)
    assert hello.startswith("Hello!")
    assert "Shop" in hello

    server.text("how can i pay???")
    assert _wait_texts(server, 2)[-1] == "By card, see our page."
    answer = server.messages(ANN)[-1]
    (link,) = answer["entities"]
    assert (link["type"], link["url"]) == ("text_link", "https://example.com/pay")
    assert "reply_to_message" not in answer

    server.command("/help")
    assert "Returns" in _wait_texts(server, 3)[-1]
    server.command("/id")
    assert str(ANN.id) in _wait_texts(server, 4)[-1]
    server.command("/ask can i send it back")
    assert _wait_texts(server, 5)[-1] == "Within 30 days."
    server.command("/ask")
    assert "/ask" in _wait_texts(server, 6)[-1]
    server.text("who won the world cup in 1998")
    assert _wait_texts(server, 7)[-1].startswith("I have no answer to that.")
    server.sticker()
    assert "in words" in _wait_texts(server, 8)[-1]
    server.caption("When do you open?")
    assert _wait_texts(server, 9)[-1] == "At nine."
    server.text("Hello! How can I pay, and can I send it back?")
    assert _wait_texts(server, 10)[-1] == (
        "How can I pay?\n\nBy card, see our page.\n\nCan I send it back?\n\nWithin 30 days."
    )

    assert bot.stop() == 0
    assert server.refusals == []


def test_an_edited_question_edits_its_answer(bot: Bot, server: TelegramServer) -> None:
    """Who mends a question sees its answer change in place; what changes nothing sends nothing."""
    bot.begin()
    asked = server.message(server.text("How can I pay?"))
    _wait_texts(server, 1)

    server.edited(asked, "When do you open?")
    server.wait_for(lambda: texts(server) == ["At nine."], _LONG_SECONDS)
    edits = len(server.calls("editMessageText"))
    server.edited(asked, "when do you OPEN")
    server.edited(server.message(server.text("Can I send it back?")), "Can I send it back, please?")
    _wait_texts(server, 2)

    assert len(server.calls("editMessageText")) == edits
    assert server.refusals == []


def test_in_a_group_it_speaks_when_spoken_to(bot: Bot, server: TelegramServer) -> None:
    """Mentioned, replied to or commanded it answers, in the topic; else people are left alone."""
    bot.begin()

    server.text("How can I pay?", chat=GROUP)
    server.text("@faq_bot when do you open?", chat=GROUP)
    _wait_texts(server, 1, GROUP)
    (answer,) = server.messages(GROUP)
    assert answer["text"] == "At nine."
    assert answer["reply_to_message"]["text"] == "@faq_bot when do you open?"

    server.text("How can I pay?", chat=GROUP, reply_to=answer)
    assert _wait_texts(server, 2, GROUP)[-1] == "By card, see our page."
    server.command("/ask@faq_bot Can I send it back?", chat=GROUP, user=BOB)
    assert _wait_texts(server, 3, GROUP)[-1] == "Within 30 days."
    server.command("/ask@other_bot Can I send it back?", chat=GROUP)
    server.text("@faq_bot how can I pay?", chat=FORUM, thread=7)
    _wait_texts(server, 1, FORUM)

    assert server.messages(FORUM)[0]["message_thread_id"] == 7
    assert len(server.messages(GROUP)) == 3
    assert server.refusals == []


def test_pictures_and_files_come_with_the_answer(bot: Bot, server: TelegramServer) -> None:
    """A picture in an answer, and a file its entry names, follow the text; so do edits of it."""
    (bot.faq.parent / "door.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (bot.faq.parent / "terms.txt").write_text("30 days")
    bot.faq.write_text(
        FAQ.replace("At *nine*.", "At *nine*.\n\n![Our door](door.png)").replace(
            "<!-- id: back -->", "<!--\nid: back\nattachments: terms.txt\n-->"
        )
    )
    bot.begin()
    asked = server.message(server.text("When do you open?"))
    server.wait_for(2, _LONG_SECONDS)
    text, picture = server.messages(ANN)
    assert (text["text"], picture["caption"]) == ("At nine.", "Our door")

    server.edited(asked, "Can I send it back?")
    server.wait_for(3, _LONG_SECONDS)
    text, terms = server.messages(ANN)
    assert (text["text"], terms["document"]["file_name"]) == ("Within 30 days.", "terms.txt")
    server.text("When do you open?", user=BOB)
    server.wait_for(5, _LONG_SECONDS)
    assert server.uploads == 2
    assert server.refusals == []


def test_an_edit_of_the_faq_is_live(bot: Bot, server: TelegramServer) -> None:
    """What an admin saves is what the next question gets; a mistake only reaches the admins."""
    bot.begin(FAQBOT_REINDEX="off")
    server.text("How can I pay?")
    _wait_texts(server, 1)

    bot.faq.write_text(FAQ.replace("By card", "By cheque"))
    bot.until(lambda: bot.log.count("Re-index (files changed): 0 added, 1 changed") == 1)
    server.text("How can I pay?")
    assert _wait_texts(server, 2)[-1].startswith("By cheque")

    bot.faq.write_bytes(b"\xff\xfe")
    (wrong,) = _wait_texts(server, 1, ADMIN)
    assert "not UTF-8" in wrong
    assert "last good version" in wrong
    server.text("How can I pay?")
    assert _wait_texts(server, 3)[-1].startswith("By cheque")

    bot.faq.write_text(FAQ)
    assert "well again" in _wait_texts(server, 2, ADMIN)[-1]
    server.text("How can I pay?")
    assert _wait_texts(server, 4)[-1].startswith("By card")
    assert server.refusals == []


def test_words_of_the_admins_own(bot: Bot, server: TelegramServer, tmp_path: Path) -> None:
    """What an admin has the bot say is said; a mistake is told, and leaves what is shipped."""
    file = tmp_path / "wording.yaml"
    hello = "Hello! Ask me a question in your own words."
    file.write_text(f'en:\n  {hello}: "Welcome, {{name}}!"\n')
    bot.begin(FAQBOT_WATCH="off", FAQBOT_REINDEX="off", FAQBOT_WORDING_PATH=str(file))
    (told,) = _wait_texts(server, 1, ADMIN)
    assert f"{file}, line 2: Nothing is known here to fill {{name}} with." in told
    server.command("/start")
    assert _wait_texts(server, 1)[0].startswith("Hello!")

    file.write_text(f"en:\n  {hello}: Welcome!\n")
    server.command("/reindex", user=ADMIN)
    _wait_texts(server, 2, ADMIN)
    server.command("/start")
    assert _wait_texts(server, 2)[1].startswith("Welcome!")


def test_admins_reindex_and_strangers_do_not(bot: Bot, server: TelegramServer) -> None:
    """/reindex reads the FAQ for an admin; for others it is a question like any other."""
    bot.begin(FAQBOT_WATCH="off", FAQBOT_REINDEX="off")
    bot.faq.write_text(FAQ + "\n## Do you deliver?\nYes.\n")

    server.command("/reindex", user=BOB)
    assert _wait_texts(server, 1, BOB)[0].startswith("I have no answer")
    server.command("/reindex", user=ADMIN)
    assert _wait_texts(server, 1, ADMIN)[0].startswith("1 added")
    server.text("Do you deliver?")
    assert _wait_texts(server, 1)[-1] == "Yes."


def test_the_schedule_reads_the_faq_again(bot: Bot, server: TelegramServer) -> None:
    """Without any event from the disk an edit is live after the next scheduled run."""
    bot.begin(FAQBOT_WATCH="off", FAQBOT_REINDEX="1s")
    bot.faq.write_text(FAQ.replace("At *nine*", "At *ten*"))
    bot.until(lambda: "Re-index (scheduled): 0 added, 1 changed" in bot.log)

    server.text("When do you open?")
    assert _wait_texts(server, 1) == ["At ten."]


def test_a_day_without_embeddings(bot: Bot, server: TelegramServer) -> None:
    """The server is away at the start, comes, goes and comes back: the bot lives through it."""
    with EmbeddingsServer() as embeddings:
        port, url = embeddings.port, embeddings.base_url
        bot.begin(
            OPENAI_API_KEY=KEY,
            OPENAI_BASE_URL=url,
            FAQBOT_EMBEDDING_RETRIES="0",
            FAQBOT_THRESHOLD="0.9",
        )
        assert bot.stop() == 0
    (bot.folder / ".faqbot" / "index.sqlite").unlink()
    (bot.folder / ".faqbot" / "vectors.sqlite").unlink()

    bot.begin()  # away
    server.text("How can I pay?")
    assert _wait_texts(server, 1)[-1].startswith("I cannot look things up right now")
    assert "cannot be reached" in _wait_texts(server, 1, ADMIN)[0]

    with EmbeddingsServer(port=port):  # comes
        bot.until(lambda: "Re-index (again)" in bot.log)
        assert "well again" in _wait_texts(server, 2, ADMIN)[1]
        server.text("How can I pay?")
        assert _wait_texts(server, 2)[-1].startswith("By card")

    server.text("how about zebras")  # goes; its own wording needs no server, another has its words
    server.text("When do you open?")
    server.text("when do you open?")
    cannot, own, by_words = _wait_texts(server, 5)[2:]
    assert cannot.startswith("I cannot look things up right now")
    assert own == "At nine."
    assert by_words.startswith("At nine.\n\n(I could only compare words just now")
    assert "answered by words alone" in bot.log

    with EmbeddingsServer(port=port):  # comes back
        server.text("when do you open?")
        assert _wait_texts(server, 6)[-1] == "At nine."
    assert KEY not in bot.log
    assert server.refusals == []


def _busy(asked: Asked) -> None:
    """Be as slow with many texts as a server may be, and quick with one."""
    time.sleep(2 if len(asked.texts) > 1 else 0.6)


def test_while_it_reads_it_says_so(bot: Bot, server: TelegramServer) -> None:
    """Before the first index, or while one for another model is made, nobody waits in silence."""
    with EmbeddingsServer() as embeddings:
        embeddings.standing = [_busy]
        settings = {
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": embeddings.base_url,
            "FAQBOT_EMBEDDING_DIMENSIONS": "8",
        }
        server.text("What are your prices?")
        bot.begin(**settings)
        assert _wait_texts(server, 1)[0].startswith("I am still reading the FAQ.")
        server.text("How can I pay?")
        assert _wait_texts(server, 2)[-1].startswith("By card")
        assert bot.stop() == 0

        server.text("How can I pay for it?")
        bot.begin(FAQBOT_EMBEDDING_DIMENSIONS="12")
        assert _wait_texts(server, 3)[-1].startswith("I am still reading the FAQ.")
        bot.end()
    assert server.refusals == []


def test_it_shows_that_it_is_typing_when_it_takes_longer(bot: Bot, server: TelegramServer) -> None:
    """Who waits for more than a moment sees that the bot is at it; who does not sees no flicker."""
    with EmbeddingsServer() as embeddings:
        bot.begin(OPENAI_API_KEY=KEY, OPENAI_BASE_URL=embeddings.base_url)
        server.text("How can I pay?")
        _wait_texts(server, 1)
        assert server.calls("sendChatAction") == []

        embeddings.standing = [_busy]
        server.text("What would it cost me to pay later?")
        _wait_texts(server, 2)
        (typing,) = server.calls("sendChatAction")
        assert (typing.chat_id, typing.params["action"]) == (ANN.id, "typing")
        bot.end()


def test_a_fault_is_told_to_all_whom_it_concerns(bot: Bot, server: TelegramServer) -> None:
    """The person reads a plain sentence, the log the details, the admins one message a cause."""
    bot.expects_fault = True
    bot.begin()
    for count in (1, 2):
        server.inject(refusal(400, "Bad Request: not today"), method="sendMessage")
        server.text("How can I pay?")
        assert _wait_texts(server, count)[-1].startswith("Something went wrong on my side")
        _wait_texts(server, 1, ADMIN)
    server.text("How can I pay?")
    assert _wait_texts(server, 3)[-1].startswith("By card")

    (told,) = _wait_texts(server, 1, ADMIN)
    assert "BadRequest" in told
    assert bot.log.count("An update could not be handled.") == 2


def test_an_edit_from_before_a_restart_is_a_new_question(bot: Bot, server: TelegramServer) -> None:
    """Where the bot no longer knows its answer, it gives a new one rather than none."""
    bot.begin()
    asked = server.message(server.text("How can I pay?"))
    _wait_texts(server, 1)
    assert bot.stop() == 0
    bot.begin()
    server.edited(asked, "When do you open?")

    assert _wait_texts(server, 2) == ["By card, see our page.", "At nine."]


def test_a_long_answer_that_is_edited_keeps_its_messages_in_step(
    bot: Bot, server: TelegramServer
) -> None:
    """An edit from a short answer to a long one adds messages, and back takes them away."""
    long = "\n\n".join(f"Paragraph {number}. " + "word " * 100 for number in range(20))
    bot.faq.write_text(f"{FAQ}\n## Tell me all?\n{long}\n")
    bot.begin()
    asked = server.message(server.text("How can I pay?"))
    _wait_texts(server, 1)
    server.edited(asked, "Tell me all?")
    assert len(_wait_texts(server, 3)) == 3
    server.edited(asked, "When do you open?")
    server.wait_for(lambda: texts(server) == ["At nine."], _LONG_SECONDS)
    assert server.refusals == []


def test_troubles_of_telegram_lose_nothing(bot: Bot, server: TelegramServer) -> None:
    """Floods, errors, slowness and broken connections delay answers; order and number stay."""
    bot.begin()
    internal = refusal(500, "Internal Server Error")
    for fault in (flood(1), html(502), slow(1), drop(), internal, hang()):
        server.inject(fault, method="sendMessage")
    questions = ["How can I pay?", "When do you open?", "Can I send it back?"] * 4
    for question in questions:
        server.text(question)
        server.text(question, user=BOB)

    expected = ["By card, see our page.", "At nine.", "Within 30 days."] * 4
    assert _wait_texts(server, 12) == expected
    assert _wait_texts(server, 12, BOB) == expected

    server.inject(html(502), method="getUpdates", times=2)
    server.inject(drop(), method="getUpdates")
    server.text("How can I pay?")
    assert _wait_texts(server, 13)[-1] == expected[0]
    server.inject(refusal(400, "Bad Request: can't parse entities"), method="sendMessage")
    server.text("How can I pay?")
    assert _wait_texts(server, 14)[-1] == expected[0]
    assert server.messages(ANN)[-1].get("entities", []) == []
    assert server.refusals == []


def test_an_admin_who_never_pressed_start_is_noted_once(bot: Bot, server: TelegramServer) -> None:
    """Telegram forbids writing to strangers; the log says once what that admin has to do."""
    server.strangers.add(ADMIN.id)
    bot.faq.write_text(FAQ + "\n## Empty?\n")
    bot.begin()
    bot.until(lambda: "press Start once" in bot.log)
    bot.faq.write_text(FAQ + "\n## Empty too?\n")
    bot.until(lambda: bot.log.count("Re-index (files changed)") > 0)

    assert bot.log.count("press Start once") == 1


def test_a_wrong_token_is_told_plainly(bot: Bot) -> None:
    """With a token that Telegram does not know, the command ends and says where to get one."""
    bot.settings |= {"TELEGRAM_BOT_TOKEN": "1234:wrong"}
    bot.start()

    assert bot.wait() == 1
    assert "Telegram refuses the token" in bot.log
    assert "1234:wrong" not in bot.log


def test_without_a_token_it_says_where_to_get_one(bot: Bot) -> None:
    """Who starts it for the first time reads what is missing."""
    bot.settings |= {"TELEGRAM_BOT_TOKEN": ""}
    bot.start()

    assert bot.wait() == 1
    assert "get one from @BotFather" in bot.log


def test_a_token_that_is_revoked_ends_it(bot: Bot, server: TelegramServer) -> None:
    """A token that was good and is no more ends the bot with the reason, not with silence."""
    bot.begin()
    server.inject(refusal(401, "Unauthorized"), method="getUpdates", times=100)
    server.text("How can I pay?")  # ends the long poll that is under way

    assert bot.wait() == 1
    assert "wrong or was revoked" in bot.log


def test_two_bots_on_one_folder(bot: Bot, server: TelegramServer) -> None:
    """A second start on the same data says so and stops, and the first goes on."""
    bot.begin()
    second = Bot(bot.folder, server)
    second.start()

    assert second.wait() == 1
    assert "runs on the data folder .faqbot already" in bot.log
    server.text("How can I pay?")
    assert _wait_texts(server, 1)


def test_a_second_poller_is_told(bot: Bot, server: TelegramServer, tmp_path: Path) -> None:
    """Two programs with one token: both say so once, go on, and answer what each gets."""
    bot.begin()
    (tmp_path / "second" / "faq").mkdir(parents=True)
    second = Bot(tmp_path / "second", server)
    second.faq.write_text(FAQ)
    second.start()
    try:
        both = "Another program fetches this bot's updates, too"
        bot.until(lambda: both in bot.log + second.log)
    finally:
        second.stop()
    server.text("How can I pay?")
    _wait_texts(server, 1)


def test_no_network_at_the_start(bot: Bot, server: TelegramServer) -> None:
    """A machine that boots before its network answers as soon as there is one."""
    server.inject(drop(), method="getMe", times=2)
    bot.begin()
    bot.until(lambda: "Connected to Telegram" in bot.log)
    server.text("How can I pay?")

    assert _wait_texts(server, 1)
    assert bot.log.count("Telegram cannot be reached") == 1


def test_health_follows_the_bot(bot: Bot) -> None:
    """`faqbot health` is 0 while the bot lives, and not before and after."""

    def health() -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "health", "--json"],
            cwd=bot.folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert json.loads(done.stdout)["alive"] is (done.returncode == 0)
        return done.returncode

    assert health() == 1
    bot.begin()
    bot.until(lambda: health() == 0)
    assert bot.stop() == 0
    assert health() == 1


def _anything(server: TelegramServer, random: Random) -> Person | Room | None:
    """Feed some update; give the chat in which it deserves an answer, if it does in one."""
    user = random.choice(PEOPLE)
    room = random.choice(ROOMS)
    command = random.choice(["/start", "/help", "/id", "/nonsense", "/ask How can I pay?"])
    signs = random.choice(
        ["\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}", "?!", "\u200b"]
    )
    kinds: list[tuple[Callable[[], object], Person | Room | None]] = [
        (lambda: server.command(command, user=user), user),
        (lambda: server.text("How can I pay?", user=user), user),
        (lambda: server.text("colourless green ideas sleep furiously", user=user), user),
        (lambda: server.text("why " * 1250, user=user), user),
        (lambda: server.text(signs, user=user), user),
        (lambda: server.text("متى تفتحون؟ \u202eabc", user=user), user),
        (lambda: server.caption("When do you open?", user=user), user),
        (lambda: server.sticker(user=user), user),
        (lambda: server.text("@faq_bot how can I pay?", user=user, chat=room), room),
        (lambda: server.text("How can I pay?", user=user, chat=GROUP), None),
        (lambda: server.raw({"poll": {"id": "1"}, "unheard_of": [{}]}), None),
    ]
    feed, where = random.choice(kinds)
    feed()
    return where


def test_three_hundred_updates_and_a_restart(bot: Bot, server: TelegramServer) -> None:
    """Whatever people send, and a restart in the middle: what deserves an answer gets just one."""
    random = Random(3)  # noqa: S311 - the same every time
    expected: Counter[Person | Room | None] = Counter()

    bot.begin(FAQBOT_REINDEX="off")
    for user in PEOPLE[:20]:
        asked = server.message(server.text("How can I pay?", user=user))
        server.edited(asked, "When do you open?")
        expected[user] += 1
    expected.update(_anything(server, random) for _ in range(160))
    everywhere: list[Person | Room] = [ANN, *PEOPLE, *ROOMS]

    def left() -> int:
        """Count what deserves an answer and has none yet."""
        return sum(expected[it] - len(server.messages(it)) for it in everywhere)

    # What is fetched is answered before the end, as far as a few seconds allow.
    server.wait_for(lambda: server.acknowledged >= 100 and left() <= 30, _LONG_SECONDS)
    assert bot.stop() == 0
    expected.update(_anything(server, random) for _ in range(100))
    bot.begin()
    last = server.text("Can I send it back?", user=ADMIN)
    _wait_texts(server, 1, ADMIN)
    server.wait_for(lambda: server.acknowledged >= last and left() <= 30, _LONG_SECONDS)
    assert bot.stop() == 0

    for chat in everywhere:
        assert len(server.messages(chat)) == expected[chat]
    assert len(server.calls("editMessageText")) == 20
    assert server.refusals == []


def test_a_rollback_in_telegram(bot: Bot, server: TelegramServer) -> None:
    """An admin takes a bad edit back; nothing publishes it again until the file is mended."""
    bot.begin()
    bot.faq.write_text(FAQ.replace("At *nine*.", "Never."))
    bot.until(lambda: "Re-index (files changed): 0 added, 1 changed" in bot.log)
    server.text("When do you open?")
    assert _wait_texts(server, 1)[-1] == "Never."

    server.command("/rollback")
    assert not _wait_texts(server, 2)[-1].startswith("Number")  # who is no admin just asks
    server.command("/rollback yesterday", user=ADMIN)
    assert _wait_texts(server, 1, ADMIN)[-1].startswith("Write the number of a state")
    server.command("/rollback", user=ADMIN)
    server.wait_for(lambda: any("serves again" in it for it in texts(server, ADMIN)), 60)
    assert any("was rolled back to number 1" in it for it in texts(server, ADMIN))
    server.text("When do you open?")
    assert _wait_texts(server, 3)[-1] == "At nine."

    told = len(texts(server, ADMIN))
    server.command("/reindex", user=ADMIN)
    assert "was rolled back to number 1" in _wait_texts(server, told + 1, ADMIN)[-1]
    assert bot.stop() == 0
    bot.start()
    bot.until(lambda: bot.log.count("Re-index (start)") == 2)
    server.text("When do you open?")
    assert _wait_texts(server, 4)[-1] == "At nine."
    bot.faq.write_text(FAQ.replace("At *nine*.", "At *ten*."))
    bot.until(lambda: "Re-index (files changed): 0 added, 1 changed" in bot.log.split("start")[-1])
    server.text("When do you open?")
    assert _wait_texts(server, 5)[-1] == "At ten."
    server.wait_for(lambda: "well again" in texts(server, ADMIN)[-1], 60)


def test_a_large_faq_is_live_at_once_and_learnt_later(bot: Bot, server: TelegramServer) -> None:
    """An edit of a large FAQ answers before all is learnt anew, which a process of its own does."""
    text = "".join(
        f"## What about thing {number} of kind {number % 7}?\n\nThing {number} is fine.\n\n"
        for number in range(250)
    )
    bot.faq.write_text(f"# Things\n\n{text}")
    bot.begin()
    bot.faq.write_text(f"# Things\n\n{text.replace('Thing 3 is fine.', 'Thing 3 is broken.')}")
    bot.until(lambda: "Re-index (files changed): 0 added, 1 changed" in bot.log)
    server.text("What about thing 3 of kind 3?")
    assert _wait_texts(server, 1)[-1] == "Thing 3 is broken."

    index = SqliteIndex(bot.folder / ".faqbot" / "index.sqlite")
    try:
        model = LocalEmbedder().model
        bot.until(lambda: not index.served(model).refreshed)
        assert index.history().serving == 2
        state = index.state()
        assert state
        assert state.generation == 3
    finally:
        index.close()
    server.text("What about thing 3 of kind 3?")
    assert _wait_texts(server, 2)[-1] == "Thing 3 is broken."
