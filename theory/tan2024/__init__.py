"""The claims of Tan et al. (2024), one family of theorems a file."""
