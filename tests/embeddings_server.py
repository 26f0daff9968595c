"""A strict stand-in for an embeddings server: real HTTP on 127.0.0.1, misbehaviour on request.

    with EmbeddingsServer() as server:
        server.queue.append(OUT_OF_QUOTA)         # meets the next request; later ones go well
        server.standing = [refuse_base64, at_most(3)]  # meet every request, the first that applies

A behaviour looks at a request that kept to the rules and gives the reply to it, or None to let
things go well. `server.accepted` holds all such requests, `server.count` counts every request.
The rules are those of AI/ML API, the strictest of the servers that people use: whatever it does
not know it refuses. Limits in tokens are taken as limits in bytes, the worst that can be.
"""

import base64
import hashlib
import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

import numpy as np

from bot.model import Vector, Vectors

KEY = "sk-test-0123456789abcdefghijklmnop"
MODEL = "text-embedding-3-small"
DIMENSIONS = 16
CREDITS_A_TEXT = 0.25

_MOST_BYTES_A_TEXT = 8192
_MOST_BYTES_A_REQUEST = 300_000
_KNOWN = {"model", "input", "encoding_format", "dimensions"}
_TRICKLE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that keeps to the rules."""

    body: Mapping[str, Any]
    """As it came."""

    @property
    def texts(self) -> list[str]:
        """What is to be embedded."""
        given = self.body["input"]
        return [given] if isinstance(given, str) else list(given)

    @property
    def encoding(self) -> str:
        """In which form."""
        return str(self.body.get("encoding_format", "float"))

    @property
    def dimensions(self) -> int:
        """In how many numbers."""
        return int(self.body.get("dimensions", DIMENSIONS))


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back, and how."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    way: Literal["whole", "half", "not at all", "never", "trickling"] = "whole"
    """"not at all" closes the connection at once, "never" keeps the client waiting."""


Behaviour: TypeAlias = Callable[[Asked], Reply | None]


def own_vector(text: str, dimensions: int = DIMENSIONS) -> Vector:
    """Give what a text and no other gets, of any length but 1."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return 3 * np.random.default_rng(seed).standard_normal(dimensions, dtype=np.float32)


def right_reply(asked: Asked, vectors: Vectors | None = None, encoding: str = "") -> dict[str, Any]:
    """Build the reply of a server that is well, or the same with other vectors or another form."""
    rows = [own_vector(text, asked.dimensions) for text in asked.texts]
    return {
        "object": "list",
        "model": asked.body["model"],
        "data": [
            {"object": "embedding", "index": i, "embedding": _encoded(row, asked, encoding)}
            for i, row in enumerate(rows if vectors is None else vectors)
        ],
        "usage": {"prompt_tokens": _tokens(asked), "total_tokens": _tokens(asked)},
        "meta": {"usage": {"credits_used": CREDITS_A_TEXT * len(rows)}},
    }


def _encoded(row: Vector, asked: Asked, encoding: str) -> Any:
    if (encoding or asked.encoding) == "base64":
        return base64.b64encode(row.astype("<f4").tobytes()).decode()
    return [float(number) for number in row]


def _tokens(asked: Asked) -> int:
    return sum(len(text.split()) for text in asked.texts)


def _refused(
    status: int, message: str, code: str | None = None, headers: Mapping[str, str] | None = None
) -> Reply:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return Reply(status, json.dumps({"error": error}).encode(), headers or {})


def _fine(reply: dict[str, Any]) -> Reply:
    return Reply(200, json.dumps(reply).encode())


# Behaviours, and what makes them


def refusal(status: int, message: str, code: str | None = None, **headers: str) -> Behaviour:
    """Refuse like OpenAI does; underscores in the headers' names stand for hyphens."""
    reply = _refused(status, message, code, {n.replace("_", "-"): v for n, v in headers.items()})
    return lambda _: reply


def raw(body: bytes, kind: str = "application/json", **headers: str) -> Behaviour:
    """Answer with status 200 and just that."""
    return lambda _: Reply(200, body, headers, kind)


def reply_with(change: Callable[[dict[str, Any]], object]) -> Behaviour:
    """Answer with the right reply after something has been changed in it."""

    def behave(asked: Asked) -> Reply:
        reply = right_reply(asked)
        change(reply)
        return _fine(reply)

    return behave


def vectors_with(change: Callable[[Vectors], Vectors]) -> Behaviour:
    """Answer with other vectors than the right ones, in whatever form is asked for."""

    def behave(asked: Asked) -> Reply:
        rows = np.stack([own_vector(text, asked.dimensions) for text in asked.texts])
        return _fine(right_reply(asked, change(rows)))

    return behave


def at_most(texts: int, status: int = 400, message: str = "") -> Behaviour:
    """Refuse batches larger than that."""
    said = message or f"batch size is invalid, it should not be larger than {texts}."
    return lambda asked: _refused(status, said) if len(asked.texts) > texts else None


def sent(way: Literal["half", "not at all", "never", "trickling"]) -> Behaviour:
    """Give the right reply, but in a way that does not bring it over."""
    return lambda asked: Reply(200, json.dumps(right_reply(asked)).encode(), way=way)


def refuse_base64(asked: Asked) -> Reply | None:
    """Take no other form than float."""
    message = "Unsupported value: 'encoding_format' must be 'float'."
    return _refused(400, message) if asked.encoding == "base64" else None


def ignore_base64(asked: Asked) -> Reply:
    """Send floats whatever is asked for."""
    return _fine(right_reply(asked, encoding="float"))


def rate_limited(retry_after: str) -> Behaviour:
    """Refuse for now. The wording is OpenAI's, which speaks of payment here, too."""
    message = (
        f"Rate limit reached for {MODEL} on requests per min (RPM): Limit 3, Used 3. Visit "
        "https://platform.openai.com/account/rate-limits to learn more. You can increase your "
        "rate limit by adding a payment method to your account at "
        "https://platform.openai.com/account/billing."
    )
    return refusal(429, message, "rate_limit_exceeded", retry_after=retry_after)


KEY_REFUSED = refusal(
    401, f"Incorrect API key provided: {KEY[:8]}**********{KEY[-4:]}.", "invalid_api_key"
)
PAYMENT_REQUIRED = refusal(402, "Payment required.")
OUT_OF_CREDITS = refusal(
    403, "You've run out of credits. Please top up your balance or update your payment method."
)
OUT_OF_QUOTA = refusal(
    429,
    "You exceeded your current quota, please check your plan and billing details.",
    "insufficient_quota",
)
FORBIDDEN = refusal(403, f"The key {KEY[:8]}...{KEY[-4:]} may not use this endpoint.")
NO_SUCH_MODEL = refusal(
    404, f"The model `{MODEL}` does not exist or you do not have access to it.", "model_not_found"
)
UNKNOWN_MODEL = refusal(400, f"Unknown model: {MODEL}")
TROUBLE = refusal(500, "The server had an error while processing your request.")
OVERLOADED = refusal(503, "The engine is currently overloaded, please try again later.")


# The server


class EmbeddingsServer:
    """Serves from `with` to the end of its block."""

    def __init__(self, most_texts: int = 2048, *, port: int = 0) -> None:
        """Set up.

        Args:
            most_texts: how many texts a request may have.
            port: where to listen, to come back where one was before; 0 is any free one.
        """
        self.queue: deque[Behaviour] = deque()
        self.standing: list[Behaviour] = []
        self.accepted: list[Asked] = []
        self.count = 0
        self._most_texts = most_texts
        self._lock = threading.Lock()
        self._http = _Http(self, port)
        # A short poll, as closing waits for it.
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self._http.server_address[1])

    @property
    def base_url(self) -> str:
        """The root of its API."""
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()

    def reply_to(self, path: str, authorization: str, body: bytes) -> Reply:
        """Check a request, then do what is right or what was ordered."""
        with self._lock:
            self.count += 1
            if path != "/v1/embeddings":
                return _refused(404, f"Cannot POST {path}")
            if authorization != f"Bearer {KEY}":
                quoted = f"{authorization[:15]}*****{authorization[-4:]}"
                return _refused(401, f"Incorrect API key provided: {quoted}.", "invalid_api_key")
            for wrong in self._complaints(body):
                return _refused(400, wrong)
            asked = Asked(json.loads(body))
            self.accepted.append(asked)
            behaviours = [self.queue.popleft()] if self.queue else list(self.standing)
        # Outside the lock: a behaviour may wait for another request.
        for behave in behaviours:
            reply = behave(asked)
            if reply is not None:
                return reply
        return _fine(right_reply(asked))

    def _complaints(self, body: bytes) -> Iterator[str]:
        """Give what is wrong; only the first counts, what follows may make no sense then."""
        try:
            asked = json.loads(body)
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            yield "The body is no JSON object."
        unknown = sorted(asked.keys() - _KNOWN)
        if unknown:
            yield f"Unrecognized key(s) in object: {', '.join(unknown)}"
        if asked.get("model") != MODEL:
            yield f"Unknown model: {asked.get('model')}"
        if asked.get("encoding_format", "float") not in {"float", "base64"}:
            yield "encoding_format: expected 'float' | 'base64'"
        dimensions = asked.get("dimensions", DIMENSIONS)
        if type(dimensions) is not int or not 1 <= dimensions <= DIMENSIONS:
            yield f"dimensions: expected a whole number from 1 to {DIMENSIONS}"
        yield from self._complaints_about(asked.get("input"))

    def _complaints_about(self, given: Any) -> Iterator[str]:
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts or not all(isinstance(it, str) for it in texts):
            yield "input: expected a string or a non-empty array of strings"
        if len(texts) > self._most_texts:
            yield f"input: expected at most {self._most_texts} strings"
        sizes = [len(text.encode()) for text in texts]
        if min(sizes) == 0:
            yield "input: expected no empty string"
        if max(sizes) > _MOST_BYTES_A_TEXT or sum(sizes) > _MOST_BYTES_A_REQUEST:
            yield "input: too many tokens"


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for them, so that no test leaves a socket behind
    request_queue_size = 128

    def __init__(self, owner: EmbeddingsServer, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.owner = owner
        self.closing = threading.Event()
        self._connections: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.append(connection)
        return connection, address

    def hang_up(self) -> None:
        """End what still waits for a client or makes one wait."""
        self.closing.set()
        for connection in self._connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it has ended by itself


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each reply waits 40 ms for an acknowledgement
    server: _Http

    def do_POST(self) -> None:
        try:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            authorization = self.headers["Authorization"] or ""
            self._send(self.server.owner.reply_to(self.path, authorization, body))
        except ConnectionError:
            self.close_connection = True  # the client has given up, as it should

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""

    def _send(self, reply: Reply) -> None:
        self.close_connection = reply.way != "whole"
        if reply.way == "never":
            self.server.closing.wait()
        if reply.way in {"never", "not at all"}:
            return
        self.send_response(reply.status)
        headers = {
            "Content-Type": reply.kind,
            "Content-Length": str(len(reply.body)),
            **reply.headers,
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if reply.way == "trickling":
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                if self.server.closing.wait(_TRICKLE_SECONDS):
                    return
        else:
            self.wfile.write(reply.body[: len(reply.body) // 2 if reply.way == "half" else None])
