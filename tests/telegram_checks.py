"""What a request to the Bot API must keep to, whatever the state of the chats is.

Names, types and required fields are checked with aiogram's models, an implementation of the API
that is independent of the library that the bot uses. By hand goes what those models let pass. Where
Telegram itself is lenient (it ignores unknown and deprecated fields, converts types, drops links
that it does not like) these checks are strict: each is a mistake of the bot's, or will be one.
"""

import json
import re
import types
import typing
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import aiogram.methods
import aiogram.types
import pydantic
from aiogram.enums import ChatAction, MessageEntityType
from aiogram.types import BufferedInputFile
from telegram.constants import ReactionEmoji

Params: TypeAlias = dict[str, Any]
Model: TypeAlias = type[aiogram.methods.TelegramMethod[Any]]

METHODS: dict[str, Model] = {
    model.__api_method__: model
    for model in (getattr(aiogram.methods, name) for name in aiogram.methods.__all__)
    if "__api_method__" in vars(model) and model is not aiogram.methods.TelegramMethod
}
UPDATE_KINDS = aiogram.types.Update.model_fields.keys() - {"update_id"}

MOST_TEXT = 4096
MOST_CAPTION = 1024
_ENTITY_TYPES = {kind.value for kind in MessageEntityType}
_ACTIONS = {action.value for action in ChatAction}
_REACTIONS = {emoji.value for emoji in ReactionEmoji}
_BUTTON_USES = aiogram.types.InlineKeyboardButton.model_fields.keys() - {
    "text",
    "icon_custom_emoji_id",
    "style",
}
_EMPHASIS = {"bold", "italic", "underline", "strikethrough", "spoiler"}
_QUOTES = {"blockquote", "expandable_blockquote"}
_CODE = {"code", "pre"}
_UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}


class Refused(Exception):  # noqa: N818 - it is a reply more than an error
    """The reply to a request that Telegram does not grant."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def utf16_units(text: str) -> int:
    """Measure a text as Telegram does."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def decoded(method: str, raw: Mapping[str, Any]) -> Params:
    """Turn what came over the wire into values and check them.

    Args:
        method: one of `METHODS`.
        raw: strings from a form, anything from a JSON body, `BufferedInputFile` for uploads.

    Raises:
        Refused: for the first field that is wrong.
    """
    model = METHODS[method]
    params: Params = {}
    uploads = {name: value for name, value in raw.items() if isinstance(value, BufferedInputFile)}
    for name, value in raw.items():
        if name not in model.model_fields:
            if name in uploads:
                continue  # an attachment, spoken of elsewhere as attach://name
            raise Refused(400, f"Bad Request: unknown field {name}")
        if (model.model_fields[name].json_schema_extra or {}) == {"deprecated": True}:
            raise Refused(400, f"Bad Request: deprecated field {name}")
        if value is not None:
            params[name] = _without_nulls(_value(name, value, model, uploads))
    for wrong in _surrogates(params):
        raise Refused(400, f"Bad Request: {wrong}")
    _check_types(model, params)
    return params


def _value(name: str, value: Any, model: Model, uploads: Mapping[str, BufferedInputFile]) -> Any:
    if not isinstance(value, str):
        return value
    if value.startswith("attach://") and value.removeprefix("attach://") in uploads:
        return uploads[value.removeprefix("attach://")]
    if name.endswith("chat_id") and re.fullmatch(r"-?\d+", value):
        return int(value)
    if str in _alternatives(model.model_fields[name].annotation):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value  # for the model to refuse


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(it) for name, it in value.items() if it is not None}
    return [_without_nulls(it) for it in value] if isinstance(value, list) else value


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    if typing.get_origin(annotation) in {types.UnionType, typing.Union}:
        return typing.get_args(annotation)
    return (annotation,)


def _check_types(model: Model, params: Params) -> None:
    plain = {
        name: "attach://file" if isinstance(value, BufferedInputFile) else value
        for name, value in params.items()
        if name != "thumbnail"  # the one field that takes nothing but an upload
    }
    try:
        # JSON in strict mode: neither "5" nor true is a number.
        checked = model.model_validate_json(json.dumps(plain), strict=True)
    except pydantic.ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(400, f"Bad Request: {where}: {first['msg']}") from None
    for wrong in _unknown_fields(checked, ""):
        raise Refused(400, f"Bad Request: unknown field {wrong}")


def _unknown_fields(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, pydantic.BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or ())
        for name in value.model_fields_set:
            yield from _unknown_fields(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _unknown_fields(item, f"{path}{at}.")


def _surrogates(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            yield "strings must be encoded in UTF-8"
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _surrogates(item)


def complaints(params: Params, *, parse_mode_allowed: bool) -> Iterator[str]:
    """Give what is wrong with decoded parameters; only the first counts."""
    if "parse_mode" in params and not parse_mode_allowed:
        yield "parse_mode is not allowed here: send entities"
    if "text" in params and "callback_query_id" not in params:
        yield from _text_complaints(params["text"], params.get("entities"))
    if "caption" in params:
        yield from _caption_complaints(params["caption"], params.get("caption_entities"))
    elif params.get("caption_entities"):
        yield "entities of a caption that is not there"
    yield from _markup_complaints(params.get("reply_markup"))
    yield from _reply_complaints(params.get("reply_parameters"))
    yield from _callback_complaints(params)
    yield from _inline_complaints(params.get("results", []), parse_mode_allowed)
    yield from _inline_button_complaints(params)
    yield from _profile_complaints(params)
    yield from _polling_complaints(params)
    if not 1 <= len(params.get("message_ids", "-")) <= 100:
        yield "from 1 to 100 messages can be deleted at once"
    if params.get("action", "typing") not in _ACTIONS:
        yield f"wrong parameter action: {params['action']}"
    yield from _reaction_complaints(params.get("reaction", []))


def _text_complaints(text: str, entities: list[Params] | None) -> Iterator[str]:
    if all(unicodedata.category(character) in _UNSEEN for character in text):
        yield "message text is empty"
    if utf16_units(text) > MOST_TEXT:
        yield "message is too long"
    yield from _entities_complaints(text, entities or [])


def _caption_complaints(text: str, entities: list[Params] | None) -> Iterator[str]:
    if utf16_units(text) > MOST_CAPTION:
        yield "message caption is too long"
    yield from _entities_complaints(text, entities or [])


def _entities_complaints(text: str, entities: list[Params]) -> Iterator[str]:
    if len(entities) > 100:
        yield "too many entities: at most 100"
    ends, at = {0}, 0  # where characters begin and end
    for character in text:
        at += utf16_units(character)
        ends.add(at)
    for entity in entities:
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        if start < 0 or entity["length"] < 0:
            yield "entity with a negative offset or length"
        if stop > at:
            yield (
                f"entity beginning at UTF-16 offset {start} ends after the end of the text "
                f"at UTF-16 offset {at}"
            )
        if not {start, stop} <= ends:
            yield "entity begins or ends in a middle of a UTF-16 symbol"
        yield from _entity_complaints(entity)
    yield from _placing_complaints(text, entities)


def _placing_complaints(text: str, entities: list[Params]) -> Iterator[str]:
    """Look at how entities lie; Telegram would mend most of this by dropping some of them."""
    units = text.encode("utf-16-le", "surrogatepass")
    order = [(entity["offset"], -entity["length"]) for entity in entities]
    if order != sorted(order):
        yield "entities are not in the order of the text"
    for entity in entities:
        start, stop = entity["offset"], entity["offset"] + entity["length"]
        under = units[2 * start : 2 * stop].decode("utf-16-le", "replace")
        if not under.strip():
            yield "entity over nothing"
        may_be_indented = entity["type"] in {"pre", *_QUOTES}
        if under != under.rstrip() or (under != under.lstrip() and not may_be_indented):
            yield "entity begins or ends with a space"
    for outer, inner in combinations(entities, 2):
        if inner["offset"] < outer["offset"] + outer["length"]:
            yield from _nesting_complaints(outer, inner)


def _nesting_complaints(outer: Params, inner: Params) -> Iterator[str]:
    """Judge two entities of which the first begins first and goes on into the second."""
    kinds = outer["type"], inner["type"]
    if inner["offset"] + inner["length"] > outer["offset"] + outer["length"]:
        yield f"entities cross: {kinds[0]} and {kinds[1]}"
    is_code_in_quote = kinds[0] in _QUOTES and kinds[1] in _CODE
    if (_CODE & set(kinds) and not is_code_in_quote) or set(kinds) <= _QUOTES:
        yield f"no {kinds[1]} can be in {kinds[0]}"
    if kinds[0] == kinds[1] or not set(kinds) & (_EMPHASIS | _QUOTES):
        yield f"{kinds[1]} in {kinds[0]} says nothing"


def _entity_complaints(entity: Params) -> Iterator[str]:
    kind = entity["type"]
    if kind not in _ENTITY_TYPES:
        yield f"unknown entity type {kind}"
    if kind == "text_link":
        yield from _link_complaints(entity.get("url", ""))
    if entity.get("language") and kind != "pre":
        yield f"{kind} has no language"
    if kind == "text_mention" and "user" not in entity:
        yield "text_mention without a user"
    if kind == "custom_emoji" and "custom_emoji_id" not in entity:
        yield "custom_emoji without an id"


def _link_complaints(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    is_web = parts.scheme in {"http", "https"} and "." in (parts.hostname or "").strip(".")
    is_app = parts.scheme == "tg" and parts.netloc
    if not (is_web or is_app) or re.search(r"[\s\x00-\x1f]", url):
        yield f"wrong link URL: {url[:80]!r}"


def _markup_complaints(markup: Params | None) -> Iterator[str]:
    rows = (markup or {}).get("inline_keyboard", [])
    if any(len(row) > 8 for row in rows) or sum(len(row) for row in rows) > 100:
        yield "reply markup is too long"
    for row in rows:
        for button in row:
            yield from _button_complaints(button)


def _button_complaints(button: Params) -> Iterator[str]:
    if not button["text"].strip():
        yield "inline keyboard button text must be non-empty"
    uses = _BUTTON_USES & button.keys()
    if not uses:
        yield "text buttons are unallowed in the inline keyboard"
    if len(uses) > 1:
        yield f"a button has one use, not {len(uses)}"
    if not 1 <= len(button.get("callback_data", "-").encode()) <= 64:
        yield "BUTTON_DATA_INVALID"
    if "url" in button:
        yield from _link_complaints(button["url"])
    if not 1 <= len(button.get("copy_text", {}).get("text", "-")) <= 256:
        yield "BUTTON_COPY_TEXT_INVALID"
    if button.get("style", "primary") not in {"danger", "success", "primary"}:
        yield f"unknown button style {button['style']}"


def _reply_complaints(reply: Params | None) -> Iterator[str]:
    quote = (reply or {}).get("quote")
    if quote is not None:
        if not quote or utf16_units(quote) > 1024:
            yield "QUOTE_TEXT_INVALID"
        yield from _entities_complaints(quote, (reply or {}).get("quote_entities", []))


def _callback_complaints(params: Params) -> Iterator[str]:
    if "callback_query_id" in params and utf16_units(params.get("text", "")) > 200:
        yield "MESSAGE_TOO_LONG"


def _inline_complaints(results: list[Params], parse_mode_allowed: bool) -> Iterator[str]:  # noqa: FBT001 - passed on
    if len(results) > 50:
        yield "RESULTS_TOO_MUCH"
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        yield "RESULT_ID_DUPLICATE"
    if not all(1 <= len(it.encode()) <= 64 for it in ids):
        yield "RESULT_ID_INVALID"
    for result in results:
        yield from _markup_complaints(result.get("reply_markup"))
        if not result.get("title", "-").strip():
            yield "RESULT_TITLE_EMPTY"
        content = result.get("input_message_content", {})
        if not parse_mode_allowed and "parse_mode" in {*result, *content}:
            yield "parse_mode is not allowed here: send entities"
        if "message_text" in content:
            yield from _text_complaints(content["message_text"], content.get("entities"))
        if "caption" in result:
            yield from _caption_complaints(result["caption"], result.get("caption_entities"))


def _inline_button_complaints(params: Params) -> Iterator[str]:
    if params.get("cache_time", 0) < 0:
        yield "cache_time must not be negative"
    button = params.get("button") if "inline_query_id" in params else None
    if button is None:
        return
    if not button["text"].strip():
        yield "inline query results button text must be non-empty"
    if len({"web_app", "start_parameter"} & button.keys()) != 1:
        yield "an inline query results button has one use"
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button.get("start_parameter", "-")):
        yield "START_PARAM_INVALID"


def _profile_complaints(params: Params) -> Iterator[str]:
    """Look at what the bot says about itself: commands and descriptions."""
    if len(params.get("commands", [])) > 100:
        yield "BOT_COMMANDS_TOO_MUCH"
    for command in params.get("commands", []):
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            yield "BOT_COMMAND_INVALID"
        if not 1 <= len(command["description"]) <= 256:
            yield "BOT_COMMAND_DESCRIPTION_INVALID"
    for name, most in (("name", 64), ("description", 512), ("short_description", 120)):
        if len(params.get(name, "")) > most:
            yield f"{name} is too long"


def _polling_complaints(params: Params) -> Iterator[str]:
    unknown = set(params.get("allowed_updates", [])) - UPDATE_KINDS
    if unknown:
        yield f"unknown kinds of updates: {', '.join(sorted(unknown))}"
    if "limit" in params and not 1 <= params["limit"] <= 100:
        yield "limit must be from 1 to 100"
    if params.get("timeout", 0) < 0:
        yield "timeout must not be negative"


def _reaction_complaints(reactions: list[Params]) -> Iterator[str]:
    if len(reactions) > 1:
        yield "REACTIONS_TOO_MANY"
    for reaction in reactions:
        known = reaction.get("emoji", "👍") in _REACTIONS
        custom_id = reaction.get("custom_emoji_id", "1")
        if reaction["type"] == "paid" or not known or not custom_id.isdecimal():
            yield "REACTION_INVALID"
