"""A matcher to bytes and back. Nothing in them can be run, whoever wrote them."""

import io
import json
import zipfile
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bot.matching.evidence import Evidence
from bot.matching.features import Scale, Scales
from bot.matching.fusion import Weights
from bot.matching.lexicon import Lexicon
from bot.matching.matcher import Matcher
from bot.matching.plda import Plda
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
        "about": np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
        "vectors": evidence.vectors,
        "phrasings": evidence.phrasings.starts,
        "answer_vectors": evidence.answer_vectors,
        "sentences": evidence.sentences.starts,
        "centre": evidence.centre,
        "centroid_lengths": evidence.centroid_lengths,
        "weights": matcher.weights.of_candidates,
        "weights_none": matcher.weights.of_none,
        "weights_of_words": matcher.weights_of_words.of_candidates,
        "weights_of_words_none": matcher.weights_of_words.of_none,
    }
    arrays |= {f"plda_{it.name}": getattr(evidence.plda, it.name) for it in fields(Plda) if it.init}
    # Phrasings and answers have one vocabulary.
    arrays |= {
        "word_keys": evidence.word_counts.keys.astype(np.uint32),
        "gram_keys": evidence.gram_counts.keys.astype(np.uint32),
    }
    for name in _LEXICONS:
        lexicon: Lexicon = getattr(evidence, name)
        arrays[f"{name}_documents"] = lexicon.documents.starts
        arrays[f"{name}_columns"] = lexicon.columns.astype(np.uint32)
        arrays[f"{name}_values"] = np.minimum(lexicon.values, _MOST_COUNTED).astype(np.uint16)
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
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


def load(data: bytes) -> Matcher | None:
    """Read a matcher; None where it is damaged, or of another form than today's."""
    if not is_readable(data):
        return None
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        about = json.loads(bytes(arrays["about"]))
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
        evidence = Evidence(
            arrays["vectors"],
            Segments(arrays["phrasings"]),
            arrays["answer_vectors"],
            Segments(arrays["sentences"]),
            Plda(**{it.name: arrays[f"plda_{it.name}"] for it in fields(Plda) if it.init}),
            arrays["centre"],
            arrays["centroid_lengths"],
            lexicons["word_counts"],
            lexicons["gram_counts"],
            lexicons["answer_counts"],
        )
        scales = about["scales"] and Scales(
            {name: Scale(*values) for name, values in about["scales"]["voices"].items()},
            about["scales"]["trust"],
            about["scales"]["depth"],
        )
        return Matcher(
            tuple(about["ids"]),
            tuple(tuple(group) for group in about["phrasings"]),
            evidence,
            tuple(about["languages"]),
            scales,
            Weights(arrays["weights"], arrays["weights_none"]),
            Weights(arrays["weights_of_words"], arrays["weights_of_words_none"]),
            about["even_similarity"],
        )
