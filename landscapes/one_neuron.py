"""One neuron with a squared activation and two contradicting labels.

    L(w1, w2) = mean over y in {-1, 2} of (w2 w1^2 - y)^2 = (w2 w1^2)^2 - w2 w1^2 + 5/2

Notes:
    [1] gives minima of loss 2.25 on w1^2 = 1/(2 w2), which is right, and saddle points of loss 2.50 on w1 = 0,
    w2 >= 0. With w2 > 0 these are local maxima: L - 5/2 = w2 w1^2 (w2 w1^2 - 1) is nowhere positive near them. Only
    (0, 0) is a saddle, with a vanishing Hessian; w1 = 0, w2 < 0 are local minima of loss 2.50.
    A finite sum of n = 2: example i has the label (-1, 2)[i], both with probability 1/2.
References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.3, Figure 7.
    [2] Ziyin, Li, Simon, Ueda (2022). SGD can converge to local maxima. ICLR.
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from .landscape import ClosedForm, CriticalSet


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class OneNeuron(ClosedForm):
    """The landscape as a finite sum over its two labels."""

    @property
    def n(self) -> int:
        return 2

    def sample_loss(self, w: Any, i: Any) -> jax.Array:
        """The squared error on example `i`, 0 or 1."""
        label = jnp.where(i == 0, -1.0, 2.0)
        return (w[1] * w[0] ** 2 - label) ** 2


_VALLEY = ("t", "1/(2*t**2)")

ONE_NEURON = OneNeuron(
    name="one_neuron",
    text="((w2*w1**2 + 1)**2 + (w2*w1**2 - 2)**2)/2",
    variables=("w1", "w2"),
    critical_sets=(
        CriticalSet(_VALLEY, "minimum", 0, "2*(1/t**2 + t**4)", "9/4", family=(("t", "0", "oo"),)),
        CriticalSet(_VALLEY, "minimum", 0, "2*(1/t**2 + t**4)", "9/4", family=(("t", "-oo", "0"),)),
        CriticalSet(("0", "t"), "minimum", 0, "-2*t", "5/2", family=(("t", "-oo", "0"),)),
        CriticalSet(("0", "t"), "maximum", 1, "0", "5/2", family=(("t", "0", "oo"),)),
        CriticalSet(("0", "0"), "degenerate", 0, "0", "5/2"),
    ),
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    title="One neuron, two labels",
    source="Kim et al. (2023), Section 4.3 and Figure 7",
    complete=True,
)
