"""What is probably not meant so in a FAQ, as meaning shows it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.linting.languages import lint_languages
from bot.linting.meaning import MOST_TO_EMBED, Linted, lint_meaning
from bot.linting.phrasings import lint_phrasings
from bot.matching.deciding import Bands
from bot.model import Details, Entry, Faq, Problem, Translation
from bot.ports import EmbedderError
from bot.vectors import Vectorizer
from tests.fakes import ZOO, FakeEmbedder, FakeVectorCache, entry

BANDS = Bands(0.2, 0.1)
SPOKEN = frozenset(("de", "en", "es", "pt", "ru"))


async def _lint(entries: Sequence[Entry], embedder: FakeEmbedder | None = None) -> Linted:
    vectorizer = Vectorizer(embedder or FakeEmbedder(), FakeVectorCache())
    faq = Faq(Path("nowhere"), tuple(entries), (), ("faq.md",), frozenset())
    return await lint_meaning(faq, vectorizer, BANDS, 0.3, lambda _done, _total: None)


def _kinds(linted: Linted) -> list[str]:
    return [it.kind for it in linted.problems]


async def test_a_good_faq_is_left_in_peace() -> None:
    """Where each entry asks for something of its own, nothing is told."""
    linted = await _lint(ZOO)

    assert (linted.problems, linted.notes) == ((), ())
    assert set(linted.nearness) == {it.id for it in ZOO}


async def test_two_entries_that_ask_the_same_are_told() -> None:
    """The later entry is told, with the place and the words of the earlier."""
    twin = entry("pets", "dogs are allowed", answer="No.", file="b.md")

    linted = await _lint([*ZOO, twin])

    (problem,) = linted.problems
    assert (problem.kind, problem.severity) == ("near-duplicate", "warning")
    assert problem.source.file == "b.md"
    assert '"are dogs allowed" of the entry "dogs" (faq.md, line 1)' in problem.what


async def test_two_answers_that_contradict_each_other_are_told_as_such() -> None:
    """Of two entries that ask the same the answers are compared."""
    twin = entry("pets", "dogs are allowed", answer="Yes.")

    (problem,) = (await _lint([*ZOO, twin])).problems

    assert problem.kind == "contradictory-answers"
    assert 'one begins with "yes", the other with "no"' in problem.what


@pytest.mark.parametrize(
    "twin",
    [
        entry("pets", "are dogs allowed!"),  # the text alone shows it
        replace(entry("pets", "dogs are allowed"), details=Details(audience=("@staff",))),
        entry("pets", "2 dogs are allowed"),
        replace(entry("pets", "dogs are allowed"), language="de"),
        entry("pets", "dogs"),  # a name alone
    ],
)
async def test_what_only_looks_the_same_is_not_told(twin: Entry) -> None:
    """Other people, other numbers, other languages and mere names make another question."""
    entries = [replace(it, language="en") for it in ZOO]

    assert "near-duplicate" not in _kinds(await _lint([*entries, twin]))


async def test_entries_in_two_languages_are_not_taken_for_one() -> None:
    """That an answer stands there in two languages is told by no one, if nobody names them."""
    english = "The shop is closed on all public holidays and over the whole of the summer."
    german = "Das Geschäft ist an allen Feiertagen und während des ganzen Sommers geschlossen."
    entries = [*ZOO, entry("one", "alpha beta", answer=english)]

    told = await _lint([*entries, entry("other", "beta alpha", answer=english)])
    not_told = await _lint([*entries, entry("other", "beta alpha", answer=german)])

    assert _kinds(told) == ["near-duplicate"]
    assert not not_told.problems


async def test_a_phrasing_that_another_entry_steals_is_told() -> None:
    """A phrasing that stands in the wrong entry is told, with the entry that would answer."""
    strayed = [
        replace(it, questions=(*it.questions, "is there a tour to book at noon"))
        if it.id == "toilets"
        else it
        for it in ZOO
    ]

    (problem,) = (await _lint(strayed)).problems

    assert (problem.kind, problem.severity) == ("stolen-phrasing", "warning")
    assert 'like "is there a tour to book at noon" would come from' in problem.what
    assert '"tours" (line 1)' in problem.what


async def test_a_small_faq_is_not_embedded() -> None:
    """With a few questions nothing could be told, so nothing is sent anywhere."""
    embedder = FakeEmbedder()

    linted = await _lint(ZOO[:1], embedder)

    assert linted == Linted((), {})
    assert not embedder.asked


async def test_entries_of_one_phrasing_are_compared_and_not_rehearsed() -> None:
    """Nothing of them would be left to find, so their answers need no vectors."""
    embedder = FakeEmbedder()

    linted = await _lint([replace(it, questions=it.questions[:1]) for it in ZOO], embedder)

    assert len(linted.nearness) == len(embedder.asked) == len(ZOO)
    assert not linted.notes


async def test_much_is_not_embedded_for_a_check() -> None:
    """What would take minutes, or cost something, is left to the indexing, and that is said."""
    embedder = FakeEmbedder()
    many = [entry(f"number {number} of many") for number in range(MOST_TO_EMBED + 1)]

    linted = await _lint(many, embedder)

    assert not embedder.asked
    assert "4,001 texts have no vectors yet: run `faqbot index` first" in linted.notes[0]


async def test_many_phrasings_are_compared_and_not_rehearsed() -> None:
    """A huge FAQ is compared, but not asked of itself, and that is said."""
    many = [entry(f"{number}", f"alpha{number}", f"beta{number}") for number in range(1501)]

    linted = await _lint(many)

    assert len(linted.nearness) == 1501
    assert "takes too long for more than 3,000" in linted.notes[0]


async def test_long_answers_that_have_no_vectors_are_not_embedded_for_a_check() -> None:
    """The questions are compared all the same."""
    sentences = [". ".join(f"w{n}x{i}" for i in range(8)) for n in range(520)]
    many = [entry(f"{n}", f"alpha{n}", f"beta{n}", answer=sentences[n]) for n in range(520)]
    embedder = FakeEmbedder()

    linted = await _lint(many, embedder)

    assert len(embedder.asked) == 1040
    assert linted.notes[0].startswith("Phrasings that lead to another entry were not looked for")


async def test_a_server_that_is_down_is_told_by_its_error() -> None:
    """Whoever checks decides what becomes of that."""
    embedder = FakeEmbedder()
    embedder.failure = EmbedderError("It is down.")

    with pytest.raises(EmbedderError):
        await _lint(ZOO, embedder)


def test_entries_with_one_phrasing_are_told_together() -> None:
    """One problem for all of them, which names first those that are most easily mistaken."""
    entries = [entry(name) for name in ("a", "b", "c", "d", "e")] + [entry("two", "f", "g")]

    (problem,) = lint_phrasings(entries, {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.4, "e": 0.5})
    (unordered,) = lint_phrasings(entries, {})

    assert problem.what == (
        '5 entries have only one phrasing, such as "e", "d" (line 1), "c" (line 1).'
    )
    assert problem.kind == "few-phrasings"
    assert "most easily mistaken" in problem.mend
    assert 'such as "a"' in unordered.what
    assert "mistaken" not in unordered.mend


def test_one_entry_with_one_phrasing_is_named() -> None:
    """Of a few, all are named; where each has several, nothing is told."""
    (one,) = lint_phrasings([entry("a"), entry("two", "f", "g")], {})
    (two,) = lint_phrasings([entry("a"), entry("b", file="b.md")], {})

    assert one.what == '1 entry has only one phrasing: "a".'
    assert two.what == '2 entries have only one phrasing: "a", "b" (b.md).'
    assert not list(lint_phrasings([entry("two", "f", "g")], {}))


PERSIAN = (
    ("چگونه رمز عبور را تغییر دهم؟", "به صفحه تنظیمات بروید و روی گزینه تغییر رمز کلیک کنید."),
    ("ساعت کاری فروشگاه شما چه زمانی است؟", "فروشگاه ما هر روز از ساعت نه صبح تا هشت شب باز است."),
    ("سفارش من اکنون کجاست؟", "کد پیگیری را که برای شما پیامک شده است در صفحه سفارش وارد کنید."),
)


def _languages(*entries: Entry, spoken: frozenset[str] | None = SPOKEN) -> list[Problem]:
    return list(lint_languages(entries, spoken))


def test_a_language_that_the_model_does_not_speak_is_told() -> None:
    """An admin learns in advance why nothing will be found by its meaning."""
    persian = [entry(question, answer=answer) for question, answer in PERSIAN]

    (problem,) = _languages(*ZOO, *persian)

    assert problem.kind == "unspoken-language"
    assert "in Persian, which" in problem.what
    assert problem.what.startswith("23% of the entries")
    assert not _languages(*ZOO, *persian, spoken=None)
    assert not _languages(*ZOO, *persian, spoken=SPOKEN | {"fa"})


def test_two_entries_or_short_ones_say_nothing_of_a_language() -> None:
    """A few words are easily taken for another language, so nobody is bothered with that."""
    persian = [entry(question, answer=answer) for question, answer in PERSIAN]

    assert not _languages(*ZOO, *persian[:2])
    assert not _languages(*[replace(it, answer="x") for it in persian])
    assert not _languages(*[*ZOO] * 5, *persian)
    assert not _languages()


def test_a_language_that_an_author_names_is_believed() -> None:
    """Where the language is written there is nothing to guess, in a translation either."""
    translation = Translation("sv", ("Var?",), "Här.", ZOO[0].source)
    swedish = replace(ZOO[1], language="sv-SE")
    with_swedish = replace(ZOO[0], details=Details(translations=(translation,)))

    for it in (swedish, with_swedish):
        (problem,) = _languages(it, *ZOO[2:])
        assert "Swedish" in problem.what
    assert not _languages(replace(ZOO[1], language="uk"))  # kin to Russian
    assert not _languages(replace(ZOO[1], language="english"))
    (unnamed,) = _languages(replace(ZOO[1], language="eo"))
    assert 'the language "eo"' in unnamed.what
