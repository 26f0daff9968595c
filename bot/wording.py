"""What the bot says in its own words, as Markdown."""

import re
from collections.abc import Iterable, Sequence

from bot.model import Entry, Outcome, OutcomeKind

# What means something in Markdown; an underscore within a word and a lone ampersand do not.
_MARKS = re.compile(r"[\\`*\[\]<>~|]|(?<![^\W_])_|_(?![^\W_])|^#|&(?=#?\w+;)")
_LIST_MARK = re.compile(r"^(\d*)([-+.)])(?=\s|$)")

CANNOT_LOOK_UP = "I cannot look things up right now. Please ask me again in a few minutes."
STILL_READING = "I am still reading the FAQ. Please ask me again in a minute."
WRONG_INSIDE = "Something went wrong on my side, I am sorry. Please ask me again."
BY_WORDS = (
    "(I could only compare words just now, not their meaning. If this is not what you meant, "
    "please ask me again in a few minutes.)"
)
DID_YOU_MEAN = "I am not sure. Did you mean:"
NONE_OF_THESE = "None of these"
GONE = "That answer is not there any more."
USELESS_BUTTON = "This button does nothing any more. Please just write what you want to know."
ONLY_TEXT = "I can only read text. Please ask me in words."

_MOST_TOPICS = 12
_MOST_EXAMPLES = 4


def reply(outcome: Outcome, entries: Sequence[Entry]) -> str:
    """Put an outcome into words.

    Args:
        outcome: what became of the question.
        entries: the whole FAQ, to say what it can help with.
    """
    match outcome.kind:
        case OutcomeKind.ANSWER if outcome.entry:
            hint = f"\n\n{BY_WORDS}" if outcome.without_embeddings else ""
            return f"{_answers(outcome.entry, outcome.further)}{hint}"
        case OutcomeKind.SUGGEST:
            questions = "\n".join(
                f"{number}. {_as_markdown(entry.question)}"
                for number, entry in enumerate(outcome.suggestions, start=1)
            )
            return f"{DID_YOU_MEAN}\n\n{questions}"
        case _ if not outcome.matches:
            return f"Please ask me in words.\n\n{offer(entries)}"
        case _:
            return f"I have no answer to that.\n\n{offer(entries)}"


def _answers(entry: Entry, further: Sequence[Entry]) -> str:
    """Give an answer as it is; several of them below their questions."""
    if not further:
        return entry.answer
    return "\n\n".join(
        f"**{_as_markdown(it.question)}**\n\n{it.answer}" for it in (entry, *further)
    )


def greeting(entries: Sequence[Entry]) -> str:
    """Say hello, and what to do next."""
    return f"Hello! Ask me a question in your own words.\n\n{offer(entries)}"


def help_text(entries: Sequence[Entry]) -> str:
    """Say how to ask, and about what."""
    return (
        f"Just write your question, in your own words.\n\n{offer(entries)}\n\n"
        "In a group, mention me, reply to me, or write `/ask` and your question."
    )


def none_of_these(entries: Sequence[Entry]) -> str:
    """Say what comes next when nothing that was suggested was meant."""
    return f"Then I have not understood you yet. {ask_again(entries)}"


def ask_again(entries: Sequence[Entry]) -> str:
    """Encourage to put a question differently, and say about what."""
    return f"Please ask me again in other words.\n\n{offer(entries)}"


def offer(entries: Sequence[Entry]) -> str:
    """Say what the FAQ can help with: its topics, or a few of its questions where it has none."""
    topics = topics_of(entries)
    if len(topics) > 1:
        more = f"\n- and {len(topics) - _MOST_TOPICS} more" if len(topics) > _MOST_TOPICS else ""
        return f"I can help with:\n\n{_list(topics[:_MOST_TOPICS])}{more}"
    if not entries:
        return "There is nothing that I can help with yet."
    step = max(1, len(entries) // _MOST_EXAMPLES)
    examples = [entry.question for entry in entries[::step][:_MOST_EXAMPLES]]
    return f"You can ask me, for example:\n\n{_list(examples)}"


def topics_of(entries: Iterable[Entry]) -> list[str]:
    """Give the FAQ's topics in the order of the FAQ."""
    return list(dict.fromkeys(entry.topic for entry in entries if entry.topic))


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {_as_markdown(line)}" for line in lines)


def _as_markdown(text: str) -> str:
    """Write a plain text so that Markdown shows it as it is."""
    return _LIST_MARK.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", text))


def held_back(number: int) -> str:
    """Say why the files are not published, and what to do."""
    return (
        f"The FAQ was rolled back to number {number}, which serves until its files change. Mend "
        "them: the first change is published. `faqbot index --force` publishes them as they are."
    )
