"""How databases are opened: schemas, many openers at once, and errors in plain words."""

import subprocess
import sys
import threading
from pathlib import Path

import apsw
import pytest

from bot.storage.database import (
    StorageError,
    make_data_folder,
    open_database,
    plain_errors,
    transaction,
)

_NOTE = "insert into steps (name) values (?)"
# Waits for a line before it opens, so that several can be let loose at once.
_OPENER = """
import sys
from pathlib import Path
from bot.storage.database import open_database
from tests.test_database import first_step, second_step

print("ready", flush=True)
sys.stdin.readline()
open_database(Path(sys.argv[1]), [first_step, second_step]).close()
"""


def first_step(connection: apsw.Connection) -> None:
    """Make a table that notes which migrations have run."""
    connection.execute("create table steps (name text)")
    connection.execute(_NOTE, ("first",))


def second_step(connection: apsw.Connection) -> None:
    """Note that this migration has run."""
    connection.execute(_NOTE, ("second",))


def _fails(connection: apsw.Connection) -> None:
    connection.execute(_NOTE, ("broken off",))
    raise ZeroDivisionError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the place of a database that is not there yet."""
    return tmp_path / "some.sqlite"


def _steps(connection: apsw.Connection) -> list[str]:
    return [name for (name,) in connection.execute("select name from steps order by rowid")]


def _steps_in(path: Path) -> list[str]:
    connection = apsw.Connection(str(path))
    try:
        return _steps(connection)
    finally:
        connection.close()


def test_migrations_run_in_order_and_once(path: Path) -> None:
    """A new database gets every migration in order, and opening it again repeats none."""
    for _ in range(3):
        connection = open_database(path, [first_step, second_step])
        assert _steps(connection) == ["first", "second"]
        connection.close()


def test_an_older_database_gets_only_what_it_lacks(path: Path) -> None:
    """After an upgrade of the program only the new migrations run, and the content stays."""
    open_database(path, [first_step]).close()
    open_database(path, [first_step, second_step]).close()
    assert _steps_in(path) == ["first", "second"]


def test_a_migration_that_fails_leaves_nothing_behind(path: Path) -> None:
    """A migration that breaks off takes nothing with it: the next start finds the old schema."""
    open_database(path, [first_step]).close()
    with pytest.raises(ZeroDivisionError):
        open_database(path, [first_step, second_step, _fails])
    assert _steps_in(path) == ["first"]
    open_database(path, [first_step, second_step]).close()
    assert _steps_in(path) == ["first", "second"]


def test_threads_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    """Whoever opens a new database at the same moment as others gets it, with one schema."""
    refused: list[Exception] = []

    def open_it(path: Path, start: threading.Barrier) -> None:
        start.wait()
        try:
            open_database(path, [first_step, second_step]).close()
        except Exception as error:  # noqa: BLE001 - whatever a thread meets is for the test to see
            refused.append(error)

    # They have to meet within microseconds, so they are given many chances to.
    for number in range(60):
        path = tmp_path / f"{number}.sqlite"
        start = threading.Barrier(3)
        openers = [threading.Thread(target=open_it, args=(path, start)) for _ in range(3)]
        for opener in openers:
            opener.start()
        for opener in openers:
            opener.join()
        assert _steps_in(path) == ["first", "second"]
    assert refused == []


def test_whoever_comes_second_waits_for_the_first(path: Path) -> None:
    """A command that finds another one still making the database waits until it is made."""
    first = apsw.Connection(str(path))
    first.execute("begin immediate; create table something (text)")
    made = threading.Timer(0.2, first.execute, ["commit"])
    made.start()
    try:
        open_database(path, [first_step]).close()
    finally:
        made.join()
        first.close()
    assert _steps_in(path) == ["first"]


def test_processes_may_open_a_new_database_at_once(path: Path) -> None:
    """Two commands started together on a fresh installation both work."""
    openers = [
        subprocess.Popen(
            [sys.executable, "-c", _OPENER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        for _ in range(4)
    ]
    for opener in openers:
        assert opener.stdout
        assert opener.stdout.readline() == "ready\n"
    for opener in openers:
        assert opener.stdin
        opener.stdin.write("go\n")
        opener.stdin.flush()
    said = [opener.communicate()[1] for opener in openers]
    assert said == [""] * 4
    assert _steps_in(path) == ["first", "second"]


def test_a_newer_database_is_refused(path: Path) -> None:
    """An old program says that the data is of a newer one, and leaves it alone."""
    open_database(path, [first_step, second_step]).close()
    with pytest.raises(StorageError, match=r"newer faqbot.*version 2.*knows 1.*update faqbot"):
        open_database(path, [first_step])
    assert _steps_in(path) == ["first", "second"]
    open_database(path, [first_step, second_step]).close()


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """Something else under the database's name is neither read nor overwritten."""
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(StorageError, match=r"some\.sqlite is not a sound database.*move it away"):
        open_database(path, [first_step])
    assert path.read_text() == "Dear diary, " * 1000


def test_an_empty_file_is_a_new_database(path: Path) -> None:
    """A file without content, as a crash may leave it, is simply filled."""
    path.touch()
    open_database(path, [first_step]).close()
    assert _steps_in(path) == ["first"]


@pytest.mark.parametrize("place", ["missing/some.sqlite", "."])
def test_a_place_that_cannot_hold_a_database_is_refused(tmp_path: Path, place: str) -> None:
    """A missing folder, or a folder in the database's place, is named to the operator."""
    with pytest.raises(StorageError, match=r"cannot be opened for writing.*who owns it"):
        open_database(tmp_path / place, [first_step])


def test_damage_is_told_in_plain_words(path: Path) -> None:
    """A database that a failing disk has damaged is reported with what to do about it."""
    connection = open_database(path, [first_step])
    connection.execute("create table things (text)")
    connection.executemany("insert into things values (?)", [("x" * 1000,)] * 1000)
    connection.close()
    page = 65536
    intact = path.read_bytes()
    path.write_bytes(intact[:page] + b"\xee" * (len(intact) - page))
    with pytest.raises(StorageError, match=r"not a sound database.*makes it anew from the FAQ"):  # noqa: PT012 - where it is noticed is up to SQLite
        connection = open_database(path, [first_step])
        try:
            with plain_errors(path):
                connection.execute("select sum(length(text)) from things").fetchall()
        finally:
            connection.close()


def test_a_full_disk_is_told_in_plain_words(path: Path) -> None:
    """When there is no room left, the message says so and what was there before stays."""
    connection = open_database(path, [first_step])
    connection.pragma("max_page_count", connection.pragma("page_count"))
    with (
        pytest.raises(StorageError, match=r"cannot be written.*disk has room"),
        plain_errors(path),
        transaction(connection, write=True),
    ):
        connection.executemany(_NOTE, [("x" * 1000,)] * 1000)
    assert _steps(connection) == ["first"]
    connection.close()


def test_a_lock_is_told_in_plain_words(path: Path) -> None:
    """When another process keeps the database locked, the message says so."""
    ours = open_database(path, [first_step])
    theirs = open_database(path, [first_step])
    ours.set_busy_timeout(0)
    with transaction(theirs, write=True):
        with (
            pytest.raises(StorageError, match=r"locked by another process"),
            plain_errors(path),
            transaction(ours, write=True),
        ):
            pass
        assert _steps(ours) == ["first"]  # reading goes on
    ours.close()
    theirs.close()


def test_what_happens_in_a_failed_transaction_is_undone(path: Path) -> None:
    """Writing is all or nothing, and the connection can be used on."""
    connection = open_database(path, [first_step])
    with pytest.raises(ZeroDivisionError), transaction(connection, write=True):
        _fails(connection)
    with transaction(connection, write=True):
        connection.execute(_NOTE, ("done",))
    assert _steps(connection) == ["first", "done"]
    connection.close()


def test_a_reader_sees_one_state(path: Path) -> None:
    """Within one transaction a reader sees the same state throughout, whoever commits meanwhile."""
    reader = open_database(path, [first_step])
    writer = open_database(path, [first_step])
    with transaction(reader):
        assert _steps(reader) == ["first"]
        with transaction(writer, write=True):
            writer.execute(_NOTE, ("later",))
        assert _steps(reader) == ["first"]
    assert _steps(reader) == ["first", "later"]
    reader.close()
    writer.close()


def test_a_missing_library_is_told_in_plain_words(path: Path, tmp_path: Path) -> None:
    """An installation that has lost sqlite-vec is not told to look after its disk."""
    connection = apsw.Connection(":memory:")
    connection.enable_load_extension(True)  # noqa: FBT003 - apsw takes no keyword
    with (
        pytest.raises(StorageError, match=r"sqlite-vec.*cannot be loaded.*install faqbot again"),
        plain_errors(path),
    ):
        connection.load_extension(str(tmp_path / "vec0"))
    connection.close()


def test_only_the_vector_extension_can_be_loaded(path: Path) -> None:
    """Vectors work on any Python, and SQL cannot load further code."""
    connection = open_database(path, [first_step])
    assert connection.execute("select vec_length('[1, 2, 3]')").fetchall() == [(3,)]
    with pytest.raises(apsw.SQLError, match="not authorized"):
        connection.execute("select load_extension('anything')")
    connection.close()


def test_the_data_folder_is_made(tmp_path: Path) -> None:
    """The data folder is created with all above it, and stays out of version control."""
    folder = tmp_path / "deep" / "down"
    make_data_folder(folder)
    assert (folder / ".gitignore").read_text().endswith("\n*\n")
    assert [file.name for file in folder.iterdir()] == [".gitignore"]


def test_a_data_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    """An operator's own .gitignore and files in the data folder are not touched."""
    (tmp_path / ".gitignore").write_text("!keep\n")
    (tmp_path / "notes.txt").write_text("mine")
    make_data_folder(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "!keep\n"
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("below", ["", "below"])
def test_a_data_folder_that_cannot_be_made(tmp_path: Path, below: str) -> None:
    """Where a file stands in the way, the operator learns which path, and which setting to use."""
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(StorageError, match=r"file.* cannot be written to.*FAQBOT_DATA_PATH"):
        make_data_folder(file / below)
    assert file.read_text() == "mine"
