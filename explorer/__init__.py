"""The explorer: live phase portraits in the browser, in a notebook and in a file.

The page is JavaScript (`web/`); Python generates its formulas, assembles it and serves it.
"""
