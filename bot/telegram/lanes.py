"""The connections to Telegram: a few that all share, and others for uploads."""

import asyncio
from typing import Any

from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.telegram.quick_request import QuickRequest

_QUICK = 8
"""Enough for 30 messages a second that take a quarter of a second each."""
_UPLOADS = 16
_LAST_SECONDS = 0.5
"""How long requests that nobody waits for any more may take when all is closed."""


class Lanes(BaseRequest):
    """Sends small requests past the large ones, so that nobody waits for another's slow upload."""

    def __init__(self) -> None:
        self._quick = _Lane(QuickRequest(), _QUICK)
        # The library's own notices an upload that has come to a halt, and bears a slow one.
        self._uploads = _Lane(HTTPXRequest(_UPLOADS), _UPLOADS)

    @property
    def read_timeout(self) -> float | None:
        """How long a reply may take where nobody says otherwise."""
        return self._quick.request.read_timeout

    async def initialize(self) -> None:
        """Open both."""
        await self._quick.request.initialize()
        await self._uploads.request.initialize()

    async def shutdown(self) -> None:
        """Close both, once what is on its way has ended."""
        await asyncio.gather(self._quick.close(), self._uploads.close())

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send a request in its lane."""
        lane = self._uploads if request_data and request_data.contains_files else self._quick
        await lane.room.acquire()
        # Every request that is cancelled on its way costs a connection, which httpx even forgets to
        # count; so those go on to their end alone. Those that wait here still can be cancelled.
        task = asyncio.create_task(
            lane.request.do_request(
                url,
                method,
                request_data,
                read_timeout,
                write_timeout,
                connect_timeout,
                pool_timeout,
            )
        )
        lane.begin(task)
        return await asyncio.shield(task)


class _Lane:
    def __init__(self, request: BaseRequest, connections: int) -> None:
        self.request = request
        self.room = asyncio.Semaphore(connections)
        self._on_the_way: set[asyncio.Task[tuple[int, bytes]]] = set()

    def begin(self, task: asyncio.Task[tuple[int, bytes]]) -> None:
        """Keep hold of a request until it ends."""
        self._on_the_way.add(task)
        task.add_done_callback(self._done)

    async def close(self) -> None:
        """Wait for what is on its way, if not for long, and close all connections."""
        if self._on_the_way:
            _, late = await asyncio.wait(self._on_the_way, timeout=_LAST_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.request.shutdown()

    def _done(self, task: asyncio.Task[tuple[int, bytes]]) -> None:
        """Let the next one go; what went wrong is told to whoever still waits for it."""
        self._on_the_way.discard(task)
        self.room.release()
        if not task.cancelled():
            task.exception()
