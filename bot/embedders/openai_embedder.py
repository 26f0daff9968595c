"""Any server that speaks OpenAI's embeddings API, asked in batches that it takes."""

import asyncio
import email.utils
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import httpx2
import numpy as np
import openai

from bot.embedders.openai_errors import (
    TELL_PROVIDER,
    BadReplyError,
    RefusedError,
    explain_connection,
    explain_status,
    refuses_base64,
    says_no_credit,
    timed_out,
)
from bot.embedders.openai_reply import read_reply
from bot.model import EmbeddingModel, Usage, Vectors
from bot.settings import masked_url
from bot.text import clean, cut

# A token is at least one byte, so these bounds in bytes keep OpenAI's limits in tokens (8,192 a
# text, 300,000 a request) for every tokenizer and script without counting tokens.
_MOST_BYTES_A_TEXT = 8192
_MOST_BYTES_A_REQUEST = 290_000


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """Which server to ask, and how."""

    base_url: str
    api_key: str = field(repr=False)
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
        self._who = f"The embeddings server at {masked_url(config.base_url)}"
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

    @property
    def languages(self) -> None:
        """Nothing tells what a server's model speaks."""
        return None

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
            EmbedderError: one of the kinds in `openai_errors`, with a message for the operator.
        """
        parts: list[Vectors] = []
        start = 0
        while start < len(texts):
            batch = texts[start : start + _fitting(texts[start : start + self._batch_size])]
            try:
                parts.append(await self._request(batch))
            except RefusedError:
                if len(batch) == 1:
                    self._batch_size = self._config.batch_size  # size was not what it minded
                    raise
                # Servers differ in how much they take and in how they say so. What they take
                # from now on is remembered, so this costs a few requests once.
                self._batch_size = len(batch) // 2
                continue
            start += len(batch)
        if len({part.shape[1] for part in parts}) > 1:
            raise BadReplyError(f"{self._who} sent vectors of different lengths. {TELL_PROVIDER}")
        return np.concatenate(parts)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _request(self, batch: Sequence[str]) -> Vectors:
        config = self._config
        encoding = self._encoding
        # The client's timeout is for each read: a reply that trickles in would never meet it.
        patience_seconds = 2 * (config.retries + 1) * config.timeout_seconds
        try:
            async with asyncio.timeout(patience_seconds):
                # Raw, because the client's own decoding trusts the server.
                response = await self._client.embeddings.with_raw_response.create(
                    input=list(batch),
                    model=config.model,
                    encoding_format=encoding,
                    # Some servers refuse the very word: it is sent only when it was asked for.
                    dimensions=config.dimensions or openai.omit,
                )
        except openai.APIStatusError as error:
            if encoding == "base64" and refuses_base64(error):
                self._encoding = "float"
                return await self._request(batch)
            raise explain_status(
                error, who=self._who, model=config.model, api_key=config.api_key
            ) from None
        except openai.APIConnectionError as error:
            raise explain_connection(
                error,
                who=self._who,
                timeout_seconds=config.timeout_seconds,
                api_key=config.api_key,
            ) from None
        except TimeoutError:
            raise timed_out(self._who, config.timeout_seconds) from None
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise BadReplyError(
                f"{self._who} sent a reply that cannot be read ({type(error).__name__}). "
                f"{TELL_PROVIDER}"
            ) from None
        vectors, usage = read_reply(response.content, texts=len(batch), who=self._who)
        self._usage += usage
        if config.dimensions not in {None, vectors.shape[1]}:
            raise BadReplyError(
                f"{self._who} sent vectors of {vectors.shape[1]} numbers instead of "
                f"{config.dimensions}: the model {config.model} does not offer that length. Unset "
                "FAQBOT_EMBEDDING_DIMENSIONS or set it to a length that it does offer."
            )
        return vectors

    async def _forbid_useless_retry(self, response: httpx2.Response) -> None:
        """Tell the client, in the header that it obeys, when trying again cannot help.

        An empty account stays empty, and nobody in a chat waits as long as some servers ask for.
        """
        if response.is_success:
            return
        await response.aread()
        wait_seconds = _wait_seconds(response.headers, time.time())
        if wait_seconds > self._config.timeout_seconds or says_no_credit(response.text):
            response.headers["x-should-retry"] = "false"


def _fitting(texts: Sequence[str]) -> int:
    """Count how many texts from the start go into one request; at least one."""
    size = 0
    for count, text in enumerate(texts):
        size += len(text.encode())
        if size > _MOST_BYTES_A_REQUEST:
            return max(count, 1)
    return len(texts)


def _wait_seconds(headers: httpx2.Headers, now: float) -> float:
    """Read how long the server asks to wait, in any of the forms that servers use."""
    milliseconds, wait = headers.get("retry-after-ms", ""), headers.get("retry-after", "")
    for text, factor in ((milliseconds, 0.001), (wait, 1.0)):
        try:
            return float(text) * factor
        except ValueError:
            continue
    try:
        return email.utils.parsedate_to_datetime(wait).timestamp() - now
    except (ValueError, OverflowError, OSError):
        return 0.0
