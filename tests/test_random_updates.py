"""Whatever people do, in whatever order: nobody is left alone, or answered twice or elsewhere.

Random sequences go through the real application, over real HTTP, to the strict server. Buttons are
pressed as they come, so that whatever has buttons is tried. 2,000 sequences, in about 20 minutes:

    HYPOTHESIS_PROFILE=thorough .venv/bin/python -m pytest --no-cov tests/test_random_updates.py
"""

import asyncio
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum, auto
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import Details
from tests.fakes import entry
from tests.shop import CLOSE, FAQ, OPEN, PAY, VAGUE, Shop
from tests.telegram_server import Call, Message, Person, Room, TelegramServer

_MOST_SECONDS = 20
_LEAST_LOOKS = 4
"""How often in a row nothing must be seen to happen: a task begins a moment after it was made."""

ADA = Person(7, "Ada", language_code="en")
SECRETS = tuple(
    replace(
        entry(f"secret-{name}", "what is the secret word", answer=f"It is word-{name}."),
        details=Details(audience=(f"@{name}",)),
    )
    for name in ("ann_a", "bob_b", "the_group", "the_forum")
)
OPENING = replace(OPEN, id="opening", details=Details(aliases=("open",), related=("close", "pay")))
STATES = (
    (*FAQ, *SECRETS),
    (PAY, OPENING, replace(CLOSE, topic="Hours"), *SECRETS),
    (PAY, *SECRETS[2:]),
)
"""States of the FAQ, each of which can take the place of each other."""

TEXTS = (
    *(it.question for it in FAQ),
    *(VAGUE, "what is the secret word", "how can i pay and when do you open the shop"),
    *("and on sundays?", "the weather in lima", "thanks", "hello", "?!", "1", "🙂", "a" * 4096),
)
COMMANDS = (
    *("/start", "/start open", "/start inline", "/start ../..", "/help", "/id", "/topics"),
    *("/ask", "/ask when do you open the shop", f"/ask {VAGUE}", "/language", "/language de"),
    *("/faqbot", "/faqbot auto", "/human", "/why", "/why how can i pay", "/check", "/reindex"),
    *("/rollback", "/qwertz", "/ask@other_bot how can i pay", "/"),
)
THREADS = (None, 7, 8)

_T = TypeVar("_T")
_Place: TypeAlias = tuple[int, int | None]
"""A chat's id and, in a forum, a topic's."""


class Act(StrEnum):
    """What can happen."""

    SAY = auto()
    CAPTION = auto()
    STICKER = auto()
    MENTION = auto()
    COMMAND = auto()
    REPLY = auto()
    MACHINE = auto()
    POST = auto()
    EDIT = auto()
    REMOVE = auto()
    PRESS = auto()
    PRESS_OLD = auto()
    PRESS_NONSENSE = auto()
    TYPE_INLINE = auto()
    BLOCK = auto()
    MEMBER = auto()
    MIGRATE = auto()
    AGAIN = auto()
    BACKWARDS = auto()
    REINDEX = auto()
    RESTART = auto()


_RARE = (Act.REINDEX, Act.RESTART, Act.MIGRATE, Act.MEMBER, Act.POST, Act.MACHINE)
_SHAKING = (Act.RESTART, Act.REMOVE, Act.BLOCK)
_TALKING = (Act.SAY, Act.MENTION, Act.REPLY, Act.COMMAND, Act.PRESS)
_OFTEN = tuple(act for act in Act if act not in _RARE)


@dataclass(frozen=True, slots=True)
class Move:
    """Something that happens; numbers choose among whatever is there by then."""

    act: Act
    who: int = 0
    where: int = 0
    which: int = 0
    text: str = ""


_MOVES = st.builds(
    Move,
    st.sampled_from((*_OFTEN * 3, *_TALKING * 3, *_RARE)),
    st.integers(0, 2),
    st.integers(0, 6),
    st.integers(0, 30),
    st.one_of(
        st.sampled_from((*TEXTS[: len(FAQ) + 2] * 3, *TEXTS, *COMMANDS)),
        st.text(min_size=1, max_size=20),
    ),
)
_SEQUENCES = st.lists(st.lists(_MOVES, min_size=1, max_size=4), min_size=1, max_size=9)
"""Moves of one inner list happen at once."""


@dataclass(slots=True)
class Said:
    """A message of a person's."""

    message: Message
    place: _Place
    life: int
    """Of the bot, at which it was said."""
    turn: int
    """At which it was said."""
    deserves: bool
    """Whether it may have been answered."""


class Log(logging.Handler):
    """Keeps what an operator would be alarmed by."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.alarms: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep faults, and formatting that had to be left out."""
        told = record.getMessage()
        if record.levelno >= logging.ERROR or "refused" in told:
            self.alarms.append(f"{told} {record.exc_info[1]!r}" if record.exc_info else told)


@dataclass(slots=True)
class World:
    """People and rooms of one sequence, and what each place deserves while something happens."""

    shop: Shop
    log: Log
    number: int
    said: list[Said] = field(default_factory=list)
    fed: list[tuple[int, int]] = field(default_factory=list)
    """Updates, each with the bot's life at which it came."""
    seen: list[tuple[Message, str]] = field(default_factory=list)
    """Buttons, with the message that they were at."""
    loose: set[int] = field(default_factory=set)
    """Chats in which a message of the bot's is gone, or was never taken, and may come anew."""
    deserved: Counter[_Place] = field(default_factory=Counter)
    replied: set[tuple[_Place, int]] = field(default_factory=set)
    """The messages in groups that were replied to."""
    turn: int = 0
    is_shaky: bool = False
    """Whether something at this turn may meet an edit before the bot has made it out."""
    typed: dict[int, str] = field(default_factory=dict)
    """The last inline query of each person."""
    life: int = 0
    has_moved: bool = False
    people: tuple[Person, ...] = ()
    rooms: tuple[Room, ...] = ()

    def __post_init__(self) -> None:
        at = 10_000 + 10 * self.number
        self.people = (
            Person(at, "Ann", username="ann_a"),
            Person(at + 1, "Bob", username="bob_b", language_code="ar"),
            ADA,
        )
        self.rooms = (
            Room(-1_001_000_000_000 - at, "Group", username="the_group"),
            Room(-1_001_000_000_001 - at, "Forum", username="the_forum", is_forum=True),
            Room(-at, "Small group", "group"),
            Room(-1_001_000_000_002 - at, "Channel", "channel", "the_channel"),
            Room(-1_001_000_000_003 - at, "Grown group"),
        )
        self.server.add(*self.people, *self.rooms)

    @property
    def server(self) -> TelegramServer:
        """Where it all happens."""
        return self.shop.server

    async def play(self, moves: Sequence[Move]) -> None:
        """Let several things happen at once, wait until all is done, and judge it."""
        self.turn += 1
        self.is_shaky = any(it.act in _SHAKING for it in moves)
        self.deserved.clear()
        self.typed.clear()
        begun, life = len(self.server.sent), self.life
        for move in moves:
            await self._make(move)
        await self._until_idle()
        self._judge(self.server.sent[begun:])
        if self.life == life:
            waiting = self.server._inline_queries & set(self.typed.values())
            assert not waiting, "somebody who typed the bot's name was left waiting"

    async def end(self) -> None:
        """Ask what always has an answer: whatever has happened, that is there for newcomers."""
        newcomer = Person(10_009 + 10 * self.number, "Cleo")
        self.server.text("how can i pay", user=newcomer)
        await self._until_idle()
        assert [it["text"] for it in self.server.messages(newcomer)] == ["By card."]

    async def _until_idle(self) -> None:
        deadline = time.monotonic() + _MOST_SECONDS
        polls, looks = self.server.polls + bool(self.server._repeated), 0
        while looks < _LEAST_LOOKS:
            is_idle = self.shop.is_idle and self.server.polls >= polls
            looks = looks + 1 if is_idle else 0
            assert time.monotonic() < deadline, "the bot does not come to rest"
            await asyncio.sleep(0 if is_idle else 0.001)

    def _judge(self, calls: Sequence[Call]) -> None:
        posts = [call for call in calls if call.method.startswith(("send", "copy", "forward"))]
        posts = [call for call in posts if call.method != "sendChatAction"]
        told: Counter[_Place] = Counter(map(_place_of, posts))
        assert not self.log.alarms, self.log.alarms
        mistakes = [
            f"{it.method}: {it.description}"
            for it in self.server.refusals
            # The bot is not told that somebody has deleted its message, and may know no more after
            # a restart how a message reads.
            if not (self.loose and it.description.endswith(("edit not found", "delete not found")))
            and "message is not modified" not in it.description
        ]
        assert not mistakes, mistakes
        assert not self.server.open_callbacks, "a press was left waiting"
        if self.has_moved:  # what was asked before may be answered before or after
            old, new = (self.rooms[2].id, None), (self.rooms[4].id, None)
            for counted in (self.deserved, told):
                counted[new] += counted.pop(old, 0)
        for place, count in told.items():
            assert count <= self.deserved[place], f"{count} in {place}: {_texts(posts)}"
        replied = Counter(
            (_place_of(call), call.result["reply_to_message"]["message_id"])
            for call in posts
            if "reply_to_message" in call.result
        )
        assert all(count == 1 for count in replied.values()), replied
        self.replied |= replied.keys()
        chats: tuple[Person | Room, ...] = (*self.people, *self.rooms)
        names = {it.id: it.username for it in chats}
        for call in calls:
            text = call.params.get("text", "") or call.params.get("caption", "")
            assert "went wrong" not in text
            assert "could not be answered" not in text
            if "word-" in text and call.chat_id is not None:
                assert f"word-{names.get(call.chat_id)}." in text, call
            rows = (call.params.get("reply_markup") or {}).get("inline_keyboard", [])
            self.seen += [
                (call.result, it["callback_data"])
                for row in rows
                for it in row
                if "callback_data" in it and isinstance(call.result, dict)
            ]

    # Moves

    async def _make(self, move: Move) -> None:
        match move.act:
            case Act.REINDEX:
                await self.shop.serve(*_chosen(STATES, move.which))
            case Act.RESTART:
                await self.shop.restart()
                self.life += 1
            case Act.BACKWARDS:
                with self.server.backwards():
                    self._say(move, {})
                    self._edit(replace(move, which=-1))
            case _:
                self._feed(move)

    def _feed(self, move: Move) -> None:  # noqa: C901, PLR0912 - a list of what can happen
        person = _chosen(self.people, move.who)
        match move.act:
            case Act.SAY | Act.CAPTION | Act.STICKER | Act.MENTION | Act.COMMAND:
                self._say(move, {})
            case Act.REPLY:
                replied = [it for it in self._own() if it["chat"]["id"] < 0]
                if replied:
                    self._say(move, {"reply_to": _chosen(replied, move.which)})
            case Act.MACHINE:
                more: dict[str, Any] = {"from": {"id": 5, "is_bot": True, "first_name": "Machine"}}
                self._put(self.server.text(_plain(move), user=person, **more))
            case Act.POST:
                self._put(self.server.post(move.text, chat=self.rooms[3]))
            case Act.EDIT:
                self._edit(move)
            case Act.REMOVE:
                if own := self._own():
                    message = _chosen(own, move.which)
                    self.loose.add(message["chat"]["id"])
                    self.server.removed(message)
            case Act.PRESS | Act.PRESS_OLD | Act.PRESS_NONSENSE:
                self._press(move, person)
            case Act.TYPE_INLINE:
                update = self.server.inline(move.text[:256], user=person)
                self.typed[person.id] = self.server.update(update)["inline_query"]["id"]
                self._put(update)
            case Act.BLOCK:
                self.loose.add(person.id)
                self._put(self.server.member(person, ("kicked", "member")[move.which % 2]))
            case Act.MEMBER:
                room = _chosen(self.rooms[:2], move.where)
                status = ("left", "member", "administrator")[move.which % 3]
                self.deserved[room.id, None] += 1  # it may introduce itself
                self._put(self.server.member(room, status, user=person))
            case Act.MIGRATE:
                if not self.has_moved:
                    self.has_moved = True
                    for update in self.server.migrate(self.rooms[2], self.rooms[4]):
                        self._put(update)
            case _:
                if self.fed:
                    update, life = _chosen(self.fed, move.which)
                    if life == self.life:  # Telegram repeats nothing that was acknowledged long ago
                        self.server.again(update)

    def _say(self, move: Move, more: dict[str, Any]) -> None:
        person = _chosen(self.people, move.who)
        groups = (*self.rooms[:2], self.rooms[4] if self.has_moved else self.rooms[2])
        chats: tuple[Person | Room, ...] = (person, *groups)
        chat = _chosen(chats, move.where)
        thread = None
        if "reply_to" in more:
            room = next((it for it in groups if it.id == more["reply_to"]["chat"]["id"]), None)
            if room is None:  # of a chat that has moved
                return
            chat, thread = room, more["reply_to"].get("message_thread_id")
        elif isinstance(chat, Room) and chat.is_forum:
            thread = _chosen(THREADS, move.which)
        if thread is not None and "reply_to" not in more:
            more = {**more, "thread": thread}
        text, deserves = move.text, isinstance(chat, Person) or "reply_to" in more
        if move.act is Act.COMMAND:
            text, deserves = _chosen(COMMANDS, move.which), True
        elif move.act is Act.MENTION:
            text, deserves = f"@faq_bot {_plain(move)}"[:4096], True
        elif not isinstance(chat, Person):
            text = _plain(move)
        if move.act is Act.STICKER:
            update = self.server.sticker(user=person, chat=chat, **more)
        elif move.act is Act.CAPTION:
            update = self.server.caption(text[:1024], user=person, chat=chat, **more)
        else:
            update = self.server.text(text, user=person, chat=chat, **more)
        self._put(update)
        place = (chat.id, thread)
        self.said.append(Said(self.server.message(update), place, self.life, self.turn, deserves))
        self._deserve(place, person, deserves=deserves)

    def _deserve(self, place: _Place, person: Person, *, deserves: bool) -> None:
        self.deserved[place] += deserves
        # What admins command in groups is told in private.
        self.deserved[person.id, None] += deserves and person is ADA and place[0] != person.id

    def _edit(self, move: Move) -> None:
        texts = [it for it in self.said if "text" in it.message]
        texts = [it for it in texts if not (self.has_moved and it.place[0] == self.rooms[2].id)]
        if not texts:
            return
        said = _chosen(texts, move.which)
        is_mentioned = said.place[0] < 0 and said.deserves
        text = f"@faq_bot {_plain(move)}"[:4096] if is_mentioned else _plain(move)
        self._put(self.server.edited(said.message, text))
        is_loose = self.is_shaky or said.place[0] in self.loose
        is_known = said.life == self.life and not is_loose
        was_told = said.place[0] > 0 or (said.place, said.message["message_id"]) in self.replied
        had_one = said.deserves and is_known and (was_told or said.turn == self.turn)
        person = next(it for it in self.people if it.id == said.message["from"]["id"])
        deserves = not had_one and (said.deserves or said.place[0] > 0)
        self._deserve(said.place, person, deserves=deserves)
        said.life, said.turn = self.life, self.turn

    def _press(self, move: Move, person: Person) -> None:
        """Press a button: one that is there, one that was there, or one that never was."""
        own = [it for it in self._own() if it.get("reply_markup")]
        shown = [
            (message, button["callback_data"])
            for message in own
            for row in message["reply_markup"]["inline_keyboard"]
            for button in row
            if "callback_data" in button
        ]
        choices = {Act.PRESS: shown, Act.PRESS_OLD: self.seen}.get(move.act)
        if choices is None:
            choices = [(it, move.text[:16] or "x") for it in self._own()]
        if not choices:
            return
        message, data = _chosen(choices, move.which)
        if self.has_moved and message["chat"]["id"] == self.rooms[2].id:
            return
        self.deserved[_place(message)] += 1  # not every press changes the message that it is at
        self._put(self.server.callback(message, data, user=person, anyway=True))

    def _own(self) -> list[Message]:
        chats: tuple[Person | Room, ...] = (*self.people, *self.rooms)
        return [message for chat in chats for message in self.server.messages(chat)]

    def _put(self, update: int) -> None:
        self.fed.append((update, self.life))


def test_nobody_is_left_alone_or_answered_twice() -> None:
    """Random sequences of all that people can do keep every promise that the bot makes."""
    log = Log()
    logging.getLogger().addHandler(log)
    numbers = Counter[str]()
    with (
        tempfile.TemporaryDirectory() as folder,
        TelegramServer() as server,
        asyncio.Runner() as runner,
    ):
        shop = runner.run(_opened(Path(folder), server))

        @given(_SEQUENCES)
        @settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
        def play(sequence: list[list[Move]]) -> None:
            numbers["sequences"] += 1
            log.alarms.clear()
            runner.run(_played(World(shop, log, numbers["sequences"]), sequence))

        try:
            play()
        finally:
            runner.run(shop.close())
            logging.getLogger().removeHandler(log)


async def _opened(folder: Path, server: TelegramServer) -> Shop:
    shop = Shop(folder, server, frozenset({ADA.id}))
    await shop.serve(*STATES[0])
    return shop


async def _played(world: World, sequence: list[list[Move]]) -> None:
    """Play a sequence to an application of its own."""
    await world.shop.start()
    try:
        for moves in sequence:
            await world.play(moves)
        await world.end()
    finally:
        await world.shop.stop()
        if any(move.act is Act.REINDEX for moves in sequence for move in moves):
            await world.shop.serve(*STATES[0])
        world.server.forget()


def _chosen(choices: Sequence[_T], number: int) -> _T:
    return choices[number % len(choices) if number >= 0 else -1]


def _plain(move: Move) -> str:
    """Give the text without what would address the bot."""
    return f"so {move.text}" if move.text.startswith("/") else move.text


def _place(message: Message) -> _Place:
    is_topic = message.get("is_topic_message")
    return message["chat"]["id"], message.get("message_thread_id") if is_topic else None


def _place_of(call: Call) -> _Place:
    return _place(call.result)


def _texts(calls: Sequence[Call]) -> list[str]:
    return [str(call.params.get("text", call.method))[:60] for call in calls]
