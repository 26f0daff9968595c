"""An embeddings server's reply: checked in every respect before a number of it is used."""

import base64
import binascii
import json
import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.embedders.openai_errors import TELL_PROVIDER, BadReplyError
from bot.model import Usage, Vectors


class Reply(NamedTuple):
    """What a good reply holds."""

    vectors: Vectors
    """Shape (texts, dimensions), in the order of the texts, rows of length 1."""
    usage: Usage


def read_reply(body: bytes, *, texts: int, who: str) -> Reply:
    """Read a reply.

    Args:
        body: the JSON that came.
        texts: how many texts were sent.
        who: the server, as the subject of a sentence.

    Raises:
        BadReplyError: there is not exactly one usable vector for each text.
    """
    try:
        # A page for browsers hints at a wrong address, all else at the server.
        reply = None if body.lstrip().startswith(b"<") else json.loads(body)
    except (ValueError, RecursionError):
        raise BadReplyError(f"{who} sent a reply that cannot be read. {TELL_PROVIDER}") from None
    data = reply.get("data") if isinstance(reply, dict) else None
    if not isinstance(data, list):
        raise BadReplyError(
            f"{who} sent something other than embeddings: check that OPENAI_BASE_URL is the root "
            "of an OpenAI-compatible API (it often ends in /v1)."
        )
    by_index = {
        item["index"]: item.get("embedding")
        for item in data
        if isinstance(item, dict) and type(item.get("index")) is int
    }
    if len(data) != texts or set(by_index) != set(range(texts)):
        raise BadReplyError(
            f"{who} sent {len(data)} vectors for {texts} texts, or numbered them wrongly. "
            f"{TELL_PROVIDER}"
        )
    rows = [_numbers(by_index[i]) for i in range(texts)]
    present = [row for row in rows if row is not None and len(row)]
    if len(present) < texts or len({len(row) for row in present}) > 1:
        raise BadReplyError(
            f"{who} sent vectors of different lengths, or no vectors. {TELL_PROVIDER}"
        )
    matrix = np.stack(present)
    # A number that is not finite shows in the largest one, and NaN fails every comparison.
    largest = np.abs(matrix).max(axis=1, keepdims=True)
    if not np.all((largest > 0) & (largest <= np.finfo(np.float32).max)):
        raise BadReplyError(f"{who} sent vectors of zeros or of no numbers. {TELL_PROVIDER}")
    matrix /= largest  # keeps the squares of very small numbers from vanishing
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return Reply(matrix.astype(np.float32), _usage(reply))


def _numbers(embedding: Any) -> npt.NDArray[np.float64] | None:
    """Read one embedding in either form; None when it is neither."""
    try:
        if isinstance(embedding, str):
            decoded = base64.b64decode(embedding, validate=True)
            return np.frombuffer(decoded, dtype="<f4").astype(np.float64)
        if isinstance(embedding, list) and all(type(it) in {int, float} for it in embedding):
            return np.array(embedding, dtype=np.float64)
    except (ValueError, OverflowError, binascii.Error):
        pass
    return None


def _usage(reply: Any) -> Usage:
    tokens = _within(reply, "usage", "total_tokens")
    credits_used = _within(reply, "meta", "usage", "credits_used")
    return Usage(int(_amount(tokens)), _amount(credits_used))


def _amount(value: Any) -> float:
    """Read what was charged; what makes no sense counts as nothing."""
    try:
        amount = float(value) if type(value) in {int, float} else 0.0
    except OverflowError:
        return 0.0
    return amount if math.isfinite(amount) and amount > 0 else 0.0


def _within(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
