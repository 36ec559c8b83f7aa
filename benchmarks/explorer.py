"""What the explorer's page costs: its size, its first paint, and 500 starts of 1,000 steps moved and redrawn.

    python benchmarks/explorer.py [--repeats N]

Runs an installed headless Chromium on the page that `samscape explore --html` writes. Script time is that of the page's
own thread: the trajectories' computation, and the whole of a redraw (trajectories, strips, canvas commands), medians.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path

from samscape.explorer.page import page

ARGUMENTS = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
STARTS = "Array.from({length: count}, (_, i) => [(i % 25) / 6 - 2, 4 * Math.floor(i / 25) / (count / 25 - 1) - 2])"
COMPUTE = """([count, steps, repeats]) => {
  const s = window.samscape, landscape = s.landscapes.lucchi, times = [];
  const starts = STARTS;
  for (let i = 0; i < repeats + 5; i += 1) {
    const rule = s.core.makeRule({name: 'sam', eta: 0.05 + 1e-6 * i, rho: 0.2});
    const began = performance.now();
    s.core.trajectories(landscape, rule, starts, steps);
    times.push(performance.now() - began);
  }
  return times.slice(5);
}""".replace("STARTS", STARTS)
REDRAW = """async ([count, steps, repeats]) => {
  const s = window.samscape;
  const starts = STARTS;
  s.setState({landscape: 'lucchi', a: {rule: 'sam', eta: 0.05, rho: 0.2, momentum: 0}, b: null, steps, starts,
    layers: ['contours', 'critical_points', 'trajectories']});
  const frames = [];
  const original = window.requestAnimationFrame;
  window.requestAnimationFrame = (work) => original((now) => {
    const began = performance.now();
    work(now);
    frames.push(performance.now() - began);
  });
  const rest = () => new Promise((resolve) => setTimeout(resolve, 120));
  await rest();
  const times = [];
  for (let i = 0; i < repeats; i += 1) {
    frames.length = 0;
    s.setState({a: {rule: 'sam', eta: 0.05 + 1e-6 * (i + 1), rho: 0.2, momentum: 0}});
    await rest();
    times.push(frames.reduce((a, b) => a + b, 0));
  }
  window.requestAnimationFrame = original;
  return times;
}""".replace("STARTS", STARTS)
PAINT = """() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"""


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


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
        question = [500, 1000, repeats]
        found = {
            "page, MB": file.stat().st_size / 1e6,
            "first paint, ms": median(paints),
            "500 starts x 1000 steps computed, ms": median(sheet.evaluate(COMPUTE, question)),
            "500 starts x 1000 steps redrawn, ms of script": median(sheet.evaluate(REDRAW, question)),
        }
        browser.close()
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    print(json.dumps(measure(parser.parse_args().repeats), indent=2))
