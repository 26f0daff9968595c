"""Learning anew in a process of its own: neither questions nor edits have to wait for it.

Run as `python -m bot.refitting INDEX` with the settings of the bot that starts it.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path

from bot.app import at_path, build_engine
from bot.engine import Engine
from bot.environment import read_settings
from bot.errors import FaqbotError
from bot.logs import configure_logging
from bot.matching import language
from bot.on_disk import keep_tables_in

_log = logging.getLogger(__name__)

_NICE = 10
_CALM_SECONDS = 5.0


class Refitter:
    """Has what quick updates leave to learn learnt in the background."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wanted = asyncio.Event()

    def want(self) -> None:
        """Note that something has been published."""
        self._wanted.set()

    async def run(self) -> None:
        """Learn whenever there is something to learn, for ever."""
        while True:
            await self._wanted.wait()
            # Edits mostly come in a row, and each would make what is learnt of the last one old.
            while self._wanted.is_set():
                self._wanted.clear()
                await asyncio.sleep(_CALM_SECONDS)
            while await asyncio.to_thread(lambda: self._engine.is_refit_due):
                if not await _run_process(self._engine.settings.index_path):
                    break  # until the next time that something is published


async def _run_process(index_path: Path) -> bool:
    """Run it once; tell whether that went well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.refitting", str(index_path)
    )
    try:
        return await process.wait() == 0
    finally:
        if process.returncode is None:
            # The index is whole at any moment.
            process.kill()
            await process.wait()


def main() -> None:
    """Learn anew of what an index serves."""
    os.nice(_NICE)
    settings = read_settings(os.environ)
    configure_logging(settings.log_level, settings.secrets, sys.stderr)
    keep_tables_in(settings.data_path)
    try:
        asyncio.run(_refit(build_engine(at_path(settings, Path(sys.argv[1])))))
    except FaqbotError as error:
        _log.error("What was edited could not be learnt yet: %s", error)
        sys.exit(1)


async def _refit(engine: Engine) -> None:
    try:
        # For a moment it takes 100 MB, so before there is much else.
        await asyncio.to_thread(language.warm_up)
        await engine.refit()
    finally:
        await engine.close()


if __name__ == "__main__":
    main()
