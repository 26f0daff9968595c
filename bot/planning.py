"""What is to serve in the place of what serves: of files, or of an earlier state."""

from collections.abc import Sequence
from functools import cached_property

from bot.errors import FaqbotError
from bot.faq.aliases import with_aliases
from bot.faq.contents import is_as
from bot.faq.difference import difference
from bot.faq.last_good import with_last_good
from bot.matching.apart import texts_to_embed
from bot.model import Entry, Faq
from bot.ports import Index
from bot.publication import History, Pin, Publication
from bot.serving import State


class EmptyFaqError(FaqbotError):
    """There is nothing to index, and nothing is never what an admin wanted to publish."""


class NoSuchStateError(FaqbotError):
    """There is no such state to go back to."""


class Plan:
    """What is to serve in the place of what serves."""

    def __init__(  # noqa: PLR0913 - what there is to tell of it
        self,
        state: State | None,
        old: tuple[Entry, ...],
        entries: tuple[Entry, ...],
        kept_files: tuple[str, ...] = (),
        *,
        pin: Pin | None = None,
        lifts_pin: bool = False,
    ) -> None:
        self.state = state
        """What serves, where it can be used."""
        self.entries = entries
        self.kept_files = kept_files
        self.pin = pin
        """What keeps the files from being published."""
        self.lifts_pin = lifts_pin
        self.difference = difference(old, entries)

    @cached_property
    def texts(self) -> list[str]:
        """Every text whose vector is wanted."""
        return texts_to_embed(self.entries)

    def is_current(self, *, quickly: bool) -> bool:
        """Tell whether this serves already, and all is learnt of it unless it is to be quick."""
        return (
            self.state is not None
            and self.entries == self.state.entries
            and (quickly or not self.state.matcher.edited)
        )

    def is_done(self, *, quickly: bool) -> bool:
        """Tell whether there is nothing to write."""
        return self.is_current(quickly=quickly) and not self.lifts_pin


def plan_update(
    faq: Faq, state: State | None, index: Index, *, force: bool, known: Sequence[Entry] = ()
) -> Plan:
    """Plan to serve what the files say, as far as they can be read.

    Args:
        faq: the FAQ as read.
        state: what serves, where it can be used.
        index: what serves.
        force: whether to serve what was rolled back.
        known: entries whose ids are former ones of these, where nothing serves yet.

    Raises:
        EmptyFaqError: there is not one entry.
    """
    old = state.entries if state else index.entries()
    pin = index.history().pin
    if pin and not force and any(is_as(contents, faq) for contents in pin.refused):
        return Plan(state, old, old, pin=pin)
    entries, kept_files = with_last_good(faq, old)
    if not entries:
        raise EmptyFaqError(_nothing_in(faq))
    return Plan(
        state, old, with_aliases(old or known, entries), kept_files, lifts_pin=pin is not None
    )


def to_go_back_to(history: History, number: int | None) -> Publication:
    """Find the state to go back to.

    Args:
        history: what is kept.
        number: which one; None for the one before the one that serves.

    Raises:
        NoSuchStateError: it is not kept, or serves already.
    """
    found = history.before_serving() if number is None else history.find(number)
    if found and found.number != history.serving:
        return found
    others = [str(it.number) for it in history.publications if it.number != history.serving]
    kept = f"these are kept: {', '.join(others)}" if others else "no other state is kept"
    if found:
        what = f"Number {found.number} serves already"
    elif number is None:
        what = "There is no earlier state to go back to"
    else:
        what = f"There is no state with the number {number}"
    raise NoSuchStateError(f"{what}; {kept}. `faqbot history` tells of them.")


def pin_for(history: History, publication: Publication) -> Pin:
    """Refuse what serves now, and what was refused already, but not what is wanted."""
    serving = history.find(history.serving) if history.serving else None
    refused = [*(history.pin.refused if history.pin else ())]
    if serving and serving.contents not in refused:
        refused.append(serving.contents)
    return Pin(publication.number, tuple(it for it in refused if it and it != publication.contents))


def _nothing_in(faq: Faq) -> str:
    if faq.problems:
        mend = "mend what `faqbot check` finds"
    else:
        mend = (
            'write a Markdown file there, with a heading such as "## When are you open?" for each '
            "question and the answer below it"
        )
    return (
        f"There is no question with an answer in {faq.root}: {mend}. An index that was there "
        "before is left as it is."
    )
