"""Writes what the page is made of: generated modules, and from all sources the bundle that ships.

    python -m samscape.explorer.build            writes explorer/web/src/generated/ and explorer/web/bundle/
    python -m samscape.explorer.build --check    says whether what is there is what the sources give

Needs Node (20 or later) and npm, which fetches the pinned packages of ``package-lock.json``.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .codegen import catalogue_source
from .facts import facts_source

_PLACES = (Path(__file__).parent / "web", Path.cwd() / "explorer" / "web")
WEB = next((place for place in _PLACES if (place / "package.json").is_file()), _PLACES[0])
"""The page's sources: an installed package holds only the bundle, so that there those of the checkout are meant."""
GENERATED, BUNDLE = WEB / "src" / "generated", WEB / "bundle"


def generated() -> Mapping[str, str]:
    """The generated modules by file name."""
    return {"landscapes.js": catalogue_source(), "facts.js": facts_source()}


def stale(files: Mapping[str, str], folder: Path) -> list[str]:
    """Names of the files that `folder` does not hold with this content."""
    return [
        name
        for name, text in files.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]


def bundled(out: Path) -> None:
    """Bundle the page's sources as they are into `out`.

    Raises:
        FileNotFoundError: No npm on this machine.
        subprocess.CalledProcessError: npm or the bundler failed; what it said went to standard error.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed: the explorer's bundle is made with Node 20 or later")
    if not (WEB / "node_modules").is_dir():
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=WEB, check=True, stdout=sys.stderr)
    subprocess.run([npm, "run", "--silent", "build", "--", str(out)], cwd=WEB, check=True, stdout=sys.stderr)


def build() -> None:
    """Write everything anew."""
    GENERATED.mkdir(exist_ok=True)
    for name, text in generated().items():
        (GENERATED / name).write_text(text, encoding="utf-8")
    BUNDLE.mkdir(exist_ok=True)
    bundled(BUNDLE)


def check() -> list[str]:
    """What is not as the sources give it, relative to ``web/``; empty: all is."""
    found = [f"src/generated/{name}" for name in stale(generated(), GENERATED)]
    with tempfile.TemporaryDirectory() as folder:
        bundled(Path(folder))
        made = {file.name: file.read_text(encoding="utf-8") for file in Path(folder).iterdir()}
    return found + [f"bundle/{name}" for name in stale(made, BUNDLE)]


def _main() -> int:
    parser = argparse.ArgumentParser(prog="python -m samscape.explorer.build", description=__doc__.splitlines()[0])  # pyright: ignore[reportOptionalMemberAccess]
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit status 1 if something is not up to date"
    )
    if not parser.parse_args().check:
        build()
        return 0
    old = check()
    for name in old:
        sys.stderr.write(f"explorer/web/{name} is not what its sources give: run python -m samscape.explorer.build\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(_main())
