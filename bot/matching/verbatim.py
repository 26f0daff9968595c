"""Questions that stand in the FAQ word for word: nothing to compare, and nothing to doubt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.model import Match
from bot.text import normalise, one_line


@dataclass(frozen=True, slots=True)
class Verbatim:
    """The FAQ's phrasings by what they have in common with equal texts."""

    as_written: dict[str, tuple[Match, ...]]
    folded: dict[str, tuple[Match, ...]]
    """Without case, width, and punctuation at the end."""

    @classmethod
    def of(cls, ids: Sequence[str], phrasings: Sequence[Sequence[str]]) -> "Verbatim":
        """Collect each entry's phrasings."""
        return cls(_by_text(ids, phrasings, _as_written), _by_text(ids, phrasings, _bare))

    def match(self, text: str) -> Match | None:
        """Give the entry that has this text as a phrasing, if it is exactly one."""
        for found in (self.as_written.get(one_line(text)), self.folded.get(_bare(text))):
            if found:
                return found[0] if len({it.entry_id for it in found}) == 1 else None
        return None


# With every edit all phrasings come again, and hardly one is new.
_MOST_REMEMBERED = 50_000
_as_written = lru_cache(maxsize=_MOST_REMEMBERED)(one_line)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _bare(text: str) -> str:
    """Leave out all that does not change which question it is."""
    return normalise(text).rstrip("?!. ")


def _by_text(
    ids: Sequence[str], phrasings: Sequence[Sequence[str]], same: Callable[[str], str]
) -> dict[str, tuple[Match, ...]]:
    found: dict[str, tuple[Match, ...]] = {}
    for id_, group in zip(ids, phrasings, strict=True):
        for phrasing in group:
            key = same(phrasing)
            found[key] = (*found.get(key, ()), Match(id_, phrasing, 1.0))
    return found
