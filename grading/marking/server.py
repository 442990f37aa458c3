"""The marking page, served on this machine alone, to whoever has the address that was printed."""

import asyncio
import contextlib
import hmac
import json
import secrets
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from ..errors import Refused
from ..handout.release import read_source, student_version
from ..pages.markdown import inline_markdown, markdown
from ..pages.rendering import render
from ..pages.student_page import Topic, topics
from .written import Answer, Changed, Mark, Marking

HERE = "127.0.0.1"
MOST_BYTES = 200_000
"""Of a request."""


def serve(marking: Marking, tell: Callable[[str], None], *, headless: bool = False) -> None:
    """Serve the page until Ctrl-C.

    Parameters
    ----------
    marking : Marking
    tell : callable
        Gets the address.
    headless : bool
        Open no browser.
    """

    async def run() -> None:
        address = listen(marking)
        tell(address)
        with tempfile.TemporaryDirectory() as folder:
            if not headless:
                # The token would be seen by everybody on this machine as an argument of a command.
                way = Path(folder) / "marking.html"
                refresh = f'<meta http-equiv="refresh" content="0;url={escape(address)}">'
                way.write_text(refresh, encoding="utf-8")
                webbrowser.open(way.as_uri())
            await asyncio.Event().wait()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(run())


def listen(marking: Marking) -> str:
    """Listen on a free port, in the event loop that runs; the address with its token."""
    (socket,) = bind_sockets(0, HERE)
    port, token = socket.getsockname()[1], secrets.token_urlsafe(24)
    pages = _Pages(marking)
    options = {"pages": pages, "token": token, "host": f"{HERE}:{port}"}
    application = Application(
        [
            (r"/", _First, options),
            (r"/question/([\w-]+)", _Question, options),
            (r"/mark", _Mark, options),
        ],
        log_function=lambda handler: None,
    )
    HTTPServer(application, max_body_size=MOST_BYTES).add_socket(socket)
    return f"http://{HERE}:{port}/?token={token}"


class _Pages:
    """The pages of the questions."""

    def __init__(self, marking: Marking):
        self.marking = marking
        released = student_version(read_source(marking.assignment))
        self._topics: dict[str, Topic] = {one.id: one for one in topics(released)}

    def first(self) -> str:
        """The first question with an answer that waits, or else the first one."""
        waiting = self.marking.waiting()
        return next((name for name, count in waiting.items() if count), next(iter(waiting)))

    def page(self, question: str) -> str:
        """All answers to a question, of which the script shows one at a time."""
        written, topic = self.marking.questions[question], self._topics[question]
        answers = self.marking.answers(question)
        return render(
            "mark.html.j2",
            assignment=self.marking.assignment,
            question=written,
            heading=inline_markdown(topic.heading),
            task=[markdown(text, trusted=True) for text in topic.text],
            rubric=markdown(written.rubric, trusted=True),
            waiting=self.marking.waiting(),
            answers=[(one, _shown(one)) for one in answers],
            comments=self.marking.comments(question),
            missing=self.marking.missing,
            state_of=_state,
            script="mark.js",
            connects=True,
        )


class _Local(RequestHandler):
    """Answers only to this machine's own browser, after the address with the token was opened."""

    def initialize(self, pages: _Pages, token: str, host: str) -> None:
        self._pages, self._token, self._host = pages, token, host

    def set_default_headers(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Security-Policy", "frame-ancestors 'none'")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")

    def prepare(self) -> None:
        # Another name for this machine is how a page from elsewhere would reach it.
        if self.request.host != self._host:
            self._refuse("This page is at another address.")
            return
        # A cookie is sent to all ports of a machine, so its name tells the port.
        cookie = f"marking-{urlsplit(f'//{self._host}').port}"
        if self._knows(self.get_query_argument("token", "")):
            self.set_cookie(cookie, self._token, httponly=True, samesite="Strict")
            self.redirect(self.request.path)
        elif not self._knows(self.get_cookie(cookie, "")):
            self._refuse("Open the address that `python -m grading mark` has printed.")
        elif self.request.method == "POST" and (
            self.request.headers.get("Origin") != f"http://{self._host}"
        ):
            self._refuse("Marks are taken from the marking page alone.")

    def _knows(self, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self._token.encode())

    def _refuse(self, sentence: str) -> None:
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(sentence)


class _First(_Local):
    def get(self) -> None:
        self.redirect(f"/question/{self._pages.first()}")


class _Question(_Local):
    def get(self, question: str) -> None:
        if question not in self._pages.marking.questions:
            self.redirect("/")
        else:
            self.finish(self._pages.page(question))


class _Mark(_Local):
    def post(self) -> None:
        marking = self._pages.marking
        try:
            asked = _asked(self.request.body)
            mark = marking.give(**asked)
        except Changed as error:
            self._answer(409, error=f"{error}.", **_state(error.mark))
        except Refused as error:
            self._answer(400, error=f"{error}.")
        except SQLAlchemyError as error:
            why = str(error).splitlines()[0]
            self._answer(503, error=f"The gradebook cannot be written ({why}): save again.")
        else:
            comments = marking.comments(asked["question"])
            self._answer(200, **_state(mark), comments=comments, waiting=marking.waiting())

    def _answer(self, status: int, **said: Any) -> None:
        self.set_status(status)
        self.finish(said)


def _asked(body: bytes) -> dict[str, Any]:
    """What a request asks to write.

    Raises
    ------
    Refused
        If it is not of the form that the page sends.
    """
    try:
        asked = json.loads(body)
        points = asked.pop("points")
        texts = {name: asked[name] for name in ("question", "student", "comment", "seen")}
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise Refused("this is not what the marking page sends: load it anew") from error
    number = isinstance(points, int | float) and not isinstance(points, bool)
    if not (number or points is None) or not all(isinstance(one, str) for one in texts.values()):
        raise Refused("points are a number, and all else is text: load the page anew")
    return {**texts, "points": points}


def _state(mark: Mark) -> dict[str, Any]:
    """A mark as the page keeps it."""
    return {
        "points": mark.points,
        "extra": mark.extra,
        "waits": mark.waits,
        "comment": mark.comment,
        "revision": mark.revision,
    }


def _shown(answer: Answer) -> Any:
    return None if answer.blank else markdown(answer.words, trusted=False)
