"""JSON: a list of entries, or an object that holds one, as bots, shops and websites export them.

Among them schema.org's `FAQPage`, sections with a name of their own, and an object that maps each
question to its answer. Several values, one behind the other, are taken for a list.
"""

from bot.faq.collection import read_collection
from bot.faq.draft import Parsed
from bot.faq.json_tree import JsonError, parse_json
from bot.faq.yaml_tree import Items, Tree

_MEND = 'Write a list of entries, such as [{"question": "When are you open?", "answer": "Daily."}].'


def parse_json_faq(text: str, file: str) -> Parsed:
    """Parse a JSON file."""
    parsed = Parsed(file)
    values: list[Tree] = []
    try:
        values.extend(parse_json(text, parsed.error))
    except JsonError as error:
        parsed.unreadable(error.line, error.what, error.mend)
        return parsed
    if values:
        tree = values[0] if len(values) == 1 else Items(values[0].line, tuple(values))
        read_collection(tree, parsed, _MEND)
    return parsed
