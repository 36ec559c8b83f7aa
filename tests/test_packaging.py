"""What is built and installed: every subpackage and nothing else."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

import samscape

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DATA = {
    "py.typed", "figures/paper.mplstyle", "figures/templates/gallery.html",
    "theory/verdicts.json", "theory/templates/verdicts.html",
    "explorer/templates/page.html", "explorer/web/bundle/explorer.js", "explorer/web/bundle/widget.js",
    *(f"cifar/recipes/{file.name}" for file in (ROOT / "cifar" / "recipes").glob("*.toml")),
}  # fmt: skip
NOT_OURS = {"tests", "benchmarks", "docs", "build", "dist"}


def _folders_with_code() -> set[str]:
    folders = {p.parent.relative_to(ROOT) for p in ROOT.glob("[a-z]*/**/__init__.py")}
    return {".".join(("samscape", *f.parts)) for f in folders if f.parts[0] not in NOT_OURS}


def _tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    hidden = {".git", ".venv", "__pycache__"}  # a copy without its history, as in CI
    files = (p.relative_to(ROOT) for p in ROOT.rglob("*") if p.is_file())
    return [str(p) for p in files if not hidden & set(p.parts) and "egg-info" not in str(p) and p.parts[0] != "build"]


def test_every_folder_with_code_is_declared_and_no_other():
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == {"samscape"} | _folders_with_code()


def test_the_root_holds_no_modules_but_two():
    assert {p.name for p in ROOT.glob("*.py")} == {"__init__.py", "__main__.py"}
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_the_installed_version_is_the_source_version():
    assert importlib.metadata.version("samscape") == samscape.__version__


def test_the_console_script_is_the_module():
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="samscape")
    assert script.value == "samscape.__main__:main"


def test_versions_agree_in_citation_and_changelog():
    assert f"version: {samscape.__version__}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"## {samscape.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_constraints_pin_every_declared_dependency():
    pinned = {
        line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    }
    extras = PROJECT["project"]["optional-dependencies"]
    listed = [extras[name] for name in extras if name != "parity"]  # PyTorch's pins are gigabytes that nobody asked for
    for requirement in [*PROJECT["project"]["dependencies"], *(r for e in listed for r in e)]:
        name = requirement.partition(">=")[0].partition("[")[0].lower()
        assert name == "samscape" or name in pinned, f"{name} is missing: write constraints.txt anew"


EXTRAS_OF = {"theory": ("theory",), "explorer": ("explore",), "cifar": ("cifar", "parity")}
"""Floor -> the extras that its modules may import from, beside what the package depends on."""


def _imported(folder: Path) -> set[str]:
    imported = set()
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                imported.add(node.module.partition(".")[0])
    return imported - set(sys.stdlib_module_names)


def _declared(requirements: list[str]) -> set[str]:
    spelled = {"z3-solver": "z3", "pepit": "PEPit", "python-flint": "flint", "scikit-learn": "sklearn"}
    names = {re.split(r"[>\[]", requirement)[0] for requirement in requirements}
    return {spelled.get(name, name) for name in names}


def test_declared_dependencies_are_those_that_are_imported():
    base, everywhere = _declared(PROJECT["project"]["dependencies"]), set()
    extras = PROJECT["project"]["optional-dependencies"]
    for package in PROJECT["tool"]["setuptools"]["packages"]:
        folder = package.removeprefix("samscape").strip(".")
        imported = _imported(ROOT / folder.replace(".", "/"))
        everywhere |= imported
        own = EXTRAS_OF.get(folder.partition(".")[0], ())
        allowed = base.union(*(_declared(extras[name]) for name in own))
        assert imported <= allowed, f"{package} imports what it does not declare"
    # PEPit calls cvxpy, and that Clarabel, by name
    declared = base.union(*(_declared(extras[e]) for own in EXTRAS_OF.values() for e in own))
    assert everywhere == declared - {"clarabel", "cvxpy"}


@pytest.mark.slow
def test_sdist_and_the_wheel_built_from_it_hold_every_subpackage_and_nothing_else(tmp_path):
    source, out = tmp_path / "source", tmp_path / "out"
    for name in _tracked():  # a copy: building writes into the source folder
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    built = subprocess.run(
        [sys.executable, "-m", "build", "--outdir", str(out), str(source)], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")

    packages = [p.replace("samscape", ".", 1).replace(".", "/").strip("/") for p in _folders_with_code()]
    modules = {f"{folder}/{p.name}" for folder in packages for p in (source / folder).glob("*.py")}
    expected = {f"samscape/{name}" for name in {"__init__.py", "__main__.py"} | modules | DATA}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = {n for n in names if ".dist-info/" in n}
        assert names - info == expected
        assert any(n.endswith("/licenses/LICENSE") for n in info)

    with tarfile.open(sdist) as archive:
        held = {str(PurePosixPath(*PurePosixPath(n).parts[1:])) for n in archive.getnames()}
    for name in ("LICENSE", "README.md", "CHANGELOG.md", "constraints.txt", "tests/conftest.py", *DATA):
        assert name in held, f"{name} is missing from the sdist"
