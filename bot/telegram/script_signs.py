"""Raised and lowered signs, which a message has no format for."""

_RAISED = dict(zip("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))


def raised(text: str) -> str:
    """Raise a text, so that x<sup>2</sup> is not 12 times x; "" where it says the same as it is."""
    if all(char in _RAISED for char in text):
        return "".join(_RAISED[char] for char in text)
    return f"^{text}" if len(text) == 1 and text.isalpha() else ""


def lowered(text: str) -> str:
    """Lower a text; "" where it says the same as it is."""
    return "".join(_LOWERED.get(char, "") for char in text) if set(text) <= _LOWERED.keys() else ""
