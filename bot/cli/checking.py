"""`faqbot check`: every problem in the FAQ, and what is probably not meant so."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from bot.app import bands_in_effect, open_vectorizer, pinned_number
from bot.cli.annotations import annotation, notice
from bot.cli.console import Output, counted, problem_as_json
from bot.errors import FaqbotError
from bot.faq.folder import read_faq
from bot.faq.lines import Lines
from bot.inspecting import in_order, lint_files
from bot.linting.languages import lint_languages
from bot.linting.meaning import Linted, lint_meaning
from bot.model import Faq, Problem
from bot.settings import Settings
from bot.wording.saying import held_back
from bot.wording.wording_file import WordingFile

_MOST_OF_A_KIND = 20
_ADVICE = frozenset(("few-phrasings",))
"""What no edit has broken, so that it fails no check, however strict."""


class Form(StrEnum):
    """How problems are listed."""

    TEXT = "text"
    GITHUB = "github"


async def check_faq(
    settings: Settings, output: Output, *, quick: bool, strict: bool, form: Form | None
) -> int:
    """Print what is wrong with the FAQ.

    Args:
        settings: the settings.
        output: where to tell it.
        quick: whether to leave out what needs the embedding model.
        strict: whether warnings count.
        form: how to list problems; None takes what suits where this runs.

    Returns:
        The exit status: 1 if there is an error, or nothing to answer from.
    """
    faq = read_faq(settings.faq_path)
    linted = await _linted(faq, settings, output, quick=quick)
    wording = map(Lines(faq.root).excerpted, WordingFile(settings.wording_path).refresh())
    problems = in_order([*faq.problems, *linted.problems, *wording])
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    phrasings = sum(len(entry.phrasings) for entry in faq.entries)
    if not output.as_json:
        _list(faq.root, problems, settings, output, form)
    for note in linted.notes:
        output.aside(note)
    output.line(
        f"{counted(len(faq.entries), 'answer')} to {counted(phrasings, 'phrasing')} in "
        f"{counted(len(faq.files), 'file')}; {counted(errors, 'error')}, "
        f"{counted(warnings, 'warning')}."
    )
    if not faq.entries and not faq.problems:
        output.line(
            f'There is no question in {settings.faq_path} yet: write a heading such as "## When '
            'are you open?" in a Markdown file there, and the answer below it.'
        )
    pinned = pinned_number(settings)
    if pinned is not None:
        output.line(held_back(pinned))
    output.json(
        {
            "entries": len(faq.entries),
            "phrasings": phrasings,
            "files": list(faq.files),
            "errors": errors,
            "warnings": warnings,
            "pinned": pinned,
            "problems": [problem_as_json(faq.root, problem) for problem in problems],
            "notes": linted.notes,
        }
    )
    failing = sum(it.kind not in _ADVICE for it in problems) if strict else errors
    return 1 if failing or not faq.entries else 0


async def _linted(faq: Faq, settings: Settings, output: Output, *, quick: bool) -> Linted:
    """Look for what is probably not meant so, by meaning only where that can be had."""
    by_meaning = Linted((), {})
    languages: list[Problem] = []
    if not quick:
        try:
            async with open_vectorizer(settings) as vectorizer:
                languages += lint_languages(faq.entries, vectorizer.languages)
                with output.progress("Embedding the FAQ") as progress:
                    by_meaning = await lint_meaning(
                        faq,
                        vectorizer,
                        bands_in_effect(settings),
                        settings.off_topic_share,
                        progress,
                    )
                output.usage(vectorizer.usage)
        except FaqbotError as error:
            by_meaning = Linted((), {}, (f"Questions were not compared by meaning. {error}",))
    problems = [*lint_files(faq, by_meaning.nearness), *languages, *by_meaning.problems]
    excerpted = map(Lines(faq.root).excerpted, in_order(problems))
    return Linted(tuple(excerpted), by_meaning.nearness, by_meaning.notes)


def _list(
    root: Path,
    problems: Sequence[Problem],
    settings: Settings,
    output: Output,
    form: Form | None,
) -> None:
    """List the errors, and of each kind of warning the first few."""
    shown, further = _first_of_each_kind(problems)
    workspace = settings.github_workspace
    in_github = form is Form.GITHUB or (form is None and workspace is not None)
    if in_github:
        for problem in shown:
            output.line(annotation(root, workspace or Path(), problem))
    else:
        output.problems(root, tuple(shown))
    for kind, count in further.items():
        text = f"{count:,} more warnings of the kind {kind}; --json lists all."
        output.line(notice(text)) if in_github else output.aside(text)


def _first_of_each_kind(problems: Sequence[Problem]) -> tuple[list[Problem], Counter[str]]:
    """Give the problems to show, and how many more there are of each kind."""
    counts = Counter[str]()
    shown, further = [], Counter[str]()
    for problem in problems:
        is_warning = problem.severity == "warning"
        counts[problem.kind] += is_warning
        if is_warning and counts[problem.kind] > _MOST_OF_A_KIND:
            further[problem.kind] += 1
        else:
            shown.append(problem)
    return shown, further
