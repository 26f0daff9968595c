"""Drafts as a YAML file."""

from collections.abc import Iterable

from bot.faq.draft import Draft
from bot.faq.fields import Value, properties_of
from bot.faq.yaml_text import write_fields


def write_yaml(drafts: Iterable[Draft]) -> str:
    """Write drafts as a list of entries."""
    return "\n".join(line for draft in drafts for line in [*yaml_item(draft), ""])


def yaml_item(draft: Draft, indent: str = "", inherited: Iterable[str] = ()) -> list[str]:
    """Write one item of the list, as lines.

    Args:
        draft: the entry.
        indent: what stands before the dash.
        inherited: the properties that the file says for all its entries.
    """
    fields = yaml_fields(draft)
    for key in inherited:
        del fields[key]
    lines = write_fields(fields, indent + "  ")
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def yaml_fields(draft: Draft) -> dict[str, Value]:
    """Give a draft's fields in the order in which they are written."""
    properties = properties_of(draft)
    first = {key: properties.pop(key) for key in ("id",) if key in properties}
    questions = {"question": draft.questions[0]}
    also = {key: properties.pop(key) for key in ("also",) if key in properties}
    return {**first, **questions, **also, **properties, "answer": draft.answer}
