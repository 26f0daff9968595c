"""What people do in the pictures: a talk for each thing that the bot can do in Telegram.

The FAQ is that of a museum, in `tests/pictures/faq`; the model is the one that ships.
"""

import shutil
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.checks import Checker
from bot.embedders.local_embedder import LocalEmbedder
from bot.faq.folder import read_faq
from bot.faq.small_talk import read_small_talk
from bot.settings import Settings
from bot.telegram.pace import Limits, Rate
from tests.shop import Shop, open_shop
from tests.talk import Talk
from tests.telegram_server import ANN, BOB, Person, Room, TelegramServer

FAQ = Path(__file__).parent / "pictures" / "faq"
ADA = Person(7, "Ada")
BERT = Person(1003, "Bert", language_code="de")
LAILA = Person(1004, "ليلى", language_code="ar")
FRIENDS = Room(-1001000000010, "Friends of the museum")
FORUM = Room(-1001000000011, "Volunteers", is_forum=True)
_TICKETS = 7
"""A topic of the forum."""
_FLOOD_LIMIT = 3
_BUSY = Limits(overall=None, private=None, group=Rate(1, 1.0))


@dataclass(frozen=True, slots=True)
class Scene:
    """A talk to be drawn."""

    title: str
    play: Callable[[Talk], Awaitable[None]]
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What `open_shop` is told."""


class Stage:
    """Lets scenes be played, each with a bot of its own that has read the same FAQ."""

    def __init__(self, folder: Path) -> None:
        """Prepare.

        Args:
            folder: an empty one.
        """
        self._folder = folder
        self._model = LocalEmbedder()
        self._entries = read_faq(FAQ).entries

    async def prepare(self) -> None:
        """Read the FAQ, and learn from it, once for all."""
        shutil.copytree(FAQ, self._folder / "faq")
        with TelegramServer() as server:
            async with self._open("faq", server):
                pass

    async def played(self, name: str, scene: Scene) -> Talk:
        """Play a scene."""
        shutil.copytree(self._folder / "faq", self._folder / name)
        with TelegramServer() as server:
            server.add(ADA, ANN, BOB, BERT, LAILA, FRIENDS, FORUM)
            server.statuses[FRIENDS.id, ADA.id] = "administrator"
            server.bot["can_read_all_group_messages"] = True
            async with self._open(name, server, **scene.settings) as shop:
                shop.small_talk.serve(read_small_talk(FAQ)[0])
                talk = Talk(shop, server)
                await scene.play(talk)
        return talk

    def _open(
        self, name: str, server: TelegramServer, **settings: Any
    ) -> AbstractAsyncContextManager[Shop]:
        return open_shop(self._folder / name, server, *self._entries, model=self._model, **settings)


async def _did_you_mean(talk: Talk) -> None:
    await talk.say("tours")
    await talk.press("When do guided tours take place?")
    await talk.say("free")
    await talk.press("None of these")
    await talk.say("is there a day when I need not pay?")


async def _browsing(talk: Talk) -> None:
    await talk.say("/topics")
    await talk.press("Tickets")
    await talk.press("What does a ticket for adults cost?")
    await talk.press("‹ Back")  # noqa: RUF001 - as it stands there
    talk.aside("Ann opens the link https://t.me/faq_bot?start=tickets")
    await talk.say("/start tickets", shown="/start")
    await talk.press("How do I buy tickets online?")


async def _feedback(talk: Talk) -> None:
    await talk.say("how long is the guided tour?")
    await talk.press("👍", replies=0)
    await talk.say("when is the shop open?")
    await talk.press("👎")
    await talk.press("When is the museum open?")


async def _follow_ups(talk: Talk) -> None:
    await talk.say("How do I book a guided tour?")
    await talk.say("how much is it?")
    await talk.say("and how long?")
    await talk.say("Are dogs allowed?")
    await talk.say("what does a ticket for adults cost")
    await talk.say("and for students?")


async def _rendering(talk: Talk) -> None:
    await talk.say("how do I get there?", replies=2)
    await talk.say("what's on which floor?", replies=2)
    await talk.say("what are the rules?")


async def _languages(talk: Talk) -> None:
    talk.aside("Bert's Telegram is in German")
    await talk.say("Was kostet der Eintritt?", BERT)
    await talk.say("Darf ich fotografieren?", BERT)
    talk.aside("Laila's Telegram is in Arabic")
    await talk.say("كم سعر التذكرة؟", LAILA)
    await talk.say("هل يمكنني إحضار كلبي؟", LAILA)
    talk.aside("Ann's Telegram is in English")
    await talk.say("/language")
    await talk.press("Deutsch")


async def _groups(talk: Talk) -> None:
    talk.aside(f"In the group “{FRIENDS.title}”")
    await talk.say("Shall we go on Sunday?", chat=FRIENDS, replies=0)
    bobs = await talk.say("When is the museum open?", BOB, FRIENDS, replies=0)
    await talk.say("@faq_bot", chat=FRIENDS, reply_to=bobs)
    await talk.say("/faqbot auto", ADA, FRIENDS)
    await talk.say("Are dogs allowed?", BOB, FRIENDS)
    await talk.say("Then mine has to stay at home", BOB, FRIENDS, replies=0)
    talk.aside(f"In the topic “Tickets” of the group “{FORUM.title}”")
    await talk.say("/ask@faq_bot Can I return a ticket?", chat=FORUM, thread=_TICKETS)
    assert talk.server.messages(FORUM)[-1]["message_thread_id"] == _TICKETS


async def _inline(talk: Talk) -> None:
    talk.aside("Ann types in her chat with Bob")
    results = await talk.type("guided tour")
    talk.aside("and taps the second:")
    talk.choose(results[1])
    await talk.type("the weather in Lima")


async def _small_talk(talk: Talk) -> None:
    await talk.say("Hello!")
    talk.tell(talk.server.media("voice"))
    await talk.hear()
    talk.tell(talk.server.sticker())
    await talk.hear()
    talk.tell(talk.server.caption("Is photography permitted?"))
    await talk.hear()
    await talk.say("Thank you! 🙏")


async def _admin(talk: Talk) -> None:
    await _let_check_a_faulty_file(talk.shop)
    talk.aside("Ada is an admin; her menu shows what nobody else's does")
    await talk.menu(ADA)
    await talk.say("when is it open?", ADA)
    talk.tell(talk.server.command("/why", user=ADA, reply_to=talk.server.messages(ADA)[-1]))
    await talk.hear(ADA)
    await talk.say("/check", ADA)
    talk.aside("To Ann these commands are a message like any other")
    await talk.say("/check")


async def _let_check_a_faulty_file(shop: Shop) -> None:
    folder = shop._folder / "checked"
    shutil.copytree(FAQ, folder)
    (folder / "cafe.md").write_text(
        "## Is there cake?\n<!--\nalso:\n  - any cake\n", encoding="utf-8"
    )
    await shop.stop()
    shop.tools = replace(shop.tools, check=Checker(Settings(faq_path=folder)).run)
    await shop.start()


async def _pace(talk: Talk) -> None:
    talk.aside("Ann sends more than three messages in a minute")
    for text in ("Are dogs allowed?", "May I take photos?", "Where is the cloakroom?", "hello?"):
        await talk.say(text)
    await talk.say("hello??", replies=0)
    talk.aside(f"The group “{FRIENDS.title}” asks faster than the bot may write there")
    asked = [
        (BOB, "@faq_bot When is the museum open?"),
        (BOB, "@faq_bot Can I return a ticket?"),
        (ADA, "@faq_bot tours"),
    ]
    for user, text in asked:
        talk.tell(talk.server.text(text, user=user, chat=FRIENDS))
    await talk.hear(FRIENDS, 2)


SCENES = {
    "did-you-mean": Scene("Did you mean", _did_you_mean),
    "browsing": Scene("Browsing and links", _browsing),
    "feedback": Scene("Feedback", _feedback),
    "follow-ups": Scene("Follow-ups", _follow_ups),
    "rendering": Scene("Lists, pictures, tables, quotes and code", _rendering),
    "languages": Scene("Languages", _languages),
    "groups": Scene("Groups and topics", _groups),
    "inline": Scene("Inline mode", _inline),
    "small-talk": Scene("Small talk, and what is no text", _small_talk),
    "admin": Scene("Admins", _admin, {"admins": frozenset({ADA.id})}),
    "pace": Scene("Pace", _pace, {"flood_limit": _FLOOD_LIMIT, "limits": _BUSY}),
}
"""Every scene, by the name of its picture."""
