"""The explorer in a notebook: an anywidget, for Jupyter, VS Code and marimo.

from samscape.explorer.widget import Explorer

view = Explorer(fragment("lucchi", a=RuleView("sam", 0.1, 0.2)))
view                   # shown by the notebook
view.state["a"]        # what the reader has set meanwhile; assigning to `state` moves the page
"""

from pathlib import Path

import anywidget
import traitlets


class Explorer(anywidget.AnyWidget):
    """The explorer's page as a widget.

    Attributes:
        state: The view as ``web/src/ui/url.js`` has it: landscape, window, rules a and b, steps, starts, layers. Both
            ways: parts of it may be assigned.
        fragment: The same as text, as in the page's address; from the page.
    """

    _esm = Path(__file__).parent / "web" / "bundle" / "widget.js"
    state = traitlets.Dict().tag(sync=True)
    begin = traitlets.Unicode().tag(sync=True)
    fragment = traitlets.Unicode().tag(sync=True)

    def __init__(self, fragment: str = "") -> None:
        """Show the view of a fragment (see `state.fragment`); "": the page's own."""
        super().__init__(begin=fragment.removeprefix("#"), fragment=fragment.removeprefix("#"))
