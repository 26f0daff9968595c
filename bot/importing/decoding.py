"""Bytes of unknown origin to text."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In the first kilobyte, as browsers look for it (WHATWG HTML, 13.2.3.2).
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_DECLARED_WITHIN = 1024
_FALLBACK = "cp1252"


def decode(data: bytes) -> tuple[str, bool]:
    """Decode a text: by its mark, as UTF-8, as it declares, else as Windows-1252.

    Returns:
        The text, with line ends as on Unix, and whether the encoding is a guess.
    """
    text, is_guess = _decode(data)
    return text.replace("\r\n", "\n").replace("\r", "\n"), is_guess


def _decode(data: bytes) -> tuple[str, bool]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), False
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    if declared:
        try:
            return data.decode(declared[1].decode("ascii"), errors="replace"), False
        except (LookupError, UnicodeError):
            pass
    return data.decode(_FALLBACK, errors="replace"), True
