"""JSON Lines: one entry a line, such as `{"id": str, "questions": [str, ...], "answer": str}`.

The names and the properties are those of every format; keys of other programs are left alone.
"""

from bot.faq.draft import Parsed
from bot.faq.json_tree import JsonError, parse_json
from bot.faq.record import Context, Kind, add_record, kind_of
from bot.faq.yaml_tree import Fields, Tree

_MEND = (
    "Write one entry a line, with no commas between the lines, such as "
    '{"id": "opening-hours", "questions": ["When are you open?"], "answer": "…"}.'
)
_CONTEXT = Context(_MEND)


def parse_jsonl(text: str, file: str) -> Parsed:
    """Parse a JSON Lines file."""
    parsed = Parsed(file)
    values: list[tuple[int, Tree]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            values += ((number, value) for value in _parse_line(line, number, parsed))
    kinds = {kind_of(value) for _, value in values if isinstance(value, Fields)}
    if values and not kinds & {Kind.ENTRY, Kind.FAULTY}:
        parsed.not_faq(
            values[0][0],
            "No line of this file has a question or an answer.",
            f"{_MEND} If it is no FAQ, begin its name with an underscore.",
        )
        return parsed
    for number, value in values:
        if isinstance(value, Fields):
            add_record(value, _CONTEXT, parsed)
        else:
            parsed.error(number, "This line is JSON, but not an object in braces.", _MEND)
    return parsed


def _parse_line(line: str, number: int, into: Parsed) -> list[Tree]:
    try:
        values = list(parse_json(line, into.error, number))
    except JsonError as error:
        into.error(number, f"{error.what[:-1]} (column {error.column}).", _MEND)
        return []
    if len(values) == 1:
        return values
    into.error(number, "This line holds more than one entry.", _MEND)
    return []
