"""Training one network: steps of a `Rule` of `dynamics` on batches of images, an epoch at a time.

    state = (params, stats, rule_state) after `epoch` epochs of the run with `seed`
    epoch: order = permutation(key(seed, epoch, 0, ORDER)); step k takes examples order[k b : (k + 1) b]
    step:  batch = normalise(augment(images[...], key(seed, epoch, k, AUGMENT)))
           (params, rule_state) = rule.step(objective(stats, key(seed, epoch, k, DROPOUT)), ...)

Nothing of an epoch depends on what was drawn before it, so that a fork or a resumed run is the uninterrupted run.

The same step runs in two loops: one compiled call per step on a CPU, where a scan over convolutions costs three times
the time, and `lax.scan` over chunks of steps on an accelerator. The rule is an argument of the compiled code and its
numbers (eta, rho, ...) are leaves, so that neither a schedule nor another radius compiles anything anew. The images
stay on the device as uint8. Master weights, statistics, loss and update are float32; the network computes in
`compute_dtype`, in float32 always on a CPU.

Notes:
    A loss or gradient that is not finite is recorded with its step; the epoch goes on, and the caller stops the branch.
    A rule that ascends on the previous batch takes its own batch at the very first step of a run.
    An independent inner batch is drawn with replacement.
    n-SAM's ascent on all examples (`inner` = "full") is refused: use "previous" or "independent".
"""

import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, runtime_checkable

import jax
import jax.numpy as jnp
import numpy as np

from ..dynamics.objective import Batches
from ..dynamics.rule import Rule, RuleState
from ..dynamics.tree import Params
from .augment import augment, normalise
from .data import Data
from .keys import Stream, key_in, key_of, keys_of, order_of
from .measured_loss import example_losses
from .objective import TrainingLoss, statistics_after
from .plan import METHODS
from .rules import decay_inside, rule_of, with_eta
from .settings import Settings, eta_at

CHUNK = 128
"""Steps in one compiled scan."""
AHEAD = 16
"""Steps after which the host waits for the device, so that progress is what is done and not what is queued."""
EVALUATED = 1000
"""Examples in a batch of an evaluation, at most."""

Progress = Callable[[float], None]


@runtime_checkable
class Network(Protocol):
    """What training needs of a network; see `models.adapter.Model`."""

    def init(self, key: jax.Array) -> tuple[Params, Any]: ...

    def apply(
        self, params: Any, stats: Any, x: jax.Array, *, train: bool, key: jax.Array | None = ..., dtype: Any = ...
    ) -> tuple[jax.Array, Any]: ...


class State(NamedTuple):
    """Where a run is: everything that the next epoch depends on beside the settings and the data."""

    params: Params
    stats: Any
    rule_state: RuleState
    epoch: int
    seed: int


class Tally(NamedTuple):
    """What an epoch counts on the device; scalars.

    Attributes:
        loss: Sum over examples of the loss without smoothing and decay, as the batches met it.
        wrong: Number of mistakes, likewise.
        examples: How many there were.
        perturbed: Steps that perturbed.
        evaluations: Gradients that the method needed.
        bad_step: The first step whose loss or gradient was not finite, -1: none.
    """

    loss: jax.Array
    wrong: jax.Array
    examples: jax.Array
    perturbed: jax.Array
    evaluations: jax.Array
    bad_step: jax.Array


class Turn(NamedTuple):
    """What one step is told; stacked, what many are.

    Attributes:
        k: Its number in the epoch.
        eta: Its step size.
        indices: Its examples, shape (b,).
        keys: Its keys, as of `keys.keys_of`.
        before: The examples of the step before, for a rule that ascends on them.
        key_before: The key by which those were augmented.
    """

    k: Any
    eta: Any
    indices: Any
    keys: Any
    before: Any
    key_before: Any


class EpochResult(NamedTuple):
    """One epoch in numbers: means over its examples, eta of its first step, and how long it took."""

    train_loss: float
    train_error: float
    eta: float
    perturbed_share: float
    gradients: int
    seconds: float
    images_per_second: float
    bad_step: int | None


class Trainer:
    """Training by given settings on given data; see the module's docstring.

    Args:
        settings: What decides the numbers.
        data: The images.
        model: The network.
        loop: "steps" or "scan"; None: what suits the device.
    Raises:
        ValueError: Settings that cannot be run, with the remedy.
    """

    def __init__(self, settings: Settings, data: Data, model: Network, loop: str | None = None) -> None:
        platform = jax.default_backend()
        self.settings, self.data, self.model = settings, data, model
        self.loop = loop or ("steps" if platform == "cpu" else "scan")
        self.dtype = jnp.float32 if platform == "cpu" else jnp.dtype(settings.compute_dtype)
        self.examples = len(data.train_labels)
        self.batch = min(settings.batch, self.examples)
        whole, rest = divmod(self.examples, self.batch)
        self.sizes = [self.batch] * whole + ([rest] if rest and not settings.drop_last else [])
        self.losses = {
            method: TrainingLoss(
                model.apply, settings.loss, settings.label_smoothing, decay_inside(settings, method), self.dtype
            )
            for method in METHODS
        }
        self.rules = {method: rule_of(settings, method) for method in METHODS}
        for rule in self.rules.values():
            if rule.inner == "full":
                raise ValueError(
                    f"{rule.name}: inner = 'full' takes a gradient over all {self.examples} images at every step; "
                    "choose inner = 'previous' (the released code) or 'independent'"
                )
        self._train = tuple(jnp.asarray(x) for x in (data.train_images, data.train_labels))
        self._test = tuple(jnp.asarray(x) for x in (data.test_images, data.test_labels))
        self._one = jax.jit(self._step, static_argnums=4, donate_argnums=0)
        self._many = jax.jit(self._scan, static_argnums=4, donate_argnums=0)
        self._init = jax.jit(model.init)
        self._judge = jax.jit(self._judged)

    def start(self, seed: int, method: str) -> State:
        """The state before the first epoch."""
        params, stats = self._init(key_of(seed, 0, 0, Stream.INIT))
        return State(params, stats, self.rules[method].init(params), 0, seed)

    def switched(self, state: State, method: str) -> State:
        """The state as it goes on with another method: its policy and correction start afresh, and its momentum too,
        unless `momentum_at_switch` is "keep"."""
        fresh = self.rules[method].init(state.params)
        if self.settings.momentum_at_switch == "keep":
            fresh = fresh._replace(base=state.rule_state.base)
        return state._replace(rule_state=fresh)

    def epoch(self, state: State, method: str, progress: Progress = lambda share: None) -> tuple[State, EpochResult]:
        """Train for one epoch. The arrays of `state` are consumed.

        Args:
            state: Where the run is.
            method: "sgd" or "sam": which of the settings' two rules.
            progress: Called with the share of the epoch done.
        """
        began = time.perf_counter()
        steps, whole = len(self.sizes), self._whole
        rule = jax.tree.map(_as_leaf, self.rules[method])
        turns, last = self._turns(state.seed, state.epoch)
        carry = (state.params, state.stats, state.rule_state, _empty_tally())
        done = 0
        if self.loop == "scan":
            while done < whole:
                count = min(CHUNK, whole - done)
                chunk = _part(turns, slice(done, done + count))
                carry = self._many(carry, rule, chunk, self._train, method)
                done += count
                jax.block_until_ready(carry[-1])
                progress(done / steps)
        while done < steps:
            turn = _part(turns, done) if done < whole else last
            carry = self._one(carry, rule, turn, self._train, method)
            done += 1
            if done % AHEAD == 0 or done == steps:
                jax.block_until_ready(carry[-1])
                progress(done / steps)
        params, stats, rule_state, tally = carry
        tally = jax.tree.map(lambda x: x.item(), jax.device_get(tally))
        seconds = time.perf_counter() - began
        return State(params, stats, rule_state, state.epoch + 1, state.seed), EpochResult(
            train_loss=tally.loss / tally.examples,
            train_error=tally.wrong / tally.examples,
            eta=float(turns.eta[0]),
            perturbed_share=tally.perturbed / steps,
            gradients=tally.evaluations,
            seconds=seconds,
            images_per_second=tally.examples / seconds,
            bad_step=None if tally.bad_step < 0 else tally.bad_step,
        )

    def one_step(self, carry: Any, method: str, eta: Any, seed: int, epoch: int, t: int) -> Any:
        """One step by itself, on whole batches: the t-th of the run with `seed` from the beginning of `epoch` on.

        Args:
            carry: (params, stats, rule_state); its arrays are consumed.
            method: "sgd" or "sam".
            eta: Step size.
            seed: Decides the batches, as of a run.
            epoch: From 0.
            t: From 0; beyond the epoch it goes on into the next.
        """
        turns, _ = self._turns(seed, epoch + t // self._whole)
        turn = _part(turns, t % self._whole)._replace(eta=np.float32(eta))
        rule = jax.tree.map(_as_leaf, self.rules[method])
        end = self._one((*carry, _empty_tally()), rule, turn, self._train, method)
        return end[:3]

    def evaluate(self, state: State, split: str = "test") -> tuple[float, float]:
        """Mean loss and share of mistakes, normalised by the running statistics, without smoothing or decay.

        Args:
            state: Where the run is.
            split: "test" or "train" (not augmented).
        """
        images, labels = self._test if split == "test" else self._train
        count, size = len(labels), min(EVALUATED, len(labels))
        sums = []
        for first in range(0, count, size):
            indices = np.arange(first, first + size, dtype=np.int32)
            weights = (indices < count).astype(np.float32)
            indices = np.minimum(indices, count - 1)
            sums.append(self._judge(state.params, state.stats, images, labels, indices, weights))
        losses, wrongs = zip(*[(float(a), float(b)) for a, b in sums])
        return math.fsum(losses) / count, math.fsum(wrongs) / count

    def _judged(
        self, params: Params, stats: Any, images: Any, labels: Any, indices: Any, weights: Any
    ) -> tuple[jax.Array, jax.Array]:
        chosen = normalise(images[indices], self.data)
        logits, _ = self.model.apply(params, stats, chosen, train=False, dtype=self.dtype)
        targets = labels[indices]
        losses = example_losses(logits, targets, self.settings.loss)
        wrong = (jnp.argmax(logits, axis=-1) != targets).astype(jnp.float32)
        # a padded example counts nothing, also where its loss is not finite
        return jnp.sum(jnp.where(weights > 0, losses, 0)), jnp.sum(wrong * weights)

    def _batch(self, train: Any, indices: Any, key: jax.Array) -> tuple[jax.Array, jax.Array]:
        images, labels = train
        return normalise(augment(images[indices], key, self.settings), self.data), labels[indices]

    @property
    def _whole(self) -> int:
        """Steps of an epoch on a whole batch."""
        return sum(size == self.batch for size in self.sizes)

    def _turns(self, seed: int, epoch: int) -> tuple[Turn, Turn | None]:
        """An epoch's steps: those on whole batches stacked, and the one on a smaller last batch."""
        whole, steps, b = self._whole, len(self.sizes), self.batch
        etas = np.array([eta_at(self.settings, epoch, k, steps) for k in range(steps)], np.float32)
        ks = np.arange(steps, dtype=np.int32)
        order, keys = order_of(seed, epoch, self.examples), keys_of(seed, epoch, ks)
        batches = order[: whole * b].reshape(whole, b)
        first, key = batches[:1], keys[:1, Stream.AUGMENT]  # the very first step has no other batch than its own
        if epoch:  # the last whole one of the epoch before
            first = order_of(seed, epoch - 1, self.examples)[None, (whole - 1) * b : whole * b]
            key = keys_of(seed, epoch - 1, np.array([whole - 1], np.int32))[:, Stream.AUGMENT]
        before = np.concatenate([first, batches])
        keys_before = np.concatenate([key, keys[:, Stream.AUGMENT]])
        turns = Turn(ks[:whole], etas[:whole], batches, keys[:whole], before[:whole], keys_before[:whole])
        if whole == steps:
            return turns, None
        rest = order[whole * b :]
        return turns, Turn(ks[-1], etas[-1], rest, keys[-1], before[whole][: len(rest)], keys_before[whole])

    def _inner(self, rule: Rule, train: Any, turn: Turn) -> Any:
        """The batch that the perturbation is computed on, for a rule that asks for another."""
        if rule.inner == "independent":
            size = turn.indices.shape
            drawn = jax.random.randint(key_in(turn.keys, Stream.INNER), size, 0, self.examples, dtype=jnp.int32)
            return self._batch(train, drawn, key_in(turn.keys, Stream.INNER_AUGMENT))
        if rule.inner == "previous":
            return self._batch(train, turn.before, jax.random.wrap_key_data(turn.key_before, impl="threefry2x32"))
        return None

    def _step(self, carry: Any, rule: Rule, turn: Turn, train: Any, method: str) -> Any:
        params, stats, rule_state, tally = carry
        rule, size = with_eta(rule, turn.eta), turn.indices.shape[0]
        batch = self._batch(train, turn.indices, key_in(turn.keys, Stream.AUGMENT))
        objective = self.losses[method].objective(stats, key_in(turn.keys, Stream.DROPOUT))
        key = key_in(turn.keys, Stream.RULE) if rule.stochastic else None
        batches = Batches(batch, self._inner(rule, train, turn))
        step = rule.step(objective, params, rule_state, batches, key)
        first, second = step.aux
        diagnostics = step.diagnostics
        stats = statistics_after(
            stats, first.stats, second.stats, diagnostics.perturbed, self.settings.bn_statistics,
            self.settings.bn_momentum,
        )  # fmt: skip
        finite = jnp.isfinite(diagnostics.loss) & jnp.isfinite(diagnostics.gradient_norm)
        finite &= jnp.isfinite(diagnostics.gradient_adv_norm)
        following = Tally(
            loss=tally.loss + first.loss * jnp.float32(size),
            wrong=tally.wrong + jnp.round(first.wrong * jnp.float32(size)).astype(jnp.int32),
            examples=tally.examples + jnp.int32(size),
            perturbed=tally.perturbed + diagnostics.perturbed.astype(jnp.int32),
            evaluations=tally.evaluations + diagnostics.evaluations,
            bad_step=jnp.where((tally.bad_step < 0) & ~finite, turn.k, tally.bad_step),
        )
        return step.params, stats, step.state, following

    def _scan(self, carry: Any, rule: Rule, turns: Turn, train: Any, method: str) -> Any:
        def body(carry: Any, turn: Turn) -> tuple[Any, None]:
            return self._step(carry, rule, turn, train, method), None

        return jax.lax.scan(body, carry, turns)[0]


def _part(turns: Turn, which: int | slice) -> Turn:
    """One of many steps, or some of them."""
    return jax.tree.map(lambda x: x[which], turns)


def _as_leaf(number: Any) -> Any:
    """A rule's number in 32 bits: else a Python float would enter compiled code as a float64."""
    array = np.asarray(number)
    return array.astype(np.int32 if np.issubdtype(array.dtype, np.integer) else np.float32)


def _empty_tally() -> Tally:
    # one buffer each: a step consumes them
    loss, bad_step = jnp.zeros((), jnp.float32), jnp.full((), -1, jnp.int32)
    wrong, examples, perturbed, evaluations = (jnp.zeros((), jnp.int32) for _ in range(4))
    return Tally(loss, wrong, examples, perturbed, evaluations, bad_step)
