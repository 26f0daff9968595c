"""Order, duplicates, and chats that do not wait for each other."""

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.telegram.inbox import Inbox


def _update(update_id: int, chat_id: int) -> Update:
    chat = {"id": chat_id, "type": "private", "first_name": "Ann"}
    message = {"message_id": 1, "date": 0, "chat": chat, "text": "x"}
    made: Any = Update.de_json({"update_id": update_id, "message": message})
    assert isinstance(made, Update)
    return made


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3)), max_size=20))
async def test_each_update_once_and_each_chat_in_order(arrivals: list[tuple[int, int]]) -> None:
    """However updates arrive, none is handled twice, and no chat's overtake each other."""
    inbox = Inbox()
    handled: list[tuple[int, int]] = []
    running: set[int] = set()

    async def handle(update_id: int, chat_id: int) -> None:
        assert chat_id not in running
        running.add(chat_id)
        for _ in range(update_id % 3):
            await asyncio.sleep(0)
        running.discard(chat_id)
        handled.append((update_id, chat_id))

    await asyncio.gather(
        *(
            inbox.process_update(_update(update_id, chat_id), handle(update_id, chat_id))
            for update_id, chat_id in arrivals
        )
    )

    first = dict(reversed(arrivals))
    expected = [(it, first[it]) for it in dict.fromkeys(update_id for update_id, _ in arrivals)]
    assert sorted(handled) == sorted(expected)
    for chat in (1, 2, 3):
        in_chat = [it for it in expected if it[1] == chat]
        assert [it for it in handled if it[1] == chat] == in_chat
    assert len(inbox._chats) == 0


async def test_a_slow_chat_holds_up_nobody_else() -> None:
    """While one person waits for an upload, another gets an answer."""
    inbox = Inbox()
    release = asyncio.Event()
    done: list[str] = []

    async def slow() -> None:
        await release.wait()
        done.append("slow")

    async def quick() -> None:
        done.append("quick")

    first = asyncio.create_task(inbox.process_update(_update(1, 1), slow()))
    await asyncio.wait_for(inbox.process_update(_update(2, 2), quick()), timeout=10)
    release.set()
    await first

    assert done == ["quick", "slow"]


async def test_what_is_no_update_is_dropped() -> None:
    """Whatever else may stand in the queue is closed, not left unawaited."""

    async def never() -> None:
        raise AssertionError

    await Inbox().process_update("no update", never())
