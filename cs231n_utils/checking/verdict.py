"""What the oracle says about an answer, as text and as a card."""

import html
from dataclasses import dataclass, field

from .cards import card


@dataclass(frozen=True)
class Verdict:
    """What the oracle says about one exercise.

    Attributes
    ----------
    exercise : str
    passed : bool
        True when every part passed.
    points, max_points : float
    parts : dict of str to bool
        Which parts passed.
    part_points : dict of str to float
    mistakes : dict of str to str
        The known mistakes that the answer shows: their names, and what to do about each.
    measured : str
        What the wrong values have in common, in a sentence, where no mistake is known.
    either : bool
        One of the mistakes is made, instead of all: they show in the same way.
    message : str
        The first reason why a part failed; empty when all passed.
    reasons : dict of str to str
        By failed part, why it failed.
    judged : bool
        False when there was no oracle to ask.
    unjudged : list of str
        The failed parts of which nothing is known, since something else must be right first.
    remark : str
        Something odd that was measured, for the class report; it costs nothing.
    fingerprint : str
        Equal for answers that are wrong in the same way, for the class report; empty where that
        is not known.
    """

    exercise: str
    passed: bool = False
    points: float = 0.0
    max_points: float = 0.0
    parts: dict[str, bool] = field(default_factory=dict)
    part_points: dict[str, float] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)
    either: bool = False
    measured: str = ""
    message: str = ""
    reasons: dict[str, str] = field(default_factory=dict)
    judged: bool = True
    unjudged: list[str] = field(default_factory=list)
    remark: str = ""
    fingerprint: str = ""

    @property
    def headline(self) -> str:
        """One line: the exercise and its points."""
        if not self.judged:
            return f"{self.exercise}: not judged here"
        return f"{self.exercise}: {self.points:g} of {self.max_points:g} points"

    @property
    def mistake(self) -> str | None:
        """The names of the mistakes, in one phrase; None without any."""
        return (" or " if self.either else " and ").join(self.mistakes) or None

    @property
    def causes(self) -> list[tuple[str, str]]:
        """Each mistake with the words that lead to it, and what to do about it."""
        names = list(self.mistakes)
        leads = [f"Likely cause, {number} of {len(names)}" for number in range(1, len(names) + 1)]
        if self.either or len(names) == 1:
            leads = ["Likely cause", *["Or else"] * (len(names) - 1)]
        return [
            (f"{lead}: {name}", self.mistakes[name])
            for lead, name in zip(leads, names, strict=False)
        ]

    @property
    def paragraphs(self) -> list[str]:
        """Every reason once, in their order; a part whose reason is new is named."""
        texts = [self.message] if self.message else []
        said = {self.message}
        for part, reason in self.reasons.items():
            if reason not in said:
                said.add(reason)
                texts.append(f"{part}: {reason}")
        return texts

    def __str__(self) -> str:
        lines = [self.headline]
        for part, passed in self.parts.items():
            mark = "pass" if passed else "----" if part in self.unjudged else "FAIL"
            lines.append(f"  [{mark}] {part} ({self.part_points[part]:g})")
        lines += [f"  {text}" for text in self.paragraphs]
        lines += [f"  {cause}. {hint}" for cause, hint in self.causes]
        lines += [f"  Measured: {self.measured}"] if self.measured else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return self.card()

    def card(self, advice: str = "") -> str:
        """The verdict as HTML, with what to do next below."""
        color = "#0072B2" if self.passed else "#D55E00" if self.judged else "#777777"
        parts = "".join(map(self._part, self.parts))
        texts = [html.escape(text) for text in self.paragraphs]
        texts += [
            f"<b>{html.escape(cause)}.</b> {html.escape(hint)}" for cause, hint in self.causes
        ]
        texts += [f"<b>Measured:</b> {html.escape(self.measured)}"] if self.measured else []
        texts += [html.escape(advice)] if advice else []
        inner = f"<ul style='margin:6px 0 0;padding:0'>{parts}</ul>"
        inner += "".join(f"<p style='margin:6px 0 0'>{text}</p>" for text in texts)
        return card(self.headline, inner, color)

    def _part(self, part: str) -> str:
        points = self.part_points[part]
        if self.parts[part]:
            color, mark, got = "#0072B2", "✓", f"{points:g} / {points:g}"
        elif part in self.unjudged:
            color, mark, got = "#777777", "–", f"0 / {points:g}, not judged"
        else:
            color, mark, got = "#D55E00", "✗", f"0 / {points:g}"
        return (
            f"<li style='list-style:none;margin:2px 0'><b style='color:{color}'>{mark}</b> "
            f"{html.escape(part)} <span style='opacity:.65'>{got}</span></li>"
        )


class CheckFailed(AssertionError):
    """An exercise did not pass; ``verdict`` says why."""

    def __init__(self, verdict: Verdict):
        super().__init__(verdict.headline)
        self.verdict = verdict

    def _render_traceback_(self) -> list[str]:
        return [f"CheckFailed: {self.verdict.headline} (see the card above)"]
