"""The HTTP server: it serves what it is given, and refuses without a word."""

from __future__ import annotations

import asyncio
import socket

import aiohttp
import pytest

from bot.errors import OperatorError
from handlers.listening import LARGEST_BODY, Quiet, listening


class Hello(Quiet):
    async def get(self) -> None:
        self.finish("halo")

    async def post(self) -> None:
        raise ValueError("rahasia")


async def said(method: str, url: str, **more: object) -> tuple[int, bytes, set[str]]:
    """The status, the body and the headers of a reply."""
    async with aiohttp.ClientSession() as session, session.request(method, url, **more) as response:  # type: ignore[arg-type]
        return response.status, await response.read(), set(response.headers)


async def test_what_is_given_is_served() -> None:
    async with listening([("/halo", Hello)], "127.0.0.1", 0, "monitoring") as port:
        assert (await said("GET", f"http://127.0.0.1:{port}/halo"))[:2] == (200, b"halo")
    with pytest.raises(aiohttp.ClientConnectionError):
        await said("GET", f"http://127.0.0.1:{port}/halo")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 404), ("GET", "/halo/lagi", 404), ("DELETE", "/halo", 405), ("XYZ", "/halo", 405)],
)
async def test_anything_else_is_refused_without_a_word(method: str, path: str, status: int) -> None:
    async with listening([("/halo", Hello)], "127.0.0.1", 0, "monitoring") as port:
        assert await said(method, f"http://127.0.0.1:{port}{path}") == (status, b"", {"Date", "Content-Length"})


async def test_a_fault_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    """Neither to whoever called, nor with the words of the error to the log."""
    async with listening([("/halo", Hello)], "127.0.0.1", 0, "monitoring") as port:
        assert (await said("POST", f"http://127.0.0.1:{port}/halo", data=b"kata orang"))[:2] == (500, b"")
    assert "a call to /halo failed: ValueError (" in caplog.text
    assert "rahasia" not in caplog.text
    assert "kata orang" not in caplog.text


async def test_a_body_that_is_too_large_is_not_read() -> None:
    async with listening([("/halo", Hello)], "127.0.0.1", 0, "monitoring") as port:
        reading, writing = await asyncio.open_connection("127.0.0.1", port)
        writing.write(f"POST /halo HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST_BODY + 1}\r\n\r\n".encode())
        reply = await asyncio.wait_for(reading.read(), 5)
        writing.close()
    status_line, _, rest = reply.partition(b"\r\n")
    assert status_line == b"HTTP/1.1 400 Bad Request"
    assert rest.strip() == b""


async def test_a_port_that_is_taken_is_named_with_the_remedy() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OperatorError, match=rf"monitoring can't listen on 127\.0\.0\.1:{port} .*monitoring\.port"):
            async with listening([], "127.0.0.1", port, "monitoring"):
                pass


@pytest.mark.parametrize("address", ["203.0.113.7", "bukan alamat"])
async def test_an_address_that_is_not_ours_is_named_with_the_remedy(address: str) -> None:
    with pytest.raises(OperatorError, match=r"Remedy: .*check monitoring\.listen\."):
        async with listening([], address, 0, "monitoring"):
            pass
