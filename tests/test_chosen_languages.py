"""What is kept of the languages that people have chosen."""

from pathlib import Path

import pytest

from bot.storage.chosen_languages import SqliteChosenLanguages
from bot.storage.database import StorageError


def test_what_was_chosen_is_kept(tmp_path: Path) -> None:
    """Each chat has its own language, over restarts, until it is given back."""
    path = tmp_path / "chosen.sqlite"
    chosen = SqliteChosenLanguages(path)
    chosen.put(1, "de")
    chosen.put(2, "ru")
    chosen.put(1, "es")
    chosen.put(-100, "ar")
    chosen.put(2, None)
    chosen.put(3, None)
    for _ in range(2):
        assert [chosen.get(it) for it in (1, 2, 3, -100)] == ["es", None, None, "ar"]
        chosen.close()
        chosen = SqliteChosenLanguages(path)
    chosen.close()


def test_a_group_that_gets_another_id_keeps_its_language(tmp_path: Path) -> None:
    """A group that becomes a supergroup is still the same people."""
    chosen = SqliteChosenLanguages(tmp_path / "chosen.sqlite")
    chosen.put(-4, "de")
    chosen.move(-4, -100)
    chosen.move(-5, -100)
    assert (chosen.get(-4), chosen.get(-100)) == (None, "de")
    chosen.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """The operator learns which file to move away."""
    path = tmp_path / "chosen.sqlite"
    path.write_text("not a database " * 100)
    with pytest.raises(StorageError, match=r"chosen\.sqlite"):
        SqliteChosenLanguages(path)
