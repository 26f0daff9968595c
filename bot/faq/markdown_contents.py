"""Tables of contents: texts that only point to the headings of the same file."""

import re
from collections.abc import Collection, Sequence

from bot.faq.markdown_marks import without_number
from bot.faq.markdown_titles import bare, is_contents_title, is_question

_LONGEST_MARK = 200
_LINK = re.compile(r"\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]\((#[^()\s]*+)?+[^()]*+\)")
_CONTENTS_MARK = re.compile(
    r".*\{:toc\}|\[\[?_?toc_?\]?\]|\{\{[<%].*toc.*\}\}", re.IGNORECASE | re.DOTALL
)


def is_contents(title: str, texts: Sequence[str], titles: Collection[str]) -> bool:
    """Tell a table of contents.

    Args:
        title: of the section.
        texts: its paragraphs and items, in Markdown.
        titles: of all sections, for comparison.
    """
    if texts and all(map(_is_mark, texts)):
        return True
    if is_contents_title(title):
        pointers = sum(_points(text, titles) or bool(_LINK.search(text)) for text in texts)
        return bool(texts) and 2 * pointers >= len(texts)
    labelled = {text: _without_links(text).split("*gen")[0] for text in texts}
    pointing = [text for text, label in labelled.items() if not is_contents_title(label)]
    # One link alone is an answer that points to another one.
    return len(pointing) > 1 and all(_points(text, titles) for text in pointing)


def _is_mark(text: str) -> bool:
    return len(text) <= _LONGEST_MARK and bool(_CONTENTS_MARK.fullmatch(text))


def _points(text: str, titles: Collection[str]) -> bool:
    links = _LINK.findall(text)
    rest = _LINK.sub("", text).strip(" |·•,\n*_")
    if links and not rest and all(address for _, address in links):
        return True
    plain = without_number(_without_links(text))
    return (bool(links) or is_question(plain)) and bare(plain) in titles


def _without_links(text: str) -> str:
    return _LINK.sub(r"\1", text)
