"""Imported answers as they will read once they are Markdown in the FAQ.

Markdown's reader leaves out what stands around an answer on a page: rules, `A:`, ways back to the
top. An answer that keeps them could not be written down, as it would not be read back as it is.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.faq.draft import Draft
from bot.faq.markdown_format import parse_markdown
from bot.faq.markdown_writer import heading_text


def settle(drafts: Iterable[Draft]) -> list[Draft]:
    """Give drafts with their answers as the Markdown reader gives them back, where it does."""
    return [_settled(draft) for draft in drafts]


def _settled(draft: Draft) -> Draft:
    question = draft.questions[0]
    read = parse_markdown(f"## {heading_text(question)}\n\n{draft.answer}\n", "").drafts
    if len(read) != 1 or read[0].questions != (question,) or read[0].id:
        return draft
    return replace(draft, answer=read[0].answer)
