"""Digests of code by its syntax, so that comments and docstrings do not count: what a cached result depends on."""

import ast
import functools
import hashlib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOT_NAME = __name__.partition(".")[0]


@functools.cache
def package_digest(name: str) -> str:
    """Of every module in a folder of the package, "landscapes" or "theory/checks"."""
    folder = ROOT / name
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        total.update(f"{path.relative_to(folder)} {syntax(path)}".encode())
    return total.hexdigest()


@functools.cache
def module_digest(name: str) -> str:
    """Of one module, by its import name."""
    spec = find_spec(name) if name != "__main__" else None
    path = spec.origin if spec and spec.origin else __import__(name).__file__
    assert path is not None
    return file_digest(Path(path))


def file_digest(path: Path) -> str:
    """Of one file of Python."""
    return hashlib.sha256(syntax(path).encode()).hexdigest()


def files_digest(paths: Iterable[Path]) -> str:
    """Of several files together, in whatever order they are named."""
    return hashlib.sha256("".join(sorted(f"{path.name} {file_digest(path)}\n" for path in paths)).encode()).hexdigest()


def imported_files(start: Path) -> set[Path]:
    """A file and those that it imports, however indirectly, from this package or from the folder that it lies in.

    Imports inside functions count; imports by a computed name cannot be seen.
    """
    found: set[Path] = set()
    todo = [start.resolve()]
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += _neighbours(path, path.stat().st_mtime_ns)
    return found


@functools.lru_cache(maxsize=1024)
def _neighbours(path: Path, written: int) -> tuple[Path, ...]:
    named: set[Path] = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            named |= {_place(path.parent, alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = _place(path.parents[node.level - 1] if node.level else path.parent, node.module or "")
            named |= {base, *(base / alias.name for alias in node.names)}
    candidates = [p for base in named for p in (base.with_name(base.name + ".py"), base / "__init__.py")]
    return tuple(p.resolve() for p in candidates if p.is_file())


def _place(folder: Path, name: str) -> Path:
    """Where a module would lie: in our package if it is named so, else beside what imports it."""
    package, _, rest = name.partition(".")
    return ROOT / rest.replace(".", "/") if package == ROOT_NAME else folder / name.replace(".", "/")


def syntax(path: Path) -> str:
    """A file's syntax tree without its docstrings."""
    tree = _tree(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:]
    return ast.dump(tree)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
