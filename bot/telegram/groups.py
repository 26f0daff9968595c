"""What happens in groups only: the bot comes and goes, is told when to speak, and overhears."""

import logging
import re

from telegram import Bot, ChatMember, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import (
    Application,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.answering import Answerer
from bot.matching.deciding import Bands
from bot.model import GroupMode, Outcome, OutcomeKind
from bot.ports import EmbedderError, IndexNotReadyError
from bot.telegram.asked import NEW_OR_EDITED, addressed, asker_of, command_of
from bot.telegram.composing import Reply, reply_to
from bot.telegram.desk import Desk
from bot.telegram.group_modes import GroupModes
from bot.telegram.managers import manages, may_choose
from bot.telegram.rendering import render
from bot.wording.group_words import (
    cannot_see,
    for_groups,
    group_hello,
    how_to_choose,
    mode_told,
    only_for_admins,
)

_log = logging.getLogger(__name__)

_QUESTION_MARK = re.compile("[?\u061f\uff1f\u037e\u1367\ua60f\u055e]")  # in any script that has one
_CLEAR_WITHOUT_MARK = 0.95
_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
_AWAY = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})


class Groups:
    """Knows how to behave in groups."""

    def __init__(self, desk: Desk, modes: GroupModes) -> None:
        self._desk = desk
        self._modes = modes
        desk.sender.moves.follow(modes.move)

    def register(self, application: Application) -> None:  # type: ignore[type-arg] # six of them
        """Tell the application who handles what."""
        overheard = NEW_OR_EDITED & filters.ChatType.GROUPS & _Overheard(self._modes)
        application.add_handler(CommandHandler("faqbot", self._faqbot, filters=NEW_OR_EDITED))
        application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, self._migrated))
        application.add_handler(
            ChatMemberHandler(self._came_or_went, ChatMemberHandler.MY_CHAT_MEMBER)
        )
        application.add_handler(MessageHandler(overheard, self._overhear))

    def warning(self, bot: Bot) -> str | None:
        """Say what keeps the operator's choice from taking effect, if anything does."""
        if self._modes.default is not GroupMode.AUTO or bot.can_read_all_group_messages:
            return None
        return (
            "FAQBOT_GROUPS is auto, but in groups this bot sees only what mentions it, replies to "
            "it or commands it, because its privacy mode is on: turn it off in @BotFather "
            "(/mybots, Bot Settings, Group Privacy) and add the bot to its groups again, or make "
            "it an administrator of them."
        )

    async def _migrated(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message and message.migrate_to_chat_id:
            await self._desk.sender.moves.moved(message.chat_id, message.migrate_to_chat_id)
        elif message and message.migrate_from_chat_id:
            await self._desk.sender.moves.moved(message.migrate_from_chat_id, message.chat_id)

    async def _came_or_went(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        change = update.my_chat_member
        if change is None or change.chat.type not in _GROUPS:
            return
        chat_id = change.chat.id
        if _is_away(change.new_chat_member):
            self._desk.forget(chat_id)
        elif _is_away(change.old_chat_member) and self._modes.of(chat_id) is not GroupMode.OFF:
            speech = self._desk.speech(update.effective_user, change.chat)
            for part in render(group_hello(speech)):
                await self._desk.sender.post(chat_id, part)

    async def _faqbot(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if message := update.effective_message:
            await self._desk.respond(update, Reply(await self._chosen(message, context)))

    async def _chosen(self, message: Message, context: ContextTypes.DEFAULT_TYPE) -> str:
        speech = self._desk.speech(message.from_user, message.chat)
        if message.chat.type not in _GROUPS:
            return for_groups(speech)
        wanted = " ".join(context.args or ()).lower()
        if not wanted:
            told = mode_told(self._modes.of(message.chat_id), speech)
            return f"{told}\n\n{how_to_choose(speech)}"
        if wanted not in set(GroupMode):
            return how_to_choose(speech)
        if not await may_choose(message, message.from_user, context.bot):
            return only_for_admins(speech)
        mode = GroupMode(wanted)
        await self._modes.choose(message.chat_id, mode)
        told = mode_told(mode, speech)
        if mode is GroupMode.AUTO and not await _sees_everything(message.chat_id, context.bot):
            _log.warning("A group wants answers to all its questions; privacy mode hides them.")
            return f"{told}\n\n{cannot_see(speech)}"
        return told

    async def _overhear(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a message that was not meant for the bot, where the answer is beyond doubt."""
        message = update.effective_message
        text = (message.text or message.caption) if message else None
        if not message or not text:
            return
        if await _is_clear(self._desk.answerer, text, message):
            speech = self._desk.speech(update.effective_user, message.chat)
            reply = await reply_to(self._desk.answerer, text, asker_of(message), speech)
            if reply.told and reply.told.kind is OutcomeKind.ANSWER:
                await self._desk.respond(update, reply)


class _Overheard(filters.MessageFilter):
    """What people say to nobody in particular, where the bot may join in."""

    def __init__(self, modes: GroupModes) -> None:
        super().__init__()
        self._modes = modes

    def filter(self, message: Message) -> bool:
        """Tell whether a message is such."""
        bot = message.get_bot()
        return (
            self._modes.of(message.chat_id) is GroupMode.AUTO
            and addressed(message, bot.username, bot.id) is None
            and command_of(message, bot.username) is None
            and not _is_for_somebody(message)
        )


def _is_for_somebody(message: Message) -> bool:
    """Tell whether a message goes on with a conversation, names someone, or was said elsewhere."""
    replied = message.reply_to_message
    # In a topic every message replies to the one that opened it.
    is_reply = replied is not None and replied.forum_topic_created is None
    mentions: list[str | None] = ["mention", "text_mention"]
    named = {**message.parse_entities(mentions), **message.parse_caption_entities(mentions)}
    return bool(is_reply or message.external_reply or message.forward_origin or named)


async def _is_clear(answerer: Answerer, text: str, message: Message) -> bool:
    try:
        outcome = await answerer.answer(text, asker_of(message))
    except (EmbedderError, IndexNotReadyError) as error:
        _log.info("A message in a group was not looked up: %s", error)
        return False
    return outcome.kind is OutcomeKind.ANSWER and _is_beyond_doubt(outcome, text)


def _is_beyond_doubt(outcome: Outcome, text: str) -> bool:
    """Tell whether every entry that answers passes half as far above the threshold as can be.

    What people tell each other is often about the same things as the FAQ: without a question mark
    it must say nearly what the FAQ does.
    """
    bar = Bands(outcome.threshold, outcome.suggest_threshold).stricter().answer
    if not _QUESTION_MARK.search(text):
        bar = max(bar, _CLEAR_WITHOUT_MARK)
    scores = {match.entry_id: match.score for match in outcome.matches}
    entries = (*((outcome.entry,) if outcome.entry else ()), *outcome.further)
    return not outcome.without_embeddings and all(scores.get(it.id, 0.0) >= bar for it in entries)


async def _sees_everything(chat_id: int, bot: Bot) -> bool:
    await bot.get_me()  # it may have been changed since the start
    return bot.can_read_all_group_messages or await manages(bot, chat_id, bot.id)


def _is_away(member: ChatMember) -> bool:
    return member.status in _AWAY or (
        member.status == ChatMemberStatus.RESTRICTED and not getattr(member, "is_member", True)
    )
