"""All settings, read once from the environment, `.env` and secret files, then passed on."""

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

import dotenv
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    TypeAdapter,
    ValidationError,
)

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
            "Where the index and the vector cache are kept",
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
        Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None,
        BeforeValidator(_auto_is_none),
        Variable(
            "FAQBOT_THRESHOLD",
            "The similarity from which on an entry answers; `auto` takes the model's default",
            "auto, or a number from 0 to 1 such as 0.6",
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
    """Derived from the paths, see `read_settings`."""
    misspelt: tuple[str, ...] = ()
    """One sentence for each FAQBOT_ variable that is none of ours."""

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


def read_settings(
    environ: Mapping[str, str],
    dotenv_path: Path = Path(".env"),
    faq_path: Path | None = None,
) -> Settings:
    """Read the settings.

    Args:
        environ: the environment; it wins over the file.
        dotenv_path: a file of further variables; need not be there.
        faq_path: a FAQ given on the command line. Unless it is the configured one it gets an
            index of its own, so that a look at another FAQ never disturbs the one in service.

    Raises:
        SettingsError: a value is not allowed; the message names it and what is.
    """
    given = {**_read_dotenv(dotenv_path), **environ}
    values: dict[str, Any] = {}
    for field, variable in variables():
        value = _read_secret(given, variable) if variable.secret else given.get(variable.name)
        if value is not None and value.strip():
            values[field] = value.strip()
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error, values)) from None
    configured = settings.faq_path
    chosen = faq_path or configured
    return settings.model_copy(
        update={
            "faq_path": chosen,
            "index_path": _index_path(settings.data_path, configured, chosen),
            "misspelt": tuple(_misspelt(given)),
        }
    )


def masked_url(url: str) -> str:
    """Show an address without a user name, password or query that it may carry."""
    return re.sub(r"\?.*$", "?***", re.sub(r"//[^/]*@", "//***@", url))


def _read_dotenv(path: Path) -> dict[str, str]:
    try:
        if not path.is_file():
            return {}
        # Values are taken as they stand: a key may hold a dollar sign.
        found = dotenv.dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path} cannot be read ({type(error).__name__}): make it a readable UTF-8 text file "
            "of NAME=value lines, or remove it."
        ) from None
    return {name: value for name, value in found.items() if value is not None}


def _read_secret(given: Mapping[str, str], variable: Variable) -> str | None:
    value = given.get(variable.name, "").strip()
    path_name = f"{variable.name}_FILE"
    path = given.get(path_name, "").strip()
    if not path:
        return value or None
    if value:
        raise SettingsError(
            f"Both {variable.name} and {path_name} are set: remove one, so that it is clear "
            "which counts."
        )
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f'{path_name} is "{path}", which cannot be read ({type(error).__name__}): it must be '
            f"the path of a text file that holds {variable.allowed}."
        ) from None


def _explain(error: ValidationError, values: Mapping[str, Any]) -> str:
    by_field = dict(variables())
    sentences = []
    for field in dict.fromkeys(str(detail["loc"][0]) for detail in error.errors()):
        variable = by_field[field]
        if variable.secret:
            wrong = f"{variable.name} has a value that cannot be used"
        else:
            wrong = f'{variable.name} is "{masked_url(values[field])}"'
        sentences.append(f"{wrong}: it must be {variable.allowed}.")
    return "\n".join(sentences)


def _misspelt(given: Mapping[str, str]) -> Iterator[str]:
    names = [variable.name for _, variable in variables()]
    for name in sorted(given):
        if name.startswith("FAQBOT_") and name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            yield f"{name} is not a setting of faqbot and has no effect.{meant}"


def _index_path(data_path: Path, configured: Path, chosen: Path) -> Path:
    if chosen.resolve() == configured.resolve():
        return data_path / "index.sqlite"
    digest = hashlib.sha256(str(chosen.resolve()).encode(errors="surrogateescape")).hexdigest()
    return data_path / "others" / f"{digest[:16]}.sqlite"
