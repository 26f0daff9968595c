"""Reading a FAQ: a file or a folder, whatever lies in it."""

import errno
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.faq.faq_file import DATA, FORMATS, PROSE
from bot.faq.folder import FaqPathError, Remembered, fingerprint, read_faq, signs_of
from bot.faq.markdown_format import parse_markdown
from bot.model import Faq, Source
from tests.faq_strategies import anything

MARKDOWN = "## When?\nNow.\n\n## Where?\nHere.\n"


def write(path: Path, content: str | bytes = MARKDOWN) -> Path:
    """Write a file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def told(faq: Faq) -> list[tuple[str, int, str]]:
    """Give each problem's file, line and message."""
    return [(it.source.file, it.source.line, it.what) for it in faq.problems]


# Which files are read


def test_a_folder_is_read_with_its_subfolders_in_the_order_of_names(tmp_path: Path) -> None:
    """All formats and all subfolders make one FAQ, in an order that does not change."""
    write(tmp_path / "b.md")
    write(tmp_path / "a.yaml", "- question: Why?\n  answer: Because.\n")
    write(tmp_path / "more" / "deep" / "c.jsonl", '{"id": "x", "questions": ["X"], "answer": "x"}')
    write(tmp_path / "D.MARKDOWN", "# Who?\nUs.\n")
    write(tmp_path / "e.yml", "- question: How?\n  answer: So.\n")
    faq = read_faq(tmp_path)
    assert faq.root == tmp_path
    assert faq.files == ("D.MARKDOWN", "a.yaml", "b.md", "e.yml", "more/deep/c.jsonl")
    assert [(it.id, it.source) for it in faq.entries] == [
        ("who", Source("D.MARKDOWN", 1)),
        ("why", Source("a.yaml", 1)),
        ("when", Source("b.md", 1)),
        ("where", Source("b.md", 4)),
        ("how", Source("e.yml", 1)),
        ("x", Source("more/deep/c.jsonl", 1)),
    ]
    assert not faq.problems
    assert not faq.broken_files


@pytest.mark.parametrize(
    "name",
    [
        *("README.md", "readme.md", "sub/README.md", "_draft.md", ".hidden.md", "._a.md", ".md"),
        *("_drafts/a.md", ".git/a.md", "sub/_drafts/deep/a.md"),
        *("notes.txt", "a.xlsx", "a.html", "a.md.bak", "a.md~", "md", "#a.md#"),
    ],
)
def test_what_is_meant_for_editors_is_left_out(tmp_path: Path, name: str) -> None:
    """Hidden names, names with an underscore, READMEs and other kinds of files are no FAQ."""
    write(tmp_path / name)
    write(tmp_path / "faq.md")
    assert read_faq(tmp_path).files == ("faq.md",)


def test_the_folder_itself_may_have_any_name(tmp_path: Path) -> None:
    """A hidden folder that is named outright is read."""
    write(tmp_path / "_faq" / "a.md")
    assert read_faq(tmp_path / "_faq").files == ("a.md",)


def test_a_folder_that_is_called_like_a_file_is_a_folder(tmp_path: Path) -> None:
    """Only files are read as files."""
    write(tmp_path / "old.md" / "a.md")
    assert read_faq(tmp_path).files == ("old.md/a.md",)


@pytest.mark.parametrize("name", ["FAQ.md", "README.md", "_draft.md", "FAQ.MD"])
def test_one_file_may_be_the_faq(tmp_path: Path, name: str) -> None:
    """A file that is named outright is read, whatever its name and whatever lies beside it."""
    write(tmp_path / "other.md", "## Other?\n")
    faq = read_faq(write(tmp_path / name))
    assert (faq.root, faq.files) == (tmp_path, (name,))
    assert [it.source.file for it in faq.entries] == [name, name]
    assert not faq.problems


def test_an_empty_folder_is_an_empty_faq(tmp_path: Path) -> None:
    """Nothing is there, and nothing is wrong with it."""
    assert read_faq(tmp_path) == Faq(tmp_path, (), (), (), frozenset())


def test_ids_are_unique_over_all_files(tmp_path: Path) -> None:
    """The same heading in two files is two entries."""
    write(tmp_path / "a.md")
    write(tmp_path / "b.md")
    assert [it.id for it in read_faq(tmp_path).entries] == ["when", "where", "when-2", "where-2"]


# Paths that hold no FAQ


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The message names the path and says what to do."""
    with pytest.raises(FaqPathError) as caught:
        read_faq(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in str(caught.value)
    assert "write one there" in str(caught.value)
    assert "--faq or FAQBOT_FAQ_PATH" in str(caught.value)


@pytest.mark.parametrize("name", ["faq.rtf", "faq", "faq.docx", "faq.md.bak"])
def test_a_file_of_another_kind_is_told(tmp_path: Path, name: str) -> None:
    """The message names the kinds of files that can be read."""
    with pytest.raises(FaqPathError) as caught:
        read_faq(write(tmp_path / name))
    assert name in str(caught.value)
    assert all(suffix in str(caught.value) for suffix in FORMATS)


@pytest.mark.parametrize("path", ["x" * 5000, "nowhere\0"])
def test_a_path_that_cannot_be_is_told(path: str) -> None:
    """A setting that holds something else by mistake is no crash."""
    with pytest.raises(FaqPathError):
        read_faq(Path(path))
    assert fingerprint(Path(path)) == ()


# What the files hold


@pytest.mark.parametrize(
    "content",
    [
        MARKDOWN.encode("utf-8-sig"),
        MARKDOWN.encode("utf-16"),
        b"\xfe\xff" + MARKDOWN.encode("utf-16-be"),
        MARKDOWN.replace("\n", "\r\n").encode(),
        MARKDOWN.replace("\n", "\r").encode(),
        MARKDOWN.rstrip().encode(),
        f"---\ntopic: A\n---\n{MARKDOWN}".replace("\n", "\r\n").encode("utf-8-sig"),
    ],
)
def test_files_of_any_system_can_be_read(tmp_path: Path, content: bytes) -> None:
    """A byte order mark and the line ends of Windows or an old Mac do no harm."""
    faq = read_faq(write(tmp_path / "faq.md", content))
    assert [(it.question, it.answer) for it in faq.entries] == [
        ("When?", "Now."),
        ("Where?", "Here."),
    ]
    assert not faq.problems


def test_windows_line_ends_do_no_harm_in_yaml_and_jsonl(tmp_path: Path) -> None:
    """An answer of two lines has one line break between them, wherever it was written."""
    write(tmp_path / "a.yaml", "- question: When?\r\n  answer: |\r\n    Now.\r\n    Ever.\r\n")
    write(tmp_path / "b.jsonl", '{"id": "b", "questions": ["B"], "answer": "b"}\r\n{}\r\n')
    faq = read_faq(tmp_path)
    assert [it.answer for it in faq.entries] == ["Now.\nEver.", "b"]
    assert [(file, line) for file, line, _ in told(faq)] == [("b.jsonl", 2)]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        (
            "## When?\nNow.\n## Où?\nIci.\n".encode("latin-1"),
            3,
            "The file is not UTF-8 text from this line on.",
        ),
        (MARKDOWN.encode("utf-16")[:-1], 5, "The file is not UTF-8 text from this line on."),
        (
            f"## When?\n{'x' * (PROSE.line_bytes + 1)}\n",
            2,
            f"This line is longer than {PROSE.line_bytes:,} bytes.",
        ),
        (f"{'é' * (PROSE.line_bytes // 2 + 1)}", 1, "This line is longer than 64,000 bytes."),
        ("word\n" * (PROSE.file_bytes // 5) + "x", 1, "The file is larger than 1,000,000 bytes."),
    ],
    ids=["latin-1", "utf-16", "long line", "long line of long characters", "large file"],
)
@pytest.mark.parametrize("suffix", [".md", ".markdown", ".mdx", ".yaml", ".yml"])
def test_a_file_that_cannot_be_parsed_is_told_and_stops_no_other(
    tmp_path: Path, suffix: str, content: str | bytes, line: int, what: str
) -> None:
    """The problem has its line, the file counts as broken, and the other files are read."""
    write(tmp_path / f"bad{suffix}", content)
    write(tmp_path / "good.md")
    faq = read_faq(tmp_path)
    assert told(faq) == [(f"bad{suffix}", line, what)]
    assert faq.problems[0].mend
    assert faq.broken_files == {f"bad{suffix}"}
    assert [it.source.file for it in faq.entries] == ["good.md", "good.md"]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".tab"])
def test_a_data_file_that_cannot_be_parsed_is_told_and_stops_no_other(
    tmp_path: Path, suffix: str
) -> None:
    """Programs write longer files than people, but not without end."""
    name = f"bad{suffix}"
    write(tmp_path / "good.md")
    for content, what in (
        (b"x" * (DATA.file_bytes + 1), "The file is larger than 10,000,000 bytes."),
        (b"\n" * DATA.lines, "The file has more than 100,000 lines."),
        (b"a\nb\x81\x8d\xd7\n", "The file is not UTF-8 text from this line on."),
    ):
        write(tmp_path / name, content)
        faq = read_faq(tmp_path)
        assert [(it.source.file, it.what) for it in faq.problems] == [(name, what)]
        assert faq.broken_files == {name}
        assert len(faq.entries) == 2


def test_an_export_may_stand_on_one_long_line(tmp_path: Path) -> None:
    """A list in JSON that no person ever broke into lines, or a table with a long cell."""
    answer = "word " * 20_000
    write(tmp_path / "a.json", f'[{{"question": "When?", "answer": "{answer}"}}]')
    write(tmp_path / "b.csv", f"question,answer\nWhere?,{answer}\n")
    faq = read_faq(tmp_path)
    assert [it.answer for it in faq.entries] == [answer.strip()] * 2
    assert not faq.problems


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Frage;Antwort\r\nWann öffnen Sie?;Täglich\r\n", "Western European (Windows-1252)"),
        ("вопрос;ответ\nКуда?;Мы открыты каждый день.\n", "Cyrillic (Windows-1251)"),  # noqa: RUF001
    ],
)
def test_a_table_in_an_old_encoding_is_read_with_a_warning(
    tmp_path: Path, content: str, encoding: str
) -> None:
    """Spreadsheets still write these; whoever sees wrong letters knows what to do."""
    codec = "cp1252" if "1252" in encoding else "cp1251"
    faq = read_faq(write(tmp_path / "faq.csv", content.encode(codec)))
    assert [it.question for it in faq.entries] == [content.splitlines()[1].partition(";")[0]]
    (problem,) = faq.problems
    assert problem.severity == "warning"
    assert problem.what == f"The file is not UTF-8 text; it was read as {encoding}."
    assert "CSV UTF-8" in problem.mend
    assert not faq.broken_files


def test_excels_unicode_text_is_read(tmp_path: Path) -> None:
    """It is UTF-16 with tabs, and says so in its first two bytes."""
    text = "질문\t답변\r\n언제?\t지금.\r\n"
    faq = read_faq(write(tmp_path / "faq.tsv", text.encode("utf-16")))
    assert [(it.question, it.answer) for it in faq.entries] == [("언제?", "지금.")]
    assert not faq.problems


def test_files_of_other_programs_are_a_warning_each(tmp_path: Path) -> None:
    """A folder that holds more than a FAQ is no reason for errors."""
    write(tmp_path / "faq.md")
    write(tmp_path / "package.json", '{"name": "site", "version": "1.0.0", "description": "x"}')
    write(tmp_path / "mkdocs.yml", "site_name: Docs\nnav:\n  - Home: index.md\n")
    write(tmp_path / "data.csv", "city,people\nBerlin,3\n" * 100)
    write(tmp_path / "questions.jsonl", '{"text": "when", "expected": "when"}\n' * 100)
    faq = read_faq(tmp_path)
    assert len(faq.entries) == 2
    assert [(it.source.file, it.severity) for it in faq.problems] == [
        ("data.csv", "warning"),
        ("mkdocs.yml", "warning"),
        ("package.json", "warning"),
        ("questions.jsonl", "warning"),
    ]
    assert all("underscore" in it.mend for it in faq.problems)


def test_the_one_file_that_is_the_faq_must_be_one(tmp_path: Path) -> None:
    """Whoever names it outright means it, so what is no FAQ is an error there."""
    faq = read_faq(write(tmp_path / "data.csv", "city,people\nBerlin,3\n"))
    assert [it.severity for it in faq.problems] == ["error"]
    assert faq.broken_files == {"data.csv"}


def test_a_text_file_is_read_if_it_is_named(tmp_path: Path) -> None:
    """In a folder .txt files are anything; named outright, one is Markdown."""
    assert len(read_faq(write(tmp_path / "FAQ.txt")).entries) == 2
    assert read_faq(tmp_path).files == ()


def test_names_that_cannot_be_told_apart_are_made_different(tmp_path: Path) -> None:
    """Two files whose names are no text are both read, and both told."""
    try:
        for name in (b"caf\xe9.md", b"caf\xe8.md"):
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(MARKDOWN)
    except OSError:
        pytest.skip("this file system has names in UTF-8 only")
    faq = read_faq(tmp_path)
    assert set(faq.files) == {"caf\ufffd.md", "caf\ufffd.md (2)"}
    assert {it.source.file for it in faq.entries} == set(faq.files)
    assert [it.what.startswith("The name of this file is no text") for it in faq.problems] == [
        *(True, True)
    ]


def test_as_much_as_is_allowed_is_read(tmp_path: Path) -> None:
    """A file of a million bytes is no problem, nor is a line of 64,000."""
    line = "é" * (PROSE.line_bytes // 2)
    text = f"{MARKDOWN}{line}\n"
    rest = PROSE.file_bytes - len(text.encode())
    file = write(
        tmp_path / "faq.md", text + ("word " * 100 + "\n") * (rest // 501) + " " * (rest % 501)
    )
    faq = read_faq(file)
    assert file.stat().st_size == PROSE.file_bytes
    assert len(faq.entries) == 2
    assert not faq.problems


def test_a_file_that_cannot_be_opened_is_told_and_stops_no_other(tmp_path: Path) -> None:
    """A link that points to nothing is a problem of its own, and so is one that goes round."""
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round.md").symlink_to(tmp_path / "round.md")
    write(tmp_path / "good.md")
    faq = read_faq(tmp_path)
    assert told(faq) == [
        ("gone.md", 1, "The file cannot be read (No such file or directory)."),
        ("round.md", 1, f"The file cannot be read ({os.strerror(errno.ELOOP)})."),
    ]
    assert faq.broken_files == {"gone.md", "round.md"}
    assert len(faq.entries) == 2


def test_links_to_files_are_followed(tmp_path: Path) -> None:
    """A FAQ that is mounted as links, as Kubernetes does it, is read."""
    write(tmp_path / "faq" / "..data" / "a.md")
    (tmp_path / "faq" / "a.md").symlink_to(Path("..data", "a.md"))
    (tmp_path / "link").symlink_to(tmp_path / "faq")
    for root in (tmp_path / "faq", tmp_path / "link"):
        faq = read_faq(root)
        assert faq.files == ("a.md",)
        assert len(faq.entries) == 2


def test_links_that_go_round_do_no_harm(tmp_path: Path) -> None:
    """A folder that holds a link to itself is read once."""
    write(tmp_path / "a.md")
    (tmp_path / "again").symlink_to(tmp_path)
    assert read_faq(tmp_path).files == ("a.md",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("locked", ["sub", "sub/a.md"])
def test_what_must_not_be_read_is_told(tmp_path: Path, locked: str) -> None:
    """Entries of a folder or file that cannot be opened do not just vanish."""
    write(tmp_path / "sub" / "a.md")
    write(tmp_path / "b.md")
    (tmp_path / locked).chmod(0)
    try:
        faq = read_faq(tmp_path)
    finally:
        (tmp_path / locked).chmod(0o700)
    assert [it.source.file for it in faq.entries] == ["b.md", "b.md"]
    assert [it.source.file.startswith("sub") for it in faq.problems] == [True]
    assert "cannot be read (Permission denied)" in faq.problems[0].what


def test_a_file_name_that_is_no_text_does_no_harm(tmp_path: Path) -> None:
    """A name in an old encoding can be shown and stored, or the file is told of."""
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_text(MARKDOWN)
    except OSError:
        pytest.skip("this file system has names in UTF-8 only")
    faq = read_faq(tmp_path)
    assert faq.entries or faq.problems
    sources = [it.source for it in faq.entries] + [it.source for it in faq.problems]
    for name in [*faq.files, *(it.file for it in sources)]:
        name.encode()


def test_problems_are_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    """What is told of ids stands among what is told of the files."""
    write(tmp_path / "b.md", "## A?\n<!-- id: x -->\na\n\n## B?\n\n## C?\n<!-- id: x -->\nc\n")
    write(tmp_path / "a.md", "## A?\na\n\n## B?\nb\n\n## C?\n")
    assert [(file, line) for file, line, _ in told(read_faq(tmp_path))] == [
        ("a.md", 7),
        ("b.md", 5),
        ("b.md", 7),
    ]


# Fingerprints


def test_a_fingerprint_stays_while_nothing_changes(tmp_path: Path) -> None:
    """Nothing is read again when nothing was edited; what is left out does not count."""
    write(tmp_path / "a.md")
    before = fingerprint(tmp_path)
    write(tmp_path / "README.md")
    write(tmp_path / "_draft.md")
    assert fingerprint(tmp_path) == before
    assert before


def test_a_fingerprint_notices_every_edit(tmp_path: Path) -> None:
    """A longer text, a later save, a new file, another name and a removed file all count."""
    file = write(tmp_path / "a.md")
    seen = [fingerprint(tmp_path)]
    write(file, MARKDOWN + "More.\n")
    seen.append(fingerprint(tmp_path))
    os.utime(file, ns=(0, seen[-1][0][1][0] + 1_000_000))
    seen.append(fingerprint(tmp_path))
    write(tmp_path / "sub" / "b.md")
    seen.append(fingerprint(tmp_path))
    file.rename(tmp_path / "c.md")
    seen.append(fingerprint(tmp_path))
    (tmp_path / "c.md").unlink()
    seen.append(fingerprint(tmp_path))
    assert len(set(seen)) == len(seen)


def test_a_fingerprint_of_one_file_is_of_that_file(tmp_path: Path) -> None:
    """What lies beside a file that is the FAQ does not count."""
    file = write(tmp_path / "FAQ.md")
    before = fingerprint(file)
    write(tmp_path / "other.md")
    assert fingerprint(file) == before
    file.unlink()
    assert fingerprint(file) == ()


def test_a_fingerprint_never_fails(tmp_path: Path) -> None:
    """Neither a missing path, a file of another kind nor a broken link is an error here."""
    assert fingerprint(tmp_path / "nowhere") == ()
    assert fingerprint(write(tmp_path / "faq.docx")) == ()
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere")
    assert fingerprint(tmp_path) == (("gone.md", ()),)


# Any file


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".md", "## A?\n" + ("> " * 10_000 + "a\n") * 40),
        (".md", "## A?\n" + ("- " * 10_000 + "a\n") * 40),
        (".md", "## A?\n" + "".join("  " * depth + "- a\n" for depth in range(900))),
        (".md", "## A?\n" + ("[" * 60_000 + "\n") * 16),
        (".md", "## A?\n" + ("*a **b " * 8_000 + "\n") * 16),
        (".md", "## A?\n<!-- id: " + ("[" * 60_000 + "\n") * 16 + "-->\na\n"),
        (".yaml", ("[" * 60_000 + "\n") * 16),
        (".yaml", ("- " * 30_000 + "a\n") * 16),
        (".yaml", "".join(" " * depth + "-\n" for depth in range(1_300))),
        (".jsonl", ('{"a":' * 12_000 + "\n") * 16),
        (".yaml", "a: &a [" + "x, " * 9 + "]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(99))),
        (".json", "[" * 5_000_000),
        (".json", '{"question":' * 800_000),
        (".csv", '"' * 5_000_000),
        (".csv", 'question,answer\n"a?"",' + "b\n" * 90_000),
        (".csv", "," * 5_000_000),
    ],
)
def test_deep_nesting_does_no_harm(tmp_path: Path, suffix: str, text: str) -> None:
    """A file close to the largest allowed that nests without end leaves the others readable."""
    write(tmp_path / f"deep{suffix}", text)
    write(tmp_path / "good.md")
    assert [it.question for it in read_faq(tmp_path).entries][-2:] == ["When?", "Where?"]


@settings(suppress_health_check=[HealthCheck.too_slow])  # each example is a folder on disk
@given(
    anything().map(lambda text: text.encode(errors="replace")) | st.binary(max_size=200),
    st.sampled_from(sorted(FORMATS)),
)
def test_no_file_is_too_strange(content: bytes, suffix: str) -> None:
    """Whatever bytes a file holds, the FAQ can be read, and the good file beside it is whole."""
    with TemporaryDirectory() as folder:
        write(Path(folder, f"strange{suffix}"), content)
        write(Path(folder, "good.md"))
        faq = read_faq(Path(folder))
    assert faq.files == ("good.md", f"strange{suffix}")
    assert [it.id for it in faq.entries][:2] == ["when", "where"]
    for entry in faq.entries:
        entry.answer.encode()


def test_what_is_no_ordinary_file_is_told(tmp_path: Path) -> None:
    """A named pipe that somebody left in the folder is told; nobody waits for it forever."""
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "faq.md").write_text("## When?\nNow.\n")

    faq = read_faq(tmp_path)

    assert [it.question for it in faq.entries] == ["When?"]
    assert faq.broken_files == {"pipe.md"}
    assert "no ordinary file" in faq.problems[0].what


def test_a_linked_folder_is_read_once(tmp_path: Path) -> None:
    """A link to a folder is followed, but not in circles."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "faq.md").write_text("## When?\nNow.\n")
    root = tmp_path / "faq"
    root.mkdir()
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    (root / "circle").symlink_to(root)

    assert read_faq(root).files == ("linked/faq.md",)


def test_a_file_of_very_many_lines_is_told(tmp_path: Path) -> None:
    """A file that no editor should hold is a problem by its size, unparsed."""
    (tmp_path / "faq.md").write_text("## q\n" + "b\n" * 20_000)

    faq = read_faq(tmp_path)

    assert not faq.entries
    assert "more than 20,000 lines" in faq.problems[0].what


def test_each_problem_has_its_line(tmp_path: Path) -> None:
    """Of whatever format the file is, whoever shows a problem can show the line."""
    write(tmp_path / "a.md", "# A\n")
    write(tmp_path / "b.jsonl", '{"id": 1}\n')

    assert [it.excerpt for it in read_faq(tmp_path).problems] == ["# A", '{"id": 1}']


def test_files_that_have_not_changed_are_recalled(tmp_path: Path) -> None:
    """What a file held is taken from memory while all signs of it are the same, and only then."""
    file = write(tmp_path / "a.md")
    write(tmp_path / "b.md", "## Where?\nHere.\n")
    recalled = parse_markdown("## Recalled?\nYes.\n", "a.md")
    remembered = {"a.md": (signs_of(file), recalled), "gone.md": (signs_of(file), recalled)}
    assert [it.question for it in read_faq(tmp_path, remembered).entries] == ["Recalled?", "Where?"]
    # Nothing is remembered of a file that was written a moment ago, as it may change unnoticed.
    assert remembered.keys() == {"a.md"}
    file.chmod(0o600)
    read = read_faq(tmp_path, remembered)
    assert read == read_faq(tmp_path)
    assert not remembered


def test_a_file_of_long_ago_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a file has rested, its next reading costs nothing, and gives the same."""
    write(tmp_path / "a.md")
    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 60_000_000_000)
    remembered: Remembered = {}
    first = read_faq(tmp_path, remembered)
    assert remembered.keys() == {"a.md"}
    parsed = remembered["a.md"][1]
    assert read_faq(tmp_path, remembered) == first
    assert remembered["a.md"][1] is parsed


@pytest.mark.parametrize("text", ["", " \n\n\t", "\ufeff"])
def test_an_empty_file_is_not_taken_at_its_word(tmp_path: Path, text: str) -> None:
    """An editor may empty a file before it writes it, so it counts as broken, with a warning."""
    write(tmp_path / "a.md", text)
    faq = read_faq(tmp_path)
    assert faq.broken_files == {"a.md"}
    assert told(faq) == [
        ("a.md", 1, "The file is empty; what it said before goes on being served.")
    ]
    assert [it.severity for it in faq.problems] == ["warning"]
