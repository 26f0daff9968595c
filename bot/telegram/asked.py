"""What a message asks of the bot, and for whom."""

import re
from typing import Final

from telegram import Message, MessageEntity
from telegram.constants import ChatType
from telegram.ext import filters

from bot.visibility import Asker

NEW_OR_EDITED: Final = filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE
"""What people write; not what channels post."""

_ASK = re.compile(r"/ask(?:@\w+)?\s+", re.IGNORECASE)


def asker_of(message: Message) -> Asker:
    """Give who asks, as far as it decides what they are shown."""
    return Asker.in_chat(message.chat_id, message.chat.username)


def addressed(message: Message, username: str, bot_id: int) -> str | None:
    """Give what a message asks of the bot; None when it is meant for others."""
    if message.chat.type == ChatType.PRIVATE or _mention(message, username, bot_id):
        return _unaddressed(message, username, bot_id)
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot_id:
        return _text(message)
    return None


def question_of(message: Message, username: str, bot_id: int) -> str:
    """Give what a message asked that the bot has replied to, by whichever way it was addressed."""
    return _ASK.sub("", _unaddressed(message, username, bot_id), count=1)


def _unaddressed(message: Message, username: str, bot_id: int) -> str:
    if message.chat.type == ChatType.PRIVATE:
        return _text(message)
    mention = _mention(message, username, bot_id)
    return _text(message).replace(mention, " ", 1).strip() if mention else _text(message)


def _mention(message: Message, username: str, bot_id: int) -> str | None:
    """Give how a message names the bot, if it does."""
    mentions: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    found = {
        **message.parse_entities(mentions),
        **message.parse_caption_entities(mentions),
    }
    name = f"@{username}".lower()
    for entity, mention in found.items():
        if mention.lower() == name or (entity.user and entity.user.id == bot_id):
            return mention
    return None


def _text(message: Message) -> str:
    return message.text or message.caption or ""
