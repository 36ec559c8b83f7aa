"""The claims of Jiang et al. (2023), one family of theorems a file."""
