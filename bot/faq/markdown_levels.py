"""At which level a Markdown file's headings are questions."""

import itertools
from collections.abc import Sequence

from bot.faq.markdown_sections import Section
from bot.faq.markdown_titles import is_asked

_TITLE_LEVEL = 1
_NO_LEVEL = 1000


def question_level(roots: Sequence[Section], title: Section | None) -> tuple[int, bool]:
    """Find the level of the headings that are questions, and tell whether they ask.

    It is the shallowest one on which two or more have text of their own, unless on a deeper one
    they ask and there they do not.
    """
    headings = [it for root in roots for it in root.walk() if it.is_heading and it is not title]
    with_text = [it for it in headings if it.has_text]
    levels = sorted({it.level for it in with_text})
    several = [n for n in levels if sum(it.level == n for it in with_text) > 1]
    for level in several:
        on_level = [it for it in headings if it.level == level and not it.is_contents]
        asked = [it for it in on_level if is_asked(it.title)]
        shallower = [it for it in with_text if it.level < level and not it.sections]
        if len(asked) > 1 and 2 * len(asked) >= len(on_level) and len(asked) >= len(shallower):
            return level, True
    for level, deeper in itertools.pairwise(several):
        if _is_level_of_groups([it for it in headings if it.level == level], deeper):
            return deeper, False
    if several:
        return several[0], False
    # A file of one question, perhaps below a title that has an introduction.
    if title and title.has_text:
        levels.append(_TITLE_LEVEL)
    below_title = [level for level in levels if level > _TITLE_LEVEL]
    return min(below_title or levels, default=_NO_LEVEL), False


def _is_level_of_groups(headings: Sequence[Section], deeper: int) -> bool:
    """Tell a level on which most headings only group those of a deeper one."""
    inside = [
        sum(it.level == deeper and it.has_text for it in heading.sections) for heading in headings
    ]
    groups = [heading for heading, count in zip(headings, inside, strict=True) if count]
    without_text = [it for it in groups if not it.has_text]
    with_text = [it for it in headings if it.has_text]
    return (
        2 * len(groups) >= len(headings)
        and 2 * len(without_text) >= len(groups)
        and sum(inside) >= 2 * len(with_text)
    )
