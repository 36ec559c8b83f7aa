"""The update rule: when to perturb, how, what to do with the second gradient, and the base optimiser.

    g      = grad loss(w)                                (outer batch)
    w_adv  = w + perturbation(w, g)                      (where the policy says so)
    g_adv  = grad loss(w_adv)
    d      = correction(g, g_adv),    w+ = w + base(d)

One rule serves a landscape's vector, the engine's tuple of coordinates and a network's parameter tree. A rule is a
pytree whose numbers (eta, rho, ...) are leaves, so a sweep over them is a `jax.vmap`. Only `group` and `selected`,
which decide shapes, are not.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, get_args, runtime_checkable

import jax
import jax.numpy as jnp

from .base import Base
from .correction import Ascent, Correction, cosine
from .objective import Batches, Evaluation, Objective
from .perturbation import InnerBatch, Perturbation, Point
from .policy import Policy
from .tree import Params, add, norm_dtype, squared_norm


class Diagnostics(NamedTuple):
    """What one step did; scalars.

    Attributes:
        loss: At w, on the step's batch.
        gradient_norm: ||g||, likewise.
        gradient_adv_norm: ||g_adv||; ||g|| where the step did not perturb.
        cosine: Of the angle between g and g_adv; 1 where the step did not perturb, 0 where one of them is zero.
        perturbed: Whether the step perturbed.
        evaluations: Gradients that the method needs for this step, each over one batch (of `inner="full"`, over all
            examples). Those computed for these diagnostics alone are not counted.
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
    """The outcome of a step: new parameters and state, diagnostics, w_adv, and the auxiliary output of both passes."""

    params: Params
    state: Any
    diagnostics: Diagnostics
    w_adv: Params
    aux: tuple[Any, Any]


@runtime_checkable
class UpdateRule(Protocol):
    """What simulations and training loops need of a rule.

    `stochastic`: a step needs a key. `inner`: on which batch the perturbation is computed. `by_example`: a step needs
    the examples of its batch one by one. `smooth`: the step is a differentiable map at critical points.
    """

    @property
    def name(self) -> str: ...

    @property
    def stochastic(self) -> bool: ...

    @property
    def inner(self) -> InnerBatch: ...

    @property
    def by_example(self) -> bool: ...

    @property
    def smooth(self) -> bool: ...

    def init(self, params: Params) -> Any: ...

    def step(
        self, objective: Objective, params: Params, state: Any, batches: Batches = ..., key: Any = None
    ) -> Step: ...


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Rule:
    """A composition of the four parts; see the module's docstring.

    Attributes:
        inner: On which examples the perturbation's gradient is taken. What is asked for is supplied as `Batches.inner`.
        group: m of m-SAM: the batch is cut into groups of m examples, each with its own perturbation. None: one group.
            `w_adv` is then the mean of the groups' perturbed points.
        selected: ESAM's share of the batch, the examples whose loss the perturbation raises most, that enters g_adv:
            the nearest whole number of them, one at least. None: all.
    """

    policy: Policy
    perturbation: Perturbation
    correction: Correction
    base: Base
    name: str = field(default="", metadata={"static": True})
    inner: InnerBatch = field(default="same", metadata={"static": True})
    group: int | None = field(default=None, metadata={"static": True})
    selected: float | None = field(default=None, metadata={"static": True})

    def __post_init__(self) -> None:
        if self.inner not in get_args(InnerBatch):
            raise ValueError(f"{self.name}: inner is one of {', '.join(get_args(InnerBatch))}, got {self.inner!r}")
        if self.group is not None and (self.selected is not None or self.inner != "same"):
            raise ValueError(
                f"{self.name}: groups perturb on their own examples, all of them; drop group = {self.group}, or "
                f"inner = {self.inner!r} and selected = {self.selected}"
            )

    @property
    def stochastic(self) -> bool:
        """Whether a step needs a random key of its own (beside the choice of its batch)."""
        return self.policy.stochastic or (self.policy.constant is not False and self.perturbation.stochastic)

    @property
    def by_example(self) -> bool:
        """Whether a step needs the examples of its batch one by one: it never runs on a loss that has none."""
        return self.group is not None or self.selected is not None

    @property
    def smooth(self) -> bool:
        """Whether the step is a differentiable function of w at critical points, given a base that is."""
        smooth_ascent = self.policy.constant is False or self.perturbation.smooth
        return self.policy.constant is not None and smooth_ascent and self.correction.smooth

    def init(self, params: Params) -> RuleState:
        """The state before the first step."""
        return RuleState(self.policy.init(norm_dtype(params)), self.correction.init(params), self.base.init(params))

    def step(
        self, objective: Objective, params: Params, state: RuleState, batches: Batches = Batches(), key: Any = None
    ) -> Step:
        """One step.

        Args:
            objective: The loss.
            params: Where we are; any tree of arrays.
            state: From `init` or the step before.
            batches: The examples for the update and for the perturbation.
            key: A fresh key; needed only by a `stochastic` rule. It is split in one for the policy and one for the
                perturbation, in this order.
        Raises:
            ValueError: A key or a batch that the rule needs is missing, or a group size does not divide the batch.
        """
        self._check(batches, key)
        key_policy, key_perturbation = jax.random.split(key) if self.stochastic else (None, None)
        first = objective.evaluate(params, batches.outer)
        squared = squared_norm(first.gradient)
        perturbed, policy_state = self.policy.decide(state.policy, squared, key_policy)

        def ascend() -> tuple[Params, Params, Any]:
            return self._second(objective, params, first, batches, key_perturbation)

        def stay() -> tuple[Params, Params, Any]:
            return params, first.gradient, first.aux

        if self.policy.constant is None:
            w_adv, gradient_adv, aux = jax.lax.cond(perturbed, ascend, stay)
        else:
            w_adv, gradient_adv, aux = ascend() if self.policy.constant else stay()

        ascent = Ascent(params, first.gradient, w_adv, gradient_adv, perturbed)
        direction, correction_state = self.correction(state.correction, ascent)
        updates, base_state = self.base.update(direction, state.base, params)
        diagnostics = Diagnostics(
            loss=first.loss,
            gradient_norm=jnp.sqrt(squared),
            gradient_adv_norm=jnp.sqrt(squared_norm(gradient_adv)),
            cosine=cosine(first.gradient, gradient_adv),
            perturbed=jnp.asarray(perturbed),
            evaluations=jnp.where(perturbed, self._evaluations, 1).astype(jnp.int32),
        )
        following = RuleState(policy_state, correction_state, base_state)
        return Step(add(params, updates), following, diagnostics, w_adv, (first.aux, aux))

    @property
    def _evaluations(self) -> int:
        """Gradients needed for a step that perturbs."""
        own = self.perturbation.needs_gradient and self.inner != "same"
        shared = self.perturbation.needs_gradient and self.inner == "same"
        first = shared or self.policy.needs_gradient or self.correction.needs_gradient
        return int(first) + int(own) + 1

    def _check(self, batches: Batches, key: Any) -> None:
        if self.stochastic and key is None:
            raise ValueError(
                f"{self.name} draws random numbers: pass key=jax.random.key(seed), a fresh one at every step"
            )
        if self.by_example and batches.outer is None:
            raise ValueError(
                f"{self.name} works example by example (group = {self.group}, selected = {self.selected}): give it a "
                "loss that is a finite sum and a batch; for all examples, the indices 0 ... n - 1"
            )
        if self.inner in ("independent", "previous") and batches.outer is not None and batches.inner is None:
            raise ValueError(
                f"{self.name} perturbs on another batch (inner = {self.inner!r}): pass Batches(outer, inner)"
            )

    def _second(
        self, objective: Objective, params: Params, first: Evaluation, batches: Batches, key: Any
    ) -> tuple[Params, Params, Any]:
        """w_adv, the gradient there, and its auxiliary output."""
        if self.group is not None:
            return self._second_by_group(objective, params, batches.outer, key, self.group)
        inner = batches.outer if self.inner == "same" else batches.inner

        def gradient_at(w: Params) -> Params:
            return objective.evaluate(w, inner).gradient

        gradient = first.gradient if self.inner == "same" else gradient_at(params)
        w_adv = add(params, self.perturbation(Point(params, gradient, key, gradient_at)))
        outer = batches.outer
        if self.selected is not None:
            rise = objective.example_losses(w_adv, outer) - objective.example_losses(params, outer)
            chosen = jax.lax.top_k(rise, max(1, round(self.selected * rise.shape[0])))[1]
            outer = jax.tree.map(lambda x: x[chosen], outer)
        second = objective.evaluate(w_adv, outer)
        return w_adv, second.gradient, second.aux

    def _second_by_group(
        self, objective: Objective, params: Params, batch: Any, key: Any, m: int
    ) -> tuple[Params, Params, Any]:
        """m-SAM: the mean over groups of the gradient at the group's own perturbed point."""
        size = jax.tree.leaves(batch)[0].shape[0]
        if size % m:
            raise ValueError(f"{self.name} cuts a batch into groups of m: m = {m} does not divide {size}")
        count = size // m
        groups = jax.tree.map(lambda x: x.reshape(count, m, *x.shape[1:]), batch)
        keys = jax.random.split(key, count) if self.perturbation.stochastic else None

        def one(group: Any, group_key: Any) -> tuple[Params, Params, Any]:
            def gradient_at(w: Params) -> Params:
                return objective.evaluate(w, group).gradient

            w_adv = add(params, self.perturbation(Point(params, gradient_at(params), group_key, gradient_at)))
            second = objective.evaluate(w_adv, group)
            return w_adv, second.gradient, second.aux

        return jax.tree.map(_mean, jax.vmap(one)(groups, keys))


def _mean(x: jax.Array) -> jax.Array:
    return jnp.mean(x, axis=0, dtype=norm_dtype(x)).astype(x.dtype)
