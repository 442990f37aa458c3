"""A text that comes only once a block has taken long."""

import contextlib
import io
import time

from cs231n_utils.system.patience import told_after


def test_text_comes_while_a_long_block_runs_and_goes_where_output_went_before(capsys):
    with told_after(0.05, "still running"), contextlib.redirect_stdout(io.StringIO()) as inside:
        time.sleep(0.3)
    assert capsys.readouterr().out == "still running\n" and inside.getvalue() == ""


def test_short_block_is_not_remarked_on(capsys):
    with told_after(0.2, "still running"):
        pass
    time.sleep(0.3)
    assert capsys.readouterr().out == ""
