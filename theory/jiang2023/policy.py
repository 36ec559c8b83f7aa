r"""How often the threshold policy takes a step of SAM (Jiang et al. 2023, Section 3.2, Tables 1 and 2).

Problem and assumptions: ||grad L(B_t; w_t)||² modelled as independent and normal, mean and variance constant.

Algorithm: mu_t and sigma_t² are exponential moving averages with delta = 0.9, from mu_{-1} = 0 and sigma_{-1}² = e^-10
(Eqs. 4 and 5); SAM at the steps with ||g||² >= mu_t + c_t sigma_t, c_t falling linearly from lambda_2 to lambda_1.

Statement as printed: with (lambda_1, lambda_2) = (-1, 1) AE-SAM uses about 50 % of SAM's steps, with (0, 2) AE-LookSAM
about 20 % (Section 4.1, on networks; here on the model of Section 3.2).

References:
    [1] Jiang et al. (2023). An adaptive policy to employ sharpness-aware minimization. Sections 3.2 and 4.1.
"""

from ..budget import Budget
from ..checks.simulation import Measurement, simulated
from ..claim import Claim, Source, Symbol

SETTINGS = {"AE-SAM": ((-1.0, 1.0), 0.5), "AE-LookSAM": ((0.0, 2.0), 0.2)}
"""Method -> (lambda_1, lambda_2), and the share that is reported."""
ROUNDING = 0.05
"""The reported shares are "about", to one digit."""


def shares(bounds: tuple[float, float], runs: int, steps: int, mean: float, seed: int) -> "tuple[float, float]":
    """Mean share of SAM's steps over independent runs of the package's policy, and its standard error.

    Args:
        bounds: (lambda_1, lambda_2).
        runs: Independent runs.
        steps: T.
        mean: Mean of ||g||² in units of its standard deviation.
        seed: Of the normal numbers.
    """
    import jax
    import jax.numpy as jnp
    import numpy as np

    from ...dynamics.policy import GradientThreshold

    policy = GradientThreshold(*bounds, horizon=steps)
    norms = jnp.asarray(np.random.default_rng(seed).normal(mean, 1.0, (runs, steps)))

    def run(row: jax.Array) -> jax.Array:
        def step(state: object, square: jax.Array) -> "tuple[object, jax.Array]":
            use, state = policy.decide(state, square, None)
            return state, use

        return jnp.mean(jax.lax.scan(step, policy.init(row.dtype), row)[1])

    share = np.asarray(jax.vmap(run)(norms))
    return float(share.mean()), float(share.std(ddof=1) / np.sqrt(runs))


def _measure(budget: Budget) -> list[Measurement]:
    rows = []
    for name, (bounds, reported) in SETTINGS.items():
        value, error = shares(bounds, budget.paths // 20, 1000, 10.0, 3)
        rows.append(Measurement(f"{name}, {bounds}", value, error, reported, allowance=ROUNDING))
    return rows


FRACTION = Claim(
    id="jiang2023.sam-fraction",
    title="The threshold policy takes half of SAM's steps with (-1, 1), and a fifth with (0, 2)",
    source=Source("jiang2023", "Sections 3.2 and 4.1", "Table 1"),
    statement=r"AE-SAM ($\lambda_1=-1,\lambda_2=1$) uses only 50% of SAM updates; AE-LookSAM "
    r"($\lambda_1=0,\lambda_2=2$) about 20%.",
    symbols=(
        Symbol("half", "share of AE-SAM", "", "1", measured=True),
        Symbol("fifth", "share of AE-LookSAM", "", "1", measured=True),
    ),
    hypotheses=(),
    conclusion="abs(half - 1/2) <= 1/20; abs(fifth - 1/5) <= 1/20",
    checks=(simulated(_measure, "share of SAM's steps on independent normal squared norms"),),
    reading="On the normal model of Section 3.2, to the digit that is reported.",
    notes="With (-1, 1) the share is 1/2 by symmetry: c and -c are equally often the threshold of a symmetric "
    "quantity.",
)
CLAIMS = (FRACTION,)
