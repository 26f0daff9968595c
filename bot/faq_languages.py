"""Which languages a FAQ is in, and whether somebody asks in one of them."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from bot.faq.names import language_code
from bot.language_tags import primary
from bot.matching.language import language_of, lead
from bot.matching.sentences import plain_text
from bot.model import Entry

_MOST_IDENTIFIED = 24  # each takes up to a millisecond
_MOST_CHARS = 300
_LEAST_SHARE = 0.1
"""What is rarer is taken for a slip of the identifier."""
# In nats of the identifier: "how much?" is English rather than German by 11, "hotel" by 1.
_CLEAR = 10.0
_SUPPORTED = 2.0
"""What is enough where the phrasing that was found is in that language, too."""


def languages_of_faq(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Give the languages of a FAQ by ISO 639 code, the commonest first.

    What entries say of themselves counts. Those that say nothing are identified, of many of them
    some that are evenly spread.
    """
    counts = Counter(code for entry in entries for code in _told(entry))
    silent = [entry for entry in entries if not entry.language]
    some = silent[:: max(1, -(-len(silent) // _MOST_IDENTIFIED))]
    identified = Counter(language_of(_text(entry)) for entry in some)
    for code, count in identified.items():
        if count >= _LEAST_SHARE * len(some):
            counts[code] += round(count * len(silent) / len(some))
    return tuple(sorted(counts, key=lambda code: (-counts[code], code)))


def asked_in(
    question: str, person: str, languages: Sequence[str], found: str | None = None
) -> str | None:
    """Give the one of some languages that a question is clearly in, rather than in somebody's own.

    Args:
        question: as it was asked.
        person: the language that they are spoken to in, if nothing else is known.
        languages: which it may be: the FAQ's, and the bot's.
        found: the language of the phrasing that came nearest to the question.

    Returns:
        One of the languages; None where it is not clear, or is their own.
    """
    own = primary(person)
    near = primary(found) if found else None
    others = [primary(it) for it in languages]
    best = max(others, key=lambda code: lead(question, code, own), default=own)
    if best == own or lead(question, language_of(question), best) >= _CLEAR:
        return None
    needed = _SUPPORTED if best == near else _CLEAR
    return best if lead(question, best, own) >= needed else None


def _told(entry: Entry) -> set[str]:
    named = (entry.language, *(it.language for it in entry.details.translations))
    return {code for name in named if name and (code := _code(name))}


@lru_cache(maxsize=256)  # thousands of entries name the same few
def _code(name: str) -> str | None:
    tag = language_code(name)
    return primary(tag) if tag else None


def _text(entry: Entry) -> str:
    return f"{entry.question} {plain_text(entry.answer[:_MOST_CHARS])}"
