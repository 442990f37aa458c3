"""The marking page, served by a thread of the test's own process."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future

from grading.marking.server import listen
from grading.marking.written import Marking


@contextlib.contextmanager
def served(marking: Marking) -> Iterator[str]:
    """Serve the page; its address with the token."""
    started: Future[str] = Future()
    loop = asyncio.new_event_loop()

    async def start() -> None:
        try:
            started.set_result(listen(marking))
        except BaseException as error:
            started.set_exception(error)

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield started.result(30)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()
