"""The claims by id, each with the module it lives in. Adding one: its file, a line here; the tests take it up."""

import difflib
from collections.abc import Iterable, Mapping
from importlib import import_module

from .claim import Claim

MODULES: Mapping[str, tuple[str, ...]] = {
    "tan2024.coercivity": ("tan2024.lem-5",),
    "tan2024.stability_sam": ("tan2024.lem-6", "tan2024.lem-7", "tan2024.thm-8"),
    "tan2024.convergence_sam": ("tan2024.thm-10", "tan2024.thm-11"),
    "tan2024.stable_sam": ("tan2024.lem-13", "tan2024.lem-14", "tan2024.thm-15", "tan2024.thm-17", "tan2024.thm-18"),
    "tan2024.comparison": ("tan2024.rem-19", "tan2024.table-1"),
    "jiang2023.gradients": (
        "jiang2023.eq-3",
        "jiang2023.lem-a.1",
        "jiang2023.claim-1",
        "jiang2023.claim-2",
        "jiang2023.lem-a.5",
    ),
    "jiang2023.convergence": ("jiang2023.thm-3.3", "jiang2023.cor-a.2", "jiang2023.cor-a.3"),
    "jiang2023.full_batch": ("jiang2023.thm-a.4",),
    "jiang2023.policy": ("jiang2023.sam-fraction",),
    "zhou2025.tanh_tanh": ("zhou2025.ex-4.1",),
    "zhou2025.linear_stability": ("zhou2025.thm-4.1", "zhou2025.cor-4.2", "zhou2025.table-2", "zhou2025.lem-c.2"),
    "zhou2025.valleys": ("zhou2025.def-4.2", "zhou2025.prop-4.1", "zhou2025.prop-c.1", "zhou2025.prop-c.2"),
    "zhou2025.valley_examples": ("zhou2025.ex-c.1", "zhou2025.rem-c.1"),
    "zhou2025.convergence": ("zhou2025.lem-c.1", "zhou2025.thm-4.3"),
    "andriushchenko2022.linear_sharpness": ("andriushchenko2022.sharpness-linear",),
    "andriushchenko2022.potential": ("andriushchenko2022.thm-3",),
    "andriushchenko2022.effective_alpha": ("andriushchenko2022.thm-4",),
    "andriushchenko2022.effective_alpha_one": ("andriushchenko2022.thm-5",),
    "andriushchenko2022.loss_relations": ("andriushchenko2022.eq-18", "andriushchenko2022.eq-19"),
    "andriushchenko2022.convex": ("andriushchenko2022.thm-11",),
    "andriushchenko2022.stochastic": (
        "andriushchenko2022.lem-14",
        "andriushchenko2022.lem-17",
        "andriushchenko2022.thm-15",
        "andriushchenko2022.thm-12",
        "andriushchenko2022.thm-2",
        "andriushchenko2022.thm-18",
    ),
    "andriushchenko2022.alignment": (
        "andriushchenko2022.lem-7",
        "andriushchenko2022.lem-13",
        "andriushchenko2022.lem-16",
    ),
    "andriushchenko2022.full_batch": (
        "andriushchenko2022.lem-8",
        "andriushchenko2022.thm-6",
        "andriushchenko2022.thm-9",
        "andriushchenko2022.thm-10",
    ),
    "kim2023.beale": ("kim2023.beale",),
    "kim2023.saddle_attraction": ("kim2023.thm-1", "kim2023.eq-10"),
    "kim2023.diffusion": ("kim2023.thm-2", "kim2023.cor-1"),
    "kim2023.momentum": ("kim2023.thm-3",),
    "kim2023.toy_net": ("kim2023.toy-net",),
}
"""Module in `samscape.theory` -> ids of the claims that it ends with in ``CLAIMS``, readings left out."""


def claims_of(module: str) -> tuple[Claim, ...]:
    """The claims of a module of `samscape.theory`, "kim2023.saddle_attraction", readings among them."""
    return tuple(import_module(f".{module}", __package__).CLAIMS)


def select(names: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """Ids with their modules, in the registry's order: all, or those of papers and ids that are named.

    Raises:
        ValueError: Neither a paper nor a claim; the nearest name is suggested.
    """
    known = [(claim, module) for module, ids in MODULES.items() for claim in ids]
    names = tuple(names)
    papers = {claim.partition(".")[0] for claim, _ in known}
    for name in names:
        if name not in papers and name not in dict(known):
            near = difflib.get_close_matches(name, [*papers, *dict(known)], n=3)
            said = f"did you mean {' or '.join(map(repr, near))}?" if near else f"papers: {', '.join(sorted(papers))}"
            raise ValueError(f"no claim and no paper is called {name!r}; {said}")
    return tuple((c, m) for c, m in known if not names or c in names or c.partition(".")[0] in names)
