"""The update rules once more: NumPy, one vector, one plain loop, written from the papers and apart from the package.

Random choices are handed in (a flag, a mask, a direction), so that they agree with those under test.
"""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np


def unit(g, epsilon=None):
    """g / (||g|| + epsilon), and 0 for g = 0."""
    length = math.hypot(*g)
    return np.zeros_like(g) if length == 0 else g / (length + (epsilon or 0.0))


def part_across(a, b):
    """a minus its projection on b."""
    direction = unit(b)
    return a - np.dot(a, direction) * direction


class Twin:
    """One run of one method. `memory` holds what the method remembers."""

    def __init__(self, method, problem, w, eta, base="sgd", momentum=0.9, **numbers):
        self.method, self.problem, self.eta, self.base, self.momentum = method, problem, eta, base, momentum
        self.w = np.array(w, float)
        self.a = SimpleNamespace(**numbers)
        self.t = 0
        self.memory = SimpleNamespace(gv=np.zeros_like(self.w), mean=0.0, variance=numbers.get("variance"))
        self.velocity, self.second_moment = np.zeros_like(self.w), np.zeros_like(self.w)

    def step(self, batch=None, inner=None, chance=None):
        """Advance by one step; returns what happened at the point left behind."""
        p, w, a = self.problem, self.w, self.a
        g = p.gradient(w, batch)
        now = SimpleNamespace(w=w, g=g, batch=batch, inner=inner, chance=chance)
        direction, w_adv, g_adv, perturbed = getattr(self, self.method)(p, a, now)
        self.w = w + self.change(direction)
        self.t += 1
        lengths = math.hypot(*g), math.hypot(*g_adv)
        cosine = np.dot(g, g_adv) / (lengths[0] * lengths[1]) if min(lengths) > 0 else 0.0
        return {
            "w": self.w,
            "w_adv": w_adv,
            "loss": p.loss(w, batch),
            "gradient_norm": lengths[0],
            "gradient_adv_norm": lengths[1],
            "cosine": cosine,
            "perturbed": perturbed,
        }

    def change(self, d):
        """The base optimiser's step."""
        if self.base == "sgd":
            return -self.eta * d
        if self.base == "heavy_ball":
            self.velocity = self.momentum * self.velocity - self.eta * d
            return self.velocity
        if self.base == "nesterov":
            self.velocity = self.momentum * self.velocity - self.eta * d
            return self.momentum * self.velocity - self.eta * d
        self.velocity = 0.9 * self.velocity + 0.1 * d
        self.second_moment = 0.999 * self.second_moment + 0.001 * d**2
        mean, square = self.velocity / (1 - 0.9 ** (self.t + 1)), self.second_moment / (1 - 0.999 ** (self.t + 1))
        return -self.eta * mean / (np.sqrt(square) + 1e-8)

    def ascend(self, p, now, displacement):
        """Descend along the gradient at w + displacement."""
        g_adv = p.gradient(now.w + displacement, now.batch)
        return g_adv, now.w + displacement, g_adv, True

    def gd(self, p, a, now):
        return now.g, now.w, now.g, False

    def sam(self, p, a, now):
        return self.ascend(p, now, a.rho * unit(now.g, a.epsilon))

    def usam(self, p, a, now):
        displacement = a.rho * now.g
        if a.ball is not None and math.hypot(*displacement) > a.ball:
            displacement = a.ball * unit(displacement)
        return self.ascend(p, now, displacement)

    def renormalised(self, a, now, step, weights=(1.0, 1.0)):
        _, w_adv, g_adv, _ = step
        length, length_adv = math.hypot(*(weights[0] * now.g)), math.hypot(*(weights[1] * g_adv))
        factor = length / (length_adv + (a.epsilon_adv or 0.0)) if length_adv > 0 else 0.0
        factor = factor if a.clamp is None else min(factor, a.clamp)
        return factor * g_adv, w_adv, g_adv, True

    def stable_sam(self, p, a, now):
        return self.renormalised(a, now, self.sam(p, a, now))

    def stable_usam(self, p, a, now):
        return self.renormalised(a, now, self.ascend(p, now, a.rho * now.g))

    def asam(self, p, a, now):
        t = np.diag(np.abs(now.w) + a.floor)
        tg = t @ now.g
        return self.ascend(p, now, a.rho * t @ unit(tg, a.epsilon))

    def stable_asam(self, p, a, now):
        step = self.asam(p, a, now)
        if a.weighted:
            return self.renormalised(a, now, step, (np.abs(now.w), np.abs(step[1])))
        return self.renormalised(a, now, step)

    def n_sam(self, p, a, now):
        return self.ascend(p, now, a.rho * p.gradient(now.w, now.inner))

    usam_independent = n_sam

    def m_sam(self, p, a, now):
        groups = np.reshape(now.batch, (-1, a.m))
        points = [now.w + a.rho * unit(p.gradient(now.w, group), a.epsilon) for group in groups]
        g_adv = sum(p.gradient(w, group) for w, group in zip(points, groups, strict=True)) / len(groups)
        return g_adv, np.mean(points, axis=0), g_adv, True

    def one_sam(self, p, a, now):
        points = [now.w + a.rho * p.gradient(now.w, [i]) for i in now.batch]
        g_adv = sum(p.gradient(w, [i]) for w, i in zip(points, now.batch, strict=True)) / len(now.batch)
        return g_adv, np.mean(points, axis=0), g_adv, True

    def random(self, p, a, now):
        return self.ascend(p, now, a.rho * unit(now.chance))

    def ss_sam(self, p, a, now):
        return self.sam(p, a, now) if now.chance else self.gd(p, a, now)

    def look(self, a, now, step):
        _, w_adv, g_adv, perturbed = step
        if perturbed:
            self.memory.gv = part_across(g_adv, now.g)
            return step
        gv = self.memory.gv
        return now.g + a.alpha * math.hypot(*now.g) * unit(gv), w_adv, g_adv, False

    def look_sam(self, p, a, now):
        return self.look(a, now, self.sam(p, a, now) if self.t % a.k == 0 else self.gd(p, a, now))

    def esam(self, p, a, now):
        w_adv = now.w + (a.rho / a.keep) * np.where(now.chance, unit(now.g, a.epsilon), 0.0)
        chosen: Any = now.batch
        if a.selected is not None:
            rise = p.losses(w_adv, now.batch) - p.losses(now.w, now.batch)
            best = np.argsort(-rise, kind="stable")[: max(1, round(a.selected * len(now.batch)))]
            chosen = np.asarray(now.batch)[best]
        g_adv = p.gradient(w_adv, chosen)
        return g_adv, w_adv, g_adv, True

    def adaptively(self, p, a, now):
        squared, m = float(now.g @ now.g), self.memory
        m.mean += (1 - a.delta) * (squared - m.mean)
        m.variance += (1 - a.delta) * ((squared - m.mean) ** 2 - m.variance)
        threshold = a.lambda_2 + (a.lambda_1 - a.lambda_2) * min(self.t / a.horizon, 1.0)
        if squared < m.mean + threshold * math.sqrt(m.variance):
            return self.gd(p, a, now)
        return self.ascend(p, now, a.rho * (unit(now.g) if a.normalised else now.g))

    def ae_sam(self, p, a, now):
        return self.adaptively(p, a, now)

    def ae_look_sam(self, p, a, now):
        return self.look(a, now, self.adaptively(p, a, now))

    def gsam(self, p, a, now):
        g_adv, w_adv, _, _ = self.sam(p, a, now)
        return g_adv - a.alpha * part_across(now.g, g_adv), w_adv, g_adv, True
