"""Programs run as a submission would be."""

import contextlib
import json
import socket

SECONDS = 60.0


@contextlib.contextmanager
def submitted(sandbox, source, hidden=()):
    """A submission of one cell that is under way, and the stream of what it tells."""
    control, its_control = socket.socketpair()
    channel, its_channel = socket.socketpair()
    with (
        control,
        channel,
        its_control,
        its_channel,
        sandbox.submission(its_control, its_channel, list(hidden)) as submission,
    ):
        its_control.close()
        its_channel.close()
        work = {"cells": [[0, source, "this cell"]], "embargo": {}}
        control.sendall((json.dumps(work) + "\n").encode())
        control.settimeout(SECONDS)
        with control.makefile("r", encoding="utf-8") as told:
            yield submission, told


def run(sandbox, source, hidden=()):
    """What a cell printed in the sandbox; what it raised is part of it."""
    with submitted(sandbox, source, hidden) as (_, told):
        return text_of(json.loads(list(told)[-1]))


def text_of(message):
    """What the message of a cell's end says that it printed and raised."""
    return "".join(
        output.get("text", "") + "\n".join(output.get("traceback", ()))
        for output in message["outputs"]
    )
