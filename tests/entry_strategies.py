"""Hypothesis strategies for whole entries, with all that an entry can say of itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from bot.model import Details, Entry, Source, Translation
from bot.text import normalise, one_line
from tests.faq_strategies import answers, phrases

NOWHERE = Source("", 0)
_LANGUAGES = ("de", "en", "fr", "no", "pt-BR")
_NASTY_ANSWERS = (
    *("=1+1", "+49 30 1234", "- one\n- two", "@everyone", "'=x", "''", '"', "| a |", "a\tb"),
    *("  four spaces", "    code\n\n    more", "x  \ny\\\nz", "null", "~", "yes", "1.10"),
    *("# no\n## headings", "Title\n---\ntext", "a --> b", "<!-- a -->", "<b>x</b>\n\n<br>"),
    *("```\nopen", "~~~\n# x\n~~~", "see [x]\n\n[x]: https://example.org", "[a](#b)\n\n[c](#d)"),
    *("a\n\n\n\nb", "key: value", "a: b: c", "# x", "a #b", "---", "a\n---", "...", "{}", "[]"),
    *("x\u2028y", "x\u0085y".replace("\u0085", " "), "\ufeffx", "\uffff", "a,b;c|d", "sep=;"),
)
_CHATS = st.integers(-(10**13), 10**13).map(str) | st.sampled_from(("@staff", "@Team_1"))


def _lists(items: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.just(()) | st.lists(items, min_size=1, max_size=3).map(tuple)


def _days() -> st.SearchStrategy[date | None]:
    return st.none() | st.dates(date(1000, 1, 1))


def _details() -> st.SearchStrategy[Details]:
    texts = phrases().map(one_line)
    return st.just(Details()) | st.builds(
        Details,
        aliases=_lists(texts),
        keywords=_lists(texts | st.sampled_from(("a, b", "a;b", "[1]", '["x"]', "x|y", "- z"))),
        related=_lists(texts),
        audience=_lists(_CHATS),
        threshold=st.none() | st.floats(0, 1),
        valid_from=_days(),
        valid_until=_days(),
        attachments=_lists(texts | st.sampled_from(("plan.pdf", "https://example.org/a,b"))),
    )


def _questions() -> st.SearchStrategy[tuple[str, ...]]:
    asked = phrases().map(one_line)
    return st.lists(asked, min_size=1, max_size=3, unique_by=normalise).map(tuple)


def whole_answers() -> st.SearchStrategy[str]:
    """Answers that any format could meet, those that Markdown cannot hold among them."""
    return answers(deeper_than=2) | answers() | st.sampled_from(_NASTY_ANSWERS)


@st.composite
def _entry(draw: st.DrawFn) -> Entry:
    language = draw(st.none() | st.sampled_from(_LANGUAGES))
    others = [it for it in _LANGUAGES if it != language]
    spoken = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if language else []
    translations = tuple(
        Translation(it, draw(_questions()), draw(whole_answers()), NOWHERE) for it in sorted(spoken)
    )
    return Entry(
        draw(phrases().map(one_line)),
        draw(_questions()),
        draw(whole_answers()),
        draw(st.none() | st.sampled_from(("Ordering", "Lieferung & Versand", "C# / <T>", "配送"))),
        language,
        NOWHERE,
        replace(draw(_details()), translations=translations),
    )


def whole_entries(*, min_size: int = 1) -> st.SearchStrategy[list[Entry]]:
    """Entries with ids of their own."""
    return st.lists(_entry(), min_size=min_size, max_size=4, unique_by=lambda it: it.id)


def placeless_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Give entries without the places where they stand."""
    return [
        replace(
            entry,
            source=NOWHERE,
            details=replace(
                entry.details,
                translations=tuple(
                    replace(it, source=NOWHERE) for it in entry.details.translations
                ),
            ),
        )
        for entry in entries
    ]
