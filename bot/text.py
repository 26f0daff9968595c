"""What counts as text: cleaning, comparing, and telling words from mere signs."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_REPEATED_PUNCTUATION = re.compile(r"([^\w\s])\1+")
_KEYCAP = re.compile("[0-9#*]\ufe0f?\u20e3")
_SHOWN_AS_EMOJI = re.compile(".\ufe0f", re.DOTALL)
# Letters by category, yet nothing that anyone could see.
_HANGUL_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")


def clean(text: str) -> str:
    """Drop what no reader can see and no encoder can send, and trim the rest.

    Lone surrogates (from undecodable bytes) cannot be encoded; control characters, except line
    breaks and tabs, only ever arrive by accident.
    """
    return sendable(text).strip()


def sendable(text: str) -> str:
    """Do the same without trimming: indentation may mean something."""
    if text.replace("\n", "").isprintable():
        return text  # most are
    # Far fewer characters differ than there are in a text.
    unwanted = {
        ord(char): " " if char.isspace() else ""  # rare line breaks part words all the same
        for char in set(text)
        if unicodedata.category(char) in {"Cc", "Cs", "Co"} and char not in "\n\t"
    }
    return text.translate(unwanted) if unwanted else text


def one_line(text: str) -> str:
    """Clean a text and put it on a single line: the form of questions, ids and topics."""
    return _SPACES.sub(" ", clean(text)).strip()


def normalise(text: str) -> str:
    """Fold what does not change a text's meaning: case, width, spacing, repeated punctuation.

    NFKC and case folding as the Unicode standard defines them (UAX #15; Unicode 3.13). Normalising
    twice changes nothing.
    """
    visible = clean(text)
    if visible.isascii():
        return _REPEATED_PUNCTUATION.sub(r"\1", " ".join(visible.lower().split()))
    unseen = [char for char in set(visible) if unicodedata.category(char) == "Cf"]
    folded = unicodedata.normalize("NFKC", visible.translate(dict.fromkeys(map(ord, unseen))))
    # Folding can make letters that compose, and composing letters that fold.
    while (again := unicodedata.normalize("NFKC", folded.casefold())) != folded:
        folded = again
    return _REPEATED_PUNCTUATION.sub(r"\1", " ".join(folded.split()))


def quieted(text: str) -> str:
    """Fold width, spacing and repeated punctuation, and the case of what is shouted only."""
    visible = clean(text)
    unseen = [char for char in set(visible) if unicodedata.category(char) == "Cf"]
    folded = unicodedata.normalize("NFKC", visible.translate(dict.fromkeys(map(ord, unseen))))
    plain = _REPEATED_PUNCTUATION.sub(r"\1", " ".join(folded.split()))
    # Counted last, since signs such as ℡ unfold to capitals.
    small = sum(char.islower() for char in plain)
    return normalise(text) if sum(char.isupper() for char in plain) > small else plain


def has_words(text: str) -> bool:
    """Tell whether there is a letter or a digit to understand.

    Emoji, punctuation and invisible characters alone still get a vector from every embedding
    model, one that lies near everything, so such a text must not be embedded.
    """
    plain = _SHOWN_AS_EMOJI.sub("", _KEYCAP.sub("", text))
    return any(
        unicodedata.category(char)[0] in "LN" and char not in _HANGUL_FILLERS for char in plain
    )


def cut(text: str, *, max_bytes: int) -> str:
    """Cut a text to at most `max_bytes` of UTF-8, never inside a character."""
    encoded = text.encode()
    if len(encoded) <= max_bytes:
        return text
    return encoded[:max_bytes].decode(errors="ignore")


def utf16_units(text: str) -> int:
    """Measure a text as Telegram does."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2
