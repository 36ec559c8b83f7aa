"""Pictures: what the other floors compute, drawn in one form.

Every figure has a data part and a drawing part that can run apart, one style (`paper.mplstyle`) and one colour per rule.
"""
