"""A TCP proxy between a client and the service that cuts the line in the middle of a job."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

EVENT = b"jobProgress"


class CuttingProxy:
    """Forwards to `port`; the first connection over which the service has told `events` events is cut, both ways at once;
    `silently` it stays open and carries nothing any more, as when a cable is pulled."""

    def __init__(self, port: int, events: int | None, event: bytes = EVENT, *, silently: bool = False) -> None:
        self.connections = 0
        self.cut = False
        self._port = port
        self._events = events
        self._event = event
        self._silently = silently
        self.told = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        dead = asyncio.Event()
        await asyncio.gather(
            self._forward(reader, far_writer, writer, dead), self._forward(far_reader, writer, far_writer, dead, True)
        )

    async def _forward(
        self,
        source: asyncio.StreamReader,
        target: asyncio.StreamWriter,
        back: asyncio.StreamWriter,
        dead: asyncio.Event,
        told: bool = False,
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                if dead.is_set():
                    continue
                target.write(data)
                await target.drain()
                if told and self._is_the_one(data):
                    self._cut(target, back, dead)
        target.close()

    def _cut(self, target: asyncio.StreamWriter, back: asyncio.StreamWriter, dead: asyncio.Event) -> None:
        self.cut = True
        dead.set()
        if not self._silently:
            target.transport.abort()
            back.transport.abort()

    def _is_the_one(self, data: bytes) -> bool:
        self.told += data.count(self._event)
        return not self.cut and self._events is not None and self.told >= self._events
