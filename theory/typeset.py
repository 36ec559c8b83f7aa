"""Statements as a browser typesets them: LaTeX between dollar signs as MathML, the rest as text."""

import re
from html import escape

_MATHS = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)


def typeset(text: str) -> str:
    """HTML of a text with ``$...$`` (in a line) and ``$$...$$`` (displayed).

    A formula that cannot be typeset stands as it was written, as code.
    """
    parts, end = [], 0
    for match in _MATHS.finditer(text):
        parts.append(escape(text[end : match.start()]))
        displayed, inline = match.groups()
        parts.append(maths(displayed or inline, display=bool(displayed)))
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def maths(latex: str, display: bool = False) -> str:
    """MathML of one formula; the LaTeX itself, as code, where there is none."""
    from latex2mathml.converter import convert

    try:
        return convert(latex, display="block" if display else "inline")
    except Exception:  # noqa: BLE001 - it raises a dozen unrelated types; the reader still gets the formula
        return f'<code class="latex">{escape(latex)}</code>'
