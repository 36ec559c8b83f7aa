"""The figures by name, each with the module it lives in. Adding one: its file, a line here, a row in its test."""

import difflib
from collections.abc import Iterable, Mapping

from ..dynamics.papers import PAPERS

FIGURES: Mapping[str, str] = {
    "zhou2025-fig4a": "zhou2025_fig4a",
    "zhou2025-fig4b-toy": "zhou2025_fig4b_toy",
    "zhou2025-fig16-toy": "zhou2025_fig16_toy",
    "zhou2025-fig4c-toy": "zhou2025_fig4c_toy",
    "zhou2025-ex-c1": "zhou2025_ex_c1",
    "zhou2025-rem-c1": "zhou2025_rem_c1",
    "zhou2025-table2": "zhou2025_table2",
    "zhou2025-fig10-toy": "zhou2025_fig10_toy",
    "zhou2025-fig3-digits": "zhou2025_fig3_digits",
    "kim2023-fig1": "kim2023_fig1",
    "kim2023-fig2": "kim2023_fig2",
    "kim2023-fig3": "kim2023_fig3",
    "kim2023-fig4": "kim2023_fig4",
    "kim2023-fig5": "kim2023_fig5",
    "kim2023-fig6": "kim2023_fig6",
    "kim2023-fig7": "kim2023_fig7",
    "kim2023-thm1-map": "kim2023_thm1_map",
    "kim2023-thm2-diffusion": "kim2023_thm2_diffusion",
    "tan2024-fig4": "tan2024_fig4",
    "tan2024-fig4-outcomes": "tan2024_fig4_outcomes",
    "tan2024-basins": "tan2024_basins",
    "andriushchenko2022-fig5": "andriushchenko2022_fig5",
    "andriushchenko2022-fig6": "andriushchenko2022_fig6",
    "andriushchenko2022-fig7": "andriushchenko2022_fig7",
    "andriushchenko2022-fig13": "andriushchenko2022_fig13",
    "andriushchenko2022-fig14": "andriushchenko2022_fig14",
    "andriushchenko2022-fig15": "andriushchenko2022_fig15",
    "andriushchenko2022-thm4-5": "andriushchenko2022_thm4_5",
    "jiang2023-fig5-toy": "jiang2023_fig5_toy",
    "jiang2023-fig7-toy": "jiang2023_fig7_toy",
}
"""Figure name -> module in `samscape.figures`."""


def select_figures(names: Iterable[str] = (), only: str | None = None) -> tuple[str, ...]:
    """Figures by name, or all of them, or all of one paper, in the registry's order.

    Raises:
        ValueError: An unknown figure or paper; the nearest name is suggested.
    """
    names = tuple(names)
    for name in names:
        if name not in FIGURES:
            raise ValueError(f"unknown figure {name!r}; {_nearest(name, FIGURES)}")
    if only is not None and only not in PAPERS:
        raise ValueError(f"unknown paper {only!r}; {_nearest(only, PAPERS)}")
    chosen = [n for n in FIGURES if (not names or n in names) and (only is None or n.partition("-")[0] == only)]
    return tuple(chosen)


def _nearest(name: str, known: Iterable[str]) -> str:
    known = list(known)
    near = difflib.get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are: {', '.join(known)}"
