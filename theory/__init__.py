"""Claims of the papers as programs: a statement, its hypotheses, and the checks that decide what becomes of it.

Nothing is here yet. The floor exists so that the layout, the wheel and the import contract already have it: theory may
import dynamics and landscapes, and only figures and commands may import theory.
"""
