r"""The 1-sharpness of a linear model (Andriushchenko and Flammarion 2022, Section 3).

Problem and assumptions: a linear model f_x(w) = <w, x>, labels y_i = ±1, a decreasing loss of the margin.

Statement as printed: the 1-sharpness has the closed form sum_i max_{||delta|| <= rho} l(y_i <w + delta, x_i>) -
l(y_i <w, x_i>) = sum_i l(y_i <w, x_i> - rho ||x_i||) - l(y_i <w, x_i>). It is influenced only by -rho ||x_i||, which
does not depend on w; in particular all global minimisers of the training loss are equally sharp.

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Section 3.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, ProofStep, Repair, Source, Symbol
from ..family import Family, Number

SOURCE = Source("andriushchenko2022", "1-sharpness of a linear model", "Section 3")
STATEMENT = (
    r"For $f_x(w) = \langle w, x\rangle$ and a decreasing margin-based loss $\ell$ the 1-sharpness is "
    r"$\sum_i \max_{\|\delta\|_2\leq\rho} \ell(y_i\langle w+\delta,x_i\rangle) - \ell(y_i\langle w,x_i\rangle) = "
    r"\sum_i \ell(y_i\langle w,x_i\rangle - \rho\|x_i\|_2) - \ell(y_i\langle w,x_i\rangle)$. It is influenced only by "
    r"$-\rho\|x_i\|_2$, which does not depend on a specific $w$; all global minimizers $w^*$ of the training loss are "
    r"equally sharp."
)
Loss = Callable[[Any, SimpleNamespace, Arithmetic], Any]
LOSSES: dict[str, Loss] = {
    "exponential loss": lambda z, x, m: m.exp(-z),
    "logistic loss": lambda z, x, m: m.log(1 + m.exp(-z)),
    "hinge loss": lambda z, x, m: m.maximum(1 - z, 0 * z),
    "sigmoid loss, not convex": lambda z, x, m: (1 - m.tanh(z)) / 2,
}
NUMBERS = (
    *(Number(n, 1e-1, 4, "signed log") for n in ("w1", "w2", "x1", "x2", "z1", "z2", "d1", "d2", "e1", "e2")),
    Number("share", 0, 1, "linear"), Number("rho", 1e-2, 4),
)  # fmt: skip


def _two_examples(loss: Loss) -> Callable[[SimpleNamespace, Arithmetic], dict[str, Any]]:
    """Inputs x and z, labels y and -y; perturbations along d and e, of length `share` rho, each example its own."""

    def measure(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
        printed = attained = tried = 0 * x.rho
        for label, (a, b), (d, e) in ((x.y, (x.x1, x.x2), (x.d1, x.d2)), (-x.y, (x.z1, x.z2), (x.e1, x.e2))):
            size, length = m.norm(a, b), x.share * x.rho / m.norm(d, e)

            def at(v: Any, u: Any, label: int = label, a: Any = a, b: Any = b) -> Any:
                return loss(label * ((x.w1 + v) * a + (x.w2 + u) * b), x, m)

            here = at(0 * x.rho, 0 * x.rho)
            printed = printed + loss(label * (x.w1 * a + x.w2 * b) - x.rho * size, x, m) - here
            attained = attained + at(-x.rho * label * a / size, -x.rho * label * b / size) - here
            tried = tried + at(length * d, length * e) - here
        return {"printed": printed, "attained": attained, "tried": tried}

    return measure


CLOSED_FORM = Claim(
    id="andriushchenko2022.sharpness-linear",
    title="The 1-sharpness of a linear model has a closed form",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(
        Symbol("rho", "radius", "rho > 0", "", r"\rho"),
        Symbol("tried", "rise of the loss under some perturbations of length at most rho", "", measured=True),
        Symbol("attained", "rise under delta_i = -rho y_i x_i/||x_i||", "", measured=True),
        Symbol("printed", "the closed form", "", measured=True),
    ),
    hypotheses=(),
    conclusion="tried <= printed; attained == printed",
    families=tuple(Family(name, NUMBERS, _two_examples(loss), ({"y": 1}, {"y": -1})) for name, loss in LOSSES.items()),
    steps=(
        ProofStep(
            "least margin", "v*(x1*d1 + x2*d2) >= -rho*size",
            given="v**2 == 1; size >= 0; size**2 == x1**2 + x2**2; d1**2 + d2**2 <= rho**2",
            symbols=(
                *(Symbol(n, "of the input", "", "") for n in ("x1", "x2")),
                *(Symbol(n, "of the perturbation", "", "") for n in ("d1", "d2")),
                Symbol("v", "label", "", ""), Symbol("size", "||x||", "", ""),
            ),
            words="Cauchy and Schwarz: no perturbation takes more than rho ||x|| from the margin.",
            families=(
                Family(
                    "perturbations in the plane",
                    (*(Number(n, 1e-1, 4, "signed log") for n in ("x1", "x2", "a", "b")),
                     Number("rho", 1e-2, 4), Number("share", 0, 1, "linear")),
                    lambda x, m: {
                        "d1": x.share * x.rho * x.a / m.norm(x.a, x.b), "d2": x.share * x.rho * x.b / m.norm(x.a, x.b),
                        "size": m.norm(x.x1, x.x2),
                    },
                    ({"v": 1}, {"v": -1}),
                ),
            ),
        ),
    ),
    reading="The displayed equality.",
)  # fmt: skip


def _bent(z: Any, x: SimpleNamespace, m: Arithmetic) -> Any:
    """-z between -width and width, bent upwards by curvature k beyond until it is flat or falls twice as steeply.

    Strictly decreasing (the slope ends at -1/2 and at -3/2), convex, with a continuous derivative.
    """
    reach = 1 / (2 * x.k)
    over = m.minimum(m.maximum(z - x.width, 0 * z), reach)
    under = m.minimum(m.maximum(-x.width - z, 0 * z), reach)
    far = m.maximum(z - x.width - reach, 0 * z) + m.maximum(-x.width - reach - z, 0 * z)
    return -z + x.k * (over**2 + under**2) / 2 + far / 2


def _minimisers(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    """x_1 = a, x_2 = -a, both labelled 1: the training loss is constant for a |w| <= width, and least there.

    It has the slope 0 there and is convex, so that it is nowhere lower; `loss` and `elsewhere` show as much.
    """

    def total(w: Any, less: Any) -> Any:
        return _bent(x.a * w - less, x, m) + _bent(-x.a * w - less, x, m)

    def sharpness(w: Any) -> Any:
        return total(w, x.rho * x.a) - total(w, 0 * x.a)

    first, second = x.place_1 * x.width / x.a, x.place_2 * x.width / x.a
    return {
        "loss_1": total(first, 0 * x.a), "loss_2": total(second, 0 * x.a), "sharpness_1": sharpness(first),
        "sharpness_2": sharpness(second), "elsewhere": total(x.place_3 * x.width / x.a, 0 * x.a),
        # the margins of the example x_1: they are equal if the two points predict the same
        "margin_1": x.a * first, "margin_2": x.a * second,
    }  # fmt: skip


MINIMISERS = Claim(
    id="andriushchenko2022.sharpness-linear:minimizers",
    title="All global minimisers of the training loss of a linear model are equally 1-sharp",
    source=SOURCE,
    statement=STATEMENT,
    symbols=(
        Symbol("rho", "radius", "rho > 0", "", r"\rho"),
        Symbol("loss_1", "training loss at a minimiser", "", measured=True),
        Symbol("loss_2", "training loss at another", "", measured=True),
        Symbol("elsewhere", "training loss at a third point", "", measured=True),
        Symbol("margin_1", "margin of an example at the first", "", measured=True),
        Symbol("margin_2", "its margin at the second", "", measured=True),
        Symbol("sharpness_1", "1-sharpness at the first", "", measured=True),
        Symbol("sharpness_2", "1-sharpness at the second", "", measured=True),
    ),
    hypotheses=(
        Hypothesis("minimisers", "both are global minimisers", "loss_1 == loss_2; loss_1 <= elsewhere"),
    ),
    conclusion="sharpness_1 == sharpness_2",
    families=(
        Family(
            "two examples, a convex decreasing loss that is linear near 0",
            (
                Number("a", 1e-1, 1e1), Number("rho", 1e-2, 1e1), Number("width", 1e-1, 1e1), Number("k", 1e-1, 1e1),
                Number("place_1", 0, 1, "linear"), Number("place_2", 0, 1, "linear"),
                Number("place_3", -4, 4, "linear"),
            ),
            _minimisers,
        ),
    ),
    repairs=(
        Repair(
            "same margins", "condition",
            "If the minimisers have the same margins on the training data it holds; they do if the loss is strictly "
            "convex.",
            (Hypothesis("same margins", "strict convexity leaves one vector of margins", "margin_1 == margin_2"),),
            latex=r"\langle w_1^*, x_i\rangle = \langle w_2^*, x_i\rangle",
        ),
    ),
    reading="For every decreasing margin-based loss for which there are global minimisers.",
    notes="The closed form depends on w through the margins. For a strictly convex loss all minimisers have the same, "
    "and the statement follows; for a loss that is linear in between (or flat, such as the hinge) they may differ.",
)  # fmt: skip
CLAIMS = (CLOSED_FORM, MINIMISERS)
