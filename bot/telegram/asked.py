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


def is_from_person(message: Message, bot_id: int) -> bool:
    """Tell whether somebody wrote a message: no bot, no channel, and nothing by way of a bot."""
    is_anonymous_admin = message.sender_chat is not None and message.sender_chat == message.chat
    if message.is_automatic_forward or (message.sender_chat and not is_anonymous_admin):
        return False
    if message.via_bot:
        return message.chat.type == ChatType.PRIVATE and message.via_bot.id != bot_id
    # Whoever manages a group without showing their name writes as a bot of Telegram's.
    return is_anonymous_admin or (message.from_user is not None and not message.from_user.is_bot)


def command_of(message: Message, username: str) -> str | None:
    """Give the name of the command that a message is for this bot, in small letters.

    Returns:
        "" for a command of another bot; None for what is no command.
    """
    entities = message.parse_entities([MessageEntity.BOT_COMMAND])
    first = next((text for entity, text in entities.items() if entity.offset == 0), None)
    if first is None:
        return None
    name, _, target = first[1:].lower().partition("@")
    return name if target in {"", username.lower()} else ""


def addressed(message: Message, username: str, bot_id: int) -> str | None:
    """Give what a message asks of the bot; None when it is meant for others."""
    if message.chat.type == ChatType.PRIVATE:
        return _text(message)
    if command_of(message, username) == "":
        return None
    replied = message.reply_to_message
    if _mention(message, username, bot_id):
        # Who names the bot below somebody's question asks it for them.
        is_persons = replied is not None and is_from_person(replied, bot_id)
        return _unaddressed(message, username, bot_id) or (
            _text(replied) if replied and is_persons else ""
        )
    if replied and replied.from_user and replied.from_user.id == bot_id:
        return _text(message)
    return None


def name_of(message: Message) -> str:
    """Give what to call whoever wrote a message."""
    if message.sender_chat:
        return message.sender_chat.title or ""
    return message.from_user.first_name if message.from_user else ""


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
