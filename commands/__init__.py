"""The commands of `samscape`, one a file; `__main__` only lists them.

They are a folder because each needs room for its options' help, its checks and its printed summary. Importing a command
costs nothing: what it needs to work (JAX, xarray, matplotlib) is imported when it runs, so that `--help` and a mistyped
option answer at once.
"""
