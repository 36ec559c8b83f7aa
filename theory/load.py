"""Claims by where they stand: in the registry's modules, or in a user's file of Python."""

import hashlib
import importlib.util
import sys
import traceback
from pathlib import Path

from .claim import Claim
from .registry import MODULES, claims_of


def load_file(path: Path | str) -> tuple[Claim, ...]:
    """The claims that a file of Python defines as ``CLAIMS`` (several) or ``CLAIM`` (one).

    Raises:
        ValueError: The file is missing, raises, defines neither, or defines something else; the message says where.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"no file {str(path)!r}; give the path of a Python file that defines CLAIMS or CLAIM")
    name = f"samscape_claims_{path.stem}_{hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:8]}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path}: not a file of Python; its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    folder = str(path.resolve().parent)
    sys.path.insert(0, folder)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [f.lineno for f in frames if Path(f.filename).resolve() == path.resolve()]
        line = lines[-1] if lines else error.lineno if isinstance(error, SyntaxError) else None
        place = f"{path}, line {line}" if line else str(path)
        raise ValueError(f"{place}: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(folder)
    return _claims_in(module, path)


def find_claim(claim_id: str) -> Claim:
    """A claim of the registry by its id, "kim2023.thm-1" or, with its reading, "kim2023.thm-1:map".

    Raises:
        ValueError: There is none; the message lists the readings there are.
    """
    headline = claim_id.partition(":")[0]
    for module, ids in MODULES.items():
        if headline in ids:
            claims = claims_of(module)
            for claim in claims:
                if claim.id == claim_id:
                    return claim
            readings = ", ".join(c.id for c in claims if c.headline == headline)
            raise ValueError(f"no claim {claim_id!r}; there are: {readings}")
    raise ValueError(f"no claim {claim_id!r}; `samscape verify --list` shows all")


def claims_at(origin: str) -> tuple[Claim, ...]:
    """The claims of a module of `samscape.theory` ("kim2023.beale") or of a file ("my_theorem.py")."""
    return load_file(origin) if origin.endswith(".py") else claims_of(origin)


def _claims_in(module: object, path: Path) -> tuple[Claim, ...]:
    found = getattr(module, "CLAIMS", None)
    if found is None:
        one = getattr(module, "CLAIM", None)
        if one is None:
            raise ValueError(f"{path} defines neither CLAIMS nor CLAIM; end it with `CLAIM = Claim(...)`")
        found = (one,)
    if not isinstance(found, list | tuple) or not found:
        raise ValueError(f"{path}: CLAIMS is {found!r}; it should be a tuple of claims, `CLAIMS = (CLAIM,)`")
    for one in found:
        if not isinstance(one, Claim):
            raise ValueError(
                f"{path}: CLAIMS holds a {type(one).__name__}; it should hold samscape.theory.Claim objects"
            )
    ids = [one.id for one in found]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise ValueError(f"{path}: two claims are called {twice[0]!r}; give each an id of its own")
    return tuple(found)
