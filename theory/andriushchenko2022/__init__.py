"""The claims of Andriushchenko and Flammarion (2022), one family of theorems a file."""
