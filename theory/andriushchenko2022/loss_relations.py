r"""The exponents' norms against the loss (Andriushchenko and Flammarion 2022, Appendix B.3).

Problem and assumptions: Eq. 5, L = ||r||²/(4n) with r = X beta - y; the concentration XX'/d = I of inputs N(0, I) in
high dimension.

Statement as printed: ||I_n-SAM||_1 ≈ (d/n) (w - w*)'(1/n)[X'X](w - w*) = (d/n) L(w) (Eq. 18) and ||I_1-SAM||_1 ≈
d (w - w*)'(1/n) sum_i x_i x_i' (w - w*) = d L(w) (Eq. 19) for I_n-SAM = (X'r)²/n² and I_1-SAM = (1/n) sum_i x_i² r_i²;
by Cauchy and Schwarz I_1-SAM >= I_n-SAM, coordinate by coordinate.

References:
    [1] Andriushchenko, Flammarion (2022). Towards understanding sharpness-aware minimization. Appendix B.3, Eqs. 5,
        18, 19.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from ..arithmetic import Arithmetic
from ..claim import Claim, Hypothesis, Repair, Source, Symbol
from ..family import Family, Number

NUMBERS = (
    *(Number(n, 1e-4, 1e-1, "signed log") for n in ("e11", "e12", "e21", "e22")), Number("t", -1, 1, "linear"),
    *(Number(n, 1e-2, 1e2, "signed log") for n in ("b1", "b2")),
)  # fmt: skip
FAMILY_WORDS = "Nearly orthogonal inputs of length nearly sqrt(d), any predictor."


def _measured(kind: str) -> Callable[[SimpleNamespace, Arithmetic], dict[str, Any]]:
    def measure(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
        c, s = (1 - x.t**2) / (1 + x.t**2), 2 * x.t / (1 + x.t**2)
        rows = [(c - s + x.e11, c + s + x.e12), (-c - s + x.e21, c - s + x.e22)][: x.n]
        r = [a * x.b1 + b * x.b2 for a, b in rows]
        gram = [
            (sum(p * q for p, q in zip(a, b, strict=True)) / 2 - (1 if a is b else 0)) ** 2 for a in rows for b in rows
        ]
        columns = [[row[j] * r_i for row, r_i in zip(rows, r, strict=True)] for j in (0, 1)]
        parts = [
            sum(col) ** 2 / m.number(x.n**2) if kind == "n_sam" else sum(a * a for a in col) / m.number(x.n)
            for col in columns
        ]
        return {"norm": sum(parts), "loss": sum(a * a for a in r) / m.number(4 * x.n), "gram2": sum(gram), "d": 2}

    return measure


def _claim(number: str, kind: str, label: str, times: str, latex: str) -> Claim:
    said, true = f"{times}*loss", f"4*{times}*loss"
    return Claim(
        id=f"andriushchenko2022.eq-{number}",
        title=f"The 1-norm of {label}'s exponent is about {times.replace('*', ' ')} times the loss",
        source=Source("andriushchenko2022", f"Eq. {number}", "Appendix B.3"),
        statement=latex,
        symbols=(
            Symbol("n", "examples", "n >= 1", "1"), Symbol("d", "dimension", "d >= 1", "1"),
            Symbol("norm", f"||I||_1 of {label}", measured=True), Symbol("loss", "L(w) of Eq. 5", measured=True),
            Symbol("gram2", "squared Frobenius norm of XX'/d - I", measured=True),
        ),
        hypotheses=(
            Hypothesis("concentration", "XX'/d is close to I", "gram2 <= 1/100"),
        ),
        conclusion=f"(norm - {said})**2 <= gram2*({said})**2",
        families=(
            Family("two dimensions", NUMBERS, _measured(kind), ({"n": 1}, {"n": 2}), words=FAMILY_WORDS),
        ),
        repairs=(
            Repair(
                "four times the loss", "misprint", "With 4 L for L it holds: (1/n) ||r||² is 4 L.",
                conclusion=f"(norm - {true})**2 <= gram2*({true})**2",
                because="Eq. 5 defines L with the factor 1/(4n)",
                latex=r"\|I\|_1 \approx \frac{4d}{n}L(w(t))" if kind == "n_sam" else r"\|I\|_1 \approx 4dL(w(t))",
            ),
        ),
        reading="Concentration leaves a relative error of at most ||XX'/d - I||, which tends to 0; the last sign = is "
        "printed without it.",
        notes="The text takes ||r||² = n L(w), and Eq. 5 has ||r||² = 4 n L(w).",
    )  # fmt: skip


EQ_18 = _claim(
    "18", "n_sam", "n-SAM", "d/n",
    r"$\|I_{n\text{-SAM}}(t)\|_1 = \frac{1}{n^2}(w-w^*)^\top X^\top XX^\top X(w-w^*) \approx "
    r"\frac dn (w-w^*)^\top\frac1n[X^\top X](w-w^*) = \frac dn L(w(t))$.",
)  # fmt: skip
EQ_19 = _claim(
    "19", "one_sam", "1-SAM", "d",
    r"$\|I_{1\text{-SAM}}(t)\|_1 = (w-w^*)^\top\frac1n\sum_i\|x_i\|^2x_ix_i^\top(w-w^*) \approx "
    r"d(w-w^*)^\top\frac1n\sum_ix_ix_i^\top(w-w^*) = dL(w(t))$.",
)  # fmt: skip


def _coordinate(x: SimpleNamespace, m: Arithmetic) -> dict[str, Any]:
    ahead = (x.x1 * x.r1, x.x2 * x.r2, x.x3 * x.r3)[: x.n]
    return {"one": sum(a * a for a in ahead) / m.number(x.n), "whole": sum(ahead) ** 2 / m.number(x.n**2)}


COORDINATES = Claim(
    id="andriushchenko2022.eq-18:cauchy-schwarz",
    title="Coordinate by coordinate, 1-SAM's integrand is at least n-SAM's",
    source=Source("andriushchenko2022", "Appendix B.3", "Appendix B.3"),
    statement=r"Using Cauchy-Schwarz inequality can directly imply that $I_{1\text{-SAM},i}(t) \geq "
    r"I_{n\text{-SAM},i}(t)$.",
    symbols=(
        Symbol("one", "I_1-SAM of a coordinate", measured=True), Symbol("whole", "I_n-SAM of it", measured=True),
    ),
    hypotheses=(),
    conclusion="one >= whole",
    families=(
        Family(
            "up to three examples",
            tuple(Number(f"{n}{i}", 1e-2, 1e2, "signed log") for n in "xr" for i in (1, 2, 3)), _coordinate,
            ({"n": 1}, {"n": 2}, {"n": 3}),
        ),
    ),
)  # fmt: skip
CLAIMS = (EQ_18, EQ_19, COORDINATES)
