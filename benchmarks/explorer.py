"""What the explorer's page costs: its size, its first paint, and 500 starts of 1,000 steps moved and redrawn.

    python benchmarks/explorer.py [--repeats N]

Runs an installed headless Chromium on the page that `samscape explore --html` writes. Script time is the processor time
of the page's own thread in JavaScript, as Chromium accounts for it, so that other programs on the machine do not count:
of the trajectories' computation alone, and of a whole redraw (trajectories, strips, canvas commands). Means over the
repeats. First paint is by the clock.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from samscape.explorer.page import page

ARGUMENTS = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
STARTS = "Array.from({length: count}, (_, i) => [(i % 25) / 6 - 2, 4 * Math.floor(i / 25) / (count / 25 - 1) - 2])"
COMPUTE = """([count, steps, repeats]) => new Promise((done) => setTimeout(() => {
  const s = window.samscape, landscape = s.landscapes.lucchi;
  const starts = STARTS;
  let spare;
  for (let i = 0; i < repeats; i += 1) {
    const rule = s.core.makeRule({name: 'sam', eta: 0.05 + 1e-6 * i, rho: 0.2});
    spare = s.core.trajectories(landscape, rule, starts, steps, spare).w;
  }
  done();
}))""".replace("STARTS", STARTS)
SHOW = """([count, steps]) => {
  const starts = STARTS;
  window.samscape.setState({landscape: 'lucchi', a: {rule: 'sam', eta: 0.05, rho: 0.2, momentum: 0}, b: null, steps,
    starts, layers: ['contours', 'critical_points', 'trajectories']});
}""".replace("STARTS", STARTS)
REDRAW = """async ([count, steps, repeats]) => {
  const slider = document.querySelector('input[type=range][aria-label="radius rho of rule A"]');
  const middle = slider.valueAsNumber;
  for (let i = 0; i < repeats; i += 1) {
    slider.value = String(middle + 3 * (i % 2 ? i : -i));
    slider.dispatchEvent(new Event('input', {bubbles: true}));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }
  slider.value = String(middle);
  slider.dispatchEvent(new Event('change', {bubbles: true}));
}"""
PAINT = """() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"""


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


class ScriptTime:
    """Milliseconds of processor time that a page's thread spent in JavaScript."""

    def __init__(self, sheet: Any) -> None:
        self.sheet, self.session = sheet, sheet.context.new_cdp_session(sheet)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def now(self) -> float:
        metrics = {entry["name"]: entry["value"] for entry in self.session.send("Performance.getMetrics")["metrics"]}
        return 1e3 * metrics["ScriptDuration"]

    def of(self, script: str, count: int, steps: int, repeats: int) -> float:
        """A script's own time per repeat, once it is warm."""
        self.sheet.evaluate(script, [count, steps, 10])
        began = self.now()
        self.sheet.evaluate(script, [count, steps, repeats])
        return (self.now() - began) / repeats


def measure(repeats: int) -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        raise SystemExit("benchmarks/explorer.py needs an installed Chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "portrait.html"
        file.write_text(page(), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        paints = []
        for _ in range(5):
            sheet = browser.new_context().new_page()
            sheet.goto(file.as_uri())
            sheet.wait_for_function(PAINT)
            paints.append(sheet.evaluate(PAINT))
            sheet.context.close()
        sheet = browser.new_page(viewport={"width": 1440, "height": 900})
        sheet.goto(file.as_uri() + "#l=lucchi&a=sam,0.05,0.2,0&y=contours,trajectories")
        sheet.evaluate("() => window.samscape.ready")
        script, question = ScriptTime(sheet), (500, 1000, repeats)
        computed = script.of(COMPUTE, *question)
        sheet.evaluate(SHOW, question[:2])
        sheet.wait_for_timeout(3000)  # what rests on the view is found a little at a time
        found = {
            "page, MB": file.stat().st_size / 1e6,
            "first paint, ms": median(paints),
            "500 starts x 1000 steps computed, ms of script": computed,
            "500 starts x 1000 steps redrawn, ms of script": script.of(REDRAW, *question),
        }
        browser.close()
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=40)
    print(json.dumps(measure(parser.parse_args().repeats), indent=2))
