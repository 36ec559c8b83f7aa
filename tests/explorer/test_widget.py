"""The notebook widget in a browser: its module, as anywidget hands it to a notebook's page, with a model of its own."""

import pytest

pytest.importorskip("anywidget")

pytestmark = pytest.mark.browser

MOUNT = """async ([source, begin]) => {
  const traits = {state: {}, begin, fragment: begin}, heard = new Map();
  const model = {
    get: (name) => traits[name],
    set: (name, value) => { traits[name] = value; },
    save_changes: () => { model.saved += 1; },
    on: (event, listener) => heard.set(event, listener),
    off: (event) => heard.delete(event),
    saved: 0, heard, traits,
  };
  const module = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));
  window.model = model;
  window.remove = module.default.render({model, el: document.body});
}"""


@pytest.fixture
def notebook(chromium):
    """``notebook(begin)`` renders the widget's module in an empty page, which must stay silent to the end."""
    from samscape.explorer.widget import Explorer

    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    def render(begin):
        view = Explorer(begin)
        page.set_content("<!doctype html><body></body>")
        page.evaluate(MOUNT, [str(view._esm), view.begin])
        page.wait_for_function("() => window.model.traits.state.landscape")
        return page

    yield render
    context.close()
    assert not said
    assert not [url for url in asked if not url.startswith("blob:")]


def test_the_widget_shows_what_python_begins_with(notebook):
    page = notebook("l=lucchi&a=sam,0.1,0.2,0&t=200&s=0.5,-0.9&y=contours,trajectories")
    state = page.evaluate("() => window.model.traits.state")
    assert (state["landscape"], state["a"]["rule"], state["a"]["rho"], state["steps"]) == ("lucchi", "sam", 0.2, 200)
    assert page.locator("canvas").first.bounding_box()["width"] > 200
    assert "l=lucchi" in page.evaluate("() => window.model.traits.fragment")


def test_state_assigned_in_python_moves_the_page_and_is_not_sent_back_for_ever(notebook):
    from playwright.sync_api import expect

    page = notebook("l=lucchi&a=sam,0.1,0.2,0&t=200&s=0.5,-0.9&y=contours,trajectories")
    page.evaluate("""() => {
      window.model.saved = 0;
      window.model.set('state', {steps: 50, a: {rule: 'gd', eta: 0.01, rho: 0, momentum: 0}});
      window.model.heard.get('change:state')();
    }""")
    page.wait_for_function("() => window.model.traits.state.landscape === 'lucchi'")
    state = page.evaluate("() => window.model.traits.state")
    assert (state["steps"], state["a"]["rule"]) == (50, "gd")
    expect(page.get_by_label("number of steps, exact value")).to_have_value("50")
    page.evaluate("() => window.model.heard.get('change:state')()")  # the echo of what the page itself said
    page.wait_for_timeout(300)
    assert page.evaluate("() => window.model.saved") == 1


def test_what_the_reader_drags_arrives_in_python_and_a_closed_cell_is_silent(notebook):
    page = notebook("l=saddle&a=usam,0.01,0.2,0&b=gd,0.01,0,0&t=100&s=-3,-0.01&y=contours,trajectories")
    field = page.get_by_label("radius rho of rule A").last
    field.fill("0.75")
    field.press("Enter")
    page.wait_for_function("() => window.model.traits.state.a.rho === 0.75")
    assert "usam,0.01,0.75" in page.evaluate("() => window.model.traits.fragment")
    page.evaluate("() => window.remove()")
    assert page.evaluate("() => window.model.heard.size") == 0
    assert page.locator("canvas").count() == 0
