"""Log-cosh: a quadratic bottom with straight sides.

    L(x) = log cosh x

Notes:
    cosh overflows at |x| = 89 in float32, so far from 0 the formula is the equal |x| - log 2 + log(1 + exp(-2|x|)).
    Near 0 it is not: |x| has no second derivative there that autodiff could find. The inner `where` keeps the overflow
    out of the gradient of the branch that is not taken.
References:
    [1] Ma, Kunin, Wu, Ying (2022). Beyond the quadratic approximation: the multiscale structure of neural network loss
        landscapes. Journal of Machine Learning 1(3) (sub-quadratic growth).
"""

from .landscape import ClosedForm, CriticalSet

LOG_COSH = ClosedForm(
    name="log_cosh",
    text="where(abs(x) < 4, log(cosh(where(abs(x) < 4, x, 0))), abs(x) - log(2) + log(1 + exp(-2*abs(x))))",
    variables=("x",),
    critical_sets=(CriticalSet(("0",), "minimum", 0, "1", "0"),),
    domain=((-5.0, 5.0),),
    title="log cosh",
    source="Ma et al. (2022), sub-quadratic losses",
    complete=True,
)
