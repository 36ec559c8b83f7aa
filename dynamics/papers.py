"""The papers whose figures are regenerated and whose claims are verified."""

from collections.abc import Mapping

PAPERS: Mapping[str, str] = {
    "zhou2025": "Zhou et al. (2025). Sharpness-aware minimization efficiently selects flatter minima late in training.",
    "kim2023": "Kim et al. (2023). Stability analysis of sharpness-aware minimization.",
    "tan2024": "Tan et al. (2024). Stabilizing sharpness-aware minimization through a simple renormalization strategy.",
    "andriushchenko2022": "Andriushchenko and Flammarion (2022). Towards understanding sharpness-aware minimization.",
    "jiang2023": "Jiang et al. (2023). An adaptive policy to employ sharpness-aware minimization.",
}
"""Key -> reference."""
