"""LaTeX as MathML."""

import html

import pytest

from grading.pages.mathml import mathml


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac1N", "<mfrac><mn>1</mn><mi>N</mi></mfrac>"),
        (r"x^{10}_i", "<msubsup><mi>x</mi><mi>i</mi><mn>10</mn></msubsup>"),
        (r"x^10", "<mrow><msup><mi>x</mi><mn>1</mn></msup><mn>0</mn></mrow>"),
        (r"3.5", "<mn>3.5</mn>"),
        (r"\text{a < b}", "<mtext>a\N{NO-BREAK SPACE}&lt;\N{NO-BREAK SPACE}b</mtext>"),
        (r"\lambda", "<mi>λ</mi>"),
    ],
)
def test_latex_as_mathml(latex, expected):
    assert mathml(latex) == f'<math alttext="{html.escape(latex)}">{expected}</math>'


@pytest.mark.parametrize(
    "latex",
    ["x^", "{", "}", r"\frac{1}", r"\href{a}{b}", r"\begin{array}x\end{array}", "{" * 100,
     r"\frac" * 500, "x" * 3000, r"\begin{matrix} x", "a^b^c"],
)  # fmt: skip
def test_latex_that_is_not_known_is_refused(latex):
    with pytest.raises(ValueError):
        mathml(latex)
