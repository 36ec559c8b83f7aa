"""Claims of the papers as programs: a statement, its hypotheses, and the checks that decide what becomes of it.

A theorem of your own is a `Claim`: symbols, hypotheses and a conclusion as text, and a family of concrete instances.
`examine(claim, BUDGETS["default"])` runs every check and gives the verdict with its evidence.
"""

from .budget import BUDGETS as BUDGETS, Budget as Budget
from .claim import (
    Claim as Claim,
    Hypothesis as Hypothesis,
    ProofStep as ProofStep,
    Repair as Repair,
    Source as Source,
    Symbol as Symbol,
)
from .evidence import Counterexample as Counterexample, Evidence as Evidence
from .examine import Examination as Examination, examine as examine
from .family import Family as Family, Number as Number
from .verdict import VERDICTS as VERDICTS, Verdict as Verdict
