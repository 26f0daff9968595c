"""The FAQ's files looked at for problems, as far as that needs no embedding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app import messages_of
from bot.faq.folder import read_faq
from bot.faq.lint import lint_text
from bot.faq.references import lint_references
from bot.linting.phrasings import lint_phrasings
from bot.model import Faq, Problem
from bot.settings import Settings

_NOT_COMPARED: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class Inspection:
    """The FAQ as it stands in its files, and what is wrong with it."""

    faq: Faq
    problems: tuple[Problem, ...]
    """In the order of files and lines."""

    @property
    def errors(self) -> int:
        """How many of them keep something out of the index."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many do not."""
        return len(self.problems) - self.errors


def inspect_files(settings: Settings) -> Inspection:
    """Read the FAQ and look for everything that can be told at once.

    Raises:
        FaqPathError: there is no FAQ.
    """
    faq = read_faq(settings.faq_path)
    return Inspection(faq, in_order([*faq.problems, *lint_files(faq)]))


def lint_files(faq: Faq, nearness: Mapping[str, float] = _NOT_COMPARED) -> list[Problem]:
    """Look for what is probably not meant so.

    Args:
        faq: the FAQ.
        nearness: how near each entry is to others, by id, where they were compared.
    """
    return [
        *lint_text(faq, datetime.now().astimezone().date(), messages_of),
        *lint_references(faq.root, faq.entries),
        *lint_phrasings(faq.entries, nearness),
    ]


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Put problems into the order of files, lines and columns."""
    return tuple(sorted(problems, key=lambda it: (it.source.file, it.source.line, it.column)))
