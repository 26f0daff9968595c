"""Sending the files of an answer: read beside the FAQ or fetched by Telegram, uploaded once."""

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from telegram import Document, Message, PhotoSize
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.errors import FaqbotError
from bot.telegram.attachments import Attachment
from bot.telegram.rendering import Part
from bot.telegram.sending import FileKind, Sender

_log = logging.getLogger(__name__)

_DAY_SECONDS = 86_400.0
_MEGABYTE = 1024 * 1024
MAX_BYTES: dict[FileKind, int] = {"photo": 10 * _MEGABYTE, "document": 50 * _MEGABYTE}
"""The largest upload."""


class SentFiles(Protocol):
    """Keeps the ids under which Telegram has files that were sent before."""

    def get(self, key: str, *, max_age_seconds: float | None = None) -> str | None:
        """Give an id; None where there is none, or none so young."""
        ...

    def put(self, key: str, file_id: str) -> None:
        """Keep an id."""
        ...

    def drop(self, key: str) -> None:
        """Forget an id."""
        ...


class UnusableFileError(FaqbotError):
    """A file that an answer names cannot be sent."""


@dataclass(frozen=True, slots=True)
class _File:
    """What stands for a file until it is sent."""

    key: str
    """The same for equal files only."""
    kinds: tuple[FileKind, ...]
    """How to send it, what is best first."""
    path: Path | None = None
    """Where it is; None for one that Telegram fetches."""


class Files:
    """Sends what comes with answers."""

    def __init__(self, sender: Sender, root: Path, sent: SentFiles) -> None:
        """Prepare.

        Args:
            sender: sends.
            root: the FAQ's folder; nothing outside of it is ever sent.
            sent: what Telegram has already.
        """
        self._sender = sender
        self._root = root
        self._sent = sent

    async def send(self, message: Message, attachments: Sequence[Attachment]) -> list[int]:
        """Send files in reply to a message, after its answer.

        What cannot be sent is told to the log; in its place its caption or address is sent.

        Returns:
            The ids of the messages sent.
        """
        ids: list[int] = []
        for attachment in attachments:
            try:
                ids += await self._send_or_tell(message, attachment)
            except TelegramError as error:
                _log.info("The files of an answer stay unsent: %s", error)
                break
        return ids

    async def _send_or_tell(self, message: Message, attachment: Attachment) -> list[int]:
        try:
            return [await self._send(message, attachment)]
        except Forbidden:
            raise
        except (UnusableFileError, OSError, TelegramError) as error:
            _log.warning("%s, a file of an answer, stays unsent: %s", attachment.address, error)
            return await self._sender.reply(message, list(_in_place_of(attachment)))

    async def _send(self, message: Message, attachment: Attachment) -> int:
        file = await asyncio.to_thread(self._file, attachment)
        # What is behind an address may change; a content never does.
        max_age = None if file.path else _DAY_SECONDS
        refusal: TelegramError | None = None
        for kind in file.kinds:
            key = f"{kind} {file.key}"
            known = self._sent.get(key, max_age_seconds=max_age)
            contents: list[Path | str] = [known] if known else []
            for content in (*contents, file.path or attachment.address):
                try:
                    sent = await self._sender.send_file(message, kind, content, attachment.caption)
                except BadRequest as error:
                    refusal = error
                    self._sent.drop(key)
                    continue
                file_id = _file_id(sent)
                if file_id and content != known:
                    self._sent.put(key, file_id)
                return sent.message_id
        raise refusal or UnusableFileError("There is no way to send it.")

    def _file(self, attachment: Attachment) -> _File:
        kinds: tuple[FileKind, ...] = (
            ("photo", "document") if attachment.is_picture else ("document",)
        )
        if attachment.is_in_web:
            return _File(attachment.address, kinds)
        path = self._inside(attachment.address)
        try:
            size = path.stat().st_size
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise UnusableFileError(f"It cannot be read ({error.strerror}).") from None
        fitting = tuple(kind for kind in kinds if 0 < size <= MAX_BYTES[kind])
        if not fitting:
            raise UnusableFileError(
                "It is empty."
                if not size
                else f"It is larger than {MAX_BYTES['document'] // _MEGABYTE} MB."
            )
        return _File(f"{digest} {path.name}", fitting, path)

    def _inside(self, address: str) -> Path:
        """Find a file of the FAQ's folder."""
        if any(part.startswith(".") for part in PurePosixPath(address).parts):
            raise UnusableFileError("It is outside the FAQ's folder, or hidden in it.")
        try:
            path = (self._root / address).resolve()
            if not path.is_relative_to(self._root.resolve()):
                raise UnusableFileError("It is outside the FAQ's folder.")
            if not path.is_file():
                raise UnusableFileError("There is no such file in the FAQ's folder.")
        except (OSError, ValueError, RuntimeError):  # as for a name that no system allows
            raise UnusableFileError("It cannot be looked at.") from None
        return path


def _in_place_of(attachment: Attachment) -> Iterator[Part]:
    address = attachment.address if attachment.is_in_web else ""
    text = " ".join(filter(None, (attachment.caption, address)))
    if text:
        yield Part(text, ())


def _file_id(message: Message) -> str | None:
    """Give the id of the file in a message; Telegram shows some documents as something else."""
    file = message.photo[-1] if message.photo else message.effective_attachment
    return file.file_id if isinstance(file, Document | PhotoSize) else None
