"""A strict stand-in for Telegram's Bot API: real HTTP on 127.0.0.1, misbehaviour on request.

    with TelegramServer() as server:
        # people speak; each helper gives the update's id
        server.text("How do I pay?")                  # Ann, in private
        server.text("/help@faq_bot", chat=GROUP, thread=7)
        # ... a bot with base_url=f"{server.url}/bot" polls, in this process or another ...
        server.wait_for(1)                            # messages that the bot has put into chats
        answer = server.messages(ANN)[-1]             # as a person sees it now
        server.callback(answer, "more")               # Ann presses a button of it
        server.inject(flood(1), method="sendMessage")  # meets the next one; later ones go well
        assert not server.refusals                    # the bot kept to the rules

Messages and updates are the API's own objects, as dicts. `telegram_checks.py` has the rules that do
not depend on what happened before. `refusals` holds what was refused as a mistake of the bot's, not
what a test arranges itself: injected faults, strangers and blocks (403), a second poller or a
webhook (409), a group that has moved. People and rooms that have not spoken yet are made known with
`add`. Not simulated: privacy mode (feed only what the bot would see), parse modes, rate limits,
trimming, edits of inline messages, deliveries to a webhook.
"""

import asyncio
import copy
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import count
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

import aiogram.types
from aiogram.types import BufferedInputFile
from aiohttp import web
from aiohttp.web_request import FileField

from tests.telegram_checks import (
    METHODS,
    UPDATE_KINDS,
    Params,
    Refused,
    complaints,
    decoded,
    utf16_units,
)

TOKEN = "987654321:TEST-not-a-real-token-0123456789abc"  # noqa: S105 - of this server only
BOT_NAME = "faq_bot"

Message: TypeAlias = dict[str, Any]

_MEGABYTE = 1024 * 1024
_MOST_UPLOAD_BYTES = 50 * _MEGABYTE
_MOST_PHOTO_BYTES = 10 * _MEGABYTE
_PHOTO_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"GIF8")
_PROFILE = ("Name", "ShortDescription", "Description")
_ENTITIES = re.compile(
    r"(?P<bot_command>(?<!\S)/\w{1,32}(?:@\w+)?)"
    r"|(?P<mention>(?<!\S)@\w{4,32})"
    r"|(?P<url>\bhttps?://\S+)",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone; the private chat with them has the same id."""

    id: int
    first_name: str = "Ann"
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "en"

    @property
    def user(self) -> dict[str, Any]:
        """As the API's User."""
        names = ("id", "first_name", "last_name", "username", "language_code")
        return {"is_bot": False} | _present({name: getattr(self, name) for name in names})

    @property
    def chat(self) -> dict[str, Any]:
        """As the API's Chat."""
        names = ("id", "first_name", "last_name", "username")
        return {"type": "private"} | _present({name: getattr(self, name) for name in names})


@dataclass(frozen=True, slots=True)
class Room:
    """A group or channel."""

    id: int
    title: str = "Friends"
    type: Literal["group", "supergroup", "channel"] = "supergroup"
    username: str | None = None
    is_forum: bool | None = None

    @property
    def chat(self) -> dict[str, Any]:
        """As the API's Chat."""
        names = ("id", "title", "type", "username", "is_forum")
        return _present({name: getattr(self, name) for name in names})


ANN = Person(1001)
BOB = Person(1002, "Bob", username="bob_builder")
SMALL_GROUP = Room(-4001, "Small group", "group")
GROUP = Room(-1001000000001, "Group")
FORUM = Room(-1001000000002, "Forum", is_forum=True)
CHANNEL = Room(-1001000000003, "Channel", "channel", "the_channel")


@dataclass(frozen=True, slots=True)
class Call:
    """A request that was granted."""

    method: str
    params: Params
    result: Any

    @property
    def chat_id(self) -> int | None:
        """Where, if anywhere."""
        return self.params.get("chat_id")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that was refused as a mistake of the bot's."""

    method: str
    params: Params
    status: int
    description: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a request that is right in form."""

    reply: Refused | str | None = None
    status: int = 200
    wait_seconds: float = 0
    way: Literal["reply", "drop", "hang"] = "reply"
    takes_effect: bool = False


@dataclass(slots=True)
class Injection:
    """A fault in waiting."""

    fault: Fault
    method: str | None
    left: float
    met: int = 0
    """How many requests it has met."""


def flood(retry_after_seconds: int) -> Fault:
    """Refuse for now."""
    said = f"Too Many Requests: retry after {retry_after_seconds}"
    return Fault(Refused(429, said, retry_after=retry_after_seconds))


def refusal(status: int, description: str) -> Fault:
    """Refuse like Telegram does."""
    return Fault(Refused(status, description))


def html(status: int) -> Fault:
    """Answer as the proxies before Telegram do when it is in trouble."""
    return Fault(f"<html><head><title>{status}</title></head></html>", status)


def slow(seconds: float) -> Fault:
    """Do what is asked, later."""
    return Fault(wait_seconds=seconds, takes_effect=True)


def drop(*, takes_effect: bool = False) -> Fault:
    """Cut the connection before the reply."""
    return Fault(way="drop", takes_effect=takes_effect)


def hang(*, takes_effect: bool = False) -> Fault:
    """Never reply."""
    return Fault(way="hang", takes_effect=takes_effect)


class TelegramServer:
    """Serves from `with` to the end of its block; may be fed before."""

    def __init__(self, token: str = TOKEN, *, allow_parse_mode: bool = False) -> None:
        """Set up.

        Args:
            token: the one it takes.
            allow_parse_mode: let `parse_mode` pass; the text is then taken as it stands.
        """
        self.sent: list[Call] = []
        """What was granted, in order, but for getUpdates."""
        self.refusals: list[Refusal] = []
        self.polls = 0
        self.acknowledged = 0
        """The highest update id that will not be delivered again."""
        self.strangers: set[int] = set()
        """Ids of people who never pressed Start; writing in private ends it."""
        self.blocked: set[int] = set()
        """Ids of people who blocked the bot; writing in private ends it."""
        self.statuses: dict[tuple[int, int], str] = {}
        """(chat id, user id) -> status of a member, where it is not just "member"."""
        self.reactions: dict[tuple[int, int], list[dict[str, Any]]] = {}
        """(chat id, message id) -> the bot's reactions."""
        self.web: dict[str, Literal["photo", "document"]] = {}
        """What can be fetched from the web, by address."""
        self.uploads = 0
        """How many files were uploaded or fetched, not just sent again by their ids."""
        self._files: dict[str, tuple[str, dict[str, Any]]] = {}
        self.open_callbacks: set[str] = set()
        """Presses of buttons that the bot has not answered yet."""
        self.bot: dict[str, Any] = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "FAQ",
            "username": BOT_NAME,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
            "supports_join_request_queries": False,
        }
        """The bot's user; change it at will."""
        self._token = token
        self._allow_parse_mode = allow_parse_mode
        self._changed = threading.Condition()  # guards all state
        self._people: dict[int, Person] = {}
        self._rooms: dict[int, Room] = {}
        self._moved: dict[int, int] = {}
        self._threads: set[tuple[int, int]] = set()
        self._messages: dict[int, dict[int, Message]] = {}
        self._last_message_ids: dict[int, int] = {}
        self._own: set[tuple[int, int]] = set()
        self._updates: dict[int, dict[str, Any]] = {}
        self._pending: list[dict[str, Any]] = []
        self._repeated: list[dict[str, Any]] = []
        self._allowed: list[str] = []
        self._injections: list[Injection] = []
        self._inline_queries: set[str] = set()
        self._commands: dict[str, list[dict[str, Any]]] = {}
        self._profile: dict[str, str] = {}
        self._webhook = ""
        self._numbers = count(1)
        self._crash: Exception | None = None
        self._http = _Http(self)
        self._effects: dict[str, Callable[[Params], Any]] = {
            "getMe": lambda _: self.bot,
            "sendMessage": self._send_message,
            "sendPhoto": self._send_photo,
            "sendDocument": self._send_document,
            "editMessageText": partial(self._edit, _TEXT),
            "editMessageCaption": partial(self._edit, _CAPTION),
            "editMessageReplyMarkup": partial(self._edit, ()),
            "deleteMessage": self._delete,
            "deleteMessages": self._delete_several,
            "sendChatAction": self._in_chat,
            "setMessageReaction": self._react,
            "answerCallbackQuery": self._answer_callback,
            "answerInlineQuery": self._answer_inline,
            "getChat": self._get_chat,
            "getChatMember": self._get_member,
            "getChatAdministrators": self._get_administrators,
            "leaveChat": self._leave,
            "setMyCommands": self._set_commands,
            "deleteMyCommands": self._set_commands,
            "getMyCommands": self._get_commands,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._set_webhook,
            "getWebhookInfo": self._webhook_info,
            "logOut": lambda _: True,
            "close": lambda _: True,
        }
        for part in _PROFILE:
            self._effects[f"setMy{part}"] = self._profile_setter(part)
            self._effects[f"getMy{part}"] = self._profile_getter(part)

    @property
    def url(self) -> str:
        """The root; python-telegram-bot's base_url is this and "/bot"."""
        return f"http://127.0.0.1:{self._http.port}"

    def __enter__(self) -> Self:
        self._http.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._http.stop()
        if self._crash is not None and error is None:
            raise self._crash

    # Looking

    def messages(self, chat: Person | Room) -> list[Message]:
        """Give the bot's messages in a chat as a person sees them now, after edits and deletes."""
        with self._changed:
            seen = self._messages.get(chat.id, {})
            return [copy.deepcopy(it) for at, it in seen.items() if (chat.id, at) in self._own]

    def calls(self, method: str) -> list[Call]:
        """Give what was granted of one method, in order."""
        with self._changed:
            return [call for call in self.sent if call.method == method]

    @property
    def posted(self) -> list[Call]:
        """The calls that put a message into a chat."""
        with self._changed:
            return [call for call in self.sent if call.method in _SENDING]

    def update(self, update_id: int) -> dict[str, Any]:
        """Give an update that was fed."""
        with self._changed:
            return copy.deepcopy(self._updates[update_id])

    def message(self, update_id: int) -> Message:
        """Give the message that came with an update, as it is now."""
        update = self.update(update_id)
        (told,) = (update[kind] for kind in _WITH_MESSAGE if kind in update)
        with self._changed:
            return copy.deepcopy(self._messages[told["chat"]["id"]][told["message_id"]])

    def wait_for(self, what: int | Callable[[], object], timeout_seconds: float = 5) -> None:
        """Wait, blocking, until that many messages are `posted` or something has become true.

        Raises:
            TimeoutError: with what the bot did instead.
        """
        predicate = what if callable(what) else lambda: len(self.posted) >= what
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            while not predicate():
                if time.monotonic() >= deadline:
                    done = [call.method for call in self.sent]
                    raise TimeoutError(f"granted: {done}, refused: {self.refusals}")
                # Looks again by itself, too: what is waited for may be no state of this server's.
                self._changed.wait(0.02)

    async def until(self, what: int | Callable[[], object], timeout_seconds: float = 5) -> None:
        """Do the same without blocking the loop that the bot runs in."""
        await asyncio.to_thread(self.wait_for, what, timeout_seconds)

    @property
    def is_quiet(self) -> bool:
        """Whether all that was fed has been taken and acknowledged, or is not wanted."""
        with self._changed:
            return not (self._pending or self._repeated)

    def forget(self) -> None:
        """Forget all that was said and done so far, for a run that never ends; ids go on."""
        with self._changed:
            last = self._next_update_id() - 1
            self._updates = {last: {"update_id": last}}
            memories = (self._messages, self._own, self.sent, self.refusals, self.open_callbacks)
            for memory in (*memories, self._inline_queries, self._pending, self._repeated):
                memory.clear()
            for state in (self.strangers, self.blocked, self.statuses, self.reactions):
                state.clear()

    # Misbehaving

    def inject(self, fault: Fault, *, method: str | None = None, times: float = 1) -> Injection:
        """Let a fault meet the next requests that are right in form.

        Args:
            fault: what happens.
            method: to requests of this method; None is all but getUpdates.
            times: how many; `math.inf` until `calm`.
        """
        injection = Injection(fault, method, times)
        with self._changed:
            self._injections.append(injection)
        return injection

    def calm(self) -> None:
        """End all faults that still wait for requests."""
        with self._changed:
            self._injections.clear()

    # Feeding

    def add(self, *chats: Person | Room) -> None:
        """Make people and rooms known."""
        with self._changed:
            for chat in chats:
                if isinstance(chat, Person):
                    self._people[chat.id] = chat
                else:
                    self._rooms[chat.id] = chat

    def text(
        self, text: str, *, user: Person = ANN, chat: Person | Room | None = None, **more: Any
    ) -> int:
        """Let someone write a text; commands, mentions and links in it get their entities.

        Args:
            text: what they write.
            user: who.
            chat: where, if not in private.
            more: what `_feed_message` takes: reply_to, thread, any field of a Message.
        """
        return self._feed_message({"text": text, **_found("entities", text), **more}, user, chat)

    def command(
        self,
        command: str = "/start",
        *,
        user: Person = ANN,
        chat: Person | Room | None = None,
        **more: Any,
    ) -> int:
        """Let someone send a command, with what follows it."""
        return self.text(command, user=user, chat=chat, **more)

    def caption(
        self, caption: str, *, user: Person = ANN, chat: Person | Room | None = None, **more: Any
    ) -> int:
        """Let someone send a photo that says something."""
        fields = {"photo": [_photo(1)], "caption": caption, **_found("caption_entities", caption)}
        return self._feed_message({**fields, **more}, user, chat)

    def sticker(self, *, user: Person = ANN, chat: Person | Room | None = None, **more: Any) -> int:
        """Let someone send a message without any text."""
        sticker = {**_photo(2), "type": "regular", "is_animated": False, "is_video": False}
        return self._feed_message({"sticker": sticker, "emoji": "👍", **more}, user, chat)

    def media(
        self, kind: str, *, user: Person = ANN, chat: Person | Room | None = None, **more: Any
    ) -> int:
        """Let someone send something of a kind, as a Message names it, with no words."""
        return self._feed_message({**copy.deepcopy(_MEDIA[kind]), **more}, user, chat)

    def post(self, text: str, *, chat: Room = CHANNEL, **more: Any) -> int:
        """Let a channel say something."""
        fields = {"text": text, "sender_chat": chat.chat, **_found("entities", text), **more}
        return self._feed_message(fields, None, chat)

    def edited(self, message: Message, text: str) -> int:
        """Let a person change the text of what they wrote."""
        with self._changed:
            stored = self._messages[message["chat"]["id"]][message["message_id"]]
            stored.pop("entities", None)
            stored |= {"text": text, "edit_date": int(time.time()), **_found("entities", text)}
            kind = "channel_post" if stored["chat"]["type"] == "channel" else "message"
            return self._feed(f"edited_{kind}", copy.deepcopy(stored))

    def removed(self, message: Message) -> None:
        """Let a person delete a message, the bot's or theirs; the bot is not told."""
        with self._changed:
            del self._messages[message["chat"]["id"]][message["message_id"]]

    def callback(
        self, message: Message, data: str, *, user: Person = ANN, anyway: bool = False
    ) -> int:
        """Let someone press a button under one of the bot's messages.

        Args:
            message: which; its keyboard as it is now counts.
            data: which button.
            user: who.
            anyway: press though no such button is there, as in a client that is behind.

        Raises:
            LookupError: if no such button is there.
        """
        with self._changed:
            self.add(user)
            now = self._messages[message["chat"]["id"]].get(message["message_id"])
            rows = ((now or {}).get("reply_markup") or {}).get("inline_keyboard", [])
            if not anyway and data not in {b.get("callback_data") for row in rows for b in row}:
                raise LookupError(f"no button {data!r} is there to be pressed")
            query_id = str(next(self._numbers))
            self.open_callbacks.add(query_id)
            gone = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
            query = {"id": query_id, "from": user.user, "chat_instance": "1", "data": data}
            return self._feed("callback_query", query | {"message": copy.deepcopy(now or gone)})

    def inline(self, query: str, *, user: Person = ANN) -> int:
        """Let someone type the bot's name and a question in whatever chat.

        Raises:
            ValueError: no client sends that, or not to this bot.
        """
        if len(query) > _MOST_QUERY or not self.bot["supports_inline_queries"]:
            raise ValueError("too long, or the bot has no inline mode")
        with self._changed:
            self.add(user)
            query_id = str(next(self._numbers))
            self._inline_queries.add(query_id)
            said = {"id": query_id, "from": user.user, "query": query, "offset": ""}
            return self._feed("inline_query", said)

    def member(self, chat: Person | Room, status: str, *, user: Person = ANN) -> int:
        """Let the bot be added, promoted, removed or, in private, blocked ("kicked")."""
        with self._changed:
            self.add(user, chat)
            old = self._member(chat.id, self.bot)
            self.statuses[chat.id, self.bot["id"]] = status
            if isinstance(chat, Person):
                (self.blocked.add if status == "kicked" else self.blocked.discard)(chat.id)
            change = {"chat": chat.chat, "from": user.user, "date": int(time.time())}
            members = {"old_chat_member": old, "new_chat_member": self._member(chat.id, self.bot)}
            return self._feed("my_chat_member", change | members)

    def migrate(self, old: Room, new: Room) -> tuple[int, int]:
        """Turn a group into a supergroup: two service messages, and the old id is no more."""
        first = self._feed_message({"migrate_to_chat_id": new.id}, ANN, old)
        second = self._feed_message({"migrate_from_chat_id": old.id}, ANN, new)
        with self._changed:
            self._moved[old.id] = new.id
        return first, second

    def raw(self, update: Mapping[str, Any]) -> int:
        """Feed anything; without an update_id it gets the next.

        A kind that the API does not have is delivered whatever kinds the bot asks for.
        """
        with self._changed:
            update_id = update.get("update_id", self._next_update_id())
            return self._put({**update, "update_id": update_id})

    @contextmanager
    def backwards(self) -> Iterator[None]:
        """Deliver what is fed within this block in the opposite order, the last first."""
        with self._changed:
            before = len(self._pending)
            yield
            fed = self._pending[before:]
            ids = [it["update_id"] for it in fed]
            for update, update_id in zip(fed, reversed(ids), strict=True):
                update["update_id"] = update_id
                self._updates[update_id] = update

    def again(self, update_id: int) -> None:
        """Deliver an update once more, acknowledged or not."""
        with self._changed:
            self._repeated.append(self._updates[update_id])
        self._http.wake()

    def _feed_message(self, fields: Params, user: Person | None, chat: Person | Room | None) -> int:
        """Feed a message.

        Args:
            fields: of the Message, and `reply_to` (a message) and `thread` (a topic's id).
            user: who, if not a channel.
            chat: where, if not in private.
        """
        where = chat or user
        if where is None:
            raise ValueError("a message needs a chat")
        with self._changed:
            self.add(*(it for it in (user, where) if it is not None))
            if isinstance(where, Person):
                self.strangers.discard(where.id)
                self.blocked.discard(where.id)
                self.statuses.pop((where.id, self.bot["id"]), None)
            message = self._new_message(where, {"from": user.user} if user else {})
            reply_to, thread = fields.pop("reply_to", None), fields.pop("thread", None)
            if reply_to is not None:
                message["reply_to_message"] = _without_reply(reply_to)
                thread = thread or reply_to.get("message_thread_id")
            if thread is not None:
                self._threads.add((where.id, thread))
                message |= _in_thread(where, thread)
            message |= fields
            kind = "channel_post" if where.chat["type"] == "channel" else "message"
            return self._feed(kind, copy.deepcopy(message))

    def _new_message(self, chat: Person | Room, fields: Params) -> Message:
        at = self._last_message_ids[chat.id] = self._last_message_ids.get(chat.id, 0) + 1
        message = {"message_id": at, "date": int(time.time()), "chat": chat.chat, **fields}
        self._messages.setdefault(chat.id, {})[at] = message
        return message

    def _feed(self, kind: str, payload: Params) -> int:
        return self._put({"update_id": self._next_update_id(), kind: payload})

    def _next_update_id(self) -> int:
        return max(self._updates, default=100_000) + 1

    def _put(self, update: dict[str, Any]) -> int:
        with self._changed:
            update_id: int = update["update_id"]
            self._updates[update_id] = update
            self._pending.append(update)
        self._http.wake()
        return update_id

    # Answering requests

    @contextmanager
    def mistakes_noted(self, method: str, params: Params) -> Iterator[None]:
        """Keep what is refused as a mistake of the bot's."""
        try:
            yield
        except Refused as refused:
            if refused.status not in {403, 409} and not refused.parameters:
                with self._changed:
                    noted = Refusal(method, params, refused.status, refused.description)
                    self.refusals.append(noted)
                    self._changed.notify_all()
            raise

    def checked(self, token: str, method: str, raw: Mapping[str, Any]) -> Params:
        """Check what does not depend on what happened before."""
        if token != self._token:
            raise Refused(401, "Unauthorized")
        if method not in METHODS:
            raise Refused(404, "Not Found")
        params = decoded(method, raw)
        for wrong in complaints(params, parse_mode_allowed=self._allow_parse_mode):
            raise Refused(400, f"Bad Request: {wrong}")
        return params

    def fault_for(self, method: str) -> Fault:
        """Take the fault that is to meet a request; mostly one that does nothing."""
        with self._changed:
            for injection in self._injections:
                everything = injection.method is None and method != "getUpdates"
                if injection.left > 0 and (everything or injection.method == method):
                    injection.left -= 1
                    injection.met += 1
                    self._changed.notify_all()
                    return injection.fault
        return Fault(takes_effect=True)

    def grant(self, method: str, params: Params) -> Any:
        """Do what a request asks for and give the result."""
        with self._changed:
            effect = self._effects.get(method) or self._other(method)
            result = copy.deepcopy(effect(params))
            self.sent.append(Call(method, params, result))
            self._changed.notify_all()
            return result

    def begin_poll(self, params: Params) -> None:
        """Acknowledge what getUpdates acknowledges."""
        with self._changed:
            if self._webhook:
                raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
            self.polls += 1
            offset = params.get("offset", 0)
            if offset < 0:  # so many from the end
                offset = min((it["update_id"] for it in self._pending[offset:]), default=0)
            done = [it["update_id"] for it in self._pending if it["update_id"] < offset]
            self._pending = [it for it in self._pending if it["update_id"] >= offset]
            self.acknowledged = max([self.acknowledged, *done])
            self._allowed = params.get("allowed_updates", self._allowed)
            self._changed.notify_all()

    def batch(self, params: Params) -> list[dict[str, Any]]:
        """Give what getUpdates delivers now."""
        with self._changed:
            allowed = set(self._allowed)  # Telegram remembers them
            unwanted = UPDATE_KINDS - allowed if allowed else _NOT_BY_DEFAULT
            # What is not wanted is not kept either.
            self._pending = [it for it in self._pending if not it.keys() & unwanted]
            found = self._repeated + sorted(self._pending, key=lambda it: int(it["update_id"]))
            self._repeated = []
            return found[: params.get("limit", 100)]

    def crashed(self, error: Exception) -> None:
        """Keep an error of this server's own, for the end of its block."""
        self._crash = self._crash or error

    def _other(self, method: str) -> Callable[[Params], Any]:
        if METHODS[method].__returning__ is not bool:
            raise Refused(400, f"Bad Request: this server does not know how to {method}")
        return self._in_chat

    def _in_chat(self, params: Params) -> bool:
        if "chat_id" in params:
            self._chat(params["chat_id"])
        return True

    def _chat(self, chat_id: int | str) -> Person | Room:
        """Find a chat that the bot may act in."""
        if isinstance(chat_id, str):
            names = {f"@{it.username}": it.id for it in self._rooms.values() if it.username}
            chat_id = names.get(chat_id, 0)
        if chat_id in self._moved:
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, said, migrate_to_chat_id=self._moved[chat_id])
        if chat_id in self.strangers:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if chat_id in self.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        chat = self._people.get(chat_id) or self._rooms.get(chat_id)
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        kind = chat.chat["type"]
        if self.statuses.get((chat_id, self.bot["id"])) in {"left", "kicked"}:
            raise Refused(403, f"Forbidden: bot is not a member of the {kind} chat")
        return chat

    def _send_message(self, params: Params) -> Message:
        return self._send(params, _kept(params, *_TEXT))

    def _send_photo(self, params: Params) -> Message:
        size = self._taken(_photo(next(self._numbers), params["photo"]), params["photo"], "photo")
        return self._send(params, {"photo": [size], **_kept(params, *_CAPTION)})

    def _send_document(self, params: Params) -> Message:
        given = params["document"]
        document = self._taken(_file(next(self._numbers), given), given, "document")
        return self._send(params, {"document": document, **_kept(params, *_CAPTION)})

    def _taken(self, file: dict[str, Any], given: Any, kind: str) -> dict[str, Any]:
        """Take an upload, or find what was taken before, by its id or its address."""
        if isinstance(given, BufferedInputFile):
            if not given.data:
                raise Refused(400, "Bad Request: file must be non-empty")
            if len(given.data) > (_MOST_PHOTO_BYTES if kind == "photo" else _MOST_UPLOAD_BYTES):
                raise Refused(413, "Request Entity Too Large")
            if kind == "photo" and not given.data.startswith(_PHOTO_STARTS):
                raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")
        elif given in self._files:
            if self._files[given][0] != kind:
                raise Refused(400, f"Bad Request: can't use file of another type as {kind}")
            return self._files[given][1]
        elif given not in self.web:
            raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
        elif kind != self.web[given]:
            raise Refused(400, "Bad Request: wrong type of the web page content")
        self.uploads += 1
        self._files[file["file_id"]] = (kind, file)
        return file

    def _send(self, params: Params, fields: Params) -> Message:
        chat = self._chat(params["chat_id"])
        is_channel = chat.chat["type"] == "channel"
        who: Params = {"sender_chat": chat.chat} if is_channel else {"from": self._sender()}
        fields = who | fields
        thread = params.get("message_thread_id")
        if thread is not None:
            if (chat.id, thread) not in self._threads:
                raise Refused(400, "Bad Request: message thread not found")
            fields |= _in_thread(chat, thread)
        fields |= self._reply(chat, params.get("reply_parameters", {}))
        if "inline_keyboard" in params.get("reply_markup", {}):
            fields |= _kept(params, "reply_markup")
        if params.get("protect_content"):
            fields["has_protected_content"] = True
        message = self._new_message(chat, copy.deepcopy(fields))
        self._own.add((chat.id, message["message_id"]))
        return message

    def _sender(self) -> dict[str, Any]:
        return {name: self.bot[name] for name in ("id", "is_bot", "first_name", "username")}

    def _reply(self, chat: Person | Room, reply: Params) -> Params:
        if not reply:
            return {}
        if reply.get("chat_id", chat.id) != chat.id:
            raise Refused(400, "Bad Request: this server knows no replies to other chats")
        replied = self._messages.get(chat.id, {}).get(reply.get("message_id", 0))
        if replied is None:
            if reply.get("allow_sending_without_reply"):
                return {}
            raise Refused(400, "Bad Request: message to be replied not found")
        fields: Params = {"reply_to_message": _without_reply(replied)}
        if "quote" in reply:
            said: str = replied.get("text") or replied.get("caption") or ""
            if reply["quote"] not in said:
                raise Refused(400, "Bad Request: QUOTE_TEXT_INVALID")
            at = utf16_units(said.partition(reply["quote"])[0])
            fields["quote"] = {"text": reply["quote"], "position": at, "is_manual": True}
        return fields

    def _edit(self, names: tuple[str, ...], params: Params) -> Message:
        if "chat_id" not in params or "message_id" not in params:
            raise Refused(400, "Bad Request: message identifier is not specified")
        chat = self._chat(params["chat_id"])
        message = self._messages.get(chat.id, {}).get(params["message_id"])
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if (chat.id, params["message_id"]) not in self._own:
            raise Refused(400, "Bad Request: message can't be edited")
        if names == _TEXT and "text" not in message:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        if names == _TEXT and "text" not in params:
            raise Refused(400, "Bad Request: message text is empty")
        if names == _CAPTION and not message.keys() & {"photo", "document"}:
            raise Refused(400, "Bad Request: there is no caption in the message to edit")
        # An edit without a keyboard takes the old one away.
        has_markup = params.get("reply_markup", {}).get("inline_keyboard")
        kept = {name: it for name, it in message.items() if name not in {*names, "reply_markup"}}
        edited = kept | _kept(params, *names, *(["reply_markup"] if has_markup else []))
        if edited == message:
            raise Refused(
                400,
                "Bad Request: message is not modified: specified new message content and reply "
                "markup are exactly the same as a current content and reply markup of the message",
            )
        message.clear()
        message |= copy.deepcopy(edited) | {"edit_date": int(time.time())}
        return message

    def _delete(self, params: Params) -> bool:
        chat = self._chat(params["chat_id"])
        at = params["message_id"]
        if at not in self._messages.get(chat.id, {}):
            raise Refused(400, "Bad Request: message to delete not found")
        is_admin = self.statuses.get((chat.id, self.bot["id"])) == "administrator"
        if not (isinstance(chat, Person) or is_admin or (chat.id, at) in self._own):
            raise Refused(400, "Bad Request: message can't be deleted")
        del self._messages[chat.id][at]
        return True

    def _delete_several(self, params: Params) -> bool:
        chat = self._chat(params["chat_id"])
        for at in params["message_ids"]:
            if at in self._messages.get(chat.id, {}):  # Telegram skips those that are gone
                self._delete({"chat_id": chat.id, "message_id": at})
        return True

    def _react(self, params: Params) -> bool:
        chat = self._chat(params["chat_id"])
        if params["message_id"] not in self._messages.get(chat.id, {}):
            raise Refused(400, "Bad Request: message to react not found")
        self.reactions[chat.id, params["message_id"]] = params.get("reaction", [])
        return True

    def _answer_callback(self, params: Params) -> bool:
        if params["callback_query_id"] not in self.open_callbacks:
            raise Refused(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        self.open_callbacks.remove(params["callback_query_id"])
        return True

    def _answer_inline(self, params: Params) -> bool:
        if params["inline_query_id"] not in self._inline_queries:
            raise Refused(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        self._inline_queries.remove(params["inline_query_id"])
        return True

    def _get_chat(self, params: Params) -> dict[str, Any]:
        names = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        gifts = dict.fromkeys((*names, "gifts_from_channels"), False)
        more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        return self._chat(params["chat_id"]).chat | more

    def _get_member(self, params: Params) -> dict[str, Any]:
        chat, user_id = self._chat(params["chat_id"]), params["user_id"]
        if user_id == self.bot["id"]:
            return self._member(chat.id, self._sender())
        if user_id not in self._people:
            raise Refused(400, "Bad Request: member not found")
        return self._member(chat.id, self._people[user_id].user)

    def _get_administrators(self, params: Params) -> list[dict[str, Any]]:
        chat = self._chat(params["chat_id"])
        users = [*(person.user for person in self._people.values()), self._sender()]
        ranks = {"creator", "administrator"}
        members = [self._member(chat.id, user) for user in users]
        return [member for member in members if member["status"] in ranks]

    def _member(self, chat_id: int, user: Mapping[str, Any]) -> dict[str, Any]:
        status = self.statuses.get((chat_id, user["id"]), "member")
        names = ("id", "is_bot", "first_name", "last_name", "username", "language_code")
        shown = {name: user[name] for name in names if name in user}
        more: dict[str, Any] = {}
        for name, field in _MEMBER_TYPES[status].model_fields.items():
            if field.is_required() and field.annotation is bool:
                more[name] = False
        if status in {"restricted", "kicked"}:
            more["until_date"] = 0
        return {"status": status, "user": shown, **more}

    def _leave(self, params: Params) -> bool:
        chat = self._chat(params["chat_id"])
        if isinstance(chat, Person):
            raise Refused(400, "Bad Request: can't leave private chats")
        self.statuses[chat.id, self.bot["id"]] = "left"
        return True

    def _set_commands(self, params: Params) -> bool:
        self._in_scope(params)
        self._commands[_scope(params)] = params.get("commands", [])
        return True

    def _get_commands(self, params: Params) -> list[dict[str, Any]]:
        self._in_scope(params)
        return self._commands.get(_scope(params), [])

    def _in_scope(self, params: Params) -> None:
        if chat_id := params.get("scope", {}).get("chat_id"):
            self._chat(chat_id)

    def menu(self, scope: str, language: str = "", chat: Person | Room | None = None) -> list[str]:
        """Give the commands that were set for a scope, as people see them: name and description."""
        key = {"type": scope, **({"chat_id": chat.id} if chat else {})}
        with self._changed:
            found = self._commands.get(_scope({"scope": key, "language_code": language}), [])
            return [f"/{it['command']} {it['description']}" for it in found]

    def _profile_setter(self, part: str) -> Callable[[Params], bool]:
        field = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", part).lower()

        def put(params: Params) -> bool:
            self._profile[part + params.get("language_code", "")] = params.get(field, "")
            return True

        return put

    def _profile_getter(self, part: str) -> Callable[[Params], dict[str, str]]:
        field = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", part).lower()
        return lambda params: {field: self._profile.get(part + params.get("language_code", ""), "")}

    def _set_webhook(self, params: Params) -> bool:
        url = params.get("url", "")
        if url and not re.match(r"https://[^/:]+(:(443|80|88|8443))?(/|$)", url):
            raise Refused(400, "Bad Request: bad webhook: an HTTPS URL must be provided")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", params.get("secret_token", "-")):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        self._webhook = url
        if params.get("drop_pending_updates"):
            self._pending.clear()
        return True

    def _webhook_info(self, _: Params) -> dict[str, Any]:
        waiting = len(self._pending)
        return {
            "url": self._webhook,
            "has_custom_certificate": False,
            "pending_update_count": waiting,
        }


class _Http:
    """The server's face: a loop in a thread of its own."""

    def __init__(self, server: TelegramServer) -> None:
        self.port = 0
        self._server = server
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = asyncio.Event()
        self._news = asyncio.Event()
        self._poller: object = None

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()
        if self._loop is None:
            raise RuntimeError("the stand-in cannot serve; its thread has said why")

    def stop(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()
        self._loop = None

    def wake(self) -> None:
        """Let the poller look again; from any thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._news.set)

    async def _serve(self) -> None:
        app = web.Application(client_max_size=_MOST_UPLOAD_BYTES + _MEGABYTE)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        # Cancelled handlers: a client that has gone is no second poller.
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
        try:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.port = runner.addresses[0][1]
            self._loop = asyncio.get_running_loop()
            self._ready.set()
            await self._closing.wait()
            self._news.set()
        finally:
            self._ready.set()
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        try:
            return await self._reply(request)
        except Refused as refused:
            return _refused(refused)
        except Exception as error:  # noqa: BLE001 - raised again at the end of the block
            self._server.crashed(error)
            return _refused(Refused(500, "Internal Server Error: the stand-in has crashed"))

    async def _reply(self, request: web.Request) -> web.Response:
        token, method = request.match_info["token"], request.match_info["method"]
        raw: Params = {}
        with self._server.mistakes_noted(method, raw):
            raw |= await _received(request)
            params = self._server.checked(token, method, raw)
        fault = self._server.fault_for(method)
        if fault.wait_seconds:
            await self._pause(fault.wait_seconds)
        result: Any = None
        if fault.takes_effect:
            with self._server.mistakes_noted(method, params):
                is_poll = method == "getUpdates"
                result = await self._poll(params) if is_poll else self._server.grant(method, params)
        if fault.way == "hang":
            await self._closing.wait()
        if fault.way != "reply" and request.transport is not None:
            request.transport.abort()
        if isinstance(fault.reply, Refused):
            return _refused(fault.reply)
        if fault.reply is not None:
            return web.Response(status=fault.status, text=fault.reply, content_type="text/html")
        return web.json_response({"ok": True, "result": result})

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    async def _poll(self, params: Params) -> list[dict[str, Any]]:
        self._server.begin_poll(params)
        mine = self._poller = object()  # ends the poll that is under way, if any
        self._news.set()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + params.get("timeout", 0)
        while True:
            self._news.clear()
            if self._poller is not mine:
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
            batch = self._server.batch(params)
            if batch or loop.time() >= deadline or self._closing.is_set():
                return batch
            try:
                async with asyncio.timeout_at(deadline):
                    await self._news.wait()
            except TimeoutError:
                continue  # for a last look


async def _received(request: web.Request) -> Params:
    received: Params = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read())
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refused(400, "Bad Request: can't parse the JSON object")
        return received | body
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "Request Entity Too Large") from None
    for name, value in form.items():
        if isinstance(value, FileField):
            with value.file as file:
                received[name] = BufferedInputFile(file.read(), value.filename)
        else:
            received[name] = value
    return received


def _refused(refused: Refused) -> web.Response:
    said: dict[str, Any] = {"ok": False, "error_code": refused.status}
    said["description"] = refused.description
    if refused.parameters:
        said["parameters"] = refused.parameters
    return web.json_response(said, status=refused.status)


_MOST_QUERY = 256
_SENDING = {"sendMessage", "sendPhoto", "sendDocument"}
_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_WITH_MESSAGE = ("message", "edited_message", "channel_post", "edited_channel_post")
_MEMBER_TYPES: dict[str, type[aiogram.types.ChatMember]] = {
    "creator": aiogram.types.ChatMemberOwner,
    "administrator": aiogram.types.ChatMemberAdministrator,
    "member": aiogram.types.ChatMemberMember,
    "restricted": aiogram.types.ChatMemberRestricted,
    "left": aiogram.types.ChatMemberLeft,
    "kicked": aiogram.types.ChatMemberBanned,
}


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _kept(params: Params, *names: str) -> Params:
    # An empty list of entities is none.
    return {name: params[name] for name in names if params.get(name) not in (None, [])}


def _found(name: str, text: str) -> dict[str, list[dict[str, Any]]]:
    entities = [
        {
            "type": match.lastgroup,
            "offset": utf16_units(text[: match.start()]),
            "length": utf16_units(match.group()),
        }
        for match in _ENTITIES.finditer(text)
    ]
    return {name: entities} if entities else {}


def _file(number: int, given: Any) -> dict[str, Any]:
    file = {"file_id": f"file-{number}", "file_unique_id": f"unique-{number}"}
    if isinstance(given, BufferedInputFile):
        return {**file, "file_name": given.filename, "file_size": len(given.data)}
    return file


def _sent(**fields: Any) -> dict[str, Any]:
    return {"file_id": "f", "file_unique_id": "u", **fields}


def _photo(number: int, given: Any = None) -> dict[str, Any]:
    file = {name: it for name, it in _file(number, given).items() if name != "file_name"}
    return {**file, "width": 90, "height": 90}


def _in_thread(chat: Person | Room, thread: int) -> Params:
    is_topic = {"is_topic_message": True} if chat.chat.get("is_forum") else {}
    return {"message_thread_id": thread, **is_topic}


def _without_reply(message: Message) -> Message:
    return {name: copy.deepcopy(it) for name, it in message.items() if name != "reply_to_message"}


def _scope(params: Params) -> str:
    scope = params.get("scope", {"type": "default"})
    return json.dumps([scope, params.get("language_code", "")], sort_keys=True)


_PLACE = {"latitude": 48.2, "longitude": 16.4}
_MOVING = {"width": 320, "height": 320, "duration": 3}
_MEDIA: Mapping[str, dict[str, Any]] = {
    "photo": {"photo": [_photo(3)]},
    "voice": {"voice": _sent(duration=3)},
    "audio": {"audio": _sent(duration=3)},
    "video": {"video": _sent(**_MOVING)},
    "video_note": {"video_note": _sent(length=240, duration=3)},
    # With an animation there is a document, for clients that do not know animations.
    "animation": {"animation": _sent(**_MOVING), "document": _sent()},
    "document": {"document": _sent(file_name="order.pdf")},
    "location": {"location": _PLACE},
    "venue": {
        "location": _PLACE,
        "venue": {"location": _PLACE, "title": "Café", "address": "Ring 1"},
    },
    "contact": {"contact": {"phone_number": "+431234", "first_name": "Cid"}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "poll": {
        "poll": {
            "id": "1",
            "question": "Tea?",
            "options": [
                {"persistent_id": "1", "text": text, "voter_count": 0} for text in ("Yes", "No")
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
    },
}
"""The fields of a message of each kind that people can send."""
