"""What the bot says in its own words, as Markdown."""

import re
from collections.abc import Iterable, Sequence

from bot.model import Entry, Outcome, OutcomeKind
from bot.variants import in_language, only_in
from bot.wording.autonyms import autonym
from bot.wording.speech import ENGLISH, Speech

# What means something in Markdown; an underscore within a word and a lone ampersand do not.
_MARKS = re.compile(r"[\\`*\[\]<>~|]|(?<![^\W_])_|_(?![^\W_])|^#|&(?=#?\w+;)")
_LIST_MARK = re.compile(r"^(\d*)([-+.)])(?=\s|$)")

_MOST_TOPICS = 12
_MOST_EXAMPLES = 4


def cannot_look_up(speech: Speech) -> str:
    """Say that the embeddings are away, and words alone found nothing."""
    return speech.say("I cannot look things up right now. Please ask me again in a few minutes.")


def still_reading(speech: Speech) -> str:
    """Say that there is no index yet."""
    return speech.say("I am still reading the FAQ. Please ask me again in a minute.")


def wrong_inside(speech: Speech) -> str:
    """Say that something failed that is not the person's fault."""
    return speech.say("Something went wrong on my side, I am sorry. Please ask me again.")


def by_words(speech: Speech) -> str:
    """Say that an answer was found without the model of meaning."""
    return speech.say(
        "(I could only compare words just now, not their meaning. If this is not what you meant, "
        "please ask me again in a few minutes.)"
    )


def did_you_mean(speech: Speech) -> str:
    """Introduce suggestions."""
    return speech.say("I am not sure. Did you mean:")


def did_you_mean_instead(speech: Speech) -> str:
    """Introduce suggestions to whoever did not like an answer."""
    return speech.say("I am sorry. Did you mean:")


def gone(speech: Speech) -> str:
    """Say that what a button or a link promised is not in the FAQ any more."""
    return speech.say("That answer is not there any more.")


def useless_button(speech: Speech) -> str:
    """Say that a button means nothing any more, in 200 characters."""
    return speech.say("This button does nothing any more. Please just write what you want to know.")


def only_admins(speech: Speech) -> str:
    """Say who chooses the language of a group, in 200 characters."""
    return speech.say(
        "In a group its admins choose the language. Yours you can choose in a chat with me alone."
    )


def only_text(speech: Speech) -> str:
    """Answer what holds no words."""
    return speech.say("I can only read text. Please ask me in words.")


def whole_answer(speech: Speech) -> str:
    """Lead from what one message holds of an answer to all of it."""
    return speech.say("See the whole answer")


def ask_in_private(speech: Speech) -> str:
    """Lead from another chat, where nothing was found, to the private one; on a button."""
    return speech.say("No answer found. Ask me in private")


def away_for_now(speech: Speech) -> str:
    """Say on a button that nothing can be looked up."""
    return speech.say("I cannot look things up right now")


def reading_for_now(speech: Speech) -> str:
    """Say on a button that there is no index yet."""
    return speech.say("I am still reading the FAQ")


def too_much(speech: Speech) -> str:
    """Slow somebody down, in 200 characters."""
    return speech.say("That is more than I can keep up with. Please give me a minute.")


def reply(outcome: Outcome, entries: Sequence[Entry], speech: Speech = ENGLISH) -> str:
    """Put an outcome into words.

    Args:
        outcome: what became of the question.
        entries: the whole FAQ, to say what it can help with.
        speech: the language.
    """
    match outcome.kind:
        case OutcomeKind.ANSWER if outcome.entry:
            hint = f"\n\n{by_words(speech)}" if outcome.without_embeddings else ""
            return f"{_answers(outcome.entry, outcome.further, speech)}{hint}"
        case OutcomeKind.SUGGEST:
            questions = numbered(shown(it, speech).question for it in outcome.suggestions)
            return f"{did_you_mean(speech)}\n\n{questions}"
        case _ if not outcome.matches:
            return f"{speech.say('Please ask me in words.')}\n\n{offer(entries, speech)}"
        case _:
            return f"{speech.say('I have no answer to that.')}\n\n{offer(entries, speech)}"


def _answers(entry: Entry, further: Sequence[Entry], speech: Speech) -> str:
    """Give an answer as it is; several of them below their questions."""
    if not further:
        return answer(entry, speech)
    return "\n\n".join(with_question(it, speech) for it in (entry, *further))


def with_question(entry: Entry, speech: Speech) -> str:
    """Give an answer below its question."""
    return f"**{as_markdown(shown(entry, speech).question)}**\n\n{answer(entry, speech)}"


def shown(entry: Entry, speech: Speech) -> Entry:
    """Give an entry as whoever is spoken with reads it best."""
    return in_language(entry, speech.reads)


def answer(entry: Entry, speech: Speech) -> str:
    """Give the answer of an entry, and say so where it is not in the person's language."""
    text = shown(entry, speech).answer
    listener = speech.listener
    languages = only_in(entry, listener.wished, listener.faq_languages)
    if not languages:
        return text
    names = as_markdown(", ".join(map(autonym, languages)))
    return f"{text}\n\n{speech.say('(I have this answer only in {languages}.)', languages=names)}"


def greeting(entries: Sequence[Entry], speech: Speech) -> str:
    """Say hello, and what to do next."""
    hello = speech.say("Hello! Ask me a question in your own words.")
    return f"{hello}\n\n{offer(entries, speech)}"


def help_text(entries: Sequence[Entry], speech: Speech) -> str:
    """Say how to ask, and about what."""
    return "\n\n".join((
        speech.say("Just write your question, in your own words."),
        offer(entries, speech),
        speech.say("`/topics` shows everything that I can answer."),
        speech.say("In a group, mention me, reply to me, or write `/ask` and your question."),
    ))  # fmt: skip


def none_of_these(entries: Sequence[Entry], speech: Speech) -> str:
    """Say what comes next when nothing that was suggested was meant."""
    return f"{speech.say('Then I have not understood you yet.')} {ask_again(entries, speech)}"


def ask_again(entries: Sequence[Entry], speech: Speech) -> str:
    """Encourage to put a question differently, and say about what."""
    return f"{speech.say('Please ask me again in other words.')}\n\n{offer(entries, speech)}"


def offer(entries: Sequence[Entry], speech: Speech = ENGLISH) -> str:
    """Say what the FAQ can help with: its topics, or a few of its questions where it has none."""
    topics = topics_of(entries)
    if len(topics) > 1:
        items = [as_markdown(it) for it in topics[:_MOST_TOPICS]]
        if rest := len(topics) - len(items):
            items.append(speech.say_number("and {number} more", "and {number} more", rest))
        return f"{speech.say('I can help with:')}\n\n{_list(items)}"
    if not entries:
        return speech.say("There is nothing that I can help with yet.")
    step = max(1, len(entries) // _MOST_EXAMPLES)
    some = (shown(entry, speech) for entry in entries[::step][:_MOST_EXAMPLES])
    examples = [as_markdown(entry.question) for entry in some]
    return f"{speech.say('You can ask me, for example:')}\n\n{_list(examples)}"


def topics_of(entries: Iterable[Entry]) -> list[str]:
    """Give the FAQ's topics in the order of the FAQ."""
    return list(dict.fromkeys(entry.topic for entry in entries if entry.topic))


def numbered(texts: Iterable[str]) -> str:
    """List plain texts by numbers."""
    return "\n".join(f"{number}. {as_markdown(it)}" for number, it in enumerate(texts, start=1))


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def as_markdown(text: str) -> str:
    """Write a plain text so that Markdown shows it as it is."""
    return _LIST_MARK.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", text))


def held_back(number: int) -> str:
    """Say to admins why the files are not published, and what to do."""
    return (
        f"The FAQ was rolled back to number {number}, which serves until its files change. Mend "
        "them: the first change is published. `faqbot index --force` publishes them as they are."
    )
