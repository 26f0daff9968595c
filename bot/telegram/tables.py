"""Tables as columns of fixed-width text, where these fit a phone."""

from collections.abc import Sequence
from itertools import zip_longest

from apsw import unicode as segments

MAX_COLUMNS = 32
"""How many fixed-width letters a phone shows in a line of a message."""

_BETWEEN = " | "
_BELOW_HEADER = "-+-"
_SHOWN_AS_EMOJI = "\ufe0f"


def grid(rows: Sequence[Sequence[str]], alignments: Sequence[str]) -> str | None:
    """Lay out a table in columns.

    Args:
        rows: the texts of its cells, which may have several lines; the first row is the header.
        alignments: for each column "left", "right", "center" or "" (left).

    Returns:
        Lines of text for a fixed-width font; None where they are too long for a phone.
    """
    cells = [[cell.split("\n") for cell in row] for row in rows]
    widths = [
        max(width(line) for cell in column for line in cell) for column in zip(*cells, strict=True)
    ]
    if sum(widths) + len(_BETWEEN) * (len(widths) - 1) > MAX_COLUMNS:
        return None
    header, *body = (
        "\n".join(
            _BETWEEN.join(map(_aligned, line, widths, alignments)).rstrip()
            for line in zip_longest(*row, fillvalue="")
        )
        for row in cells
    )
    rule = _BELOW_HEADER.join("-" * width for width in widths)
    return "\n".join([header, rule, *body])


def width(text: str) -> int:
    """Measure a line in columns: an East Asian letter and an emoji take two."""
    return sum(
        2 if _SHOWN_AS_EMOJI in cluster else max(segments.text_width(cluster), 0)
        for cluster in segments.grapheme_iter(text)
    )


def _aligned(text: str, columns: int, alignment: str) -> str:
    missing = columns - width(text)
    before = {"right": missing, "center": missing // 2}.get(alignment, 0)
    return " " * before + text + " " * (missing - before)
