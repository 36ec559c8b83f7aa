"""The claims of Kim et al. (2023), one family of theorems a file."""
