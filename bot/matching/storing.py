"""A matcher to bytes and back. Nothing in them can be run, whoever wrote them."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.matching.features import Scale, Scales
from bot.matching.fusion import Weights
from bot.matching.lexicon import Lexicon
from bot.matching.matcher import Matcher
from bot.matching.plda import Plda
from bot.matching.refreshing import Basis, Exchange, Parts
from bot.matching.segments import Segments

FORM: Final = 1
"""Grows whenever a matcher of before could not be read, or would be fitted otherwise today."""

_MOST_COUNTED = 65_535  # a word that stands in a text more often counts no more for it
_LEXICONS = ("word_counts", "gram_counts", "answer_counts")


def dump(matcher: Matcher) -> bytes:
    """Write a matcher."""
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
    return _written(about, arrays | _arrays(Parts.within(evidence)))


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
    parts = Parts.within(matcher.evidence).selected(np.array(rows, dtype=np.int64))
    return _written(about, _arrays(parts))


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


def _written(about: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> bytes:
    stream = io.BytesIO()
    told = np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)
    np.savez(stream, allow_pickle=False, about=told, **arrays)
    return stream.getvalue()


def is_readable(data: bytes) -> bool:
    """Tell whether `load` would give a matcher."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.testzip() is not None:
                return False
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return bool(json.loads(bytes(arrays["about"]))["form"] == FORM)
    except Exception:  # noqa: BLE001 - bytes can be wrong in any way; then all is fitted anew
        return False


def load(data: bytes, refreshed: bytes = b"") -> Matcher | None:
    """Read a matcher; None where it is damaged, or of another form than today's.

    Args:
        data: as `dump` wrote it.
        refreshed: as `dump_refreshed` wrote it since.
    """
    if not is_readable(data) or (refreshed and not is_readable(refreshed)):
        return None
    edited, exchange = _edited(refreshed) if refreshed else (frozenset[str](), None)
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        about = json.loads(bytes(arrays["about"]))
        ids, phrasings = tuple(about["ids"]), tuple(map(tuple, about["phrasings"]))
        plda = Plda(**{it.name: arrays[f"plda_{it.name}"] for it in fields(Plda) if it.init})
        basis = Basis(_parts(arrays), plda, arrays["centre"], arrays["centroid_lengths"])
        if exchange:
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


def _edited(refreshed: bytes) -> tuple[frozenset[str], Exchange]:
    with np.load(io.BytesIO(refreshed), allow_pickle=False) as arrays:
        about = json.loads(bytes(arrays["about"]))
        edited = frozenset(about["edited"])
        phrasings = tuple(map(tuple, about["phrasings"]))
        return edited, Exchange(edited, tuple(about["ids"]), phrasings, _parts(arrays))


def _parts(arrays: Mapping[str, npt.NDArray[Any]]) -> Parts:
    keys = {name: arrays[name].astype(np.int64) for name in ("word_keys", "gram_keys")}
    lexicons = {
        name: Lexicon(
            keys["gram_keys" if name == "gram_counts" else "word_keys"],
            Segments(arrays[f"{name}_documents"]),
            arrays[f"{name}_columns"].astype(np.int64),
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
