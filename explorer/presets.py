"""Views that open in one click: figures of the papers with the explorer's means.

A preset is a fragment as the page's address has it (`web/src/ui/url.js`) and the figure that it goes back to, which
gives the caption's first sentence.
"""

from typing import NamedTuple

RULES = ("gd", "sam", "usam", "stable_sam", "asam")
"""The rules that the page has, names of `METHODS`."""
LAYERS = (
    "basins", "contours", "gradient_field", "field", "streamlines", "nullclines", "manifolds", "critical_points",
    "trajectories", "w_adv",
)  # fmt: skip
"""What the page can draw."""


class Preset(NamedTuple):
    """A view.

    Attributes:
        name: In addresses and on the command line.
        title: In the page's list.
        fragment: The state of the page.
        figure: The figure of the papers that it shows, of `samscape figures`; "": none.
        words: What to do there.
    """

    name: str
    title: str
    fragment: str
    figure: str
    words: str


PRESETS = (
    Preset(
        "saddle",
        "Kim et al., Figure 5: a saddle that attracts",
        "l=saddle&a=usam,0.01,1,0&b=gd,0.01,0,0&t=500&s=-3,-0.01",
        "kim2023-fig5",
        "Drag ρ of rule A across 1/2, where −2 + 4ρ changes its sign.",
    ),
    Preset(
        "beale",
        "Kim et al., Figure 1: Beale's saddle",
        "l=beale&a=sam,0.0001,0.5,0&b=gd,0.0001,0,0&t=30000&s=1,2",
        "kim2023-fig1",
        "SAM stays at the saddle (0, 1), gradient descent goes on.",
    ),
    Preset(
        "beale-boundary",
        "Kim et al., Figure 2: the basin boundary",
        "l=beale&a=sam,0.0001,0.5,0&t=30000&s=1,2;2.6,1.6;1.45,2.3&y=basins,contours,manifolds,critical_points,trajectories",
        "kim2023-fig2",
        "The stable manifold of the saddle bounds the basin of the minimum.",
    ),
    Preset(
        "beale-jumps",
        "Kim et al., Figure 3: the perturbed points",
        "l=beale&a=sam,0.0001,0.5,0&t=5000&s=1,2&y=contours,manifolds,critical_points,trajectories,w_adv",
        "kim2023-fig3",
        "Near the saddle the perturbed points lie on either side of the manifold.",
    ),
    Preset(
        "neuron",
        "Kim et al., Figure 7: one neuron",
        "l=one_neuron&a=sam,0.01,0.1,0&b=gd,0.01,0,0&t=10000&s=-0.1,0.1;-0.05,0.4;0.05,0.7;0.1,1",
        "kim2023-fig7",
        "SAM stays at w1 = 0, gradient descent finds the minima.",
    ),
    Preset(
        "lucchi",
        "Tan et al., Figure 4: the basins of Lucchi's quartic",
        "l=lucchi&a=sam,0.1,0.2,0&b=stable_sam,0.1,0.2,0&o=side&t=1000&s=0.5,-0.9;-1.5,1",
        "tan2024-basins",
        "Raise η: SAM's minima give way to cycles, StableSAM's do not.",
    ),
    Preset(
        "valley",
        "Zhou et al., Figure 4a: a flatter minimum of the same valley",
        "l=tanh_tanh&a=sam,1.9,0.5,0&b=gd,1.9,0,0&t=100&s=2.5,1.5",
        "zhou2025-fig4a",
        "Where gradient descent rests SAM does not; it moves along the valley.",
    ),
    Preset(
        "sub-quadratic",
        "Zhou et al., Example C.1: a sub-quadratic valley",
        "l=example_c1&a=sam,1,0.5,0&b=gd,1,0,0&t=40&s=0.05",
        "zhou2025-ex-c1",
        "The iterates leave the minimum and stay in the valley, at learning rates that a parabola forbids.",
    ),
    Preset(
        "cosine",
        "Zhou et al., Remark C.1: many valleys",
        "l=cosine&a=sam,0.6,0.2,0&b=gd,0.6,0,0&t=60&s=0.4;2.9;-3.3",
        "zhou2025-rem-c1",
        "Raise η and ρ until a start crosses into the next valley.",
    ),
    Preset(
        "two-weights",
        "The product of two weights",
        "l=uv&a=sam,0.1,0.2,0&b=gd,0.1,0,0&t=300&s=2.5,0.2;0.2,2.5",
        "",
        "The minima are a curve; SAM slides along it to where it is flattest.",
    ),
)
"""In the order of the page's list."""
