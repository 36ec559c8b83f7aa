"""A portrait with sliders, for those without a browser: Matplotlib's widgets in Matplotlib's window.

    portrait = InteractivePortrait(get_landscape("lucchi"), "sam", eta=0.1, rho=0.2)
    portrait.show()

Sliders set eta, rho and momentum; a click adds a start, backspace takes the last one away, delete takes all.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..dynamics.arguments import check_starts
from ..dynamics.methods import METHODS, make_rule, resolve
from ..landscapes.landscape import Landscape
from .field import window_of
from .portrait import DEFAULT_LAYERS, portrait
from .style import paper, rule_look

QUICK = ("contours", "critical_points", "trajectories")
"""Layers that follow a slider while it is dragged; the others come when it is let go."""


class InteractivePortrait:
    """A phase portrait whose numbers are sliders and whose starts are clicks.

    Args:
        landscape: Of one or two coordinates.
        rule: Name of a deterministic rule.
        eta: Step size to begin with, > 0; its slider spans a factor of 100 either way.
        rho: Perturbation radius to begin with, >= 0; by default the rule's own.
        momentum: Heavy-ball momentum, 0 <= momentum < 1.
        window: As for `portrait`.
        starts: To begin with, shape (S, d); by default none.
        steps: Length of the trajectories.
        layers: What to draw at rest, of `portrait.LAYERS`.
    Attributes:
        figure: The Matplotlib figure.
        sliders: By name: "eta" (its decimal logarithm), "rho" and "momentum".
        starts: The starts, shape (S, d).
    Raises:
        ValueError: As `portrait` and `make_rule`; here too for more than two coordinates, before anything is drawn.
    """

    def __init__(
        self,
        landscape: Landscape,
        rule: str = "sam",
        *,
        eta: float = 0.05,
        rho: float | None = None,
        momentum: float = 0.0,
        window: Sequence[Sequence[float]] | None = None,
        starts: Any = None,
        steps: int = 500,
        layers: Sequence[str] = DEFAULT_LAYERS,
    ) -> None:
        import matplotlib.pyplot as plt
        from matplotlib.widgets import Slider

        if landscape.dimension > 2:
            raise ValueError(
                f"portrait: {landscape.name} has {landscape.dimension} coordinates, a portrait takes 1 or 2"
            )
        self.landscape, self.rule_name, self.steps, self.layers = landscape, resolve(rule), steps, tuple(layers)
        self.window = window_of(landscape, window)
        d = landscape.dimension
        self.starts = np.zeros((0, d)) if starts is None else check_starts("portrait", landscape, starts).astype(float)
        perturbs = "rho" in METHODS[self.rule_name].numbers
        own = METHODS[self.rule_name].numbers.get("rho", 0.0) if rho is None else rho
        self._rule(eta, own, momentum)  # refuses bad numbers before a window opens
        self.figure = plt.figure(figsize=(6.4, 7.2))
        self.axes = self.figure.add_axes((0.12, 0.3, 0.83, 0.6))
        color = rule_look(self.rule_name).color
        ranges = {"eta": (r"step size $\log_{10}\eta$", math.log10(eta) - 2, math.log10(eta) + 2, math.log10(eta))}
        if perturbs:
            ranges["rho"] = (r"radius $\rho$", 0.0, max(2.0, 2 * own), own)
        ranges["momentum"] = ("momentum", 0.0, 0.99, momentum)
        self.sliders = {}
        for row, (name, (label, low, high, value)) in enumerate(ranges.items()):
            axes = self.figure.add_axes((0.3, 0.13 - 0.04 * row, 0.5, 0.025))
            self.sliders[name] = Slider(axes, label, low, high, valinit=value, color=color)
            self.sliders[name].on_changed(lambda _: self.draw(QUICK))
        canvas = self.figure.canvas
        canvas.mpl_connect("button_press_event", self._pressed)
        canvas.mpl_connect("button_release_event", lambda event: self.draw() if event.inaxes is not self.axes else None)
        canvas.mpl_connect("key_press_event", self._typed)
        self.draw()

    def _rule(self, eta: float, rho: float, momentum: float) -> Any:
        from ..dynamics.base import heavy_ball

        numbers = {"rho": rho} if "rho" in METHODS[self.rule_name].numbers else {}
        base = (lambda size: heavy_ball(size, momentum)) if momentum > 0 else "sgd"
        if not 0 <= momentum < 1:
            raise ValueError(f"portrait: momentum = {momentum} must be >= 0 and below 1")
        return make_rule(self.rule_name, eta, base=base, **numbers)

    @property
    def rule(self) -> Any:
        """The rule with the sliders' numbers."""
        rho = self.sliders["rho"].val if "rho" in self.sliders else 0.0
        return self._rule(10 ** self.sliders["eta"].val, rho, self.sliders["momentum"].val)

    def draw(self, layers: Sequence[str] | None = None) -> None:
        """Draw the portrait anew: with some layers, or with all."""
        shown = [layer for layer in (layers or self.layers) if layer in self.layers]
        if not len(self.starts):
            shown = [layer for layer in shown if layer not in ("trajectories", "w_adv")]
        self.axes.clear()
        with paper():
            portrait(
                self.landscape, self.rule, ax=self.axes, window=self.window, steps=self.steps, layers=shown,
                starts=self.starts if len(self.starts) else None, legend=False,
            )  # fmt: skip
        self.figure.canvas.draw_idle()

    def add_start(self, *w: float) -> None:
        """Add a start, by its coordinates."""
        self.starts = np.concatenate([self.starts, check_starts("portrait", self.landscape, [w]).astype(float)])
        self.draw()

    def show(self) -> None:
        """Open the window and wait until it is closed.

        Raises:
            RuntimeError: Matplotlib has no window to open here.
        """
        import matplotlib.pyplot as plt
        from matplotlib.backends.registry import BackendFilter, backend_registry

        backend = plt.get_backend()
        if backend.lower() not in {name.lower() for name in backend_registry.list_builtin(BackendFilter.INTERACTIVE)}:
            raise RuntimeError(
                f"portrait: Matplotlib's backend {backend!r} opens no window: install a toolkit (such "
                "as PySide6) or a display, or use `samscape explore`, which needs only a browser"
            )
        plt.show()

    def _pressed(self, event: Any) -> None:
        toolbar = getattr(self.figure.canvas, "toolbar", None)
        if event.inaxes is self.axes and not getattr(toolbar, "mode", ""):
            self.add_start(*(event.xdata, event.ydata)[: self.landscape.dimension])

    def _typed(self, event: Any) -> None:
        if event.key in ("backspace", "delete"):
            self.starts = self.starts[:-1] if event.key == "backspace" else self.starts[:0]
            self.draw()
