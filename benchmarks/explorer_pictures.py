"""The documentation's pictures of the explorer: three presets, as an installed headless Chromium draws them.

python benchmarks/explorer_pictures.py [FOLDER]        by default docs/images
"""

import shutil
import sys
import tempfile
from pathlib import Path

from samscape.explorer.page import page

PRESETS = ("saddle", "beale-boundary", "lucchi")
ARGUMENTS = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
)  # fmt: skip
BASINS = """async () => {
  await window.samscape.ready;
  const until = performance.now() + 90000; // without a graphics processor every pixel takes a while
  const width = () => document.querySelector('canvas').getBoundingClientRect().width;
  while ((await window.samscape.basins()).width < 0.75 * width() && performance.now() < until) {
    await new Promise((patience) => setTimeout(patience, 200));
  }
}"""


def take(folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        raise SystemExit("benchmarks/explorer_pictures.py needs an installed Chromium")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        for preset in PRESETS:
            file = Path(scratch) / f"{preset}.html"
            file.write_text(page(preset=preset), encoding="utf-8")
            sheet = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
            sheet.goto(file.as_uri())
            sheet.evaluate(BASINS)
            sheet.wait_for_timeout(1500)
            sheet.screenshot(path=folder / f"explorer_{preset}.png")
            sheet.close()
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "images")
