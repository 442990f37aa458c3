"""Feedback by nbgrader's exchange, for those who handed in by it."""

import glob
from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback

from .hand_in import SECRET
from .moments import STAMP


class ReleaseFeedback(ExchangeReleaseFeedback):
    """Copies the pages of everybody who has what the exchange needs.

    nbgrader's own stops at the first student whose notebook came otherwise, such as by mail.
    """

    def copy_files(self) -> None:
        """Copy the pages; say whose are left out."""
        without = []
        for folder in map(Path, sorted(glob.glob(self.src_path))):
            if all((folder / name).is_file() for name in (STAMP, SECRET)):
                self.src_path = glob.escape(str(folder))
                super().copy_files()
            else:
                without.append(folder.parent.name)
        if without:
            self.log.warning(
                "No feedback by the exchange for those who did not hand in by it: %s",
                ", ".join(without),
            )
