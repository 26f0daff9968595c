"""What holds for whatever an importer makes of a file."""

from bot.faq.draft import Parsed
from bot.text import has_words


def assert_imported_well(parsed: Parsed) -> None:
    """Check that drafts can be stored and shown, and that problems tell what to do."""
    for draft in parsed.drafts:
        assert draft.line >= 1
        assert draft.answer.strip()
        assert draft.questions
        assert all(map(has_words, draft.questions))
        for text in (draft.id or "", draft.topic or "", *draft.questions, draft.answer):
            text.encode()
    for problem in parsed.problems:
        assert problem.source.line >= 1
        assert problem.what.endswith(".")
        assert problem.mend.endswith(".")


def told(parsed: Parsed) -> list[tuple[str, str]]:
    """Give each entry's question and answer."""
    return [(it.questions[0], it.answer) for it in parsed.drafts]
