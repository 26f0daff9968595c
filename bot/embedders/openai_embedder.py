"""Any server that speaks OpenAI's embeddings API: batches, replies, and what can go wrong."""

import asyncio
import base64
import binascii
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import httpx2
import numpy as np
import openai
from openai.types import CreateEmbeddingResponse

from bot.logs import redact
from bot.model import EmbeddingModel, Usage, Vectors
from bot.ports import EmbedderError
from bot.settings import masked_url
from bot.text import clean, cut

# A token is at least one byte, so these bounds in bytes keep OpenAI's limits in tokens (8,192 a
# text, 300,000 a request) for every tokenizer and script without counting tokens.
_MOST_BYTES_A_TEXT = 8192
_MOST_BYTES_A_REQUEST = 290_000
_MOST_QUOTED = 200

_PAYMENT_REQUIRED = 402
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500


class KeyRefusedError(EmbedderError):
    """The server does not accept the key."""


class NoCreditError(EmbedderError):
    """The account has nothing left to pay with."""


class UnknownModelError(EmbedderError):
    """The server has no such model, or the address is not that of an embeddings server."""


class RateLimitedError(EmbedderError):
    """Too many requests for now."""


class UnreachableError(EmbedderError):
    """The server does not answer, or not in time."""


class RefusedError(EmbedderError):
    """The server understood the request and will not do it."""


class BadReplyError(EmbedderError):
    """The server answered with something that cannot be used."""


class ServerConfig(NamedTuple):
    """Which server to ask, and how."""

    base_url: str
    api_key: str
    model: str
    dimensions: int | None
    batch_size: int
    timeout_seconds: float
    retries: int


class OpenAIEmbedder:
    """Embeds at a server."""

    def __init__(self, config: ServerConfig) -> None:
        self._config = config
        self._model = EmbeddingModel(config.model, config.dimensions)
        self._usage = Usage()
        self._batch_size = config.batch_size
        # Base64 is a third of the size and forty times quicker to decode than a list of numbers.
        self._encoding: Literal["base64", "float"] = "base64"
        self._client = openai.AsyncOpenAI(
            api_key=config.api_key,
            base_url=config.base_url,
            timeout=config.timeout_seconds,
            max_retries=config.retries,
            http_client=openai.DefaultAsyncHttpxClient(
                event_hooks={"response": [self._forbid_useless_retry]}
            ),
        )

    @property
    def model(self) -> EmbeddingModel:
        """The model in use."""
        return self._model

    @property
    def usage(self) -> Usage:
        """What the server has counted since the start."""
        return self._usage

    def prepare(self, text: str) -> str:
        """Trim a text, and cut one that no model takes whole."""
        return cut(clean(text), max_bytes=_MOST_BYTES_A_TEXT)

    async def warm_up(self) -> None:
        """Nothing to load; the first request shows whether the server is there."""

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed prepared texts in as few requests as the limits allow.

        Returns:
            Shape (len(texts), dimensions), rows in the order of the texts, of length 1.

        Raises:
            EmbedderError: one of its kinds above, with a message for the operator.
        """
        rows: list[Vectors] = []
        start = 0
        while start < len(texts):
            batch = texts[start : start + _fitting(texts[start : start + self._batch_size])]
            try:
                rows.append(await self._request(batch))
            except RefusedError:
                if len(batch) == 1:
                    self._batch_size = self._config.batch_size  # size was not what it minded
                    raise
                # Servers differ in how much they take and in how they say so. What they take
                # from now on is remembered, so this costs a few requests once.
                self._batch_size = len(batch) // 2
                continue
            start += len(batch)
        if len({vectors.shape[1] for vectors in rows}) > 1:
            raise BadReplyError(f"{self._who} sent vectors of different lengths. {_TELL}")
        return np.concatenate(rows)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    @property
    def _who(self) -> str:
        return f"The embeddings server at {masked_url(self._config.base_url)}"

    async def _request(self, batch: Sequence[str]) -> Vectors:
        try:
            # The client's timeout is for each read: a reply that trickles in would never meet it.
            async with asyncio.timeout(
                2 * (self._config.retries + 1) * self._config.timeout_seconds
            ):
                reply: Any = await self._client.embeddings.create(
                    input=list(batch),
                    model=self._config.model,
                    encoding_format=self._encoding,
                    # Some servers refuse the very word: it is sent only when somebody asked for it.
                    dimensions=self._config.dimensions or openai.omit,
                )
        except openai.APIStatusError as error:
            if self._encoding == "base64" and _refuses_base64(error):
                self._encoding = "float"
                return await self._request(batch)
            raise self._explain(error) from None
        except (openai.APITimeoutError, TimeoutError):
            raise UnreachableError(
                f"{self._who} did not answer within {self._config.timeout_seconds:g} seconds: "
                "try again later, or raise FAQBOT_EMBEDDING_TIMEOUT_SECONDS if it is just slow."
            ) from None
        except openai.APIConnectionError as error:
            root = _root(error)
            if isinstance(root, httpx2.RemoteProtocolError):
                raise BadReplyError(
                    f"{self._who} broke off in the middle of its reply. {_TELL}"
                ) from None
            cause = redact(str(root) or type(root).__name__, [self._config.api_key])
            raise UnreachableError(
                f"{self._who} cannot be reached ({cause[:_MOST_QUOTED]}): check OPENAI_BASE_URL "
                "and the network."
            ) from None
        except (openai.OpenAIError, httpx2.HTTPError, json.JSONDecodeError, UnicodeError) as error:
            raise BadReplyError(
                f"{self._who} sent a reply that cannot be read ({type(error).__name__}). {_TELL}"
            ) from None
        return self._read(reply, len(batch))

    def _read(self, reply: Any, expected: int) -> Vectors:
        """Check a reply and bring its vectors into the order of the texts."""
        if not isinstance(reply, CreateEmbeddingResponse) or not isinstance(reply.data, list):
            raise BadReplyError(
                f"{self._who} sent something other than embeddings: check that OPENAI_BASE_URL "
                "is the root of an OpenAI-compatible API (it often ends in /v1)."
            )
        self._usage += _usage(reply)
        by_index = {getattr(item, "index", None): item for item in reply.data}
        if len(reply.data) != expected or set(by_index) != set(range(expected)):
            raise BadReplyError(
                f"{self._who} sent {len(reply.data)} vectors for {expected} texts, or numbered "
                f"them wrongly. {_TELL}"
            )
        rows = [_numbers(getattr(by_index[i], "embedding", None)) for i in range(expected)]
        lengths = {-1 if row is None else len(row) for row in rows}
        asked = self._config.dimensions
        if len(lengths) > 1 or min(lengths) < 1:
            raise BadReplyError(
                f"{self._who} sent vectors of different lengths, or no vectors. {_TELL}"
            )
        if asked is not None and lengths != {asked}:
            raise BadReplyError(
                f"{self._who} sent vectors of {lengths.pop()} numbers instead of {asked}: the "
                f"model {self._config.model} does not offer that length. Unset "
                "FAQBOT_EMBEDDING_DIMENSIONS or set it to a length that it does offer."
            )
        matrix = np.stack([row for row in rows if row is not None])
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        if not np.all(np.isfinite(norms)) or not np.all(norms > 0):
            raise BadReplyError(f"{self._who} sent vectors of zeros or of no numbers. {_TELL}")
        unit: Vectors = (matrix / norms).astype(np.float32)
        return unit

    def _explain(self, error: openai.APIStatusError) -> EmbedderError:
        status, code, said = error.status_code, _code(error), self._quoted(error)
        if status == _PAYMENT_REQUIRED or (status in {403, 429} and _is_about_credit(error)):
            return NoCreditError(
                f"{self._who} says that there is no credit left on this account: add credit at "
                "the provider, or use the local model (FAQBOT_EMBEDDER=local)."
            )
        if status in {401, 403}:
            # What such a reply says often quotes a part of the key.
            return KeyRefusedError(
                f"{self._who} refuses the key (status {status}): check OPENAI_API_KEY, and that "
                "it belongs to this server (OPENAI_BASE_URL)."
            )
        if status == _TOO_MANY_REQUESTS:
            return RateLimitedError(
                f"{self._who} takes no more requests for now (rate limit): wait a minute and try "
                "again. What has been embedded so far is kept."
            )
        if status in {404, 405} or code == "model_not_found" or _is_about_model(error):
            return UnknownModelError(
                f"{self._who} knows no model {self._config.model}, or is not an embeddings "
                f"server: check FAQBOT_EMBEDDING_MODEL and OPENAI_BASE_URL.{said}"
            )
        if status >= _SERVER_ERROR or status in {408, 409}:
            return UnreachableError(
                f"{self._who} has trouble of its own (status {status}): try again later."
            )
        return RefusedError(
            f"{self._who} refuses the request (status {status}).{said} Check "
            "FAQBOT_EMBEDDING_MODEL and FAQBOT_EMBEDDING_DIMENSIONS."
        )

    def _quoted(self, error: openai.APIStatusError) -> str:
        said = " ".join(clean(_message(error)).split())
        if not said:
            return ""
        return f' It says: "{redact(said, [self._config.api_key])[:_MOST_QUOTED]}"'

    async def _forbid_useless_retry(self, response: httpx2.Response) -> None:
        """Tell the client, in the header that it obeys, when trying again cannot help.

        An empty account stays empty, and nobody in a chat waits as long as some servers ask for.
        """
        if response.status_code != _TOO_MANY_REQUESTS:
            return
        await response.aread()
        wait = response.headers.get("retry-after", "")
        too_long = wait.isdecimal() and int(wait) > self._config.timeout_seconds
        if too_long or _CREDIT.search(response.text):
            response.headers["x-should-retry"] = "false"


_TELL = "Try again; if it stays so, tell the server's provider."
# Rate limits speak of quotas and billing, too, so only what says that nothing is left counts.
_CREDIT = re.compile(
    r"insufficient[ _](quota|credit|balance|fund)|exceeded your current quota"
    r"|(run|ran|are|is) out of (\w+ )?(credit|balance|fund)|no (\w+ )?credits? left|top up",
    re.IGNORECASE,
)
_MODEL_WORDS = re.compile(
    r"model.{0,80}(not found|does not exist|not exist|unknown|not supported|unsupported|invalid)"
    r"|(unknown|invalid|unsupported|no such) model",
    re.IGNORECASE | re.DOTALL,
)


def _fitting(texts: Sequence[str]) -> int:
    """Count how many texts from the start go into one request; at least one."""
    size = 0
    for count, text in enumerate(texts):
        size += len(text.encode())
        if size > _MOST_BYTES_A_REQUEST:
            return max(count, 1)
    return len(texts)


def _numbers(embedding: Any) -> Vectors | None:
    """Read one embedding in either form; None when it is neither."""
    try:
        if isinstance(embedding, str):
            return np.frombuffer(base64.b64decode(embedding, validate=True), dtype="<f4")
        if isinstance(embedding, list):
            row = np.asarray(embedding, dtype=np.float32)
            return row if row.ndim == 1 else None
    except (ValueError, TypeError, OverflowError, binascii.Error):
        pass
    return None


def _usage(reply: CreateEmbeddingResponse) -> Usage:
    tokens = getattr(reply.usage, "total_tokens", None)
    meta = (reply.model_extra or {}).get("meta")
    inner = meta.get("usage") if isinstance(meta, dict) else None
    credits_used = inner.get("credits_used") if isinstance(inner, dict) else None
    return Usage(
        tokens if isinstance(tokens, int) else 0,
        float(credits_used) if isinstance(credits_used, int | float) else 0.0,
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _message(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict):
        inner = body.get("error", body)
        message = inner.get("message") if isinstance(inner, dict) else inner
        if isinstance(message, str):
            return message
    return body if isinstance(body, str) and "<" not in body else ""


def _code(error: openai.APIStatusError) -> str:
    return str(getattr(error, "code", None) or "")


def _all_text(error: openai.APIStatusError) -> str:
    return " ".join(_texts(error.body))


def _is_about_credit(error: openai.APIStatusError) -> bool:
    return bool(_CREDIT.search(_all_text(error)))


def _is_about_model(error: openai.APIStatusError) -> bool:
    return bool(_MODEL_WORDS.search(_all_text(error)))


def _refuses_base64(error: openai.APIStatusError) -> bool:
    said = _all_text(error).lower()
    return error.status_code in {400, 422} and ("encoding_format" in said or "base64" in said)


def _root(error: BaseException) -> BaseException:
    """Give what lies behind: the client's own words say no more than "connection error"."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
