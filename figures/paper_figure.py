"""The form every figure of the papers has: parameters with their origin, data, a check of the paper's words, a drawing.

A figure is one file that ends in ``FIGURE = PaperFigure(...)``. `compute` makes the data (an xarray Dataset, saved),
`check` holds the paper's sentences against the data, `draw` needs the data alone. `store` keeps what was computed,
`reproduce` runs many figures, `gallery` makes the page.
"""

import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

Origin = Literal["paper", "code", "ours"]
"""Who says so: the paper's text, the authors' public code, or we, where neither states it."""
Verdict = Literal["agrees", "agrees partly", "does not agree"]
Progress = Callable[[float], None]
"""Called with the share done, 0 to 1, now and then."""
BUDGETS = ("quick", "default", "full")
EXTRAS: Mapping[str, tuple[str, ...]] = {"cifar": ("flax",)}
"""Extra -> the modules by which one sees that it is installed."""


@dataclass(frozen=True)
class Parameter:
    """A number of the set-up: its value (anything JSON can hold), its origin, and a remark."""

    value: Any
    origin: Origin
    note: str = ""


@dataclass(frozen=True)
class Check:
    """One sentence of the paper held against the data.

    Attributes:
        sentence: What the paper says the figure shows.
        outcome: Whether the data show it.
        numbers: What was measured, by name.
        explanation: What happens instead, and why; required where the outcome is not "agrees".
    """

    sentence: str
    outcome: Verdict
    numbers: Mapping[str, Any]
    explanation: str = ""

    def __post_init__(self) -> None:
        if self.outcome != "agrees" and not self.explanation:
            raise ValueError(f"the check of {self.sentence!r} came out {self.outcome!r} and explains nothing")


def judge(sentence: str, conditions: Mapping[str, bool], numbers: Mapping[str, Any], explanation: str) -> Check:
    """A check from the conditions that a sentence amounts to: all met, some, or none.

    Args:
        sentence: What the paper says.
        conditions: What it means on the data, each by name.
        numbers: The measurements behind the conditions.
        explanation: Printed where not all are met; say with numbers what happens instead.
    """
    met = [bool(c) for c in conditions.values()]
    outcome: Verdict = "agrees" if all(met) else "agrees partly" if any(met) else "does not agree"
    failed = [name for name, condition in conditions.items() if not condition]
    text = "" if outcome == "agrees" else f"Not met: {', '.join(failed)}. {explanation}"
    return Check(sentence, outcome, dict(numbers), text)


@dataclass(frozen=True)
class Settings:
    """What one computation of a figure is made with; ``settings["rho"]`` is a parameter's value."""

    variant: str
    budget: str
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(frozen=True)
class PaperFigure:
    """A figure of a paper, or one that the paper calls for.

    Attributes:
        name: "kim2023-fig1"; the file is ``kim2023_fig1.py``.
        title: One line: what is seen.
        caption: What is drawn and how it was made. ``{rho}`` stands for a parameter's value.
        parameters: Every number of the set-up.
        compute: ``compute(settings, progress) -> Dataset``, the same to the bit on every run.
        check: ``check(data) -> [Check, ...]``.
        draw: ``draw(data) -> matplotlib Figure``.
        variants: Other set-ups by name, as the parameters that differ ("code": what the public code does).
        budgets: "quick" and "full", as the values that differ from the default run.
        depends: Modules of `figures` that the data depend on, beside the figure's own file.
        packages: Packages that they depend on, beside `landscapes` and `dynamics`.
        extra: The extra of samscape that `compute` needs, "cifar"; "": none.
        reproduced: The variants that `samscape reproduce` makes.
    """

    name: str
    title: str
    caption: str
    parameters: Mapping[str, Parameter]
    compute: "Callable[[Settings, Progress], xr.Dataset]"
    check: "Callable[[xr.Dataset], Sequence[Check]]"
    draw: "Callable[[xr.Dataset], Figure]"
    variants: Mapping[str, Mapping[str, Parameter]] = field(default_factory=dict)
    budgets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    depends: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    extra: str = ""
    reproduced: tuple[str, ...] = ("paper",)

    @property
    def absent(self) -> str:
        """What must be installed before the figure can be computed, in words; "" where nothing is missing."""
        missing = [name for name in EXTRAS.get(self.extra, ()) if find_spec(name) is None]
        return f"{self.name} needs {', '.join(missing)}: pip install 'samscape[{self.extra}]'" if missing else ""

    @property
    def paper(self) -> str:
        """The paper's key, "kim2023"."""
        return self.name.partition("-")[0]

    def parameters_of(self, variant: str = "paper") -> dict[str, Parameter]:
        """The parameters of a variant.

        Raises:
            ValueError: There is no such variant.
        """
        if variant == "paper":
            return dict(self.parameters)
        if variant not in self.variants:
            known = ", ".join(["paper", *self.variants])
            raise ValueError(f"{self.name} has no variant {variant!r}; its variants are: {known}")
        return {**self.parameters, **self.variants[variant]}

    def settings(self, variant: str = "paper", budget: str = "default") -> Settings:
        """The values of a variant at a budget.

        Raises:
            ValueError: There is no such variant or budget, or a budget changes a parameter that does not exist.
        """
        if budget not in BUDGETS:
            raise ValueError(f"unknown budget {budget!r}; choose from {', '.join(BUDGETS)}")
        values = {name: parameter.value for name, parameter in self.parameters_of(variant).items()}
        changes = self.budgets.get(budget, {})
        if stray := sorted(set(changes) - set(values)):
            raise ValueError(f"{self.name}: the budget {budget!r} changes {', '.join(stray)}, which are no parameters")
        return Settings(variant, budget, {**values, **changes})

    def caption_of(self, settings: Settings) -> str:
        """The caption with the parameters' values, and who each of them comes from."""
        parts = [self.caption.format(**settings.values)]
        whose = {"paper": "From the paper", "code": "From the authors' code", "ours": "Chosen here"}
        for origin, words in whose.items():
            names = [n for n, p in self.parameters_of(settings.variant).items() if p.origin == origin]
            if names:
                parts.append(f"{words}: {', '.join(f'{n} = {_short(settings[n])}' for n in names)}.")
        return " ".join(parts)


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_short(v) for v in value) + "]"
    return str(value)


def run_alone(figure: PaperFigure) -> None:
    """What ``python -m samscape.figures.NAME`` does: the command `samscape figures NAME`, with the same options."""
    sys.argv = ["samscape", "figures", figure.name, *sys.argv[1:]]
    runpy.run_module("samscape", run_name="__main__")  # a floor above, so not imported
