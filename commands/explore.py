"""`samscape explore`: live phase portraits in the browser, or as a file to send."""

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .options import Window
from .output import answers_errors, check_out

if TYPE_CHECKING:
    from ..explorer.serve import PageServer

EXAMPLES = (
    "samscape explore",
    "samscape explore lucchi --rule sam --eta 0.1 --rho 0.2",
    "samscape explore 'x**4/4 - x*y + y**2/2' --rule usam --rho 0.5",
    "samscape explore --preset beale --html portrait.html",
)


@answers_errors
def run(
    landscape: Annotated[
        str | None,
        typer.Argument(
            metavar="[LANDSCAPE]",
            help="A name from `samscape landscapes`, or a formula in quotes; without it, the saddle x² - y².",
            show_default=False,
        ),
    ] = None,
    rule: Annotated[str, typer.Option("--rule", help="gd, sam, usam, stable_sam or asam.")] = "usam",
    eta: Annotated[float, typer.Option("--eta", help="Step size, > 0.")] = 0.1,
    rho: Annotated[float, typer.Option("--rho", help="Perturbation radius, >= 0.")] = 0.2,
    momentum: Annotated[float, typer.Option("--momentum", help="Heavy-ball momentum, >= 0 and < 1.")] = 0.0,
    window: Window = None,
    preset: Annotated[str | None, typer.Option("--preset", metavar="NAME", help="A figure of the papers.")] = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="FRAGMENT", help="A view, as after # in the page's address.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the page, which needs no network, and stop.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address only.")] = False,
) -> None:
    """Explore live: drag the radius and see which saddles attract. Ctrl-C stops."""
    check_out(html, (".html",))
    given = [name for name, value in (("LANDSCAPE", landscape), ("--preset", preset), ("--state", state)) if value]
    if len(given) > 1:
        raise ValueError(f"{' and '.join(given)} each say what to show: give one of them")
    from ..explorer.page import page

    shown = state or ""
    if not (preset or state):
        shown = _fragment(landscape, rule, eta, rho, momentum, window)
    text = page(shown, preset or "")
    if html is not None:
        html.write_text(text, encoding="utf-8")
        typer.echo(html)
        return

    from ..explorer.serve import PageServer

    with PageServer(text, port) as server:
        _serve(server, no_browser)


def _fragment(landscape: str | None, rule: str, eta: float, rho: float, momentum: float, window: str | None) -> str:
    from ..explorer.state import RuleView, fragment

    view = RuleView(rule.lower().replace("-", "_"), eta, 0.0 if rule == "gd" else rho, momentum)
    if landscape is None:
        return fragment("saddle", view)
    from ..landscapes import CLOSED_FORM, ClosedForm
    from .choices import choose_landscape, window_of

    chosen = choose_landscape(landscape, window)
    if chosen.dimension > 2 or not isinstance(chosen, ClosedForm):
        raise ValueError(f"explore: {chosen.name} has no formula of one or two coordinates; see `samscape landscapes`")
    sides = window_of(chosen, window) if window else ()
    if landscape.strip() in CLOSED_FORM:
        return fragment(landscape.strip(), view, window=sides)
    return fragment("", view, formula=chosen.text, variables=chosen.variables, window=sides or chosen.domain)


def _serve(server: "PageServer", no_browser: bool) -> None:
    # also where this was started in the background, for which shells switch the signal off
    signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = server.start()
    typer.echo(f"{server.address}  (Ctrl-C stops)")
    if not no_browser:
        import webbrowser

        webbrowser.open(server.address)
    try:
        while thread.is_alive():
            time.sleep(0.2)
    except KeyboardInterrupt:
        typer.echo("")
    finally:
        server.shutdown()
