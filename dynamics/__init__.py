"""Dynamics: the update rules, and what becomes of a start under them.

`methods.make_rule` names a rule, `simulate.simulate` follows it, `sweep.sweep` and `basins.basin_map` label many starts
with their outcomes, `flow` and `diffusion` are the limits in continuous time. Importing this imports none of them.
"""
