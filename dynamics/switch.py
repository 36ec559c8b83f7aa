"""One rule after another: SGD then SAM, or back (Zhou et al. 2025, Section 2)."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from .objective import Batches, Objective
from .perturbation import InnerBatch
from .rule import Rule, RuleState, Step, UpdateRule
from .tree import Params


class SwitchState(NamedTuple):
    """Steps taken (up to the switch, where the count stops) and the states of both rules."""

    steps: jax.Array
    first: Any
    second: Any


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Switch:
    """`first` for `at` steps, then `second`; see `switch`."""

    first: Any
    second: Any
    at: Any
    momentum: str = field(default="reset", metadata={"static": True})
    name: str = field(default="", metadata={"static": True})

    @property
    def stochastic(self) -> bool:
        """Whether either rule is."""
        return self.first.stochastic or self.second.stochastic

    @property
    def inner(self) -> InnerBatch:
        """What the rule that asks for another batch asks for."""
        return self.first.inner if self.first.inner != "same" else self.second.inner

    @property
    def by_example(self) -> bool:
        """Whether either rule is."""
        return self.first.by_example or self.second.by_example

    @property
    def smooth(self) -> bool:
        """Whether the later rule is; the earlier one has no say in where the run ends."""
        return self.second.smooth

    def init(self, params: Params) -> SwitchState:
        """The state before the first step.

        Raises:
            ValueError: The base optimiser's state is to be kept, but the two states are of different kinds.
        """
        first, second = self.first.init(params), self.second.init(params)
        if self.momentum == "keep" and jax.tree.structure(first.base) != jax.tree.structure(second.base):
            raise ValueError(
                f"{self.name}: momentum = 'keep' hands over the base optimiser's state, but the two bases differ "
                f"({self.first.base} and {self.second.base}); use the same base twice, or momentum = 'reset'"
            )
        return SwitchState(jnp.zeros((), jnp.int32), first, second)

    def step(
        self, objective: Objective, params: Params, state: SwitchState, batches: Batches = Batches(), key: Any = None
    ) -> Step:
        """One step of the rule whose turn it is; see `Rule.step`."""

        def before() -> Step:
            step = self.first.step(objective, params, state.first, batches, key)
            second: RuleState = state.second
            if self.momentum == "keep":
                second = second._replace(base=step.state.base)
            return step._replace(state=SwitchState(state.steps + 1, step.state, second))

        def after() -> Step:
            step = self.second.step(objective, params, state.second, batches, key)
            return step._replace(state=SwitchState(state.steps, state.first, step.state))

        return jax.lax.cond(state.steps < jnp.asarray(self.at, jnp.int32), before, after)


def switch(first: UpdateRule, second: UpdateRule, at: Any, momentum: str = "reset") -> Switch:
    """`first` for `at` steps, then `second`.

    Args:
        first: The rule of steps 0, ..., at - 1.
        second: The rule of steps at, at + 1, ...; its own clock (a schedule, a period, a horizon) starts there.
        at: Number of steps before the switch, >= 0; a number, or an array where the rule is vmapped.
        momentum: "reset" starts the second base optimiser afresh, as the released code of Zhou et al. does; "keep"
            hands over the first one's state, which needs two rules with bases of the same kind.
    Raises:
        ValueError: `at` is negative, `momentum` is neither, or the rules ask for different inner batches.
    """
    if momentum not in ("reset", "keep"):
        raise ValueError(f"switch: momentum must be 'reset' or 'keep', got {momentum!r}")
    if not isinstance(at, Tracer) and np.any(np.asarray(at) < 0):
        raise ValueError(f"switch: at = {at} is negative; give the number of steps of {first.name} before the switch")
    if momentum == "keep" and not (isinstance(first, Rule) and isinstance(second, Rule)):
        raise ValueError("switch: momentum = 'keep' is for two plain rules; a switch inside a switch must reset")
    inner = {rule.inner for rule in (first, second)} - {"same"}
    if len(inner) > 1:
        raise ValueError(
            f"switch: the rules perturb on different batches ({', '.join(sorted(inner))}); choose one inner"
        )
    return Switch(first, second, at, momentum, name=f"{first.name}->{second.name}")
