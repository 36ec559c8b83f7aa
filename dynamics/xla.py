"""How XLA compiles the engine's loops on a CPU, and whether it did.

Small loops over short arrays are dominated by the call of one kernel per operation. XLA:CPU compiles a whole loop as
one function when its buffers are below a threshold, an option that must stand in `XLA_FLAGS` before the first array is
made. `request_small_loops` asks for it, `took_effect` looks at a compiled program; without it the engine is correct
and slower, with larger chunks.
"""

import os
import platform
from typing import Any

_OPTION = "xla_cpu_small_while_loop_byte_threshold"
_FLAG = "--xla_backend_extra_options="
THRESHOLD = 262_144
"""Bytes: above what a chunk of 128 states needs for every rule here, below what the L2 cache holds."""


def request_small_loops(environment: dict[str, str] | None = None) -> None:
    """Add the option to `XLA_FLAGS`, once, keeping what the user has set there.

    Args:
        environment: The variables to change; by default those of this process. XLA reads them at its first use; a
            later change has no effect, and the engine says so in its log.
    """
    variables = os.environ if environment is None else environment
    flags = variables.get("XLA_FLAGS", "")
    if _OPTION in flags:
        return
    entry = f"{_OPTION}={THRESHOLD}"
    words = flags.split()
    for i, word in enumerate(words):
        if word.startswith(_FLAG):
            words[i] = f"{word},{entry}"
            break
    else:
        words.append(_FLAG + entry)
    variables["XLA_FLAGS"] = " ".join(words)


def took_effect(compiled_text: str) -> bool:
    """Whether a compiled program (its HLO text) runs its loops as one function each."""
    return "xla_cpu_small_call" in compiled_text


def compiler_options(device_platform: str) -> dict[str, Any] | None:
    """Options for `compile`: full-width vectors on x86 CPUs, where XLA prefers half; none elsewhere."""
    if device_platform == "cpu" and platform.machine().lower() in ("x86_64", "amd64"):
        return {"xla_cpu_prefer_vector_width": 512}
    return None
