"""A server that never ends its answer, a little every now and then: no step of it takes long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

# What an answer begins with that never gets past its headers, or never past its body.
HEADERS = b"HTTP/1.1 200 OK\r\nX-Slow: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"


@asynccontextmanager
async def dripping(beginning: bytes) -> AsyncIterator[str]:
    """Its address inside; answers begin as given and go on byte by byte."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(beginning)
            while not reader.at_eof():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
