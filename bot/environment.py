"""Settings read from where operators put them: the environment, `.env`, and files of secrets."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dotenv
from pydantic import ValidationError

from bot.settings import Settings, SettingsError, Variable, masked_url, variables

_TOGETHER = {
    "threshold": "FAQBOT_THRESHOLD asks for a precision, but FAQBOT_SCORING is cosine, and no "
    "precision can be promised of plain similarities: set FAQBOT_SCORING=calibrated, or a number "
    "from 0 to 1 as the threshold.",
}


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
            "github_workspace": _github_workspace(environ),
            "misspelt": tuple(_misspelt(given)),
        }
    )


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
    for field in dict.fromkeys(str(it["loc"][0]) for it in error.errors() if it["loc"]):
        variable = by_field[field]
        if variable.secret:
            wrong = f"{variable.name} has a value that cannot be used"
        else:
            wrong = f'{variable.name} is "{masked_url(values[field])}"'
        sentences.append(f"{wrong}: it must be {variable.allowed}.")
    # What concerns two settings together belongs to neither.
    sentences += [_TOGETHER[it["type"]] for it in error.errors() if not it["loc"]]
    return "\n".join(sentences)


def _misspelt(given: Mapping[str, str]) -> Iterator[str]:
    names = [variable.name for _, variable in variables()]
    for name in sorted(given):
        if name.startswith("FAQBOT_") and name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            meant = f" Did you mean {near[0]}?" if near else ""
            yield f"{name} is not a setting of faqbot and has no effect.{meant}"


def _github_workspace(environ: Mapping[str, str]) -> Path | None:
    """Give the folder of the repository, where GitHub Actions says that it runs this."""
    if environ.get("GITHUB_ACTIONS") != "true":
        return None
    return Path(environ.get("GITHUB_WORKSPACE") or ".")


def _index_path(data_path: Path, configured: Path, chosen: Path) -> Path:
    if chosen.resolve() == configured.resolve():
        return data_path / "index.sqlite"
    digest = hashlib.sha256(str(chosen.resolve()).encode(errors="surrogateescape")).hexdigest()
    return data_path / "others" / f"{digest[:16]}.sqlite"
