"""Moving instances in the unit cube: onto the hypotheses that they miss, and up the violation of a conclusion.

Slopes are central differences over all instances at once. A step of a `measure` may be thousands of operations, whose
compilation would cost more than the whole search; what the ascent finds is settled exactly in any case.
"""

import numpy as np

from .instances import ROUND, Look, Question

STEP = 1e-6
"""Half width of a central difference in the unit cube: error 1e-12 from curvature, 1e-10 from round-off."""


def slopes(
    question: Question, z: np.ndarray, sign: np.ndarray, conclusion: int = 0
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Slopes in the cube of the relative slacks, (n, hypotheses, k), and of one conclusion's violation: the relative
    one and the plain difference of its sides, (n, k) each.
    """
    n, k = z.shape
    ahead = np.minimum(z[:, None, :] + STEP * np.eye(k), 1.0)
    behind = np.maximum(z[:, None, :] - STEP * np.eye(k), 0.0)
    width = np.maximum(np.einsum("njj->nj", ahead - behind), STEP)
    both = np.concatenate([ahead, behind], 1).reshape(2 * n * k, k)
    seen = question.at(both, np.repeat(sign, 2 * k, 0))
    columns = np.column_stack([seen.slack, seen.excess[:, conclusion], _difference(seen, question, conclusion)])
    split = columns.reshape(n, 2, k, -1)
    with np.errstate(invalid="ignore"):  # infinite on both sides
        rise = (split[:, 0] - split[:, 1]) / width[:, :, None]
    rise = np.nan_to_num(np.swapaxes(rise, 1, 2), posinf=0.0, neginf=0.0)
    return rise[:, :-2], (rise[:, -2], rise[:, -1])


def onto_hypotheses(
    question: Question, z: np.ndarray, sign: np.ndarray, turns: int = 12, frozen: np.ndarray | None = None
) -> tuple[np.ndarray, Look]:
    """Move instances onto the hypotheses that they miss, by the smallest steps that meet them to first order; numbers
    that are `frozen`, (k,), stay.

    Returns:
        The places, and what they show; some may still miss a hypothesis.
    """
    low, closed = question.tolerances
    spare = np.where(closed, 0.0, 1e-7)  # a strict relation is to be met with a little to spare
    equal = low < -ROUND
    z = z.copy()
    look = question.at(z, sign)
    for _ in range(turns):
        todo = np.flatnonzero(~look.met)
        if not len(todo):
            break
        rise, _ = slopes(question, z[todo], sign[todo])
        slack = np.nan_to_num(look.slack[todo], nan=0.0)
        # the slack of an equality, -|left - right|, has the slope of the difference or its opposite: a Newton step
        # along it leads to 0 either way
        gap = np.where(equal, -slack, np.maximum(spare - slack, 0.0))
        rise = np.where((gap != 0)[:, :, None], rise, 0.0)
        if frozen is not None:
            rise[:, :, frozen] = 0.0
        step = np.einsum("nkh,nh->nk", np.linalg.pinv(rise, rcond=1e-6), gap)
        length = np.linalg.norm(step, axis=1, keepdims=True)
        step *= np.minimum(1.0, 0.3 / np.maximum(length, 1e-300))
        z[todo] = np.clip(z[todo] + step, 0.0, 1.0)
        look = _replaced(look, todo, question.at(z[todo], sign[todo]))
    return z, look


def ascend(
    question: Question,
    z: np.ndarray,
    sign: np.ndarray,
    conclusion: int,
    turns: int,
    frozen: np.ndarray | None = None,
) -> tuple[np.ndarray, Look]:
    """Drive the violation of one conclusion up, along the hypotheses that are tight, with a step length of its own for
    each instance: longer after a success, shorter after a failure. Numbers that are `frozen`, (k,), stay.

    Where one side is 0 or the sides have opposite signs, the relative violation is flat; there the plain difference
    counts, in units of its size at the start.
    """
    z, look = onto_hypotheses(question, z, sign, turns=4, frozen=frozen)
    unit = _size(look, conclusion)
    flat = np.abs(look.excess[:, conclusion]) >= 1 - 1e-9
    worth = _worth(question, look, conclusion, flat, unit)
    length = np.full(len(z), 0.1)
    held = np.zeros(z.shape[1], bool) if frozen is None else frozen
    rise, up = _rises(question, z, sign, conclusion, flat, unit, held)
    for _ in range(turns):
        direction = _along(up, rise, look.slack, length, z)
        trial, seen = onto_hypotheses(question, np.clip(z + length[:, None] * direction, 0.0, 1.0), sign, 2, frozen)
        value = _worth(question, seen, conclusion, flat, unit)
        better = np.flatnonzero(value > worth)
        if len(better):
            z[better], worth[better] = trial[better], value[better]
            look = _replaced(look, better, seen.rows(better))
            rise[better], up[better] = _rises(
                question, z[better], sign[better], conclusion, flat[better], unit[better], held
            )
        longer = np.zeros(len(z), bool)
        longer[better] = True
        length = np.where(longer, np.minimum(1.6 * length, 0.5), 0.4 * length)
        if np.all(length <= 1e-9):
            break
    return z, look


def _rises(
    question: Question,
    z: np.ndarray,
    sign: np.ndarray,
    conclusion: int,
    flat: np.ndarray,
    unit: np.ndarray,
    held: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    rise, (excess, difference) = slopes(question, z, sign, conclusion)
    up = np.where(flat[:, None], difference / unit[:, None], excess)
    return np.where(held, 0.0, rise), np.where(held, 0.0, up)


def _along(up: np.ndarray, rise: np.ndarray, slack: np.ndarray, length: np.ndarray, z: np.ndarray) -> np.ndarray:
    direction = up / np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-300)
    for _ in range(2):
        for i in range(rise.shape[1]):
            normal = rise[:, i]
            size = np.linalg.norm(normal, axis=1)
            unit = normal / np.maximum(size, 1e-300)[:, None]
            falling = np.sum(unit * direction, 1)
            tight = np.nan_to_num(slack[:, i]) < length * size
            direction = direction - np.where(tight & (falling < 0), falling, 0.0)[:, None] * unit
        out = ((z <= 0) & (direction < 0)) | ((z >= 1) & (direction > 0))
        direction = np.where(out, 0.0, direction)
    return direction / np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-12)


def _difference(look: Look, question: Question, conclusion: int) -> np.ndarray:
    left, right = look.left[:, conclusion], look.right[:, conclusion]
    with np.errstate(invalid="ignore"):  # infinite on both sides
        difference = left - right
    sign = question.conclusions[conclusion].sign
    if sign in ("<", "<="):
        return difference
    return np.abs(difference) if sign == "==" else -difference if sign in (">", ">=") else -np.abs(difference)


def _size(look: Look, conclusion: int) -> np.ndarray:
    size = np.abs(look.left[:, conclusion]) + np.abs(look.right[:, conclusion])
    return np.where(np.isfinite(size) & (size > 0), size, 1.0)


def _worth(question: Question, look: Look, conclusion: int, flat: np.ndarray, unit: np.ndarray) -> np.ndarray:
    worth = np.where(flat, _difference(look, question, conclusion) / unit, look.excess[:, conclusion])
    return np.where(look.met & ~np.isnan(worth), worth, -np.inf)


def _replaced(look: Look, rows: np.ndarray, new: Look) -> Look:
    fields = []
    for old, fresh in zip(look.fields, new.fields, strict=True):
        old = old.copy()
        old[rows] = fresh
        fields.append(old)
    return Look(*fields)
