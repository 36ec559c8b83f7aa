"""The standing assumptions of Tan et al. (2024), one by one, and what they say at a point far from the minimiser.

Definitions 2 to 4 are printed for all w, v in R^d. A function that is mu-strongly convex on R^d has a minimiser w*, and
a gradient of length at least mu d at distance d from it; one that is G-Lipschitz on R^d has no gradient longer than G;
and R^d has points at every distance. The three meet in `d_far` and `g_far`, a distance and the gradient there.

References:
    [1] Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy.
    Definitions 2-4, Assumptions 1-3.
"""

from ..claim import Hypothesis, Symbol

SLOPE, CURVATURE, STEP = "loss/w", "loss/w**2", "w**2/loss"

CONSTANTS = (
    Symbol("mu", "strong convexity", "mu > 0", CURVATURE, r"\mu"),
    Symbol("L", "smoothness", "L >= mu", CURVATURE),
    Symbol("G", "Lipschitz constant", "G > 0", SLOPE),
    Symbol("rho", "radius", "rho > 0", "w", r"\rho"),
    Symbol("eta", "learning rate", "eta > 0", STEP, r"\eta"),
)
FAR = (
    Symbol("d_far", "distance of a far point from the minimiser", "d_far > 0", "w"),
    Symbol("g_far", "length of the gradient there", "g_far >= 0", SLOPE),
)
RATIO = Symbol("C", "range of the ratio xi, Assumption 1", "C > 1", "1")
XI = Symbol("xi", "rho over the gradient's length, the same in both runs", "xi > 0", STEP, r"\xi_t")
FACTORS = (
    Symbol("gamma_0", "lower bound of the renormalisation factor", "", "1", r"\gamma_0"),
    Symbol("gamma_1", "upper bound of the renormalisation factor", "", "1", r"\gamma_1"),
    Symbol("gamma_t", "renormalisation factor ||g|| / ||g_asc||", "", "1", r"\gamma_t"),
)
SIGMA = Symbol("sigma", "smallest eigenvalue of the Hessian H_t", "", CURVATURE, r"\sigma_{\min}")
CURVATURES = (
    Symbol("curvature_min", "smallest curvature met", "", CURVATURE, measured=True),
    Symbol("curvature_max", "largest curvature met", "", CURVATURE, measured=True),
)
SLOPE_MAX = Symbol("slope_max", "longest gradient met, at iterates and ascended points", "", SLOPE, measured=True)

EVERYWHERE = Hypothesis(
    "all of R^d", "Definitions 2-4 are for all w in R^d, which has points at any distance", "mu*d_far >= 2*G"
)
CONVEX_EVERYWHERE = Hypothesis(
    "strong convexity", "mu-strongly convex (Definition 2): far away the gradient is long", "g_far >= mu*d_far"
)
LIPSCHITZ_EVERYWHERE = Hypothesis(
    "Lipschitz continuity", "G-Lipschitz (Definition 4): no gradient is longer than G", "g_far <= G"
)
PRINTED = (CONVEX_EVERYWHERE, LIPSCHITZ_EVERYWHERE, EVERYWHERE)
"""The class of losses as printed: what makes it contradictory."""

CONVEX = Hypothesis("strong convexity", "mu-strongly convex where the runs go", "curvature_min >= mu")
SMOOTH = Hypothesis("smoothness", "L-smooth where the runs go", "curvature_max <= L")
LIPSCHITZ = Hypothesis("Lipschitz continuity", "G-Lipschitz where the runs go", "slope_max <= G")
REGION = (CONVEX, SMOOTH, LIPSCHITZ)
"""The class of losses, asked only of the points that the runs visit."""

ASSUMPTION_1 = Hypothesis(
    "Assumption 1", "locally quadratic, the same Hessian, rho/G <= xi_t <= C rho/G", "rho/G <= xi; xi <= C*rho/G"
)
ASSUMPTION_2 = Hypothesis(
    "Assumption 2", "0 < gamma_0 <= gamma_t <= gamma_1 < 1", "0 < gamma_0 <= gamma_t <= gamma_1 < 1"
)
ASSUMPTION_3 = Hypothesis(
    "Assumption 3", "the smallest eigenvalue of H_t is bounded below",
    "sigma >= G/rho*(1 - gamma_0)/gamma_0 + mu/gamma_0",
)  # fmt: skip
FACTOR = Hypothesis(
    "renormalisation factor",
    "where the loss is quadratic, ||g_asc|| = ||(1 + xi H) g|| >= (1 + xi sigma) ||g||, so gamma_t (1 + xi sigma) <= 1",
    "gamma_t*(1 + xi*sigma) <= 1",
)
RATE_SAM = Hypothesis(
    "learning rate", "the bound of Lemma 6",
    "eta*(mu + L)*(1 + C*L*rho/G)**2 <= 2*(1 + mu*rho/G)",
)  # fmt: skip
RATE_STABLE = Hypothesis(
    "learning rate", "the bound of Lemma 13",
    "eta*gamma_1*(mu + L)*(1 + C*L*rho/G)**2 <= 2*(1 + mu*rho/G)",
)  # fmt: skip
CONTRACTION = "1 - (1 + mu*rho/G)*eta*mu*L/(mu + L)"
"""The factor of Lemmas 6, 7, 13 and 14."""
