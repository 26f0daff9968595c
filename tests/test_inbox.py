"""Order, duplicates, and chats that do not wait for each other."""

import asyncio
from typing import Any

import pytest
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


async def test_who_comes_while_another_is_called_waits_behind_them() -> None:
    """An update that arrives as one of its chat ends, and a third has waited, does not overtake."""
    inbox = Inbox()
    running, done = set[int](), list[int]()

    async def handle(number: int) -> None:
        assert not running
        running.add(number)
        await asyncio.sleep(0)
        running.discard(number)
        done.append(number)

    async def last() -> None:
        while not done:  # noqa: ASYNC110 - just as the first one ends, not later
            await asyncio.sleep(0)
        await inbox.process_update(_update(3, 1), handle(3))

    await asyncio.gather(
        inbox.process_update(_update(1, 1), handle(1)),
        inbox.process_update(_update(2, 1), handle(2)),
        last(),
    )
    assert done == [1, 2, 3]


async def test_an_error_blocks_nobody() -> None:
    """After an update that failed, its chat goes on, and nothing is left of it."""
    inbox = Inbox()

    async def fail() -> None:
        raise ValueError

    done = []

    async def go_on() -> None:
        done.append("on")

    with pytest.raises(ValueError):  # noqa: PT011 - it is ours
        await inbox.process_update(_update(1, 1), fail())
    assert len(inbox._chats) == 0
    await inbox.process_update(_update(2, 1), go_on())
    assert done == ["on"]


async def test_who_is_turned_away_waits_for_nobody() -> None:
    """What is done in the place of handling an update is done at once, however busy the chat."""
    turned_away = []
    inbox = Inbox()
    release = asyncio.Event()

    async def slow() -> None:
        await release.wait()

    async def never() -> None:
        raise AssertionError

    async def instead() -> None:
        turned_away.append("once")

    first = asyncio.create_task(inbox.process_update(_update(1, 1), slow()))
    await asyncio.sleep(0)
    inbox.door = lambda _update: instead()
    for _ in range(2):  # the second is a duplicate
        await asyncio.wait_for(inbox.process_update(_update(2, 1), never()), timeout=10)
    release.set()
    await first
    assert turned_away == ["once"]


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


async def test_who_comes_while_others_wait_comes_after_them() -> None:
    """The third message waits though the first is done, as the second is still at it."""
    inbox = Inbox()
    gates = {number: asyncio.Event() for number in (1, 2, 3)}
    begun: list[int] = []

    async def handle(number: int) -> None:
        begun.append(number)
        await gates[number].wait()

    async def process(number: int) -> None:
        await inbox.process_update(_update(number, 1), handle(number))

    tasks = [asyncio.create_task(process(number)) for number in (1, 2)]
    await asyncio.sleep(0.01)
    gates[1].set()
    await tasks[0]
    tasks.append(asyncio.create_task(process(3)))
    await asyncio.sleep(0.01)
    assert begun == [1, 2]
    for gate in gates.values():
        gate.set()
    await asyncio.gather(*tasks)
    assert begun == [1, 2, 3]
    assert not len(inbox._chats)
