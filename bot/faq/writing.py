"""Entries as the text of a new file, read back and compared before anyone relies on it."""

from collections.abc import Callable, Mapping, Sequence

from bot.errors import FaqbotError
from bot.faq.draft import Draft, Parsed
from bot.faq.fields import as_drafts, placeless
from bot.faq.json_writer import write_jsonl
from bot.faq.jsonl_format import parse_jsonl
from bot.faq.markdown_format import parse_markdown
from bot.faq.markdown_writer import write_markdown
from bot.faq.yaml_format import parse_yaml_faq
from bot.faq.yaml_writer import write_yaml
from bot.model import Entry

_WRITERS: Mapping[str, tuple[Callable[[Sequence[Draft]], str], Callable[[str, str], Parsed]]] = {
    "markdown": (write_markdown, parse_markdown),
    "yaml": (write_yaml, parse_yaml_faq),
    "jsonl": (write_jsonl, parse_jsonl),
}


class UnwritableError(FaqbotError):
    """Some entries would not come back as they are from a file of this format."""


def write_entries(entries: Sequence[Entry], form: str) -> str:
    """Write entries as Markdown, YAML or JSON Lines.

    Args:
        entries: the entries, their ids written down with them.
        form: `markdown`, `yaml` or `jsonl`.

    Raises:
        UnwritableError: the text does not read back as the same entries.
    """
    return write_drafts([draft for entry in entries for draft in as_drafts(entry)], form)


def write_drafts(drafts: Sequence[Draft], form: str) -> str:
    """Write drafts as Markdown, YAML or JSON Lines.

    Raises:
        UnwritableError: the text does not read back as the same drafts.
    """
    write, parse = _WRITERS[form]
    text = write(drafts)
    meant, found = placeless(drafts), placeless(parse(text, "").drafts)
    if meant != found:
        lost = next(
            (a for a, b in zip(meant, found, strict=False) if a != b),
            meant[min(len(found), len(meant) - 1)],
        )
        raise UnwritableError(
            f'The entry "{lost.id or lost.questions[0]}" cannot be written as {_NAMES[form]} '
            "without a change, because its answer holds something that means something else there "
            "(such as a heading of the highest level, or a comment): choose YAML instead."
        )
    return text


_NAMES = {"markdown": "Markdown", "yaml": "YAML", "jsonl": "JSON Lines"}
