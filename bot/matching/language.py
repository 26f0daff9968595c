"""Which languages a FAQ speaks, and whether a question is in another one.

Words of another language have nothing in common with the FAQ's, which says nothing about whether
the FAQ has the answer: meaning crosses languages, words do not.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.on_disk import numbers_of, rows_of
from bot.text import normalise

_MOST_CHARS = 1000
_SHARE_OF_TEXTS = 0.1
# In nats of the identifier, which counts bytes as independent and so exaggerates.
_DOUBTFUL, _SOFTNESS = 8.0, 2.0

_loading = Lock()


def languages_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Give the languages that at least a tenth of the texts are in, by ISO 639 code, sorted."""
    counts = Counter(map(language_of, texts))
    if not counts:
        return ()
    least = _SHARE_OF_TEXTS * counts.total()
    commonest = min(counts, key=lambda code: (-counts[code], code))
    return tuple(sorted({code for code, n in counts.items() if n >= least} | {commonest}))


def foreignness(text: str, languages: Sequence[str]) -> float:
    """Give how surely a text is in none of these languages, from 0 to 1."""
    if not languages:
        return 0.0
    scores = _scores(text)
    ahead = float(scores.max()) - max(_of(scores, code) for code in languages)
    if ahead == math.inf:
        return 1.0
    return 1 / (1 + math.exp(min((_DOUBTFUL - ahead) / _SOFTNESS, 50.0)))


def language_of(text: str) -> str:
    """Give the likeliest language of a text, by ISO 639-1 code."""
    return _codes()[int(_scores(text).argmax())]


def lead(text: str, one: str, other: str) -> float:
    """Give how much likelier a text is in one language than in another, as a log-likelihood ratio.

    0 for languages that cannot be told.
    """
    places = _places()
    if one not in places or other not in places:
        return 0.0
    scores = _scores(text)
    return float(scores[places[one]] - scores[places[other]])


def warm_up() -> None:
    """Load the identifier, which takes most of a second."""
    _scores("warm up")


@lru_cache(maxsize=2048)
def _scores(text: str) -> npt.NDArray[np.float32]:
    """Give the log-likelihood of each language, in the order of `_codes`."""
    # What it has for everybody sorts all of them with each text, which takes twice as long.
    scores: npt.NDArray[np.float32] = _identifier()._decide(  # noqa: SLF001 - see above
        normalise(text)[:_MOST_CHARS]
    )
    return scores


def _of(scores: npt.NDArray[np.float32], code: str) -> float:
    place = _places().get(code)
    return -math.inf if place is None else float(scores[place])


def _codes() -> Sequence[str]:
    codes: Sequence[str] = _identifier().nb_classes
    return codes


@lru_cache(maxsize=1)
def _places() -> dict[str, int]:
    """Give where each language stands; one in two scripts counts where it comes first."""
    codes = _codes()
    return {code: codes.index(code) for code in codes}


def _identifier() -> Any:
    with _loading:  # two at once would take twice the memory
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    return load_identifier()


def load_identifier() -> Any:  # the library has no types
    """Load the identifier, its large tables on disk where this process keeps such there.

    One says where each byte leads to, the other what each feature tells of each language; no text
    has many of either.
    """
    from py3langid.langid import (  # noqa: PLC0415 - takes most of a second to load
        MODEL_DIR,
        MODEL_FILE,
        LanguageIdentifier,
    )
    from py3langid.modelio import load_model  # noqa: PLC0415

    likelihoods, priors, languages, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    return LanguageIdentifier(
        rows_of(likelihoods), priors, languages, numbers_of(moves), features, tk_row=rows
    )
