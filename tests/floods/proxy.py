"""A TCP proxy of our own that carries requests whole and cuts some of the answers short.

It reads each answer to its end before it decides, so it knows which receipt was lost on the way.
"""

import asyncio
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs

_RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Cut(StrEnum):
    """Where an answer ends."""

    BEFORE_THE_FIRST_BYTE = "before the first byte"
    IN_THE_HEADERS = "in the headers"
    IN_THE_BODY = "in the body"
    RESET = "in the body, with a reset"


@dataclass
class Proxy:
    """Forwards one connection, one request, one answer at a time, `percent` of the answers cut."""

    upstream: int
    percent: int
    chance: random.Random
    port: int = 0
    cuts: Counter[Cut] = field(default_factory=Counter)
    answered: dict[str, set[bytes]] = field(default_factory=dict)
    """What the site answered to each submission key, whole, whether it arrived or not."""

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from its beginning to its end."""
        try:
            request = await _request(reader)
            answer = await self._forward(request)
            self._remember(request, answer)
            cut = self._decide()
            writer.write(_left_of(answer, cut, self.chance))
            await writer.drain()
            if cut is Cut.RESET:
                # Closing with data unacknowledged and no lingering sends RST.
                held: socket.socket = writer.get_extra_info("socket")
                held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
                writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError):
            pass  # The site was not there, or the person went away: the connection simply ends.
        finally:
            writer.close()

    async def _forward(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read(-1)
        finally:
            writer.close()

    def _remember(self, request: bytes, answer: bytes) -> None:
        body = request.partition(b"\r\n\r\n")[2].decode()
        if answer.startswith(b"HTTP/1.1 201 "):
            for key in parse_qs(body).get("submission_key", []):
                self.answered.setdefault(key, set()).add(answer)

    def _decide(self) -> Cut | None:
        if self.chance.random() * 100 >= self.percent:
            return None
        cut = self.chance.choice(list(Cut))
        self.cuts[cut] += 1
        return cut


@contextmanager
def between(upstream: int, *, percent: int, seed: int = 30) -> Iterator[Proxy]:
    """A proxy before a server, on a port of its own, as long as the block lasts."""
    proxy = Proxy(upstream, percent, random.Random(seed))
    ready, loop = threading.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(_serve(proxy, ready, loop)))
    thread.start()
    ready.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(_end, loop)
        thread.join()
        loop.close()


async def _serve(proxy: Proxy, ready: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
    server = await asyncio.start_server(proxy.carry, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    stop = loop.create_future()
    loop.__dict__["stop_carrying"] = stop
    ready.set()
    await stop
    server.close()


def _end(loop: asyncio.AbstractEventLoop) -> None:
    loop.__dict__["stop_carrying"].set_result(None)


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    length = next((int(value) for name, _, value in lines if name == b"content-length"), 0)
    return head + await reader.readexactly(length)


def _left_of(answer: bytes, cut: Cut | None, chance: random.Random) -> bytes:
    if cut is None:
        return answer
    if cut is Cut.BEFORE_THE_FIRST_BYTE:
        return b""
    head = answer.index(b"\r\n\r\n")
    if cut is Cut.IN_THE_HEADERS:
        return answer[: chance.randint(1, head)]
    return answer[: chance.randint(head + 4, len(answer) - 1)]
