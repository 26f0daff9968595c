"""The real client against a strict server that misbehaves on request, over real HTTP."""

import asyncio
import dataclasses
import email.utils
import json
import logging
import re
import socket
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import build_embedder
from bot.embedders.openai_embedder import OpenAIEmbedder, ServerConfig
from bot.embedders.openai_errors import (
    BadReplyError,
    KeyRefusedError,
    NoCreditError,
    RateLimitedError,
    RefusedError,
    UnknownModelError,
    UnreachableError,
)
from bot.environment import read_settings
from bot.logs import RedactingFormatter
from bot.model import EmbeddingModel, Usage, Vectors
from bot.ports import EmbedderError
from bot.settings import Settings
from tests import embeddings_server as es
from tests.embeddings_server import KEY, EmbeddingsServer

Connect: TypeAlias = Callable[..., OpenAIEmbedder]

TEXTS = ("how do i pay", "where are you", "when are you open")
PASSWORD = "pa55-in-the-address"  # noqa: S105 - made up, to see whether it shows up anywhere


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a developer's proxy out of the way to this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    """Serve one test."""
    with EmbeddingsServer() as running:
        yield running


@pytest.fixture(scope="module")
def lasting_server() -> Iterator[EmbeddingsServer]:
    """Serve all examples of a property."""
    with EmbeddingsServer() as running:
        yield running


@pytest.fixture
async def connect(server: EmbeddingsServer) -> AsyncIterator[Connect]:
    """Make embedders that differ from the usual one in what is given; they are closed later."""
    made: list[OpenAIEmbedder] = []

    def make(**changes: Any) -> OpenAIEmbedder:
        made.append(OpenAIEmbedder(dataclasses.replace(_config(server), **changes)))
        return made[-1]

    yield make
    for embedder in made:
        await embedder.close()


def _config(server: EmbeddingsServer) -> ServerConfig:
    return ServerConfig(
        base_url=server.base_url,
        api_key=KEY,
        model=es.MODEL,
        dimensions=None,
        batch_size=8,
        timeout_seconds=5,
        retries=0,
    )


def _own_units(texts: Sequence[str], dimensions: int = es.DIMENSIONS) -> Vectors:
    rows = np.stack([es.own_vector(text, dimensions) for text in texts])
    units: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return units


def _first_item(key: str, value: Any) -> es.Behaviour:
    return es.reply_with(lambda reply: reply["data"][0].update({key: value}))


def _sizes(server: EmbeddingsServer) -> list[int]:
    return [len(asked.texts) for asked in server.accepted]


# What goes well


async def test_vectors_come_in_the_order_of_the_texts_and_with_length_one(connect: Connect) -> None:
    """Each text gets its own vector, of length 1, as float32."""
    vectors = await connect().embed(TEXTS)

    assert vectors.dtype == np.float32
    assert np.allclose(vectors, _own_units(TEXTS), atol=1e-6)


async def test_a_reply_in_another_order_is_put_right(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """A server may send vectors in any order: their numbers say whose they are."""
    server.standing = [es.reply_with(lambda reply: reply["data"].reverse())]

    assert np.allclose(await connect().embed(TEXTS), _own_units(TEXTS), atol=1e-6)


async def test_the_compact_form_is_asked_for_first(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """Vectors are asked for as base64, which is smaller and much quicker to read."""
    await connect().embed(TEXTS)

    assert [asked.encoding for asked in server.accepted] == ["base64"]


async def test_floats_in_place_of_base64_are_as_good(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """A server that sends floats whatever it is asked for is understood without a second try."""
    server.standing = [es.ignore_base64]

    assert np.allclose(await connect().embed(TEXTS), _own_units(TEXTS), atol=1e-6)
    assert server.count == 1


async def test_a_server_that_refuses_base64_is_asked_for_floats_from_then_on(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """The refusal costs one request once, and no vector."""
    server.standing = [es.refuse_base64]
    embedder = connect()

    first = await embedder.embed(TEXTS)
    await embedder.embed(TEXTS)

    assert np.allclose(first, _own_units(TEXTS), atol=1e-6)
    assert [asked.encoding for asked in server.accepted] == ["base64", "float", "float"]


async def test_two_questions_at_once_both_survive_a_refusal_of_base64(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """When two first questions meet the refusal at the same time, both are answered."""
    both_are_here = threading.Barrier(2)

    def refuse_both(asked: es.Asked) -> es.Reply | None:
        if asked.encoding == "base64":
            both_are_here.wait(timeout=5)
        return es.refuse_base64(asked)

    server.standing = [refuse_both]
    embedder = connect()

    one, other = await asyncio.gather(embedder.embed(TEXTS[:1]), embedder.embed(TEXTS[1:2]))

    assert np.allclose(np.concatenate([one, other]), _own_units(TEXTS[:2]), atol=1e-6)


async def test_dimensions_are_named_only_when_somebody_set_them(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """Some servers refuse the very word, so it is left out unless it is configured."""
    await connect().embed(TEXTS)
    short = await connect(dimensions=8).embed(TEXTS)

    assert ["dimensions" in asked.body for asked in server.accepted] == [False, True]
    assert np.allclose(short, _own_units(TEXTS, 8), atol=1e-6)


async def test_the_model_is_told_apart_by_its_dimensions(connect: Connect) -> None:
    """Vectors of one model in two lengths never compare, so its identity holds the length."""
    assert connect().model == EmbeddingModel(es.MODEL, None)
    assert connect(dimensions=8).model == EmbeddingModel(es.MODEL, 8)


async def test_tokens_and_credits_are_added_up(connect: Connect) -> None:
    """The operator can see what was used, over all requests."""
    embedder = connect(batch_size=2)
    assert embedder.usage == Usage()

    await embedder.embed(["one", "two words", "now three words"])

    assert embedder.usage == Usage(tokens=6, credits=3 * es.CREDITS_A_TEXT)


@pytest.mark.parametrize(
    "change",
    [
        {"usage": None, "meta": None},
        {"usage": {"total_tokens": "many"}, "meta": {"usage": {"credits_used": "some"}}},
        {"usage": [], "meta": {"usage": []}},
        {"meta": "nothing"},
        {"meta": {"usage": {"credits_used": 10**400}}},
        {"meta": {"usage": {"credits_used": float("nan")}}},
    ],
    ids=["nothing", "words", "lists", "a word", "too large", "NaN"],
)
async def test_vectors_count_whatever_the_server_says_of_its_price(
    server: EmbeddingsServer, connect: Connect, change: dict[str, Any]
) -> None:
    """A server that reports usage badly or not at all is as good as any other."""
    server.standing = [es.reply_with(lambda reply: reply.update(change))]
    embedder = connect()

    assert np.allclose(await embedder.embed(TEXTS), _own_units(TEXTS), atol=1e-6)
    assert embedder.usage.credits == 0


async def test_warming_up_asks_for_nothing(server: EmbeddingsServer, connect: Connect) -> None:
    """A start costs no request."""
    await connect().warm_up()

    assert server.count == 0


# Limits


async def test_a_long_text_is_cut_at_a_character(connect: Connect) -> None:
    """A text that no model takes whole is cut to 8192 bytes, never inside a character."""
    embedder = connect()

    prepared = embedder.prepare("a" + "ж" * 5000)

    assert prepared == "a" + "ж" * 4095
    assert np.allclose(await embedder.embed([prepared]), _own_units([prepared]), atol=1e-6)


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("  How do I PAY?\n", "How do I PAY?"),
        ("a\x00b\ud83dc", "abc"),
        (
            "\N{FULLWIDTH LATIN CAPITAL LETTER F}ull  width",
            "\N{FULLWIDTH LATIN CAPITAL LETTER F}ull  width",
        ),
    ],
    ids=["trimmed", "what cannot be sent", "as typed"],
)
async def test_a_server_gets_a_text_as_it_was_typed(
    connect: Connect, text: str, prepared: str
) -> None:
    """A remote model knows case and width itself; only what nobody sees is dropped."""
    assert connect().prepare(text) == prepared


async def test_no_request_is_larger_than_servers_take(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """A hundred of the longest texts go in as few requests as 290,000 bytes each allow."""
    texts = [f"{number:04} " + "x" * 8187 for number in range(100)]

    vectors = await connect(batch_size=2048).embed(texts)

    assert np.allclose(vectors, _own_units(texts), atol=1e-6)
    assert _sizes(server) == [35, 35, 30]
    assert server.count == 3


@pytest.mark.parametrize(
    "refusing",
    [
        es.at_most(3),
        es.at_most(3, status=413),
        es.at_most(3, status=422, message="batch size 10 > maximum allowed batch size 3"),
        es.at_most(3, message="This model accepts at most 3 texts in one request."),
    ],
    ids=["400", "413", "422", "of the model"],
)
async def test_a_batch_that_is_too_large_is_halved_and_that_is_remembered(
    server: EmbeddingsServer, connect: Connect, refusing: es.Behaviour
) -> None:
    """A server that takes fewer texts at once, however it says so, gets fewer from then on."""
    server.standing = [refusing]
    embedder = connect(batch_size=10)
    texts = [f"text {number}" for number in range(10)]

    first = await embedder.embed(texts)
    sizes_first = _sizes(server)
    server.accepted.clear()
    second = await embedder.embed(texts)

    assert sizes_first == [10, 5, 2, 2, 2, 2, 2]
    assert _sizes(server) == [2] * 5
    assert np.allclose(first, _own_units(texts), atol=1e-6)
    assert np.allclose(second, _own_units(texts), atol=1e-6)


async def test_a_text_that_is_refused_alone_does_not_make_batches_small_for_good(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """When it was not the size that the server minded, later batches are whole again."""
    server.standing = [
        lambda asked: (
            es.refusal(400, "I will not read that.")(asked) if "bad" in asked.texts else None
        )
    ]
    embedder = connect()

    with pytest.raises(RefusedError, match="I will not read that"):
        await embedder.embed(["good", "fine", "bad", "well"])
    server.accepted.clear()
    await embedder.embed(["good", "fine", "very well"])

    assert _sizes(server) == [3]


@given(
    rounds=st.lists(
        st.lists(st.sampled_from([1, 4000]), min_size=1, max_size=45), min_size=1, max_size=2
    ),
    batch_size=st.integers(1, 50),
    most_texts=st.integers(1, 50),
    status=st.sampled_from([400, 413, 422]),
)
async def test_every_text_gets_its_own_vector_however_it_is_cut_into_batches(
    lasting_server: EmbeddingsServer,
    rounds: list[list[int]],
    batch_size: int,
    most_texts: int,
    status: int,
) -> None:
    """Whatever the server takes at once and however long the texts are, nothing is mixed up."""
    server = lasting_server
    server.accepted.clear()
    server.standing = [es.at_most(most_texts, status)]
    embedder = OpenAIEmbedder(dataclasses.replace(_config(server), batch_size=batch_size))
    try:
        for lengths in rounds:
            texts = [f"{i} " + "ж" * length for i, length in enumerate(lengths)]
            assert np.allclose(await embedder.embed(texts), _own_units(texts), atol=1e-6)
    finally:
        await embedder.close()
    assert max(_sizes(server)) <= batch_size


# What goes wrong, and what is said then


@dataclass(frozen=True, slots=True)
class Failure:
    """What the server does, which error that is, and what its message advises."""

    behave: es.Behaviour
    kind: type[EmbedderError]
    advice: str
    timeout_seconds: float = 5


REFUSALS = {
    "401": Failure(es.KEY_REFUSED, KeyRefusedError, "check OPENAI_API_KEY"),
    "402": Failure(es.PAYMENT_REQUIRED, NoCreditError, "add credit"),
    "403 credit": Failure(es.OUT_OF_CREDITS, NoCreditError, "FAQBOT_EMBEDDER=local"),
    "403": Failure(es.FORBIDDEN, KeyRefusedError, "check OPENAI_API_KEY"),
    "404 model": Failure(es.NO_SUCH_MODEL, UnknownModelError, "check FAQBOT_EMBEDDING_MODEL"),
    "400 model": Failure(es.UNKNOWN_MODEL, UnknownModelError, "check FAQBOT_EMBEDDING_MODEL"),
    "429 quota": Failure(es.OUT_OF_QUOTA, NoCreditError, "add credit"),
    "429 long": Failure(es.rate_limited("60"), RateLimitedError, "wait a minute"),
    "400": Failure(es.refusal(400, "No."), RefusedError, 'It says: "No."'),
}
TROUBLES = {
    "429 short": Failure(es.rate_limited("0"), RateLimitedError, "wait a minute"),
    "500": Failure(es.TROUBLE, UnreachableError, "try again later"),
    "503": Failure(es.OVERLOADED, UnreachableError, "try again later"),
    "hanging": Failure(es.sent("never"), UnreachableError, "FAQBOT_EMBEDDING_TIMEOUT_SECONDS", 0.3),
    "trickling": Failure(
        es.sent("trickling"), UnreachableError, "FAQBOT_EMBEDDING_TIMEOUT_SECONDS", 0.3
    ),
    "half": Failure(es.sent("half"), BadReplyError, "in the middle of its reply"),
}
_TELL = "tell the server's provider"
_ROOT = "check that OPENAI_BASE_URL is the root"
NONSENSE = {
    "too few": (es.reply_with(lambda reply: reply["data"].pop()), _TELL),
    "too many": (es.reply_with(lambda reply: reply["data"].append(reply["data"][0])), _TELL),
    "none": (es.reply_with(lambda reply: reply["data"].clear()), _TELL),
    "no list": (es.reply_with(lambda reply: reply.update(data=None)), _ROOT),
    "words": (es.reply_with(lambda reply: reply.update(data=["a", "b", "c"])), _TELL),
    "number 7": (_first_item("index", 7), _TELL),
    "number twice": (_first_item("index", 1), _TELL),
    "no number": (_first_item("index", None), _TELL),
    "a list for a number": (_first_item("index", [0]), _TELL),
    "uneven": (_first_item("embedding", [1.0, 2.0]), _TELL),
    "null": (_first_item("embedding", None), _TELL),
    "not base64": (_first_item("embedding", "This is no base64!"), _TELL),
    "half a number": (_first_item("embedding", "AAAAAAA="), _TELL),
    "empty list": (_first_item("embedding", []), _TELL),
    "list of words": (_first_item("embedding", ["one"] * es.DIMENSIONS), _TELL),
    "list of nulls": (_first_item("embedding", [None] * es.DIMENSIONS), _TELL),
    "list of lists": (_first_item("embedding", [[1.0]] * es.DIMENSIONS), _TELL),
    "too large for float32": (_first_item("embedding", [1e300] * es.DIMENSIONS), _TELL),
    "too large for any float": (_first_item("embedding", [10**400] * es.DIMENSIONS), _TELL),
    "NaN": (es.vectors_with(lambda rows: rows * np.nan), _TELL),
    "infinity": (es.vectors_with(lambda rows: rows * np.inf), _TELL),
    "zeros": (es.vectors_with(lambda rows: rows * 0), _TELL),
    "NaN as float": (_first_item("embedding", [float("nan")] * es.DIMENSIONS), _TELL),
    "HTML": (es.raw(b"<html><body>Welcome!</body></html>", "text/html"), _ROOT),
    "JSON list": (es.raw(b"[]"), _ROOT),
    "JSON word": (es.raw(b'"hello"'), _ROOT),
    "empty body": (es.raw(b""), _TELL),
    "broken JSON": (es.raw(b'{"data": ['), _TELL),
    "no UTF-8": (es.raw(b'{"data": "\xff"}'), _TELL),
    "endlessly nested": (es.raw(b"[" * 100_000), _TELL),
    "a number of 5000 digits": (es.raw(b'{"data": ' + b"9" * 5000 + b"}"), _TELL),
    "no gzip": (es.raw(b"{}", **{"Content-Encoding": "gzip"}), _TELL),
}
FAILURES = {
    **REFUSALS,
    **TROUBLES,
    **{name: Failure(behave, BadReplyError, advice) for name, (behave, advice) in NONSENSE.items()},
}


@pytest.fixture
def shown(caplog: pytest.LogCaptureFixture) -> Callable[[BaseException], str]:
    """Give all that an error and the logs at their most talkative could show to anybody."""
    caplog.set_level(logging.DEBUG)
    for name in ("openai", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)

    def show(error: BaseException) -> str:
        shown = [str(error), repr(error), caplog.text]
        shown += [f"{record.__dict__}" for record in caplog.records]
        shown += [RedactingFormatter([]).format(record) for record in caplog.records]
        behind: BaseException | None = error
        while behind is not None:
            shown += traceback.format_exception(behind)
            behind = behind.__cause__ or behind.__context__
        assert "HTTP" in caplog.text or "connect_tcp" in caplog.text, "nothing was logged"
        return "\n".join(shown)

    return show


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
async def test_whatever_goes_wrong_is_told_plainly_and_without_the_key(
    server: EmbeddingsServer,
    connect: Connect,
    shown: Callable[[BaseException], str],
    failure: Failure,
) -> None:
    """Each failure has its own error: one line that says where, what, and what to do next."""
    server.standing = [failure.behave]

    with pytest.raises(EmbedderError) as caught:
        await connect(timeout_seconds=failure.timeout_seconds).embed(TEXTS)

    message = str(caught.value)
    assert type(caught.value) is failure.kind
    assert failure.advice in message
    assert server.base_url in message
    assert not re.search(r"Traceback|Error code|\n|0x[0-9a-f]{6}|[{}<>]", message)
    assert KEY not in shown(caught.value)
    # Nor the part of it that servers quote in what they say.
    assert KEY[-4:] not in "".join([repr(caught.value), *traceback.format_exception(caught.value)])


async def test_a_connection_closed_at_once_is_told_plainly(
    server: EmbeddingsServer, connect: Connect, shown: Callable[[BaseException], str]
) -> None:
    """A server that hangs up on a request is one that cannot be used for now."""
    server.standing = [es.sent("not at all")]

    with pytest.raises((UnreachableError, BadReplyError)) as caught:
        await connect().embed(TEXTS)

    assert KEY not in shown(caught.value)


async def test_a_wrong_key_is_named_as_the_reason_and_not_shown(
    server: EmbeddingsServer, connect: Connect, shown: Callable[[BaseException], str]
) -> None:
    """The operator learns which setting to look at, and no reader of logs learns the key."""
    wrong = "sk-wrong-zyxwvutsrqponmlkjihgfedcba"

    with pytest.raises(KeyRefusedError, match="check OPENAI_API_KEY") as caught:
        await connect(api_key=wrong).embed(TEXTS)

    assert wrong not in shown(caught.value)
    assert wrong[-4:] not in "".join(traceback.format_exception(caught.value))
    assert server.accepted == []


@pytest.mark.parametrize("status", [400, 404, 422])
async def test_a_server_that_repeats_the_whole_key_is_quoted_without_it(
    server: EmbeddingsServer, connect: Connect, status: int
) -> None:
    """What a server says is worth quoting, with a mask where the key stood."""
    server.standing = [es.refusal(status, f"Cannot do that for Bearer {KEY}, sorry.")]

    with pytest.raises(
        EmbedderError, match=r'It says: "Cannot do that for Bearer \*\*\*'
    ) as caught:
        await connect().embed(TEXTS)

    assert KEY not in "".join([repr(caught.value), *traceback.format_exception(caught.value)])


async def test_a_long_explanation_is_quoted_in_part(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """A page of explanation does not bury what to do; line breaks and invisible signs go."""
    server.standing = [es.refusal(400, "Because\n\n\x1b[31m" + "of this " * 1000)]

    with pytest.raises(RefusedError) as caught:
        await connect().embed(TEXTS)

    assert "Because [31mof this of this" in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "page",
    [
        ("text/html", b"<html><h1>No</h1></html>"),
        ("text/plain", b"upstream says no"),
        ("application/json", b'["no"]'),
        ("application/json", b'{"detail": "no"}'),
        ("application/json", b""),
    ],
    ids=["HTML", "text", "list", "other object", "empty"],
)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedError),
        (401, KeyRefusedError),
        (404, UnknownModelError),
        (502, UnreachableError),
    ],
)
async def test_a_refusal_needs_no_particular_body(
    server: EmbeddingsServer,
    connect: Connect,
    page: tuple[str, bytes],
    status: int,
    kind: type[EmbedderError],
) -> None:
    """Proxies and other servers refuse in bodies of their own: the status says enough."""
    server.standing = [lambda _: es.Reply(status, page[1], kind=page[0])]

    with pytest.raises(EmbedderError) as caught:
        await connect().embed(TEXTS[:1])

    assert type(caught.value) is kind
    assert "<" not in str(caught.value)


async def test_another_length_than_was_asked_for_is_refused(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """A server that ignores the dimensions says so by what it sends; the message names both."""
    server.standing = [
        es.vectors_with(lambda rows: np.concatenate([rows, rows], axis=1)),
    ]

    with pytest.raises(
        BadReplyError, match=r"16 numbers instead of 8.*FAQBOT_EMBEDDING_DIMENSIONS"
    ):
        await connect(dimensions=8).embed(TEXTS)


async def test_batches_of_different_lengths_are_refused(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """Vectors that cannot be compared never reach the index."""
    server.queue.extend(
        [es.vectors_with(lambda rows: rows), es.vectors_with(lambda rows: rows[:, :8])]
    )

    with pytest.raises(BadReplyError, match="different lengths"):
        await connect(batch_size=2).embed(TEXTS)


async def test_very_small_and_very_large_numbers_are_numbers(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """Only a vector's direction counts, so any length that float32 can hold is right."""
    server.queue.extend(
        [es.vectors_with(lambda rows: rows * 1e-30), es.vectors_with(lambda rows: rows * 1e30)]
    )
    embedder = connect()

    for _ in range(2):
        assert np.allclose(await embedder.embed(TEXTS), _own_units(TEXTS), atol=1e-6)


async def test_a_server_that_is_not_there_is_told_plainly(
    connect: Connect, shown: Callable[[BaseException], str]
) -> None:
    """Nobody listens at that port: look at the address and the network."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # nobody else gets it, and it does not listen
        address = f"http://127.0.0.1:{reserved.getsockname()[1]}/v1"

        with pytest.raises(
            UnreachableError, match="check OPENAI_BASE_URL and the network"
        ) as caught:
            await connect(base_url=address).embed(TEXTS)

    assert address in str(caught.value)
    assert KEY not in shown(caught.value)


async def test_https_at_a_plain_server_is_told_plainly(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """An address with the wrong scheme is one that cannot be reached."""
    address = server.base_url.replace("http:", "https:")

    with pytest.raises(UnreachableError, match="check OPENAI_BASE_URL"):
        await connect(base_url=address).embed(TEXTS)


async def test_an_address_without_its_version_leads_to_the_setting(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """A forgotten /v1 is a server without embeddings: the message names the address to check."""
    with pytest.raises(UnknownModelError, match=r"check .*OPENAI_BASE_URL"):
        await connect(base_url=server.base_url.removesuffix("/v1")).embed(TEXTS)


def _settings(address: str) -> Settings:
    return read_settings(
        {
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": address,
            "FAQBOT_EMBEDDING_RETRIES": "0",
        },
        Path("no such file"),
    )


async def test_a_password_in_the_address_stays_out_of_errors(server: EmbeddingsServer) -> None:
    """An address that carries a user and a password is shown without them."""
    address = server.base_url.replace("//", f"//user:{PASSWORD}@")
    server.standing = [es.TROUBLE]
    embedder = build_embedder(_settings(address))
    try:
        with pytest.raises(EmbedderError) as caught:
            await embedder.embed(TEXTS)
    finally:
        await embedder.close()

    assert f"http://***@127.0.0.1:{server.port}/v1" in str(caught.value)
    assert PASSWORD not in "".join([repr(caught.value), *traceback.format_exception(caught.value)])


async def test_a_password_in_the_address_stays_out_of_the_log(
    server: EmbeddingsServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The client logs each address at INFO; the operator's log shows it without its password."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx2")
    configured = _settings(server.base_url.replace("//", f"//user:{PASSWORD}@"))
    embedder = build_embedder(configured)
    try:
        with pytest.raises(KeyRefusedError):
            await embedder.embed(TEXTS)
    finally:
        await embedder.close()

    formatter = RedactingFormatter(configured.secrets)
    lines = "\n".join(formatter.format(record) for record in caplog.records)
    assert "/v1/embeddings" in lines
    assert PASSWORD not in lines
    assert KEY not in lines


async def test_the_key_is_in_no_representation(server: EmbeddingsServer, connect: Connect) -> None:
    """A debugger, a crash report or a careless log line shows these objects, not the key."""
    assert KEY not in repr(connect())
    assert KEY not in repr(_config(server))


# Trying again


@pytest.mark.parametrize("failure", REFUSALS.values(), ids=REFUSALS.keys())
async def test_what_cannot_help_is_not_tried_again(
    server: EmbeddingsServer, connect: Connect, failure: Failure
) -> None:
    """A refusal that stays one costs one request, and nobody waits for more."""
    server.standing = [failure.behave]

    with pytest.raises(EmbedderError):
        await connect(retries=2).embed(TEXTS[:1])

    assert server.count == 1


_LONG_WAITS = {
    "429 in fractions": (429, {"retry_after": "60.5"}, RateLimitedError),
    "429 in milliseconds": (429, {"retry_after_ms": "60000"}, RateLimitedError),
    "429 as a date": (429, {"retry_after": "in a minute"}, RateLimitedError),
    "503": (503, {"retry_after": "60"}, UnreachableError),
}


@pytest.mark.parametrize(
    ("status", "headers", "kind"), _LONG_WAITS.values(), ids=_LONG_WAITS.keys()
)
async def test_nobody_waits_for_a_minute_however_it_is_written(
    server: EmbeddingsServer,
    connect: Connect,
    status: int,
    headers: dict[str, str],
    kind: type[EmbedderError],
) -> None:
    """A wait longer than the timeout ends at once, and the error tells the server's reason."""
    if headers == {"retry_after": "in a minute"}:
        headers = {"retry_after": email.utils.formatdate(time.time() + 60, usegmt=True)}
    server.standing = [es.refusal(status, "Please come back later.", **headers)]

    with pytest.raises(EmbedderError) as caught:
        await connect(retries=1, timeout_seconds=2).embed(TEXTS)

    assert type(caught.value) is kind
    assert "did not answer" not in str(caught.value)
    assert server.count == 1


@pytest.mark.parametrize(
    "wait", ["soon", "", "-1", "nan", "Wed, 21 Oct 99999 07:28:00 GMT", "Wed, 99 Oct 2026", "1e999"]
)
async def test_a_wait_that_makes_no_sense_is_a_rate_limit_all_the_same(
    server: EmbeddingsServer, connect: Connect, wait: str
) -> None:
    """Whatever a server writes where the wait should stand, the error says what the matter is."""
    server.standing = [es.rate_limited(wait)]

    with pytest.raises(RateLimitedError, match="wait a minute"):
        await connect().embed(TEXTS)


@pytest.mark.parametrize(
    "behave",
    [es.TROUBLE, es.sent("not at all"), es.rate_limited("1")],
    ids=["500", "hanging up", "a short wait"],
)
async def test_what_passes_by_itself_is_not_even_noticed(
    server: EmbeddingsServer, connect: Connect, behave: es.Behaviour
) -> None:
    """One hiccup of the server is no failure: the second try brings the vectors."""
    server.queue.append(behave)

    vectors = await connect(retries=1).embed(TEXTS)

    assert np.allclose(vectors, _own_units(TEXTS), atol=1e-6)
    assert server.count == 2


async def test_a_hanging_request_is_tried_again(server: EmbeddingsServer, connect: Connect) -> None:
    """The timeout is for one try: the next may still bring the vectors."""
    server.queue.append(es.sent("never"))

    vectors = await connect(retries=1, timeout_seconds=2).embed(TEXTS)

    assert np.allclose(vectors, _own_units(TEXTS), atol=1e-6)
    assert server.count == 2


async def test_trouble_that_stays_is_given_up_after_the_retries(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """The configured number of retries is kept to."""
    server.standing = [es.TROUBLE]

    with pytest.raises(UnreachableError, match="status 500"):
        await connect(retries=1).embed(TEXTS)

    assert server.count == 2


async def test_after_a_failure_the_next_question_goes_well(
    server: EmbeddingsServer, connect: Connect
) -> None:
    """A failure leaves nothing behind: the same embedder works as soon as the server does."""
    behaviours = [es.sent("half"), es.sent("not at all"), es.sent("never"), es.TROUBLE, es.raw(b"")]
    server.queue.extend(behaviours)
    embedder = connect(timeout_seconds=2)

    while server.queue:  # a request may be given up on a slow machine before it has arrived
        with pytest.raises(EmbedderError):
            await embedder.embed(TEXTS)

    assert np.allclose(await embedder.embed(TEXTS), _own_units(TEXTS), atol=1e-6)


# The stand-in itself


@pytest.mark.parametrize(
    ("path", "key", "body", "status", "said"),
    [
        ("/v1/embeddings", KEY, {}, 200, "embedding"),
        ("/v1/embeddings", KEY, {"input": "one"}, 200, "embedding"),
        ("/embeddings", KEY, {}, 404, "Cannot POST /embeddings"),
        ("/v1/embeddings", "sk-other", {}, 401, "Incorrect API key provided"),
        ("/v1/embeddings", KEY, {"user": "me"}, 400, "user"),
        ("/v1/embeddings", KEY, {"model": "other"}, 400, "Unknown model: other"),
        ("/v1/embeddings", KEY, {"input": []}, 400, "input"),
        ("/v1/embeddings", KEY, {"input": [""]}, 400, "empty"),
        ("/v1/embeddings", KEY, {"input": [1]}, 400, "input"),
        ("/v1/embeddings", KEY, {"input": ["x"] * 4}, 400, "at most 3"),
        ("/v1/embeddings", KEY, {"input": "x" * 8193}, 400, "too many tokens"),
        ("/v1/embeddings", KEY, {"encoding_format": None}, 400, "encoding_format"),
        ("/v1/embeddings", KEY, {"dimensions": 17}, 400, "dimensions"),
    ],
)
def test_the_stand_in_is_strict(
    path: str, key: str, body: dict[str, Any], status: int, said: str
) -> None:
    """These tests are worth something only as long as their server refuses what others do."""
    with EmbeddingsServer(most_texts=3) as server:
        whole = json.dumps({"model": es.MODEL, "input": ["one"], **body}).encode()

        reply = server.reply_to(path, f"Bearer {key}", whole)

    assert reply.status == status
    assert said in reply.body.decode()
    assert len(server.accepted) == (status == 200)
