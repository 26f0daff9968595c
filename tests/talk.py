"""Talk with the shop's bot, and keep what was said for a picture."""

import asyncio
from typing import Any

from aiogram.types import BufferedInputFile

from tests.drawing import Aside, Item, Listed, Said
from tests.shop import Shop, buttons, data
from tests.telegram_server import ANN, Message, Person, Room, TelegramServer

_MOST_SECONDS = 20
_LOOKS = 20
"""How often in a row nothing is to be seen going on until nothing is."""


class Talk:
    """What people do in their chats with the bot, and what comes of it."""

    def __init__(self, shop: Shop, server: TelegramServer) -> None:
        self.shop = shop
        self.server = server
        self.items: list[Item] = []
        self._drawn: dict[tuple[int, int], Said] = {}
        """The messages that were drawn, as they were drawn last."""

    def aside(self, text: str) -> None:
        """Tell what the messages do not."""
        self.items.append(Aside(text))

    async def say(
        self,
        text: str,
        user: Person = ANN,
        chat: Room | None = None,
        *,
        replies: int = 1,
        shown: str | None = None,
        **more: Any,
    ) -> Message:
        """Write, and wait for what the bot has to say to that.

        Args:
            text: what is written.
            user: by whom.
            chat: where, if not in private.
            replies: how many messages it answers with.
            shown: what the client shows instead.
            more: fields of the message, as the server takes them.

        Returns:
            What was written.
        """
        written = self.tell(self.server.text(text, user=user, chat=chat, **more), shown)
        await self.hear(chat or user, replies)
        return written

    def tell(self, update: int, shown: str | None = None) -> Message:
        """Show what somebody has written, without waiting."""
        written = self.server.message(update)
        user, chat = written["from"], written["chat"]
        is_own = chat["type"] == "private" or user["id"] == ANN.id
        drawn = {**written, "text": shown} if shown else written
        self.items.append(Said(drawn, is_own, "" if is_own else user["first_name"]))
        return written

    async def hear(self, chat: Person | Room = ANN, replies: int = 1) -> None:
        """Wait until the bot has sent or changed so many messages, and is done; show them."""
        await self.server.until(lambda: len(self._news(chat)) >= replies, _MOST_SECONDS)
        await self._rest()
        news = self._news(chat)
        assert len(news) == replies, news
        for message in news:
            self._show(message)
        self._change_buttons(chat)

    async def press(
        self, text: str, user: Person = ANN, chat: Room | None = None, *, replies: int = 1
    ) -> None:
        """Press a button below the last message that has it."""
        seen = self.server.messages(chat or user)
        *_, message = (it for it in seen if text in buttons(it))
        self._drawn[_key(message)].pressed = text
        self.server.callback(message, data(message, text), user=user)
        await self._rest()
        notice = self.server.calls("answerCallbackQuery")[-1].params.get("text")
        tapped = f"{user.first_name} taps “{text}”"
        self.aside(f"{tapped} and reads for a moment: {notice}" if notice else f"{tapped}:")
        await self.hear(chat or user, replies)

    async def type(self, written: str, user: Person = ANN) -> list[dict[str, Any]]:
        """Type behind the bot's name in any chat; show and give what is offered."""
        before = len(self.server.calls("answerInlineQuery"))
        self.server.inline(written, user=user)
        await self.server.until(
            lambda: len(self.server.calls("answerInlineQuery")) > before, _MOST_SECONDS
        )
        shown = self.server.calls("answerInlineQuery")[-1].params
        results: list[dict[str, Any]] = shown["results"]
        rows = [(it["title"], it.get("description", "")) for it in results]
        rows += [(shown["button"]["text"], "leads to the bot")] if "button" in shown else []
        self.items.append(Listed(f"@faq_bot {written}", rows))
        return results

    def choose(self, result: dict[str, Any]) -> None:
        """Send one of the results of an inline query."""
        content = result["input_message_content"]
        sent = {**content, "text": content["message_text"]}
        self.items.append(Said(sent, is_own=True, name="via @faq_bot"))

    async def menu(self, user: Person) -> None:
        """Show the commands behind somebody's menu button."""
        await self.server.until(lambda: self.server.menu("chat", chat=user), _MOST_SECONDS)
        rows = [it.partition(" ")[::2] for it in self.server.menu("chat", chat=user)]
        self.items.append(Listed("☰ Menu", rows))

    async def _rest(self) -> None:
        looks = 0
        async with asyncio.timeout(_MOST_SECONDS):
            while looks < _LOOKS:
                is_idle = self.shop.is_idle and not self.server.open_callbacks
                looks = looks + 1 if is_idle else 0
                await asyncio.sleep(0.001)

    def _news(self, chat: Person | Room) -> list[Message]:
        """Give the bot's messages that are new or read otherwise."""
        texts = {key: said.message.get("text") for key, said in self._drawn.items()}
        return [
            it
            for it in self.server.messages(chat)
            if _key(it) not in texts or texts[_key(it)] != it.get("text")
        ]

    def _change_buttons(self, chat: Person | Room) -> None:
        """Show what now stands on the buttons of messages that read as before.

        A button that is gone was pressed, and is shown so.
        """
        for message in self.server.messages(chat):
            drawn = self._drawn[_key(message)]
            old, new = buttons(drawn.message), buttons(message)
            if old != new and len(old) == len(new):
                drawn.message, drawn.pressed = message, None

    def _show(self, message: Message) -> None:
        name = "" if message["chat"]["type"] == "private" else message["from"]["first_name"]
        said = Said(message, is_own=False, name=name, picture=self._picture(message))
        self._drawn[_key(message)] = said
        self.items.append(said)

    def _picture(self, message: Message) -> bytes:
        for call in self.server.calls("sendPhoto"):
            photo = call.params["photo"]
            if _key(call.result) == _key(message) and isinstance(photo, BufferedInputFile):
                return photo.data
        return b""


def _key(message: Message) -> tuple[int, int]:
    return message["chat"]["id"], message["message_id"]
