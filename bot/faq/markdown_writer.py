"""Drafts as a Markdown file: topics are headings above the questions, properties are comments.

Not every answer can stand in Markdown: one that has a heading of the highest level, for example,
or a comment. Whoever writes a file reads it back and compares, see `writing.py`.
"""

from collections.abc import Collection, Iterable, Sequence

from markdown_it import MarkdownIt

from bot.faq.draft import Draft
from bot.faq.fields import Value, properties_of
from bot.faq.markdown_format import parse_markdown
from bot.faq.markdown_titles import is_faq
from bot.faq.yaml_text import write_fields

_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_MOST_MEANINGFUL = frozenset("\\`*_[]<>&#{}")
_BLOCKS = MarkdownIt("commonmark").enable("table").disable("inline")
_QUESTION_LEVEL = 2


def write_markdown(drafts: Sequence[Draft]) -> str:
    """Write drafts below headings of one level, in their order."""
    level = min(_QUESTION_LEVEL, *(_shallowest_heading(it.answer) - 1 for it in drafts), 6)
    level = max(level, 1)
    # A heading holds for all below it, so there cannot be some if an entry has no topic; and one
    # that says "FAQ" is no topic beside others.
    topics = {draft.topic for draft in drafts}
    are_topics = len(topics) == 1 or not any(is_faq(topic or "") for topic in topics)
    has_headings = level > 1 and None not in topics and are_topics
    lines: list[str] = []
    topic = None
    for draft in drafts:
        if has_headings and draft.topic and draft.topic != topic:
            topic = draft.topic
            lines += [f"# {heading_text(topic)}", ""]
        inherited = {"topic"} if has_headings else set[str]()
        lines += [*markdown_entry(draft, level, inherited), ""]
    return "\n".join(lines)


def markdown_entry(draft: Draft, level: int, inherited: Iterable[str] = ()) -> list[str]:
    """Write one entry as lines.

    Args:
        draft: the entry.
        level: how many # its heading gets.
        inherited: the properties that it has from what stands above it.
    """
    properties = properties_of(draft)
    for key in inherited:
        properties.pop(key, None)
    comment = markdown_comment(properties)
    heading = f"{'#' * level} {heading_text(draft.questions[0])}"
    return [heading, *(comment or [""]), *draft.answer.split("\n")]


def markdown_comment(properties: dict[str, Value]) -> list[str]:
    """Write properties as the comment below a heading; nothing where there are none."""
    if not properties:
        return []
    lines = write_fields(properties)
    return [f"<!-- {lines[0]} -->"] if len(lines) == 1 else ["<!--", *lines, "-->"]


def heading_text(text: str) -> str:
    """Write a text so that Markdown shows it as it is, with as few backslashes as will do."""
    # What is in brackets may be a link to an address that stands elsewhere in the file.
    plain = [] if "[" in text else [text]
    for written in (*plain, _escaped(text, _MOST_MEANINGFUL)):
        if _is_shown_as(written, text):
            return written
    written = _escaped(text, _PUNCTUATION)
    if _is_shown_as(written, text):
        return written
    # A number or a mark of another script, for which there is no backslash.
    return f"&#{ord(text[0])};{_escaped(text[1:], _PUNCTUATION)}"


def _escaped(text: str, signs: Collection[str]) -> str:
    return "".join(f"\\{char}" if char in signs else char for char in text)


def _is_shown_as(written: str, text: str) -> bool:
    parsed = parse_markdown(f"## {written}\n\na\n", "")
    return [draft.questions[0] for draft in parsed.drafts] == [text]


def _shallowest_heading(answer: str) -> int:
    if "#" not in answer and "\n" not in answer:
        return 7
    tokens = _BLOCKS.parse(answer)
    levels = (int(it.tag[1:]) for it in tokens if it.type == "heading_open" and it.level == 0)
    return min(levels, default=7)
