"""YAML: a list of entries, alone or as `entries:` beside defaults for the whole file.

Each entry has `question` (or `questions`) and `answer`, and the properties of every format. Other
forms, such as Microsoft's `YamlMime:FAQ` and the data files of site generators, are read as well.
"""

from bot.faq.collection import read_collection
from bot.faq.draft import Parsed
from bot.faq.yaml_tree import YamlError, parse_yaml

_MEND = "Begin each entry with `- question: …` and give it an `answer: …` below, indented alike."


def parse_yaml_faq(text: str, file: str) -> Parsed:
    """Parse a YAML file."""
    parsed = Parsed(file)
    try:
        tree = parse_yaml(text, on_repeat=parsed.error)
    except YamlError as error:
        parsed.unreadable(error.line, error.what, error.mend)
        return parsed
    if tree is not None:
        read_collection(tree, parsed, _MEND)
    return parsed
