"""An answer to the sentences that a question may resemble."""

import re

from bot.text import has_words, one_line

MOST_SENTENCES = 8
_BORDER = re.compile(r"(?<=[.!?])\s+|(?<=[。！？।؟])|\n+")  # noqa: RUF001 - full-width on purpose
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s[^()]*)?\)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CODE = re.compile(r"^[ \t]*(```+|~~~+).*?(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_MARKS = re.compile(r"[`*#>|_\[\]~]+")


def plain_text(markdown: str) -> str:
    """Drop what is markup and no words: good enough to compare texts, not to show them."""
    return _MARKS.sub(" ", _LINK.sub(r"\1", _COMMENT.sub(" ", markdown)))


def sentences(markdown: str) -> tuple[str, ...]:
    """Give the first sentences of an answer, without its markup, none twice.

    Code says nothing in sentences, and what an example holds is not what the answer is about.
    """
    found: dict[str, None] = {}
    for part in _BORDER.split(plain_text(_CODE.sub("\n", markdown))):
        sentence = one_line(part)
        if has_words(sentence):
            found[sentence] = None
            if len(found) == MOST_SENTENCES:
                break
    return tuple(found)
