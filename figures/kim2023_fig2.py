"""Manifolds of Beale's saddle, the basin boundary, and the cases of SAM on real runs (Kim et al. 2023, Figure 2).

References:
    [1] Kim, Park, Choi, Lee (2023). Stability analysis of sharpness-aware minimization. Section 4.1, Lemma 1.
"""

from typing import TYPE_CHECKING

import numpy as np

from .kim2023_beale import (
    MINIMUM,
    RUN,
    SADDLE,
    WINDOW,
    distance_right_of,
    loss_grid,
    manifolds_of_saddle,
)
from .layers import grid_of
from .paper_figure import Check, PaperFigure, Parameter, Progress, Settings, judge, run_alone

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

ROUTES = ("Case I", "Case II, then I", "Case II, then III")


def compute(settings: Settings, progress: Progress) -> "xr.Dataset":
    """Manifolds; the case and the end of every start of a grid; three runs, the last one close to the saddle too."""
    import xarray as xr

    from ..dynamics.methods import make_rule
    from ..dynamics.panel import run_panel
    from ..dynamics.trajectories import trajectories
    from ..landscapes.beale import BEALE
    from .field import Field

    eta, rho, steps = settings["eta"], settings["rho"], settings["steps"]
    stable, leaving = manifolds_of_saddle(WINDOW)
    progress(0.3)
    sam = make_rule("sam", eta, rho=rho)
    gx, gy, points = grid_of(WINDOW, settings["grid"])
    shape = (settings["grid"],) * 2
    motion = Field(BEALE, sam).motion(points)
    case, side = cases(stable, points, motion.w_adv, rho)
    cosine = -(motion.velocity * (motion.w_adv - points)).sum(axis=1) / rho / np.linalg.norm(motion.velocity, axis=1)
    found = run_panel(BEALE, make_rule("gd", settings["eta_gd"]), points, settings["steps_gd"]).w
    progress(0.6)
    ends = run_panel(BEALE, sam, points, settings["steps_sam"]).w
    kept, arrived = near(ends, SADDLE, rho / 10), near(ends, MINIMUM, 1.2 * rho)
    path = trajectories(BEALE, sam, [*settings["starts"], settings["start"]], steps, observables=("w", "w_adv"))
    w, w_adv = path["w"], path["w_adv"]
    shown = np.unique(np.geomspace(1, steps + 1, 300).astype(int)) - 1
    along = np.stack([cases(stable, a[shown], b[shown], rho)[0] for a, b in zip(w, w_adv)])
    # Case III of the last run: (i) from the first crossing on, while w stays on its side; (ii) once w changes sides
    codes, sides = cases(stable, w[-1][:2000], w_adv[-1][:2000], rho)
    crossing = int(np.flatnonzero(codes == 3)[0])
    change = int(np.flatnonzero(sides != sides[0])[0])
    first = np.linspace(crossing, change - 1, 8).astype(int)
    second = np.arange(settings["late"], settings["late"] + 7)
    kinds = [known.kind for known in BEALE.critical_sets]  # all there are: the declaration is complete, and proved so
    x, y, loss = loss_grid(WINDOW)
    longest = max(len(branch) for branch in leaving)
    padded = np.full((2, longest, 2), np.nan)
    for row, branch in zip(padded, leaving):
        row[: len(branch)] = branch
    return xr.Dataset(
        {
            "stable": (("node", "coordinate"), stable, {"long_name": "stable manifold of (0, 1)", "units": "1"}),
            "unstable": (("branch", "place", "coordinate"), padded, {"long_name": "unstable manifold", "units": "1"}),
            "case": (("gy", "gx"), case.reshape(shape).astype(np.int8), {"long_name": "1, 2, 3: Case I, II, III"}),
            "right": (("gy", "gx"), (side > 0).reshape(shape), {"long_name": "on the minimum's side of the boundary"}),
            "cosine": (("gy", "gx"), cosine.reshape(shape), {"long_name": "of the gradients at w and w_adv"}),
            "from_saddle": (("gy", "gx"), np.linalg.norm(points - SADDLE, axis=1).reshape(shape)),
            "gd_arrives": (("gy", "gx"), near(found, MINIMUM, 0.3).reshape(shape)),
            "sam_kept": (("gy", "gx"), kept.reshape(shape), {"long_name": "SAM ends at the saddle"}),
            "sam_arrives": (("gy", "gx"), arrived.reshape(shape), {"long_name": "SAM ends near the minimum"}),
            "path": (("route", "t", "coordinate"), w[:, shown], {"long_name": "iterate", "units": "1"}),
            "path_adv": (("route", "t", "coordinate"), w_adv[:, shown], {"long_name": "perturbed point", "units": "1"}),
            "path_case": (("route", "t"), along),
            "passage": (("part", "point", "i", "coordinate"), _passage(w[-1], w_adv[-1], first, second)),
            "loss": (("y", "x"), loss, {"long_name": "loss", "units": "1"}),
        },
        coords={
            "gx": gx, "gy": gy, "x": x, "y": y, "coordinate": ["x", "y"], "route": list(ROUTES), "t": shown,
            "part": ["i", "ii"], "point": ["w", "w_adv"],
        },
        attrs={
            "rho": rho, "crossing": crossing, "change": change,
            "minima": kinds.count("minimum"), "saddles": kinds.count("saddle"),
        },
    )  # fmt: skip


def _passage(w: np.ndarray, w_adv: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """w and w_adv at the steps of both parts, dims (part, point, i, coordinate), NaN where a part has fewer steps."""
    passage = np.full((2, 2, max(len(first), len(second)), 2), np.nan)
    for part, chosen in zip(passage, (first, second)):
        part[:, : len(chosen)] = w[chosen], w_adv[chosen]
    return passage


def near(w: np.ndarray, point: np.ndarray, radius: float) -> np.ndarray:
    """Whether points (N, 2) are within a radius of a point."""
    return np.linalg.norm(w - point, axis=1) < radius


def cases(stable: np.ndarray, w: np.ndarray, w_adv: np.ndarray, rho: float) -> tuple[np.ndarray, np.ndarray]:
    """The case of each point, 1 to 3, and its side of the boundary, 1 for the minimum's and -1.

    III: w_adv is on the other side. II: it is not, but the boundary is within rho of w. I: neither.
    """
    distance = distance_right_of(stable, w)
    crosses = np.sign(distance) != np.sign(distance_right_of(stable, w_adv))
    return np.where(crosses, 3, np.where(np.abs(distance) < rho, 2, 1)), np.sign(distance)


def check(data: "xr.Dataset") -> list[Check]:
    """The sentences of Section 4.1 that the figure illustrates."""
    right, case, cosine = (data[name].values for name in ("right", "case", "cosine"))
    rho, close = data.attrs["rho"], data["from_saddle"].values < data.attrs["rho"]
    kept, arrives = data["sam_kept"].values, data["sam_arrives"].values
    separated = float((data["gd_arrives"].values == right).mean())
    ends = np.stack([branch[np.isfinite(branch[:, 0])][-1] for branch in data["unstable"].values])
    to_minimum = np.linalg.norm(ends - MINIMUM, axis=1)
    one, two, three = (right & (case == k) for k in (1, 2, 3))
    farthest = float(data["from_saddle"].values[three].max())
    along = {str(name): _stages(codes) for name, codes in zip(data["route"].values, data["path_case"].values)}
    passage, crossing, change = data["passage"].values, data.attrs["crossing"], data.attrs["change"]
    approach = np.linalg.norm(passage[0, 0] - SADDLE, axis=1)
    return [
        judge(
            "The basin boundary consists of the stable manifolds of the index-one saddle points on it.",
            {"descent ends at the minimum from the right of it alone, over the whole grid": separated == 1},
            {"share of the grid that agrees": separated},
            f"{100 * (1 - separated):.2g} % of the starts do not end on their side.",
        ),
        judge(
            "There is a saddle whose unstable manifold converges to both adjacent minima; Beale's function has a "
            "single saddle point and two minima.",
            {
                "one branch ends at a minimum": bool(to_minimum.min() < 0.01),
                "the other branch ends at another": False if to_minimum.max() > 1 else bool(to_minimum.max() > 0.01),
            },
            {
                "ends of the branches": [[round(float(x), 3) for x in end] for end in ends],
                "minima of Beale's function": data.attrs["minima"],
                "saddles of Beale's function": data.attrs["saddles"],
            },
            "The other branch leaves to the upper left, into a valley that falls towards a loss of 0.452 and holds no "
            "minimum; the second saddle is at (0.10, -2.64). The cases below do not need the second minimum.",
        ),
        judge(
            "Case I: away from the saddle and its stable manifold the two gradients point the same way, and w "
            "converges to the minimum.",
            {
                "cosine positive at all such starts": bool((cosine[one] > 0).all()),
                "SAM ends near the minimum from all of them": bool(arrives[one].all()),
            },
            {
                "smallest cosine": float(cosine[one].min()),
                "median cosine": float(np.median(cosine[one])),
                "share that ends near the minimum": float(arrives[one].mean()),
                "share that ends at the saddle": float(kept[one].mean()),
            },
            f"{100 * kept[one].mean():.2g} % of the starts farther than rho from the stable manifold come near it "
            "later and end at the saddle.",
        ),
        judge(
            "Case II: near the stable manifold the two gradients point the same way; then comes Case I or III.",
            {
                "cosine positive at all such starts": bool((cosine[two] > 0).all()),
                "each start ends near the minimum or at the saddle": bool((arrives | kept)[two].all()),
                "both happen": bool(arrives[two].any() and kept[two].any()),
            },
            {
                "smallest cosine": float(cosine[two].min()),
                "share that ends near the minimum": float(arrives[two].mean()),
                "share that ends at the saddle": float(kept[two].mean()),
                **{f"cases along the run '{name}'": stages for name, stages in along.items()},
            },
            "Not all of these starts do so.",
        ),
        judge(
            "Case III: near the saddle, where the stable manifold is within rho of w, w_adv is in the other basin.",
            {
                "at all starts within rho of the stable manifold": bool((case == 3)[right & (case > 1)].all()),
                "at most of those within rho of the saddle": bool((case == 3)[right & close].mean() > 0.5),
                "at none farther than 1.1 rho from the saddle": farthest < 1.1 * rho,
            },
            {
                "share of starts within rho of the stable manifold": float((case == 3)[right & (case > 1)].mean()),
                "share of starts within rho of the saddle": float((case == 3)[right & close].mean()),
                "largest distance from the saddle": farthest,
            },
            "Along the stable manifold the gradient points along it, and w_adv stays on its side: nearness to the "
            "saddle is what counts, not that to its stable manifold.",
        ),
        judge(
            "Case III-i, then III-ii: w approaches the saddle; then it changes sides, the gradient oscillates, and w "
            "cannot escape.",
            {
                "w approaches while it is on its side": bool((np.diff(approach[np.isfinite(approach)]) < 0).all()),
                "then w changes sides": change > crossing,
                "SAM ends at the saddle from all starts of Case III": bool(kept[three].all()),
            },
            {
                "first step with w_adv on the other side": crossing,
                "first step with w on the other side": change,
                "share of the starts of Case III that end at the saddle": float(kept[three].mean()),
            },
            "Some starts of Case III leave it again.",
        ),
    ]  # fmt: skip


def _stages(codes: np.ndarray) -> str:
    """A run's cases in the order in which they come, repetitions left out."""
    stages = codes[np.append(True, codes[1:] != codes[:-1])]
    names = {1: "I", 2: "II", 3: "III"}
    return ", ".join(names[int(code)] for code in stages[:6])


def draw(data: "xr.Dataset") -> "Figure":
    """See `kim2023_fig2_panels`."""
    from .kim2023_fig2_panels import draw_panels

    return draw_panels(data)


FIGURE = PaperFigure(
    name="kim2023-fig2",
    title="Beale's saddle: manifolds and basin boundary computed, and the three cases on real runs of SAM",
    caption="(a) Stable and unstable manifolds of the saddle (0, 1) under gradient flow; the stable one bounds the "
    "shaded basin of the minimum. (b) The case of every start at rho = {rho}: III where the perturbed point is on the "
    "other side of the boundary, II where it is not and the boundary is within rho, I elsewhere; outlined, the starts "
    "from which SAM ends at the saddle. (c, d) SAM from {starts} and {start}, eta = {eta}. (e) That last run from the "
    "first crossing on, every few steps. (f) Consecutive steps from step {late} on.",
    parameters={
        **{name: RUN[name] for name in ("start", "eta", "rho")},
        "starts": Parameter(((2.6, 1.6), (1.45, 2.3)), "ours"),
        "steps": Parameter(50_000, "ours"),
        "late": Parameter(5000, "paper", "as in Figure 3"),
        "grid": Parameter(61, "ours", "starts each way"),
        "steps_sam": Parameter(60_000, "ours", "for each start of the grid"),
        "eta_gd": Parameter(2e-5, "ours", "small enough for the steep corners of the window"),
        "steps_gd": Parameter(500_000, "ours", "gradient descent, for each start of the grid"),
    },
    budgets={"quick": {"grid": 31}, "full": {"grid": 121}},
    compute=compute,
    check=check,
    draw=draw,
    depends=("kim2023_beale", "manifolds", "equilibria", "field"),
)

if __name__ == "__main__":
    run_alone(FIGURE)
