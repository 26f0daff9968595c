"""YAML: a list of entries, alone or as `entries:` beside defaults for the whole file.

Each entry has `question` (or `questions`) and `answer`, and the properties of every format.
"""

from bot.faq.draft import Parsed
from bot.faq.properties import (
    COMMENT_KEYS,
    DEFAULTS,
    Properties,
    check_keys,
    read_properties,
    read_text,
    read_texts,
)
from bot.faq.yaml_tree import Fields, Items, Tree, YamlError, parse_yaml

_ENTRY_KEYS = ("question", "questions", "answer", *COMMENT_KEYS)
_MEND = "Begin each entry with `- question: …` and give it an `answer: …` below, indented alike."


def parse_yaml_faq(text: str, file: str) -> Parsed:
    """Parse a YAML file."""
    parsed = Parsed(file)
    try:
        tree = parse_yaml(text)
    except YamlError as error:
        parsed.unreadable(error.line, error.what, error.mend, column=error.column)
        return parsed
    if tree is None:
        return parsed
    defaults = Properties()
    entries: Tree | None = tree
    if isinstance(tree, Fields):
        entries = tree.values.get("entries")
    if not isinstance(entries, Items):
        parsed.unreadable(tree.line, "This file holds no list of entries.", _MEND)
        return parsed
    if isinstance(tree, Fields):
        defaults = read_properties(tree, parsed)
        check_keys(tree, ("entries", *DEFAULTS), parsed)
    for entry in entries.values:
        if isinstance(entry, Fields):
            _parse_entry(entry, defaults, parsed)
        else:
            parsed.error(entry.line, "This is not an entry.", _MEND)
    return parsed


def _parse_entry(entry: Fields, defaults: Properties, into: Parsed) -> None:
    check_keys(entry, _ENTRY_KEYS, into)
    properties = read_properties(entry, into).over(defaults)
    questions = (
        *read_texts(entry, "question", into),
        *read_texts(entry, "questions", into),
        *properties.also,
    )
    if not questions:
        into.error(entry.line, "This entry has no question.", _MEND)
        return
    into.add(
        entry.line,
        questions,
        read_text(entry, "answer", into) or "",
        id=properties.id,
        topic=properties.topic,
        language=properties.language,
        details=properties.details,
    )
