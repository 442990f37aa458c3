"""Programs run as a submission would be."""

import json
import socket

SECONDS = 60.0


def run(sandbox, source, hidden=()):
    """What a cell printed in the sandbox; what it raised is part of it."""
    control, its_control = socket.socketpair()
    channel, its_channel = socket.socketpair()
    with (
        control,
        channel,
        its_control,
        its_channel,
        sandbox.submission(its_control, its_channel, list(hidden)),
    ):
        its_control.close()
        work = {"cells": [[0, source]], "embargo": {}}
        control.sendall((json.dumps(work) + "\n").encode())
        control.settimeout(SECONDS)
        messages = [json.loads(line) for line in control.makefile("r", encoding="utf-8")]
    outputs = messages[-1]["outputs"]
    return "".join(
        output.get("text", "") + "\n".join(output.get("traceback", ())) for output in outputs
    )
