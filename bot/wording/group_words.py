"""What the bot says in groups only, as Markdown."""

from bot.model import GroupMode
from bot.wording.speech import Speech


def group_hello(speech: Speech) -> str:
    """Say hello to a group, and how to ask."""
    return speech.say(
        "Hello! Mention me, reply to me, or write `/ask` and your question, and I answer from the "
        "FAQ."
    )


def mode_told(mode: GroupMode, speech: Speech) -> str:
    """Say when the bot speaks in a group."""
    match mode:
        case GroupMode.MENTION:
            return speech.say("In this group I answer when I am mentioned, replied to, or asked.")
        case GroupMode.AUTO:
            return speech.say("In this group I answer whenever I clearly know the answer.")
        case GroupMode.OFF:
            return speech.say("In this group I am silent.")


def how_to_choose(speech: Speech) -> str:
    """Say how the admins of a group settle when the bot speaks."""
    return speech.say(
        "The admins of this group can change that with `/faqbot mention`, `/faqbot auto` or "
        "`/faqbot off`."
    )


def only_for_admins(speech: Speech) -> str:
    """Refuse whoever does not manage the group."""
    return speech.say("Only admins of this group can change that.")


def for_groups(speech: Speech) -> str:
    """Say where a command belongs."""
    return speech.say("That command is for groups: there it says when I answer.")


def cannot_see(speech: Speech) -> str:
    """Say why a choice has no effect yet."""
    return speech.say(
        "But I cannot see what you write to each other: make me an admin of this group, or have my "
        "owner turn off my privacy mode in @BotFather and add me again."
    )
