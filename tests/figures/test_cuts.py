"""Cuts and slices against closed forms: loss, slope and curvature on lines and planes of any dimension."""

import jax.numpy as jnp
import numpy as np
import pytest

from samscape.figures import cut, cut_along, slice_along, slice_through
from samscape.figures.cuts import barrier, cut_along_data, cut_data, draw_cut, heading
from samscape.figures.slices import slice_along_data, slice_through_data
from samscape.landscapes import get_landscape

LUCCHI = get_landscape("lucchi")
EIGENVALUES = np.array([3.0, -1.0, 0.5, 7.0, 2.0])


def bowl(w):
    """1/2 sum lambda_i w_i^2 in a rotated frame; eigenvectors are the rows of `ROTATION`."""
    return 0.5 * jnp.sum(EIGENVALUES * (ROTATION @ w) ** 2)


ROTATION = np.linalg.qr(np.random.default_rng(3).standard_normal((5, 5)))[0]


def test_a_cut_between_the_minima_of_lucchis_quartic_is_its_restriction_to_the_diagonal():
    data = cut_data(LUCCHI, [-1, -1], [1, 1])
    t = 2 * data["a"].values - 1  # w = (t, t), loss t^4/4 - t^2/2, unit length sqrt(2) t
    # polynomials of degree four, evaluated twice: rounding of a few units of values up to 16
    np.testing.assert_allclose(data["loss"], t**4 / 4 - t**2 / 2, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(data["slope"], (t**3 - t) / np.sqrt(2), rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(data["curvature"], (3 * t**2 - 1) / 2, rtol=1e-12, atol=1e-13)
    # of a quartic: l'' + h^2 l''''/12 exactly; here h = 0.02 in t, l'''' = 6; some ten roundings of
    # 2e-16 * 16 / (h s)^2 = 4e-12 each
    np.testing.assert_allclose(data["second_difference"], (3 * t**2 - 1 + 0.02**2 / 2) / 2, rtol=0, atol=1e-10)
    assert barrier(data) == pytest.approx(0.25, rel=1e-4)  # the saddle's loss over the minima's; a = 1/2 is on the grid
    assert "a barrier of 0.25" in heading(data)


def test_a_convex_landscape_has_no_barrier():
    data = cut_data(lambda w: jnp.sum(w**2), np.zeros(7), np.arange(7.0))
    assert barrier(data) == 0
    assert "no barrier" in heading(data)


def test_the_default_direction_is_the_leading_eigenvector():
    w = ROTATION.T @ np.arange(1.0, 6.0)
    data = cut_along_data(bowl, w)
    a = data["a"].values
    top = EIGENVALUES.argmax()
    parts = np.arange(1.0, 6.0)
    sign = np.sign(ROTATION[top][np.abs(ROTATION[top]).argmax()])
    expected = 0.5 * (EIGENVALUES * parts**2).sum() + 7 * (sign * parts[top] * a + a**2 / 2)
    np.testing.assert_allclose(data["loss"], expected, rtol=1e-12)  # rounding of an eigenvector of a 5x5 matrix
    np.testing.assert_allclose(data["curvature"], 7, rtol=1e-12)


def test_large_landscapes_have_their_eigenvectors_by_lanczos():
    scale = np.linspace(1, 2, 700)
    scale[123] = 5
    data = cut_along_data(lambda w: 0.5 * jnp.sum(scale * w**2), np.zeros(700), count=5)
    np.testing.assert_allclose(data["curvature"], 5, rtol=1e-9)  # ARPACK converges to round-off of the operator's norm


def test_a_direction_is_taken_at_unit_length_and_a_random_one_from_its_seed():
    along = cut_along_data(LUCCHI, [0, 0], [10, 10])
    t = along["a"].values / np.sqrt(2)
    np.testing.assert_allclose(along["loss"], t**4 / 4 - t**2 / 2, rtol=1e-12, atol=1e-15)
    first, again, other = (cut_along_data(bowl, np.ones(5), "random", seed=s) for s in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)
    # a curvature of the bowl lies between its eigenvalues
    assert -1 < float(first["curvature"][0]) < 7


def test_second_differences_see_a_kink_that_the_derivative_does_not():
    data = cut_data(lambda w: jnp.abs(w).sum(), [-1.0], [1.0], over=(0, 1), count=101)
    assert float(abs(data["curvature"]).max()) == 0
    # 2 |w| over one spacing h = 0.02: (2 h) / h^2 = 100
    assert float(data["second_difference"].max()) == pytest.approx(100, rel=1e-10)


def test_pytrees_are_cut_as_the_vector_of_their_entries():
    def loss(tree):
        return jnp.sum(tree["a"] ** 2) + jnp.sum(tree["b"]) ** 2

    start = {"a": np.zeros((2, 2)), "b": np.zeros(3)}
    end = {"a": np.ones((2, 2)), "b": np.ones(3)}
    data = cut_data(loss, start, end)
    np.testing.assert_allclose(data["loss"], 13 * data["a"] ** 2, rtol=1e-13)  # 4 a^2 + (3 a)^2
    np.testing.assert_allclose(data["curvature"], 26 / 7, rtol=1e-13)  # |w_to - w_from|^2 = 7
    assert slice_along_data(loss, start, count=5)["loss"].shape == (5, 5)


def test_single_precision_stays_single():
    data = cut_data(lambda w: jnp.sum(w**2), np.zeros(3, np.float32), np.ones(3, np.float32))
    assert data["loss"].dtype == np.float32


def test_a_slice_through_three_points_holds_them_and_is_the_landscape():
    points = [[3.0, 0.5], [0.0, 1.0], [1.0, 2.0]]
    beale = get_landscape("beale")
    data = slice_through_data(beale, points, count=41)
    axes, origin = data["directions"].values, data["origin"].values
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-14)  # rounding of unit vectors
    np.testing.assert_allclose(origin + data["place"].values @ axes, points, atol=1e-13)
    low, high = data["place"].values.min(axis=0), data["place"].values.max(axis=0)
    assert data["p"][0] < low[0]
    assert data["p"][-1] > high[0]
    assert data["q"][0] < low[1]
    assert data["q"][-1] > high[1]
    for i, j in ((0, 0), (7, 30), (40, 12)):
        x, y = origin + float(data["p"][j]) * axes[0] + float(data["q"][i]) * axes[1]
        expected = (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2
        np.testing.assert_allclose(float(data["loss"][i, j]), expected, rtol=1e-10)  # cancellation in the brackets


def test_a_slice_along_the_leading_eigenvectors_is_their_quadratic():
    data = slice_along_data(bowl, np.zeros(5), over=((-1, 2), (-3, 1)), count=11)
    p, q = np.meshgrid(data["p"], data["q"])
    np.testing.assert_allclose(data["loss"], 3.5 * p**2 + 1.5 * q**2, rtol=1e-12, atol=1e-13)


def test_directions_are_made_orthogonal_in_their_order():
    data = slice_along_data(bowl, np.zeros(5), [ROTATION[0], ROTATION[0] + 2 * ROTATION[4]], count=11)
    p, q = np.meshgrid(data["p"], data["q"])
    np.testing.assert_allclose(data["loss"], 1.5 * p**2 + q**2, rtol=1e-12, atol=1e-13)


def test_what_is_not_finite_is_left_out_of_the_picture():
    data = cut_data(lambda w: jnp.log(w[0]), [-1.0], [1.0], over=(0, 1))
    assert np.isnan(data["loss"].values[:100]).all()
    draw_cut(data)
    with pytest.raises(ValueError, match="finite nowhere"):
        slice_along(lambda w: jnp.log(-jnp.sum(w**2) - 1), np.zeros(2))


def test_pictures_are_drawn_on_the_axes_given_with_labels_and_a_title():
    from matplotlib.figure import Figure

    drawings = (
        lambda ax: cut(LUCCHI, [-1, -1], [1, 1], ax=ax),
        lambda ax: cut_along(LUCCHI, [1, 1], ax=ax, curvature="second_difference"),
        lambda ax: slice_through(LUCCHI, [[0, 0], [1, 1], [1, 0]], ax=ax, count=9),
        lambda ax: slice_along(LUCCHI, [1, 1], ax=ax, count=9),
    )
    for draw in drawings:
        ax = Figure().subplots()
        assert draw(ax) is ax
        assert draw(None) is not ax
        assert ax.get_xlabel()
        assert ax.get_ylabel()
        assert "Lucchi" in ax.get_title(loc="left") + ax.get_title()


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: cut_data(LUCCHI, [1, 1], [1, 1]), "the same point"),
        (lambda: cut_data(LUCCHI, [1, 1, 1], [0, 0, 0]), "has 3 coordinates, .* has 2"),
        (lambda: cut_data(LUCCHI, [1, 1], [0, 0, 0]), "give points alike"),
        (lambda: cut_data(LUCCHI, [1, np.nan], [0, 0]), "not finite"),
        (lambda: cut_data(LUCCHI, [1, 1], [0, 0], over=(1, 0)), "low < high"),
        (lambda: cut_data(LUCCHI, [1, 1], [0, 0], count=2), "count = 2"),
        (lambda: cut_data(lambda w: w, [1, 1], [0, 0]), "must return one number"),
        (lambda: cut_along_data(LUCCHI, [1, 1], [0, 0]), "zero or not finite"),
        (lambda: cut_along_data(LUCCHI, [1, 1], "leading"), "give vectors, 'random'"),
        (lambda: cut(LUCCHI, [1, 1], [0, 0], curvature="third"), "choose curvature"),
        (lambda: slice_through_data(LUCCHI, [[0, 0], [1, 1]]), "2 points given"),
        (lambda: slice_through_data(LUCCHI, [[0, 0], [1, 1], [2, 2]]), "on one line"),
        (lambda: slice_along_data(LUCCHI, [0, 0], [[1, 1], [2, 2]]), "parallel"),
        (lambda: slice_along_data(lambda w: w[0] ** 2, [0.0]), "2 directions do not fit into 1 coordinates"),
    ],
)
def test_bad_input_is_refused_with_reason_and_remedy(call, reason):
    with pytest.raises(ValueError, match=reason):
        call()
