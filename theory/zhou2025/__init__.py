"""The claims of Zhou et al. (2025), one family of theorems a file."""
