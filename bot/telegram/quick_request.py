"""Small requests to Telegram, sent with little work.

The HTTP library that python-telegram-bot brings takes 1.6 ms of processor time for one of eight
requests side by side, aiohttp .2 ms, and each reply needs one or two.
"""

import urllib.request
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_SECONDS = 5.0
"""What connecting, writing and reading may take each, as in python-telegram-bot."""


class QuickRequest(BaseRequest):
    """Sends requests without files; those may be large, and how they get on is not watched here."""

    def __init__(self) -> None:
        """Prepare; how many requests there are at once is up to whoever sends them."""
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """How many seconds a reply may take where nobody says otherwise."""
        return _SECONDS

    async def initialize(self) -> None:
        """Open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # It trusts whom uploads trust, whatever the system lacks.
                connector=aiohttp.TCPConnector(limit=0, ssl=httpx.create_ssl_context()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0913, PLR0917 - the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - nothing waits here
    ) -> tuple[int, bytes]:
        """Send a request.

        Raises:
            TimedOut: there was no connection or no reply in time.
            NetworkError: the connection failed.
        """
        if self._session is None:
            raise RuntimeError("A request was sent before initialize() or after shutdown().")
        reading, writing, connecting = (
            _SECONDS if it is BaseRequest.DEFAULT_NONE else it
            for it in (read_timeout, write_timeout, connect_timeout)
        )
        timeout = aiohttp.ClientTimeout(
            total=None if None in {reading, writing} else reading + writing + (connecting or 0),
            sock_connect=connecting,
            sock_read=reading,
        )
        try:
            async with self._session.request(
                method,
                url,
                data=request_data.url_encoded_parameters() if request_data else None,
                headers=_FORM,
                timeout=timeout,
                proxy=_proxy(*urlsplit(url)[:2]),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}: {error}") from None
        except aiohttp.ClientError as error:
            # Its text may hold the address, and that the token.
            raise NetworkError(f"aiohttp.{type(error).__name__}") from None


@cache  # aiohttp would ask the environment in two threads for every request
def _proxy(scheme: str, place: str) -> str | None:
    """Give the proxy that the environment names for a host and its port."""
    if urllib.request.proxy_bypass(place):
        return None
    proxies = urllib.request.getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
