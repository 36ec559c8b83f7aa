"""Every test runs with the package's annotations checked: jaxtyping (shapes, dtypes) through beartype (types).

The hook must be in place before `samscape` is first imported, hence here, at the top of the tests.
"""

import os

from hypothesis import settings
from jaxtyping import install_import_hook

# An int where a float is asked for is fine (PEP 484), which beartype must be told.
install_import_hook("samscape", "beartype.beartype(conf=beartype.BeartypeConf(is_pep484_tower=True))")

# No deadline: the first example of a test compiles. In CI the examples are the same in every run.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_configure(config):
    """Without a display; and on the CPU unless GPU tests were asked for."""
    os.environ.setdefault("MPLBACKEND", "agg")
    if "not gpu" in config.option.markexpr:
        os.environ.setdefault("JAX_PLATFORMS", "cpu")
