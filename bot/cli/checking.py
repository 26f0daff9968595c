"""`faqbot check`: every problem in the FAQ."""

from bot.app import pinned_number
from bot.cli.console import Output, counted, problem_as_json
from bot.faq.folder import read_faq
from bot.settings import Settings
from bot.wording import held_back


def check_faq(settings: Settings, output: Output) -> int:
    """Print what is wrong with the FAQ.

    Returns:
        The exit status: 1 if there is an error, or nothing to answer from.
    """
    faq = read_faq(settings.faq_path)
    phrasings = sum(len(entry.phrasings) for entry in faq.entries)
    errors = sum(problem.severity == "error" for problem in faq.problems)
    warnings = len(faq.problems) - errors
    if not output.as_json:
        output.problems(faq.root, faq.problems)
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
            "problems": [problem_as_json(faq.root, problem) for problem in faq.problems],
        }
    )
    return 1 if errors or not faq.entries else 0
