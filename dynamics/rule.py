"""The update rule: when to perturb, how, what to do with the second gradient, and the base optimiser.

    g      = grad loss(w)                                (outer batch)
    w_adv  = w + perturbation(w, g)                      (where the policy says so)
    g_adv  = grad loss(w_adv)
    d      = correction(g, g_adv),    w+ = w + base(d)

One rule serves a landscape's vector, the engine's tuple of coordinates and a network's parameter tree. A rule is a
pytree whose numbers (eta, rho, ...) are leaves, so a sweep over them is a `jax.vmap`.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

import jax
import jax.numpy as jnp

from .base import Base
from .correction import Correction, UseSecond
from .objective import Batches, Objective
from .perturbation import InnerBatch, Perturbation, cosine
from .policy import Policy
from .tree import Params, add, squared_norm


class Diagnostics(NamedTuple):
    """What one step did; scalars.

    `loss` and `gradient_norm` are at w, on the step's batch; `gradient_adv_norm` and `cosine` (between g and g_adv) at
    w_adv, equal to those of g where the step did not perturb. `evaluations` counts gradients that the method needs.
    """

    loss: jax.Array
    gradient_norm: jax.Array
    gradient_adv_norm: jax.Array
    cosine: jax.Array
    perturbed: jax.Array
    evaluations: jax.Array


class RuleState(NamedTuple):
    """What a rule carries from step to step, part by part."""

    policy: Any
    correction: Any
    base: Any


class Step(NamedTuple):
    """The outcome of one step: new parameters and state, diagnostics, w_adv, and the auxiliary output of both passes."""

    params: Params
    state: Any
    diagnostics: Diagnostics
    w_adv: Params
    aux: tuple[Any, Any]


@runtime_checkable
class UpdateRule(Protocol):
    """What simulations and training loops need of a rule. `inner` says on which batch the perturbation is computed."""

    name: str

    @property
    def stochastic(self) -> bool: ...

    @property
    def inner(self) -> InnerBatch: ...

    def init(self, params: Params) -> Any: ...

    def step(self, objective: Objective, params: Params, state: Any, batches: Batches, key: Any = None) -> Step: ...


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Rule:
    """A composition of the four parts; see the module's docstring.

    Attributes:
        inner: On which examples the perturbation's gradient is taken.
        group: m of m-SAM: the batch is cut into groups of m examples, each with its own perturbation. None: one group.
        selected: ESAM's share of the batch, the examples whose loss the perturbation raises most, that enters g_adv.
    """

    policy: Policy
    perturbation: Perturbation
    correction: Correction
    base: Base
    name: str = field(default="", metadata={"static": True})
    inner: InnerBatch = field(default="same", metadata={"static": True})
    group: int | None = field(default=None, metadata={"static": True})
    selected: float | None = field(default=None, metadata={"static": True})

    @property
    def stochastic(self) -> bool:
        """Whether a step needs a random key of its own (beside the choice of its batch)."""
        return self.policy.stochastic or self.perturbation.stochastic

    def init(self, params: Params) -> RuleState:
        """The state before the first step."""
        dtype = jnp.result_type(*jax.tree.leaves(params))
        return RuleState(self.policy.init(dtype), self.correction.init(params), self.base.init(params))

    def step(
        self, objective: Objective, params: Params, state: RuleState, batches: Batches = Batches(), key: Any = None
    ) -> Step:
        """One step.

        Args:
            objective: The loss.
            params: Where we are; any tree of arrays.
            state: From `init` or the step before.
            batches: The examples for the update and for the perturbation.
            key: A fresh key; needed only by a `stochastic` rule.
        """
        key_policy, key_perturbation = (None, None) if key is None else jax.random.split(key)
        first = objective.evaluate(params, batches.outer)
        squared = squared_norm(first.gradient)
        perturbed, policy_state = self.policy.decide(state.policy, squared, key_policy)

        def ascend() -> tuple[Params, Params, Any]:
            return self._second(objective, params, first.gradient, batches, key_perturbation)

        def stay() -> tuple[Params, Params, Any]:
            return params, first.gradient, first.aux

        if self.policy.constant is None:
            w_adv, gradient_adv, aux = jax.lax.cond(perturbed, ascend, stay)
        else:
            w_adv, gradient_adv, aux = ascend() if self.policy.constant else stay()

        direction, correction_state = self.correction(state.correction, perturbed, first.gradient, gradient_adv)
        updates, base_state = self.base.update(direction, state.base, params)
        flag = jnp.asarray(perturbed)
        extra = int(self.inner != "same" and not (isinstance(self.correction, UseSecond) and self.policy.constant))
        diagnostics = Diagnostics(
            loss=first.loss,
            gradient_norm=jnp.sqrt(squared),
            gradient_adv_norm=jnp.sqrt(squared_norm(gradient_adv)),
            cosine=cosine(first.gradient, gradient_adv),
            perturbed=flag,
            evaluations=1 + (1 + extra) * flag.astype(jnp.int32),
        )
        new_state = RuleState(policy_state, correction_state, base_state)
        return Step(add(params, updates), new_state, diagnostics, w_adv, (first.aux, aux))

    def _second(
        self, objective: Objective, params: Params, gradient: Params, batches: Batches, key: Any
    ) -> tuple[Params, Params, Any]:
        """w_adv, the gradient there, and its auxiliary output."""
        if self.group is not None and batches.outer is not None:
            return self._second_by_group(objective, params, batches.outer, key)
        if self.inner != "same":
            gradient = objective.evaluate(params, batches.inner).gradient
        w_adv = add(params, self.perturbation(params, gradient, key))
        outer = batches.outer
        if self.selected is not None and outer is not None:
            rise = objective.example_losses(w_adv, outer) - objective.example_losses(params, outer)
            count = max(1, round(self.selected * rise.shape[0]))
            chosen = jax.lax.top_k(rise, count)[1]
            outer = jax.tree.map(lambda x: x[chosen], outer)
        second = objective.evaluate(w_adv, outer)
        return w_adv, second.gradient, second.aux

    def _second_by_group(self, objective: Objective, params: Params, batch: Any, key: Any) -> tuple[Params, Params, Any]:
        """m-SAM: the mean over groups of the gradient at the group's own perturbed point."""
        assert self.group is not None
        size = jax.tree.leaves(batch)[0].shape[0]
        if size % self.group:
            raise ValueError(f"m-SAM cuts a batch into groups of m: m = {self.group} does not divide {size}")
        count = size // self.group
        groups = jax.tree.map(lambda x: x.reshape(count, self.group, *x.shape[1:]), batch)
        keys = None if key is None else jax.random.split(key, count)

        def one(group: Any, group_key: Any) -> tuple[Params, Params, Any]:
            gradient = objective.evaluate(params, group).gradient
            w_adv = add(params, self.perturbation(params, gradient, group_key))
            second = objective.evaluate(w_adv, group)
            return w_adv, second.gradient, second.aux

        return jax.tree.map(lambda x: jnp.mean(x, axis=0), jax.vmap(one)(groups, keys))


class SwitchState(NamedTuple):
    """Steps taken (up to the switch) and the states of both rules."""

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
        return self.first.stochastic or self.second.stochastic

    @property
    def inner(self) -> InnerBatch:
        return self.first.inner if self.first.inner != "same" else self.second.inner

    def init(self, params: Params) -> SwitchState:
        return SwitchState(jnp.zeros((), jnp.int32), self.first.init(params), self.second.init(params))

    def step(
        self, objective: Objective, params: Params, state: SwitchState, batches: Batches = Batches(), key: Any = None
    ) -> Step:
        at = jnp.asarray(self.at, jnp.int32)

        def before() -> tuple[Step, SwitchState]:
            step = self.first.step(objective, params, state.first, batches, key)
            following = state.second
            if self.momentum == "keep":
                following = following._replace(base=step.state.base)
            return step, SwitchState(state.steps + 1, step.state, following)

        def after() -> tuple[Step, SwitchState]:
            step = self.second.step(objective, params, state.second, batches, key)
            return step, SwitchState(state.steps, state.first, step.state)

        def run(branch: Any) -> Any:
            step, following = branch()
            return step.params, following, step.diagnostics, step.w_adv, step.aux

        return Step(*jax.lax.cond(state.steps < at, lambda: run(before), lambda: run(after)))


def switch(first: UpdateRule, second: UpdateRule, at: Any, momentum: str = "reset") -> Switch:
    """`first` for `at` steps, then `second` (Zhou et al. 2025: SGD then SAM, or back).

    Args:
        first: The rule of steps 0, ..., at - 1.
        second: The rule of steps at, at + 1, ...
        at: Number of steps before the switch, >= 0.
        momentum: "reset" starts the second base optimiser afresh; "keep" hands over the first one's state, which
            needs two bases of the same kind.
    Raises:
        ValueError: `momentum` is neither, or the rules ask for different inner batches.
    """
    if momentum not in ("reset", "keep"):
        raise ValueError(f"switch: momentum must be 'reset' or 'keep', got {momentum!r}")
    inner = {rule.inner for rule in (first, second)} - {"same"}
    if len(inner) > 1:
        raise ValueError(f"switch: the rules take their perturbation on different batches ({', '.join(sorted(inner))})")
    return Switch(first, second, at, momentum, name=f"{first.name}->{second.name}")
