"""JSON files: our own form, and those of bots and websites."""

import json

import pytest
from hypothesis import given

from bot.faq.draft import Parsed
from bot.faq.json_format import parse_json_faq
from bot.model import Source, Translation
from tests.faq_strategies import (
    Written,
    anything,
    as_json,
    assert_told_well,
    entries,
    told,
    written,
)


def parse(value: object, file: str = "data.json") -> Parsed:
    """Parse a value, or a text as it is, and check what holds for every file."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2)
    parsed = parse_json_faq(text, file)
    assert_told_well(parsed, text)
    return parsed


def found(parsed: Parsed) -> list[tuple[str, str, str | None]]:
    """Give question, answer and topic of each entry."""
    return [(it.questions[0], it.answer, it.topic) for it in parsed.drafts]


PAIR = {"question": "When?", "answer": "Now."}
OTHER = {"question": "Where?", "answer": "Here."}


@pytest.mark.parametrize("name", ["entries", "faqs", "faq", "questions", "items", "data", "things"])
def test_a_list_may_be_alone_or_have_a_name(name: str) -> None:
    """Whatever its name, the entries in it are found."""
    expected = [("When?", "Now.", None), ("Where?", "Here.", None)]
    assert found(parse([PAIR, OTHER])) == expected
    assert found(parse({name: [PAIR, OTHER]})) == expected
    assert not parse({name: [PAIR, OTHER]}).problems


def test_an_entry_has_the_properties_of_every_format() -> None:
    """By our names, or by those that others use."""
    (draft,) = parse(
        [{"slug": "a", "q": "When?", "alternatives": ["hours"], "a": "Now.", "tags": ["x"]}]
    ).drafts
    assert (draft.id, draft.questions, draft.answer) == ("a", ("When?", "hours"), "Now.")
    assert draft.details.keywords == ("x",)


def test_schema_orgs_faq_page_is_read() -> None:
    """As websites hold it for search engines; HTML in the answers becomes Markdown."""
    page = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "name": "Help",
        "mainEntity": [
            {
                "@type": "Question",
                "name": "When?",
                "acceptedAnswer": {"@type": "Answer", "text": "<p>Now, <b>really</b>.</p>"},
            },
            {
                "@type": "Question",
                "name": "Where?",
                "acceptedAnswer": [{"@type": "Answer", "text": "Here &amp; there."}],
            },
        ],
    }
    expected = [("When?", "Now, **really**.", "Help"), ("Where?", "Here & there.", "Help")]
    assert found(parse(page)) == expected
    assert found(parse({"@graph": [{"@type": "WebSite", "url": "x"}, page]})) == expected
    assert not parse(page).problems


def test_a_mapping_from_question_to_answer_is_read() -> None:
    """The simplest form of all, alone or by topic."""
    assert found(parse({"When?": "Now.", "Where?": "Here."})) == [
        ("When?", "Now.", None),
        ("Where?", "Here.", None),
    ]
    assert found(parse({"Visit": {"When?": "Now."}, "Shop": {"Where is it?": "Here."}})) == [
        ("When?", "Now.", "Visit"),
        ("Where is it?", "Here.", "Shop"),
    ]


def test_sections_give_the_topic() -> None:
    """Lists in lists, by a title, by a name, or by the key that they stand under."""
    sections = [{"title": "Visit", "items": [PAIR]}, {"category": "Shop", "faqs": [OTHER]}]
    expected = [("When?", "Now.", "Visit"), ("Where?", "Here.", "Shop")]
    assert found(parse(sections)) == expected
    assert found(parse({"title": "Help", "sections": sections})) == expected
    assert found(parse({"Visit": [PAIR], "Shop": [OTHER]})) == expected
    nested = [{"name": "A", "sections": [{"name": "B", "questions": [PAIR]}]}]
    assert found(parse(nested)) == [("When?", "Now.", "A / B")]


def test_entries_may_stand_under_their_ids_or_questions() -> None:
    """What names an entry from outside is its id, or its question where it has none inside."""
    (draft,) = parse({"opening": PAIR}).drafts
    assert (draft.id, draft.questions) == ("opening", ("When?",))
    (draft,) = parse({"When is it?": {"answer": "Now."}}).drafts
    assert (draft.id, draft.questions) == (None, ("When is it?",))


@pytest.mark.parametrize(
    "entry",
    [
        {"question": {"en": "When?", "de": "Wann?"}, "answer": {"en": "Now.", "de": "Jetzt."}},
        {"question_en": "When?", "answer_en": "Now.", "questionDe": "Wann?", "answerDe": "Jetzt."},
        {"en": PAIR, "de": {"title": "Wann?", "content": "Jetzt."}},
        {**PAIR, "language": "en", "translations": {"de": {"q": "Wann?", "a": "Jetzt."}}},
        {**PAIR, "lang": "EN", "i18n": [{"language": "Deutsch", "q": "Wann?", "a": "Jetzt."}]},
    ],
)
def test_an_entry_may_be_in_several_languages(entry: dict[str, object]) -> None:
    """However the languages are laid out, it is one entry with translations."""
    (draft,) = parse([entry], "faq.json").drafts
    assert (draft.questions, draft.answer, draft.language) == (("When?",), "Now.", "en")
    ((translation,),) = (draft.details.translations,)
    assert translation == Translation(
        "de", ("Wann?",), "Jetzt.", Source("faq.json", translation.source.line)
    )


def test_what_is_no_translation_is_left_alone() -> None:
    """A list without languages, or a text where one should be, costs the entry nothing else."""
    for translations in ([{"q": "Wann?", "a": "Jetzt."}, "x"], {"de": "Jetzt."}, "de"):
        (draft,) = parse([{**PAIR, "translations": translations}]).drafts
        assert (draft.answer, draft.details.translations) == ("Now.", ())


def test_lists_by_language_have_that_language() -> None:
    """As the data of a website in two languages is."""
    drafts = parse({"faq": {"en": [PAIR], "de": [{"frage": "Wo?", "antwort": "Hier."}]}}).drafts
    assert [(it.questions[0], it.language) for it in drafts] == [("When?", "en"), ("Wo?", "de")]


def test_a_bots_intents_are_read() -> None:
    """Its examples are the questions; of answers to pick one from, the first is taken."""
    parsed = parse(
        {"intents": [{"tag": "t", "patterns": ["When", "Hours"], "responses": ["A", "B"]}]}
    )
    assert [(it.questions, it.answer) for it in parsed.drafts] == [(("When", "Hours"), "A")]


def test_several_paragraphs_may_be_a_list() -> None:
    """Nothing of them is lost."""
    assert found(parse([{"question": "When?", "answer": ["Now.", "Ever."]}])) == [
        ("When?", "Now.\n\nEver.", None)
    ]


def test_an_answer_that_is_html_becomes_markdown() -> None:
    """As a whole; where there are only some tags in it, it is the author's Markdown."""
    parsed = parse(
        [
            {"question": "When?", "answer": "<p>Now.</p><p>Or <b>later</b>.</p>"},
            {"question": "How?", "answer": "Use `<p>` or <b>this</b>."},
        ]
    )
    assert [it.answer for it in parsed.drafts] == [
        "Now.\n\nOr **later**.",
        "Use `<p>` or <b>this</b>.",
    ]


def test_a_section_may_have_a_text_of_its_own() -> None:
    """Its title and its text are no question with an answer, as there are some in it."""
    section = {"title": "Help", "desc": "Ask!", "items": [{"title": "When?", "content": "Now."}]}
    assert found(parse([section], "faq.json")) == [("When?", "Now.", "Help")]


def test_an_entry_that_is_switched_off_is_left_out() -> None:
    """Who has written so does not want it shown."""
    parsed = parse([{**PAIR, "enabled": False}, {**OTHER, "enabled": True}])
    assert found(parsed) == [("Where?", "Here.", None)]
    assert not parsed.problems


def test_one_object_a_line_is_read_as_well() -> None:
    """Some name such a file .json."""
    assert len(parse(f"{json.dumps(PAIR)}\n{json.dumps(OTHER)}\n").drafts) == 2


@pytest.mark.parametrize(
    "value",
    [
        {"name": "site", "version": "1.0.0", "scripts": {"build": "make"}, "description": "A site"},
        {"compilerOptions": {"strict": True}, "include": ["src"]},
        [{"text": "when", "expected": "a"}, {"text": "who", "expected": None}],
        [{"name": "Ann", "description": "Boss"}],
        [{"title": "A post", "content": "Long ago"}],
        [1, 2],
        "text",
        5,
        None,
    ],
)
def test_what_is_no_faq_is_one_warning(value: object) -> None:
    """A file of another program does no harm and does not drown its reader in errors."""
    parsed = parse(json.dumps(value))
    assert not parsed.drafts
    assert [it.severity for it in parsed.problems] == ["warning"]
    assert "underscore" in parsed.problems[0].mend
    assert not parsed.complete


def test_vague_names_count_where_the_file_says_that_it_is_a_faq() -> None:
    """A title with a text is a question with its answer in faq.json, and anything elsewhere."""
    assert found(parse([{"title": "When?", "content": "Now."}], "faq.json")) == [
        ("When?", "Now.", None)
    ]


@pytest.mark.parametrize("text", ["", " \n", "[]", "{}", '{"entries": []}'])
def test_a_file_without_entries_is_no_problem(text: str) -> None:
    """A file that nobody has written yet has neither entries nor problems."""
    parsed = parse(text)
    assert (parsed.drafts, parsed.problems, parsed.complete) == ([], [], True)


def test_what_is_wrong_with_one_entry_costs_no_other() -> None:
    """Each is told with its line."""
    text = (
        '[{"question": "When?", "answer": "Now."},\n {"question": "Who?"},\n {"answer": "Lost."},\n'
        ' "Why?",\n {"colour": "red"},\n {"question": "How?", "answer": {"b": 1}, "answer": "x"},\n'
        ' {"question": "Where?", "answer": "Here."}]'
    )
    parsed = parse(text)
    assert [it.questions[0] for it in parsed.drafts] == ["When?", "Where?"]
    assert told(parsed.problems) == [
        (6, "error", '"answer" stands twice in the same place (first on line 6).'),
        (2, "error", '"Who?" has no answer.'),
        (3, "error", "This entry has no question."),
        (4, "error", "This is not an entry."),
        (5, "warning", '"colour" is not a property, so it has no effect.'),
        (5, "error", "This entry has no question."),
        (6, "error", '"answer" must be a text.'),
        (6, "error", '"How?" has no answer.'),
    ]


def test_a_slip_is_told_and_the_file_counts_as_unread() -> None:
    """Its former entries stay meanwhile."""
    parsed = parse('[\n{"question": "When?"\n"answer": "Now."}]')
    assert not parsed.complete
    assert told(parsed.problems) == [
        (3, "error", "This is not valid JSON: here a comma or } must be.")
    ]


@given(entries())
def test_what_an_author_writes_is_what_is_read(faq: list[Written]) -> None:
    """Entries written as JSON come back unchanged, whatever their texts hold."""
    parsed = parse(as_json(faq))
    assert written(parsed) == faq
    assert not parsed.problems


@given(anything())
def test_no_text_is_too_strange(text: str) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    for draft in parse(text).drafts:
        draft.answer.encode()
