"""What the bot says to people who browse the FAQ, as Markdown."""

from bot.wording.saying import as_markdown
from bot.wording.speech import Speech


def shelf_name(topic: str | None, speech: Speech) -> str:
    """Name a topic, or what has none, as a plain text."""
    return topic or speech.say("Other questions")


def which_topic(speech: Speech) -> str:
    """Introduce topics."""
    return speech.say("What would you like to know about?")


def which_question(topic: str | None, speech: Speech) -> str:
    """Introduce the questions of a topic, or all."""
    ask = speech.say("Which question is yours?")
    return f"**{as_markdown(topic)}**\n\n{ask}" if topic else ask


def which_page(number: int, count: int, speech: Speech) -> str:
    """Say which one of several pages this is."""
    return speech.say("Page {number} of {count}", number=number, count=count)


def topic_gone(speech: Speech) -> str:
    """Say that a topic is not in the FAQ any more."""
    return speech.say("That topic is not there any more.")
