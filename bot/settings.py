"""All settings: their names outside, their meaning, their defaults, and what is allowed.

They are read once, in `environment`, and passed on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    TypeAdapter,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.errors import FaqbotError

DEFAULT_BASE_URL = "https://api.openai.com/v1"


class SettingsError(FaqbotError):
    """A setting has a value that it cannot have."""


@dataclass(frozen=True, slots=True)
class Variable:
    """How a setting is called outside, and what a person should know of it."""

    name: str
    what: str
    allowed: str
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Precision:
    """A share of answers that must be right, from which the threshold follows."""

    wanted: float


def _threshold(value: Any) -> Any:
    """Read `auto`, `precision:0.9` or a number."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    kind, _, share = text.partition(":")
    if kind.strip() == "precision" and 0 < float(share) < 1:
        return Precision(float(share))
    return _auto_is_none(text)


def _auto_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and value.strip().lower() == "auto" else value


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _sendable_key(key: SecretStr) -> SecretStr:
    # An HTTP header cannot carry anything else, and the client would quote the key in its error.
    if not re.fullmatch(r"[!-~]+", key.get_secret_value()):
        raise ValueError
    return key


def _root_url(url: str) -> str:
    if re.search(r"/embeddings/?$", url):
        raise ValueError
    TypeAdapter(HttpUrl).validate_python(url)
    return url.rstrip("/")


def _bot_token(token: SecretStr) -> SecretStr:
    # The token becomes a part of every address.
    if not re.fullmatch(r"\d+:[\w-]+", token.get_secret_value(), re.ASCII):
        raise ValueError
    return token


def _ids(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return frozenset(int(part) for part in re.split(r"[\s,;]+", value.strip(" ,;")) if part)


def _schedule(value: str) -> str:
    if value != "off" and not re.fullmatch(r"[1-9]\d*[smhd]", value):
        from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415 - slow, seldom needed

        CronTrigger.from_crontab(value)
    return value


class Settings(BaseModel):
    """The settings in effect."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    faq_path: Annotated[
        Path,
        Variable(
            "FAQBOT_FAQ_PATH",
            "The FAQ: a file, or a folder of files",
            "the path of a file or folder",
        ),
    ] = Path("faq")
    data_path: Annotated[
        Path,
        Variable(
            "FAQBOT_DATA_PATH",
            "Where the index with its history and the vector cache are kept",
            "the path of a folder that can be written to",
        ),
    ] = Path(".faqbot")
    embedder: Annotated[
        Literal["auto", "local", "openai"],
        BeforeValidator(_lower),
        Variable(
            "FAQBOT_EMBEDDER",
            "What makes the vectors; `auto` takes `openai` where there is a key, else `local`",
            "auto, local or openai",
        ),
    ] = "auto"
    threshold: Annotated[
        Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | Precision | None,
        BeforeValidator(_threshold),
        Variable(
            "FAQBOT_THRESHOLD",
            "When to answer: `auto` where an entry is clearly more likely right than none is, "
            "`precision:0.9` where nine of ten answers will be right, or from a probability on",
            "auto, precision: and a share between 0 and 1 such as precision:0.9, or a number "
            "from 0 to 1 such as 0.6",
        ),
    ] = None
    scoring: Annotated[
        Literal["calibrated", "cosine"],
        BeforeValidator(_lower),
        Variable(
            "FAQBOT_SCORING",
            "What a score is: `calibrated`, the probability of being right, or `cosine`, the "
            "plain similarity of the nearest phrasing",
            "calibrated or cosine",
        ),
    ] = "calibrated"
    off_topic_share: Annotated[
        float,
        Field(ge=0, lt=1, allow_inf_nan=False),
        Variable(
            "FAQBOT_OFF_TOPIC_SHARE",
            "The share of questions that nothing in the FAQ answers, as far as one can guess",
            "a number from 0 to below 1 such as 0.3",
        ),
    ] = 0.3
    telegram_bot_token: Annotated[
        SecretStr | None,
        AfterValidator(lambda token: token and _bot_token(token)),
        Variable(
            "TELEGRAM_BOT_TOKEN",
            "The bot's token, from @BotFather (only for `faqbot run`)",
            "the token as @BotFather shows it, digits, a colon and letters",
            secret=True,
        ),
    ] = None
    telegram_api_url: Annotated[
        str,
        AfterValidator(_root_url),
        Variable(
            "FAQBOT_TELEGRAM_API_URL",
            "The root address of the Bot API, for a server of one's own",
            "an http or https address such as http://127.0.0.1:8081",
        ),
    ] = "https://api.telegram.org"
    admins: Annotated[
        frozenset[int],
        BeforeValidator(_ids),
        Variable(
            "FAQBOT_ADMINS",
            "Who is told of problems and may use admin commands, by user id (/id tells it)",
            "user ids with commas between them, such as 12345678,23456789",
        ),
    ] = frozenset()
    groups: Annotated[
        Literal["mention", "auto", "off"],
        BeforeValidator(_lower),
        Variable(
            "FAQBOT_GROUPS",
            "When to speak in groups whose own admins have not settled it with /faqbot: when "
            "mentioned, replied to or commanded; also by itself where an answer is clear; or never",
            "mention, auto or off",
        ),
    ] = "mention"
    flood_limit: Annotated[
        int,
        Field(ge=0, le=1000),
        Variable(
            "FAQBOT_FLOOD_LIMIT",
            "How many messages and presses of buttons a minute one person may send; more get one "
            "kind word, and then a minute of silence",
            "a whole number from 1 to 1000, or 0 for no limit",
        ),
    ] = 20
    reindex: Annotated[
        str,
        AfterValidator(_schedule),
        Variable(
            "FAQBOT_REINDEX",
            "When the FAQ is read again, beside whenever its files change",
            "an interval such as 30m or 1h, a cron expression such as 0 6 * * *, or off",
        ),
    ] = "1h"
    watch: Annotated[
        Literal["auto", "poll", "off"],
        BeforeValidator(_lower),
        Variable(
            "FAQBOT_WATCH",
            "How changed files are noticed; `poll` for mounts that tell of no changes",
            "auto, poll or off",
        ),
    ] = "auto"
    wording_path: Annotated[
        Path | None,
        Variable(
            "FAQBOT_WORDING_PATH",
            "A YAML file of what the bot is to say in the place of its own words",
            "the path of a file; `faqbot config --wording de` prints one to begin with",
        ),
    ] = None
    openai_api_key: Annotated[
        SecretStr | None,
        AfterValidator(lambda key: key and _sendable_key(key)),
        Variable(
            "OPENAI_API_KEY",
            "The key for the embeddings server",
            "the key as the provider shows it, without spaces or line breaks",
            secret=True,
        ),
    ] = None
    openai_base_url: Annotated[
        str,
        AfterValidator(_root_url),
        Variable(
            "OPENAI_BASE_URL",
            "The root address of any OpenAI-compatible embeddings server",
            "an http or https address such as https://api.aimlapi.com/v1, without /embeddings",
        ),
    ] = DEFAULT_BASE_URL
    embedding_model: Annotated[
        str,
        Field(min_length=1),
        Variable(
            "FAQBOT_EMBEDDING_MODEL",
            "The server's model (only for `openai`)",
            "a model's name such as text-embedding-3-small",
        ),
    ] = "text-embedding-3-small"
    embedding_dimensions: Annotated[
        Annotated[int, Field(ge=8, le=8192)] | None,
        BeforeValidator(_auto_is_none),
        Variable(
            "FAQBOT_EMBEDDING_DIMENSIONS",
            "The length of vectors to ask the server for; unset leaves it to the model",
            "unset, or a whole number from 8 to 8192 that the model offers",
        ),
    ] = None
    embedding_batch_size: Annotated[
        int,
        Field(ge=1, le=2048),
        Variable(
            "FAQBOT_EMBEDDING_BATCH_SIZE",
            "How many texts go to the server in one request at the most",
            "a whole number from 1 to 2048",
        ),
    ] = 128
    embedding_timeout_seconds: Annotated[
        float,
        Field(gt=0, le=600, allow_inf_nan=False),
        Variable(
            "FAQBOT_EMBEDDING_TIMEOUT_SECONDS",
            "How long one request to the server may take",
            "a number of seconds above 0, at most 600",
        ),
    ] = 10.0
    embedding_retries: Annotated[
        int,
        Field(ge=0, le=10),
        Variable(
            "FAQBOT_EMBEDDING_RETRIES",
            "How often a failed request is tried again where that can help",
            "a whole number from 0 to 10",
        ),
    ] = 2
    cache_days: Annotated[
        int,
        Field(ge=1, le=3650),
        Variable(
            "FAQBOT_CACHE_DAYS",
            "How long vectors that no FAQ uses any more are kept",
            "a whole number of days from 1 to 3650",
        ),
    ] = 90
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        BeforeValidator(_lower),
        Variable(
            "FAQBOT_LOG_LEVEL",
            "How much is logged, to standard error",
            "debug, info, warning or error",
        ),
    ] = "warning"

    index_path: Path = Path(".faqbot/index.sqlite")
    """Derived from the paths, see `environment`."""
    github_workspace: Path | None = None
    """The folder of the repository, where this runs in GitHub Actions; see `environment`."""
    misspelt: tuple[str, ...] = ()
    """One sentence for each FAQBOT_ variable that is none of ours."""

    @model_validator(mode="after")
    def _precision_needs_probabilities(self) -> "Settings":
        if self.scoring == "cosine" and isinstance(self.threshold, Precision):
            raise PydanticCustomError(
                "threshold", "precision is known of probabilities only, not of similarities"
            )
        return self

    @property
    def heartbeat_path(self) -> Path:
        """Where a running bot leaves its sign of life."""
        return self.data_path / "heartbeat"

    @property
    def uses_openai(self) -> bool:
        """Whether texts go to an embeddings server."""
        return self.embedder == "openai" or (
            self.embedder == "auto" and self.openai_api_key is not None
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must never be shown."""
        values = (getattr(self, field) for field, variable in variables() if variable.secret)
        address = urlsplit(self.openai_base_url)
        return (
            *(value.get_secret_value() for value in values if value is not None),
            *(part for part in (address.password, address.query) if part),
            *(unquote(part) for part in (address.password, address.query) if part),
        )


def variables() -> Iterator[tuple[str, Variable]]:
    """Give each setting's field name and description, in the order of the documentation."""
    for field, info in Settings.model_fields.items():
        for note in info.metadata:
            if isinstance(note, Variable):
                yield field, note


def masked_url(url: str) -> str:
    """Show an address without a user name, password or query that it may carry."""
    return re.sub(r"\?.*$", "?***", re.sub(r"//[^/]*@", "//***@", url))
