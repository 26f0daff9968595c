"""What is remembered of files that were sent."""

from pathlib import Path

from bot.storage.sent_files import SqliteSentFiles


def test_a_file_is_known_until_it_is_dropped(tmp_path: Path) -> None:
    """An id outlives a restart, is replaced by a newer one, and is gone when Telegram lost it."""
    first = SqliteSentFiles(tmp_path / "files.sqlite")
    assert first.get("a") is None
    first.put("a", "1")
    first.put("a", "2")
    first.put("b", "3")
    first.close()

    second = SqliteSentFiles(tmp_path / "files.sqlite")
    assert (second.get("a"), second.get("b")) == ("2", "3")
    second.drop("a")
    second.drop("never there")
    assert (second.get("a"), second.get("b")) == (None, "3")
    second.close()


def test_what_may_have_changed_is_forgotten(tmp_path: Path) -> None:
    """An id that is too old for the one who asks is none, and counts again once it is renewed."""
    now = 1000.0
    files = SqliteSentFiles(tmp_path / "files.sqlite", clock=lambda: now)
    files.put("a", "1")
    now += 60
    assert files.get("a", max_age_seconds=60) == "1"
    now += 1
    assert files.get("a", max_age_seconds=60) is None
    assert files.get("a") == "1"
    files.put("a", "2")
    assert files.get("a", max_age_seconds=60) == "2"
    files.close()
