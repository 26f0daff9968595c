"""Keeping spreadsheets from running what is only text.

A cell of a CSV file that begins with =, +, - or @ is a formula to every spreadsheet, even where it
is a list with dashes, the number of a chat, or somebody's attack. An apostrophe before it makes it
a text; reading takes the apostrophe away again.
"""

import re

# The wide forms begin formulas in spreadsheets set to East Asian languages.
_FORMULA = re.compile("'*[=+\\-@\t\uff1d\uff0b\uff0d\uff20]")


def guard(text: str) -> str:
    """Make a text safe as the cell of a CSV file."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(cell: str) -> str:
    """Give the text of a cell that may have been made safe."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
