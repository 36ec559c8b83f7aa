"""samscape: how sharpness-aware minimization moves on a loss landscape."""

__version__ = "0.1.0"
