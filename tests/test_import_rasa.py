"""Rasa projects: the examples of an intent with the response of its name are an entry."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from bot.faq.draft import Parsed
from bot.importing.rasa import is_rasa, parse_project
from tests.faq_strategies import anything
from tests.import_checks import assert_imported_well

NLU = """version: "3.1"
nlu:
- intent: faq/ask_hours
  examples: |
    - When are you open?
    - open on [sunday](day)?
    - till [eight]{"entity": "time", "value": "20:00"}
- intent: ask_way
  examples:
  - text: |
      How do I get there?
- intent: greet
  examples: |
    - hi
- intent: support/call
  examples: |
    - call me
- lookup: city
  examples: |
    - Rome
"""
DOMAIN = """version: "3.1"
intents:
- faq
responses:
  utter_faq/ask_hours:
  - text: |
      Daily.

      Not on Sundays.
  - text: Always.
  utter_ask_way:
  - image: https://e.org/map.png
    text: By bus.
  utter_iamabot:
  - text: I am a bot.
"""


def read(path: Path) -> Parsed:
    """Read a project and check what holds for every one."""
    parsed = parse_project(path)
    assert_imported_well(parsed)
    return parsed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Lay out a project as `rasa init` does."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "nlu.yml").write_text(NLU)
    (tmp_path / "data" / "stories.yml").write_text("version: '3.1'\nstories:\n- story: a\n")
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "README.md").write_text("# A bot\n")
    return tmp_path


@pytest.mark.parametrize("named", [".", "data/nlu.yml", "domain.yml"])
def test_examples_and_response_are_an_entry(project: Path, named: str) -> None:
    """Whichever part of a project is named, the others are found."""
    parsed = read(project / named)
    first, second = parsed.drafts
    assert (first.id, first.topic) == ("ask_hours", None)
    assert first.questions == ("When are you open?", "open on sunday?", "till eight")
    assert first.answer == "Daily.\n\nNot on Sundays."
    assert second.questions == ("How do I get there?",)
    assert second.answer == "By bus.\n\n![](https://e.org/map.png)"
    (problem,) = parsed.problems
    assert "support/call" in problem.what


def test_the_markdown_of_rasa_1_can_be_read(tmp_path: Path) -> None:
    """Old projects have their examples and retrieval responses in Markdown."""
    (tmp_path / "nlu.md").write_text(
        "## intent: faq/ask_pay\n- How do I pay?\n- [card](method)?\n\n## lookup:city\n- Rome\n"
        "## intent:shipping/ask_when\n- When does it come?\n"
    )
    (tmp_path / "responses.md").write_text(
        "## ask pay\n* faq/ask_pay\n  - By card\\nor cash.\n\n"
        "## when\n* shipping/ask_when\n  - Soon.\n"
    )
    parsed = read(tmp_path)
    assert [(it.questions, it.answer, it.topic) for it in parsed.drafts] == [
        (("How do I pay?", "card?"), "By card\nor cash.", None),
        (("When does it come?",), "Soon.", "shipping"),
    ]


def test_a_broken_file_is_told_and_costs_no_other(project: Path) -> None:
    """One slip in a project leaves the rest of it."""
    (project / "data" / "more.yml").write_text("nlu:\n- intent: a\n  examples: 'x\n")
    parsed = read(project)
    assert len(parsed.drafts) == 2
    assert not parsed.complete
    assert "more.yml, line 3" in parsed.problems[0].what


def test_a_folder_without_intents_says_so(tmp_path: Path) -> None:
    """An admin who named the wrong folder is told."""
    (problem,) = read(tmp_path).problems
    assert "No intents" in problem.what


def test_only_rasas_files_are_taken_for_it() -> None:
    """A FAQ in YAML or Markdown is a live format."""
    assert is_rasa(NLU)
    assert is_rasa(DOMAIN)
    assert is_rasa("## intent:a\n- b\n")
    assert not is_rasa("- question: nlu?\n  answer: x\n")
    assert not is_rasa("# FAQ\n\n## intent?\n\nyes\n")


@given(anything())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_read(tmp_path: Path, text: str) -> None:
    """Whatever is in a file, it yields entries and problems, never a crash."""
    (tmp_path / "nlu.yml").write_bytes(f"nlu:\n{text}".encode(errors="surrogatepass"))
    (tmp_path / "nlu.md").write_bytes(f"## intent:a\n{text}".encode(errors="surrogatepass"))
    read(tmp_path)
