/** Which layers are painted in which order: the same on the screen, in PNG and in SVG. */

import { PALETTES, legible } from './colors.js';
import { symbolOf } from './dom.js';
import { drawCobweb, drawLossCurve, drawMap, drawOnLoss } from './draw_cobweb.js';
import { drawManifolds, drawNullclines, drawPerturbed, drawPoints, drawTrajectories } from './draw_paths.js';
import { basinPicture, drawArrows, drawAxes, drawContours, drawStreamlines } from './draw_plane.js';

const ARROW_SPACING = 30;

/**
 * @param {Object} kit
 * @param {Object} kit.scene see scene.js
 * @param {Object} kit.looks see looks.js
 */
export function createPainter({ scene, looks }) {
  const pictures = new WeakMap();

  function colorOf(view, letter, theme) {
    // lines on the dark basins need more than the page asks for
    return legible(looks.rule(view.rules[letter].name).color, theme, theme === 'dark' ? 6 : 3);
  }

  /** Rule B is dashed; so is any rule that shares its colour with rule A. */
  const dashOf = (letter) => (letter === 'b' ? [6, 3] : null);

  function pictureOf(map, theme, view, { width, height }) {
    const key = `${theme} ${width}x${height}`;
    const known = pictures.get(map);
    if (known?.key === key) return known.picture;
    const picture = basinPicture(
      map,
      { width: Math.round(width), height: Math.round(height) },
      scene.lookOf(view),
      theme,
    );
    pictures.set(map, { key, picture });
    return picture;
  }

  /** What stands still. `letter`: whose field, curves and basins. */
  function back(pen, plane, view, { letter, theme, basins }) {
    const palette = PALETTES[theme];
    const has = (layer) => view.layers.includes(layer);
    const names = view.landscape.variables.map(symbolOf);
    if (view.dimension === 1) return;
    pen.clip(plane.box);
    if (has('basins') && basins) {
      // the map may be of the window as it was a moment ago
      const [[xlow, xhigh], [ylow, yhigh]] = basins.window;
      const [x, y] = [plane.x(xlow), plane.y(yhigh)];
      pen.image(pictureOf(basins, theme, view, plane.box), x, y, plane.x(xhigh) - x, plane.y(ylow) - y);
    }
    if (has('contours')) drawContours(pen, plane, scene.contours(view), palette);
    if (has('streamlines')) drawStreamlines(pen, plane, scene.streamlines(view, letter), palette.stream);
    if (has('gradient_field'))
      drawArrows(pen, plane, scene.arrows(view, null, plane, ARROW_SPACING), palette.gradient, ARROW_SPACING);
    if (has('field'))
      drawArrows(
        pen,
        plane,
        scene.arrows(view, letter, plane, ARROW_SPACING),
        colorOf(view, letter, theme),
        ARROW_SPACING,
      );
    if (has('nullclines')) drawNullclines(pen, plane, scene.nullclines(view, letter), palette);
    if (has('manifolds')) drawManifolds(pen, plane, scene.manifolds(view, letter), palette);
    pen.unclip();
    drawAxes(pen, plane, palette, names);
  }

  /** What moves: trajectories, perturbed points, and the points over them. */
  function front(pen, plane, view, { letters, theme, at, chosen, above }) {
    const palette = PALETTES[theme];
    const has = (layer) => view.layers.includes(layer);
    const points = has('critical_points') ? scene.marks(view, letters[0], theme) : [];
    const options = (letter) => ({
      count: view.starts.length,
      steps: view.steps,
      at,
      chosen,
      color: colorOf(view, letter, theme),
      dash: dashOf(letter),
      page: palette.page,
      marker: 'dot',
    });
    if (view.dimension === 1) {
      one(pen, plane, view, { letters, palette, points, options, above, has, theme });
      return;
    }
    pen.clip(plane.box);
    if (has('w_adv')) {
      for (const letter of letters) {
        drawPerturbed(pen, plane, scene.perturbed(view, letter, at, plane), colorOf(view, letter, theme));
      }
    }
    if (has('trajectories')) {
      for (const letter of letters) drawTrajectories(pen, plane, scene.paths(view, letter), options(letter));
    }
    pen.unclip();
    drawPoints(pen, plane, points, palette);
  }

  function one(pen, plane, view, { letters, palette, points, options, above, has, theme }) {
    const name = symbolOf(view.landscape.variables[0]);
    const value = (w) => view.landscape.value(w);
    const py = drawLossCurve(pen, plane, above, value, points, palette, name);
    pen.clip(plane.box);
    for (const letter of letters) {
      if (has('trajectories')) drawCobweb(pen, plane, scene.paths(view, letter), options(letter));
    }
    pen.unclip();
    for (const letter of letters) {
      pen.clip(plane.box);
      drawMap(pen, plane, scene.image(view, letter), colorOf(view, letter, theme), points, palette);
      pen.unclip();
      if (has('trajectories') && py) drawOnLoss(pen, plane, py, scene.paths(view, letter), value, options(letter));
    }
    drawAxes(pen, plane, palette, [`${name}ₜ`, `${name}ₜ₊₁`]);
  }

  return { back, front, colorOf, dashOf };
}
