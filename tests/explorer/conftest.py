"""A headless Chromium, if there is one. Where SAMSCAPE_REQUIRE_BROWSER is set, as in CI, a missing one fails."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
)  # fmt: skip
"""WebGL2 without a graphics processor, and no connections of the browser's own."""


@pytest.fixture(scope="session")
def chromium():
    """A running browser."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        message = "no Chromium on this machine: install one (Debian: apt install chromium) to test the explorer's page"
        if os.environ.get("SAMSCAPE_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    """The self-contained page, as `samscape explore --html` writes it."""
    from samscape.explorer.page import page

    file = tmp_path_factory.mktemp("explorer") / "portrait.html"
    file.write_text(page(), encoding="utf-8")
    return file


class View:
    """A page with what it said and asked for."""

    def __init__(self, page):
        self.page, self.said, self.requests = page, [], []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", lambda request: self.requests.append(request.url))

    def ask(self, script, argument=None):
        """The value of a JavaScript function of `samscape` (and of an argument)."""
        return self.page.evaluate(f"argument => ({script})(window.samscape, argument)", argument)

    @property
    def state(self):
        return self.ask("s => s.state()")


@pytest.fixture
def explorer(chromium, page_file):
    """``explorer(fragment, width=..., height=...)`` opens the page from its file; it must stay silent to the end."""
    contexts, views = [], []

    def open_page(fragment="", *, width=1280, height=800, script=None, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        if script is not None:
            context.add_init_script(script)
        view = View(context.new_page())
        views.append(view)
        view.page.goto(page_file.as_uri() + (f"#{fragment}" if fragment else ""))
        view.page.wait_for_function("() => window.samscape")
        view.page.evaluate("() => window.samscape.ready")
        return view

    yield open_page
    said = [line for view in views for line in view.said]
    asked = [url for view in views for url in view.requests if not url.startswith(("file:", "blob:", "data:"))]
    for context in contexts:
        context.close()
    assert said == []
    assert asked == []
