"""What can go wrong with an embeddings server, each with words that an operator can act on."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import openai

from bot.logs import redact
from bot.ports import EmbedderError
from bot.text import one_line

TELL_PROVIDER = "Try again; if it stays so, tell the server's provider."

_MOST_QUOTED = 200
_PAYMENT_REQUIRED = 402
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500

# Rate limits speak of quotas and billing, too, so only what says that nothing is left counts.
_CREDIT = re.compile(
    r"insufficient[ _](quota|credit|balance|fund)|exceeded your current quota"
    r"|(run|ran|are|is) out of (\w+ )?(credit|balance|fund)|no (\w+ )?credits? left|top up",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"\bmodel\b.{0,60}\b(not found|does not exist|doesn't exist)"
    r"|\bmodel\b.{0,60}\b(not |un)(supported|available|known)"
    r"|(unknown|invalid|unsupported|no such|not a valid) model",
    re.IGNORECASE | re.DOTALL,
)


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


def explain_status(
    error: openai.APIStatusError, *, who: str, model: str, api_key: str
) -> EmbedderError:
    """Turn a reply that says no into an error that says what to do.

    Args:
        error: what the client raised.
        who: the server, as the subject of a sentence.
        model: the model that was asked for.
        api_key: what must not be quoted.
    """
    status, message = error.status_code, _message(error)
    said = f' It says: "{redact(message, [api_key])[:_MOST_QUOTED]}"' if message else ""
    if status == _PAYMENT_REQUIRED or (
        status in {403, _TOO_MANY_REQUESTS} and says_no_credit(" ".join(_texts(error.body)))
    ):
        return NoCreditError(
            f"{who} says that there is no credit left on this account: add credit at the "
            "provider, or use the local model (FAQBOT_EMBEDDER=local)."
        )
    if status in {401, 403}:
        # What such a reply says often quotes a part of the key.
        return KeyRefusedError(
            f"{who} refuses the key (status {status}): check OPENAI_API_KEY, and that it belongs "
            "to this server (OPENAI_BASE_URL)."
        )
    if status == _TOO_MANY_REQUESTS:
        return RateLimitedError(
            f"{who} takes no more requests for now (rate limit): wait a minute and try again. "
            "What has been embedded so far is kept."
        )
    if status in {404, 405} or error.code == "model_not_found" or _MODEL.search(message):
        return UnknownModelError(
            f"{who} knows no model {model}, or is not an embeddings server: check "
            f"FAQBOT_EMBEDDING_MODEL and OPENAI_BASE_URL.{said}"
        )
    if status >= _SERVER_ERROR or status in {408, 409}:
        return UnreachableError(f"{who} has trouble of its own (status {status}): try again later.")
    return RefusedError(
        f"{who} refuses the request (status {status}).{said} Check FAQBOT_EMBEDDING_MODEL and "
        "FAQBOT_EMBEDDING_DIMENSIONS."
    )


def explain_connection(
    error: openai.APIConnectionError, *, who: str, timeout_seconds: float, api_key: str
) -> EmbedderError:
    """Turn a connection that failed into an error that says what to do."""
    if isinstance(error, openai.APITimeoutError):
        return timed_out(who, timeout_seconds)
    causes = list(_causes(error))
    if any(isinstance(it, httpx2.RemoteProtocolError | httpx2.DecodingError) for it in causes):
        return BadReplyError(f"{who} broke off in the middle of its reply. {TELL_PROVIDER}")
    # The client's own words say no more than "connection error".
    root = redact(one_line(str(causes[-1])) or type(causes[-1]).__name__, [api_key])
    return UnreachableError(
        f"{who} cannot be reached ({root[:_MOST_QUOTED]}): check OPENAI_BASE_URL and the network."
    )


def timed_out(who: str, timeout_seconds: float) -> UnreachableError:
    """Say that the server took too long."""
    return UnreachableError(
        f"{who} did not answer within {timeout_seconds:g} seconds: try again later, or raise "
        "FAQBOT_EMBEDDING_TIMEOUT_SECONDS if it is just slow."
    )


def says_no_credit(text: str) -> bool:
    """Tell whether a server's words mean that the account is used up."""
    return bool(_CREDIT.search(text))


def refuses_base64(error: openai.APIStatusError) -> bool:
    """Tell whether the server minds the form in which vectors were asked for."""
    said = " ".join(_texts(error.body)).lower()
    return error.status_code in {400, 422} and ("encoding_format" in said or "base64" in said)


def _message(error: openai.APIStatusError) -> str:
    body = error.body
    inner = body.get("error", body) if isinstance(body, dict) else body
    message = inner.get("message") if isinstance(inner, dict) else inner
    # A page meant for browsers helps nobody.
    return one_line(message) if isinstance(message, str) and "<" not in message else ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__
