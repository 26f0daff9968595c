"""What an operator can set, and what is said when it cannot be."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.environment import read_settings
from bot.settings import Precision, SettingsError, masked_url, variables

KEY = "sk-test-0123456789abcdef"


def test_defaults_need_nothing(tmp_path: Path) -> None:
    """Without any setting the local model reads faq/ and keeps its data in .faqbot/."""
    settings = read_settings({}, tmp_path / ".env")

    assert settings.faq_path == Path("faq")
    assert settings.index_path == Path(".faqbot/index.sqlite")
    assert settings.threshold is None
    assert (settings.scoring, settings.off_topic_share) == ("calibrated", 0.3)
    assert not settings.uses_openai


def test_a_key_chooses_the_server(tmp_path: Path) -> None:
    """With a key, and nothing else said, the server embeds; FAQBOT_EMBEDDER=local wins over it."""
    none = tmp_path / ".env"

    assert read_settings({"OPENAI_API_KEY": KEY}, none).uses_openai
    assert not read_settings({"OPENAI_API_KEY": KEY, "FAQBOT_EMBEDDER": "Local"}, none).uses_openai


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A line in .env counts unless the environment says otherwise; empty values count nowhere."""
    file = tmp_path / ".env"
    file.write_text(
        "# mine\nFAQBOT_THRESHOLD=0.7\nexport FAQBOT_CACHE_DAYS=5\nFAQBOT_EMBEDDING_MODEL=a$b\n"
    )

    settings = read_settings({"FAQBOT_CACHE_DAYS": "7", "FAQBOT_THRESHOLD": " "}, file)

    assert settings.cache_days == 7
    assert settings.embedding_model == "a$b"
    assert settings.threshold is None


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """OPENAI_API_KEY_FILE names a file with the key, as container secrets do."""
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")

    settings = read_settings({"OPENAI_API_KEY_FILE": str(file)}, tmp_path / ".env")

    assert settings.secrets == (KEY,)
    assert KEY not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("FAQBOT_EMBEDDER", "remote", "auto, local or openai"),
        ("FAQBOT_THRESHOLD", "high", "or a number from 0 to 1 such as 0.6"),
        ("FAQBOT_THRESHOLD", "1.5", "or a number from 0 to 1 such as 0.6"),
        ("FAQBOT_THRESHOLD", "nan", "or a number from 0 to 1 such as 0.6"),
        ("FAQBOT_THRESHOLD", "-0.1", "or a number from 0 to 1 such as 0.6"),
        ("FAQBOT_THRESHOLD", "precision:", "a share between 0 and 1 such as precision:0.9"),
        ("FAQBOT_THRESHOLD", "precision:high", "a share between 0 and 1 such as precision:0.9"),
        ("FAQBOT_THRESHOLD", "precision:0", "a share between 0 and 1 such as precision:0.9"),
        ("FAQBOT_THRESHOLD", "precision:1", "a share between 0 and 1 such as precision:0.9"),
        ("FAQBOT_THRESHOLD", "precision:90", "a share between 0 and 1 such as precision:0.9"),
        ("FAQBOT_THRESHOLD", "precision:nan", "a share between 0 and 1 such as precision:0.9"),
        ("FAQBOT_THRESHOLD", "recall:0.9", "auto, precision: and a share between 0 and 1"),
        ("FAQBOT_SCORING", "euclid", "calibrated or cosine"),
        ("FAQBOT_OFF_TOPIC_SHARE", "1", "a number from 0 to below 1 such as 0.3"),
        ("FAQBOT_OFF_TOPIC_SHARE", "-0.1", "a number from 0 to below 1 such as 0.3"),
        ("FAQBOT_OFF_TOPIC_SHARE", "30%", "a number from 0 to below 1 such as 0.3"),
        ("FAQBOT_OFF_TOPIC_SHARE", "nan", "a number from 0 to below 1 such as 0.3"),
        ("OPENAI_BASE_URL", "api.example.com", "an http or https address"),
        ("OPENAI_BASE_URL", "http://h:99999/v1", "an http or https address"),
        ("OPENAI_BASE_URL", "https://h/v1/embeddings", "without /embeddings"),
        ("FAQBOT_EMBEDDING_DIMENSIONS", "0", "a whole number from 8 to 8192"),
        ("FAQBOT_EMBEDDING_BATCH_SIZE", "many", "a whole number from 1 to 2048"),
        ("FAQBOT_EMBEDDING_TIMEOUT_SECONDS", "inf", "above 0, at most 600"),
        ("FAQBOT_EMBEDDING_RETRIES", "-1", "a whole number from 0 to 10"),
        ("FAQBOT_CACHE_DAYS", "1.5", "a whole number of days"),
        ("FAQBOT_LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("FAQBOT_TELEGRAM_API_URL", "telegram.org", "an http or https address"),
        ("FAQBOT_ADMINS", "@somebody", "user ids with commas between them"),
        ("FAQBOT_REINDEX", "hourly", "an interval such as 30m or 1h, a cron expression"),
        ("FAQBOT_REINDEX", "0m", "an interval such as 30m or 1h, a cron expression"),
        ("FAQBOT_REINDEX", "61 * * * *", "an interval such as 30m or 1h, a cron expression"),
        ("FAQBOT_WATCH", "yes", "auto, poll or off"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, allowed: str, tmp_path: Path) -> None:
    """A wrong setting stops with its name, its value and what is allowed."""
    with pytest.raises(SettingsError) as caught:
        read_settings({name: value}, tmp_path / ".env")

    message = str(caught.value)
    assert message.startswith(f'{name} is "{value}": it must be ')
    assert allowed in message


@pytest.mark.parametrize(
    ("value", "threshold"),
    [
        ("auto", None),
        (" AUTO ", None),
        ("0.6", 0.6),
        ("0", 0.0),
        ("1", 1.0),
        ("precision:0.9", Precision(0.9)),
        ("Precision: 0.95", Precision(0.95)),
    ],
)
def test_a_threshold_has_three_forms(
    value: str, threshold: float | Precision | None, tmp_path: Path
) -> None:
    """When to answer is left to faqbot, or a share that must be right, or a number."""
    assert read_settings({"FAQBOT_THRESHOLD": value}, tmp_path / ".env").threshold == threshold


def test_no_precision_is_promised_of_similarities(tmp_path: Path) -> None:
    """A precision with plain similarities is refused, and the message says what goes instead."""
    wrong = {"FAQBOT_THRESHOLD": "precision:0.9", "FAQBOT_SCORING": "Cosine"}

    with pytest.raises(SettingsError) as caught:
        read_settings(wrong, tmp_path / ".env")

    message = str(caught.value)
    assert message.startswith("FAQBOT_THRESHOLD asks for a precision, but FAQBOT_SCORING is cosine")
    assert "set FAQBOT_SCORING=calibrated, or a number from 0 to 1" in message
    fine = read_settings({**wrong, "FAQBOT_THRESHOLD": "0.7"}, tmp_path / ".env")
    assert (fine.scoring, fine.threshold) == ("cosine", 0.7)


def test_all_wrong_settings_are_named_at_once(tmp_path: Path) -> None:
    """Two wrong settings take one round of mending, not two."""
    wrong = {"FAQBOT_THRESHOLD": "2", "FAQBOT_LOG_LEVEL": "x"}

    with pytest.raises(SettingsError, match=r"FAQBOT_THRESHOLD(.|\n)*FAQBOT_LOG_LEVEL"):
        read_settings(wrong, tmp_path / ".env")


@pytest.mark.parametrize("key", ["sk-with space-SECRET", "sk-SECRET\nX: y", "sk-SECRET\u00e9"])
def test_a_key_that_cannot_be_sent_is_not_quoted(key: str, tmp_path: Path) -> None:
    """A key with a space or line break is refused by name; no part of it is shown."""
    with pytest.raises(SettingsError, match="OPENAI_API_KEY has a value that cannot") as caught:
        read_settings({"OPENAI_API_KEY": key}, tmp_path / ".env")

    assert "SECRET" not in str(caught.value)


def test_a_token_that_cannot_be_one_is_not_quoted(tmp_path: Path) -> None:
    """A token that was copied with something around it is refused by name, and not shown."""
    with pytest.raises(SettingsError, match="TELEGRAM_BOT_TOKEN has a value that cannot") as caught:
        read_settings({"TELEGRAM_BOT_TOKEN": "bot1234:SECRET/x"}, tmp_path / ".env")

    assert "SECRET" not in str(caught.value)


def test_telegram_settings_are_read(tmp_path: Path) -> None:
    """The token is a secret, admins are ids, and the schedule an interval or cron expression."""
    settings = read_settings(
        {
            "TELEGRAM_BOT_TOKEN": "1234:abc_DEF-x",
            "FAQBOT_ADMINS": "12, 34;56 ",
            "FAQBOT_REINDEX": "0 6 * * 1-5",
            "FAQBOT_TELEGRAM_API_URL": "http://127.0.0.1:8081/",
        },
        tmp_path / ".env",
    )

    assert settings.secrets == ("1234:abc_DEF-x",)
    assert settings.admins == {12, 34, 56}
    assert settings.reindex == "0 6 * * 1-5"
    assert settings.telegram_api_url == "http://127.0.0.1:8081"


def test_both_ways_to_give_a_secret_are_one_too_many(tmp_path: Path) -> None:
    """A key given twice is not guessed at."""
    given = {"OPENAI_API_KEY": KEY, "OPENAI_API_KEY_FILE": "/run/secrets/key"}

    with pytest.raises(SettingsError, match="Both OPENAI_API_KEY and OPENAI_API_KEY_FILE"):
        read_settings(given, tmp_path / ".env")


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    """A secret file that is not there is told by variable and path."""
    path = tmp_path / "nowhere"

    with pytest.raises(SettingsError, match=f'OPENAI_API_KEY_FILE is "{path}"'):
        read_settings({"OPENAI_API_KEY_FILE": str(path)}, tmp_path / ".env")


def test_an_unreadable_dotenv_is_named(tmp_path: Path) -> None:
    """A .env that is no text is told, not ignored."""
    file = tmp_path / ".env"
    file.write_bytes(b"\xff\xfe\x00X")

    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        read_settings({}, file)


def test_a_slip_of_the_pen_is_noticed(tmp_path: Path) -> None:
    """A variable that looks like ours but is not gets a warning that names the nearest one."""
    settings = read_settings({"FAQBOT_TRESHOLD": "0.5", "OTHER": "x"}, tmp_path / ".env")

    (sentence,) = settings.misspelt
    assert "FAQBOT_TRESHOLD" in sentence
    assert "Did you mean FAQBOT_THRESHOLD?" in sentence


def test_another_faq_has_an_index_of_its_own(tmp_path: Path) -> None:
    """A look at another FAQ does not touch the index in service; the same FAQ shares it."""
    given = {"FAQBOT_FAQ_PATH": str(tmp_path / "faq"), "FAQBOT_DATA_PATH": str(tmp_path / "data")}
    served = read_settings(given, tmp_path / ".env")

    same = read_settings(given, tmp_path / ".env", tmp_path / "x" / ".." / "faq")
    other = read_settings(given, tmp_path / ".env", tmp_path / "other.md")

    assert same.index_path == served.index_path == tmp_path / "data" / "index.sqlite"
    assert other.index_path.parent == tmp_path / "data" / "others"


def test_settings_cannot_change_underway(tmp_path: Path) -> None:
    """What was read at the start holds to the end."""
    settings = read_settings({}, tmp_path / ".env")

    with pytest.raises(ValidationError, match="frozen"):
        settings.cache_days = 1


def test_every_setting_says_what_it_is() -> None:
    """Each variable has a name in the one style, a meaning and what is allowed."""
    for _, variable in variables():
        assert variable.name.startswith(("FAQBOT_", "OPENAI_", "TELEGRAM_"))
        assert variable.what
        assert variable.allowed


def test_addresses_are_shown_without_their_secrets() -> None:
    """A user name, password or query in an address is masked wherever it is shown."""
    assert masked_url("https://u:p@h/v1?key=k") == "https://***@h/v1?***"
    assert masked_url("http://127.0.0.1:8000/v1") == "http://127.0.0.1:8000/v1"


def test_the_real_environment_is_never_changed(tmp_path: Path) -> None:
    """Reading .env leaves the process's own environment alone."""
    file = tmp_path / ".env"
    file.write_text("FAQBOT_CACHE_DAYS=5\n")

    read_settings(os.environ, file)

    assert "FAQBOT_CACHE_DAYS" not in os.environ


def test_github_actions_is_noticed(tmp_path: Path) -> None:
    """Where GitHub runs faqbot, the folder of the repository is known; elsewhere it is not."""
    none = tmp_path / ".env"
    there = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": "/repo"}

    assert read_settings({}, none).github_workspace is None
    assert read_settings({"GITHUB_WORKSPACE": "/repo"}, none).github_workspace is None
    assert read_settings({"GITHUB_ACTIONS": "true"}, none).github_workspace == Path()
    assert read_settings(there, none).github_workspace == Path("/repo")
