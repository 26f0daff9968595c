"""A matcher to bytes and back. Nothing in them can be run, whoever wrote them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.matching.entry_parts import Parts
from bot.matching.features import Scale, Scales
from bot.matching.fusion import Weights
from bot.matching.lexicon import Lexicon
from bot.matching.matcher import Matcher
from bot.matching.packing import Buffer, Unpacked, pack, unpack
from bot.matching.plda import Plda
from bot.matching.refreshing import Basis, Exchange
from bot.matching.segments import Segments

FORM: Final = 2
"""Grows whenever a matcher of before could not be read, or would be fitted otherwise today."""

_MOST_COUNTED = 65_535  # a word that stands in a text more often counts no more for it
_TAKEN_OVER = (
    *("plda_mean", "plda_basis", "plda_between", "centre"),
    *("weights", "weights_none", "weights_of_words", "weights_of_words_none"),
)
_LEXICONS = ("word_counts", "gram_counts", "answer_counts")


def dump(matcher: Matcher) -> Sequence[Buffer]:
    """Write a matcher: as parts that follow each other, since all in one would take it twice."""
    scales = matcher.scales
    about = {
        "form": FORM,
        "ids": matcher.ids,
        "phrasings": matcher.phrasings,
        "languages": matcher.languages,
        "even_similarity": matcher.even_similarity,
        "scales": scales
        and {
            "voices": {
                name: [it.unrelated, it.related, it.own] for name, it in scales.voices.items()
            },
            "trust": scales.trust,
            "depth": scales.depth,
        },
    }
    evidence = matcher.evidence
    arrays: dict[str, npt.NDArray[Any]] = {
        "centre": evidence.centre,
        "centroid_lengths": evidence.centroid_lengths,
        "weights": matcher.weights.of_candidates,
        "weights_none": matcher.weights.of_none,
        "weights_of_words": matcher.weights_of_words.of_candidates,
        "weights_of_words_none": matcher.weights_of_words.of_none,
    }
    arrays |= {f"plda_{it.name}": getattr(evidence.plda, it.name) for it in fields(Plda) if it.init}
    return pack(about, arrays | _arrays(evidence.parts))


def dump_refreshed(matcher: Matcher) -> bytes:
    """Write only what of a matcher is not as it was when all was learnt; nothing where all is."""
    if not matcher.edited:
        return b""
    rows = [row for row, id_ in enumerate(matcher.ids) if id_ in matcher.edited]
    about = {
        "form": FORM,
        "edited": sorted(matcher.edited),
        "ids": [matcher.ids[row] for row in rows],
        "phrasings": [matcher.phrasings[row] for row in rows],
    }
    parts = matcher.evidence.parts.selected(np.array(rows, dtype=np.int64))
    return b"".join(pack(about, _arrays(parts)))


def _arrays(parts: Parts) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {
        "vectors": parts.vectors,
        "phrasings": parts.phrasings.starts,
        "answer_vectors": parts.answer_vectors,
        "sentences": parts.sentences.starts,
        # Phrasings and answers have one vocabulary.
        "word_keys": parts.word_counts.keys.astype(np.uint32),
        "gram_keys": parts.gram_counts.keys.astype(np.uint32),
    }
    for name in _LEXICONS:
        lexicon: Lexicon = getattr(parts, name)
        arrays[f"{name}_documents"] = lexicon.documents.starts
        arrays[f"{name}_columns"] = lexicon.columns.astype(np.uint32)
        arrays[f"{name}_values"] = np.minimum(lexicon.values, _MOST_COUNTED).astype(np.uint16)
    return arrays


def load(data: bytes, refreshed: bytes = b"") -> Matcher | None:
    """Read a matcher; None where it is damaged, or of another form than today's.

    Args:
        data: as `dump` wrote it.
        refreshed: as `dump_refreshed` wrote it since.
    """
    whole, new = _readable(data), _readable(refreshed) if refreshed else None
    if whole is None or (refreshed and new is None):
        return None
    about, arrays = whole.about, dict(whole.arrays)
    # What every later matcher takes over must not keep all the bytes of this one with it.
    arrays |= {name: arrays[name].copy() for name in _TAKEN_OVER}
    ids, phrasings = tuple(about["ids"]), tuple(map(tuple, about["phrasings"]))
    plda = Plda(**{it.name: arrays[f"plda_{it.name}"] for it in fields(Plda) if it.init})
    basis = Basis(_parts(arrays), plda, arrays["centre"], arrays["centroid_lengths"])
    edited = frozenset[str]()
    if new:
        edited = frozenset(new.about["edited"])
        exchange = Exchange(
            edited,
            tuple(new.about["ids"]),
            tuple(map(tuple, new.about["phrasings"])),
            _parts(new.arrays),
        )
        ids, phrasings, basis = exchange.apply(ids, phrasings, basis)
    scales = about["scales"] and Scales(
        {name: Scale(*values) for name, values in about["scales"]["voices"].items()},
        about["scales"]["trust"],
        about["scales"]["depth"],
    )
    return Matcher(
        ids,
        phrasings,
        basis.evidence(),
        tuple(about["languages"]),
        scales,
        Weights(arrays["weights"], arrays["weights_none"]),
        Weights(arrays["weights_of_words"], arrays["weights_of_words_none"]),
        about["even_similarity"],
        edited,
    )


def is_edited(refreshed: bytes) -> bool:
    """Tell whether a matcher with this beside it was learnt of another state of the FAQ."""
    found = _readable(refreshed)
    return found is not None and bool(found.about["edited"])


def _readable(data: bytes) -> Unpacked | None:
    found = unpack(data)
    return found if found and found.about.get("form") == FORM else None


def _parts(arrays: Mapping[str, npt.NDArray[Any]]) -> Parts:
    keys = {name: arrays[name].astype(np.int64) for name in ("word_keys", "gram_keys")}
    lexicons = {
        name: Lexicon(
            keys["gram_keys" if name == "gram_counts" else "word_keys"],
            Segments(arrays[f"{name}_documents"]),
            arrays[f"{name}_columns"].astype(np.int32),
            arrays[f"{name}_values"].astype(np.float32),
            np.zeros(0),
            0.0,
        )
        for name in _LEXICONS
    }
    return Parts(
        arrays["vectors"],
        Segments(arrays["phrasings"]),
        arrays["answer_vectors"],
        Segments(arrays["sentences"]),
        lexicons["word_counts"],
        lexicons["gram_counts"],
        lexicons["answer_counts"],
    )
