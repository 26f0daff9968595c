"""Hypothesis strategies for entries and FAQ texts, and how a simple author writes entries down."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import yaml
from hypothesis import strategies as st

from bot.faq.draft import Parsed
from bot.model import Problem
from bot.text import has_words, normalise

_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SIGNS = (*_PUNCTUATION, "¿", "؟", "。", "\u200f", "\u00ad")
_LETTERS = st.characters(categories=("L", "M", "N"))
_WORDS = st.text(_LETTERS | st.sampled_from(_SIGNS), min_size=1, max_size=8)
_EMOJI = st.sampled_from(("👍🏽", "1️⃣", "🇩🇪", "{#x}", "-->", "[a]", "&lt;", "id:"))


@dataclass(frozen=True)
class Written:
    """What an author wrote: an entry without its place."""

    id: str | None
    questions: tuple[str, ...]
    answer: str
    topic: str | None
    language: str | None


def written(parsed: Parsed) -> list[Written]:
    """Give what a parser found, without the places."""
    return [Written(it.id, it.questions, it.answer, it.topic, it.language) for it in parsed.drafts]


def told(problems: Iterable[Problem]) -> list[tuple[int, str, str]]:
    """Give each problem's line, severity and message, for short assertions."""
    return [(it.source.line, it.severity, it.what) for it in problems]


def assert_told_well(parsed: Parsed, text: str) -> None:
    """Check that each problem has a place in the file, and sentences that can be read."""
    last_line = len(text.splitlines()) + 1
    for problem in parsed.problems:
        assert problem.source.file == parsed.file
        assert 1 <= problem.source.line <= last_line
        assert problem.what.endswith(".")
        assert problem.mend.endswith((".", "?", "”", '"'))
    for draft in parsed.drafts:
        assert 1 <= draft.line <= last_line
        assert draft.answer.strip()
        assert draft.questions
        assert all(map(has_words, draft.questions))
        assert len({normalise(question) for question in draft.questions}) == len(draft.questions)


def phrases() -> st.SearchStrategy[str]:
    """Single lines in any script, with whatever signs a keyboard has."""
    return st.lists(_WORDS | _EMOJI, min_size=1, max_size=3).map(" ".join).filter(has_words)


def _escaped_phrases() -> st.SearchStrategy[str]:
    return phrases().map(escape_markdown)


def _blocks() -> st.SearchStrategy[str]:
    phrase = _escaped_phrases()
    return st.one_of(
        st.lists(phrase, min_size=1, max_size=3).map("\n".join),
        st.lists(phrase, min_size=1, max_size=3).map(lambda it: "- " + "\n- ".join(it)),
        st.sampled_from(
            [
                "**Yes**, see [the guide](https://example.org/#x) or `faqbot --help`.",
                "See [the guide](#guide) first; [prices](#prices) are below.",
                "```sh\n# no heading\n\n## none either\n---\n```",
                "~~~\n```\n<!-- shown -->\n~~~",
                "    # brew update\n    brew upgrade",
                "1. one\n2. two\n\n   ## in the list",
                "- one\n  - two\n\n        code",
                "> ## quoted\n> text",
                "| a | b |\n|---|---|\n| # | ## |",
                "line one  \nline two\\\nline three",
                "![a picture](https://example.org/a.png)",
            ]
        ),
    )


def answers(*, deeper_than: int = 6) -> st.SearchStrategy[str]:
    """Answers in Markdown; headings in them are deeper than the level given."""
    first = _blocks()
    heading = "#" * (deeper_than + 1)
    deeper = _escaped_phrases().map(lambda it: f"{heading} {it}")
    rest = st.lists(first | deeper if deeper_than < 6 else first, max_size=3)
    return st.builds(lambda begin, more: "\n\n".join([begin, *more]), first, rest)


def entries(
    answers_from: st.SearchStrategy[str] | None = None, *, min_size: int = 1, with_ids: bool = False
) -> st.SearchStrategy[list[Written]]:
    """Entries with ids of their own (or none), in groups of one topic, those without one first."""
    ids = phrases()
    topics = st.none() | st.sampled_from(["Ordering", "Lieferung & Versand", "C# / <T>", "配送"])
    one = st.builds(
        Written,
        ids if with_ids else st.none() | ids,
        st.lists(phrases(), min_size=1, max_size=4, unique_by=normalise).map(tuple),
        answers() if answers_from is None else answers_from,
        topics,
        st.sampled_from([None, "de", "no", "pt-BR"]),
    )
    several = st.lists(one, min_size=min_size, max_size=5, unique_by=lambda it: it.id or object())
    return several.map(lambda them: sorted(them, key=lambda it: it.topic or ""))


def escape_markdown(text: str) -> str:
    """Write a text so that Markdown takes every sign in it literally."""
    return "".join(f"\\{char}" if char in _PUNCTUATION else char for char in text)


def _in_comment(text: str) -> str:
    """Write a text as YAML that may stand in an HTML comment."""
    return json.dumps(text, ensure_ascii=False).replace(">", "\\u003e")


def as_markdown(faq: Sequence[Written], title: str | None = None) -> str:
    """Write entries as Markdown: topics at level 2, questions at level 3."""
    lines = [f"# {escape_markdown(title)}", ""] if title else []
    topic = None
    for entry in faq:
        if entry.topic and entry.topic != topic:
            topic = entry.topic
            lines += [f"## {escape_markdown(topic)}", ""]
        lines += [f"### {escape_markdown(entry.questions[0])}", "<!--"]
        if entry.id:
            lines.append(f"id: {_in_comment(entry.id)}")
        if entry.language:
            lines.append(f"language: {_in_comment(entry.language)}")
        if entry.questions[1:]:
            lines += ["also:", *(f"  - {_in_comment(it)}" for it in entry.questions[1:])]
        lines += ["-->", entry.answer, ""]
    return "\n".join(lines)


def as_yaml(faq: Sequence[Written]) -> str:
    """Write entries as YAML, as PyYAML does it."""
    rows = [
        {
            "id": entry.id,
            "question": entry.questions[0],
            "also": list(entry.questions[1:]),
            "answer": entry.answer,
            "topic": entry.topic,
            "language": entry.language,
        }
        for entry in faq
    ]
    return yaml.safe_dump(rows, allow_unicode=True, sort_keys=False)


def as_json(faq: Sequence[Written]) -> str:
    """Write entries as one JSON list, with tabs and without what is not there."""
    rows = [
        {
            "id": it.id,
            "question": it.questions[0],
            "also": it.questions[1:],
            "answer": it.answer,
            "topic": it.topic,
            "language": it.language,
        }
        for it in faq
    ]
    return json.dumps(rows, indent="\t", ensure_ascii=False)


def as_csv(faq: Sequence[Written], delimiter: str = ",") -> str:
    """Write entries as a table, several phrasings in one cell by lines."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "question", "alternatives", "answer", "topic", "language"])
    for it in faq:
        also = "".join(f"{text}\n" for text in it.questions[1:])
        cells = [it.id, it.questions[0], also, it.answer, it.topic, it.language]
        writer.writerow([_guarded(cell or "") for cell in cells])
    return stream.getvalue()


def _guarded(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.lstrip("'")[:1] in {*"=+-@\t"} and cell.strip("'") else cell


def as_jsonl(faq: Sequence[Written]) -> str:
    """Write entries as JSON Lines, with a key that nobody asked for."""
    rows = (
        {"id": it.id, "questions": it.questions, "answer": it.answer, "source": 1} for it in faq
    )
    return "\n".join(json.dumps(row) for row in rows)


_FRAGMENTS = (
    *("# ", "## ", "### A?\n", "B\n===\n", "---\n", "***\n", "- ", "* ", "1. ", "> ", "    ", "\t"),
    *("```\n", "~~~", "`", "<!--", "-->", "<!-->", "<div>\n", "<a name='x'></a>\n", "<pre>"),
    *("id: x\n", "also:\n  - y\n", "topic: [", "entries:\n", "- question: a\n", "  answer: b\n"),
    *("question,answer\n", "q;a;id\n", '"a ""b"" c",d\n', "a?,b\n", "sep=;\n", "x\ty\n"),
    *("[a]: b\n", "[a]", "[a](#b)\n", "](#", "![", "{#x}", "{:toc}", "[[_TOC_]]", "|a|b|\n|-|-|\n"),
    *('{"id": "a", ', '"questions": ["b"], ', '"answer": "c"}\n', "null", "[]", "\\ud800", "1e999"),
    *(
        "&lt;",
        "&a ",
        "*a",
        "**",
        "!t ",
        "%",
        "? ",
        ": ",
        "'",
        '"',
        "|\n",
        ">-\n",
        "{",
        "}",
        "[",
        "]",
    ),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\ufeff",
        "\u2028",
        "\x85",
        "\x00",
        "\x0b",
        "\ud800",
        "text ",
        "é",
    ),
)
_NESTING = (
    "[",
    "{",
    '{"a":',
    "- ",
    "> ",
    ">",
    "* ",
    "1. ",
    "*",
    "_",
    "`",
    "(",
    "<",
    "![",
    "? ",
    "#",
)


def anything() -> st.SearchStrategy[str]:
    """Arbitrary text: any characters, fragments of every format in any order, deep nesting."""
    fragments = st.lists(st.sampled_from(_FRAGMENTS) | st.text(max_size=3), max_size=40)
    nested = st.builds(
        lambda head, unit, times, tail: head + unit * times + tail,
        st.sampled_from(["", "## A?\n", "## ", "---\n", "<!-- id: ", "- question: "]),
        st.sampled_from(_NESTING),
        st.integers(1, 3000),
        st.sampled_from(["", "\n", "a\nb\n", "-->\n"]),
    )
    return st.text() | fragments.map("".join) | nested
