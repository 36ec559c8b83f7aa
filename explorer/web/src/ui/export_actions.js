/** Copy link, PNG, SVG, CSV, Python. */

import { PALETTES, basinColors } from './colors.js';
import { h, show } from './dom.js';
import { copy, download, fileName, trajectoriesCsv } from './exports.js';
import { CanvasPen, SvgPen } from './pens.js';
import { makePlane } from './plane.js';
import { pythonLines } from './python.js';
import { percent, sharesByOutcome } from './shares.js';

const SIDE = 640;
const GAP = 12;
const HEAD = 46;
const FOOT = 44;
const PNG_SCALE = 3;

/**
 * @param {Object} app
 * @param {() => Object} app.view what is shown
 * @param {() => import('./url.js').ViewState} app.state with window and starts
 * @param {() => {panel: Object, letter: string, letters: string[]}[]} app.panels
 * @param {Object} app.painter
 * @param {(letter: string) => Object|null} app.basins
 * @param {() => {theme: string, at: number, chosen: number}} app.moment
 * @param {() => string} app.link
 * @param {(text: string) => void} app.say
 * @param {Object} app.scene @param {Object} app.looks @param {() => HTMLDialogElement} app.dialog
 */
export function createExports({ view, state, panels, painter, basins, moment, link, say, scene, looks, dialog }) {
  /** The portraits as they stand, with a heading, by any pen. */
  function compose(pen) {
    const shown = view();
    const { theme, at, chosen } = moment();
    const palette = PALETTES[theme];
    panels().forEach(({ panel, letter, letters }, k) => {
      const left = k * (SIDE + GAP);
      const { box, above } = panel.boxes(SIDE, SIDE);
      const shift = (b) => b && { ...b, x: b.x + left, y: b.y + HEAD };
      const plane = makePlane(panel.planeWindow(), shift(box));
      painter.back(pen, plane, shown, { letter, theme, basins: basins(letter) });
      painter.front(pen, plane, shown, { letters, theme, at, chosen, above: shift(above) });
      for (const w of shown.starts.slice(0, 120)) {
        const [x, y] = [plane.x(w[0]), plane.y(w[1] ?? w[0])];
        const style = { fill: palette.page, stroke: painter.colorOf(shown, letters[0], theme), width: 1.3 };
        if (plane.inside(x, y)) pen.marker('dot', x, y, 3.4, style);
      }
    });
    pen.text(54, 20, shown.landscape.title ?? shown.landscape.name, { size: 14, weight: 600, fill: palette.ink });
    const lines = shown.letters.map((letter) => describeRule(shown.rules[letter], looks));
    pen.text(54, 38, lines.join('   and   '), { size: 12, fill: palette.soft });
    legend(pen, shown, theme, palette);
    return palette;
  }

  /** The outcomes under the picture, where basins are drawn. */
  function legend(pen, shown, theme, palette) {
    const maps = panels()
      .map(({ letter }) => basins(letter))
      .filter(Boolean);
    if (!hasLegend() || !maps.length) return;
    let [left, top] = [54, SIDE + HEAD + 4];
    for (const { look, share } of sharesByOutcome(shown, scene, maps)) {
      const text = `${look.label} ${share.map(percent).join(' / ')}`;
      const { fill, line } = basinColors(look, theme);
      const width = 44 + 6.2 * text.length;
      if (left + width > size()[0]) [left, top] = [54, top + 18];
      pen.rect(left, top, 14, 11, { fill, stroke: line, width: 1 });
      pen.text(left + 20, top + 9.5, text, { size: 11.5, fill: palette.ink });
      left += width;
    }
  }

  const hasLegend = () => view().dimension === 2 && view().layers.includes('basins');
  const size = () => [panels().length * SIDE + (panels().length - 1) * GAP, SIDE + HEAD + (hasLegend() ? FOOT : 0)];

  function svgText() {
    const pen = new SvgPen();
    const palette = compose(pen);
    const [width, height] = size();
    const { landscape } = view();
    return pen.document(width, height, `samscape: ${landscape.title ?? landscape.name}`, palette.page);
  }

  function pngBlob() {
    const [width, height] = size();
    const canvas = h('canvas');
    canvas.width = width * PNG_SCALE;
    canvas.height = height * PNG_SCALE;
    const context = canvas.getContext('2d');
    context.scale(PNG_SCALE, PNG_SCALE);
    context.fillStyle = PALETTES[moment().theme].page;
    context.fillRect(0, 0, width, height);
    compose(new CanvasPen(context));
    return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  }

  function csvText() {
    const shown = view();
    return trajectoriesCsv(
      shown.landscape.variables,
      shown.letters.map((letter) => {
        const paths = scene.paths(shown, letter);
        return {
          rule: letter === 'a' ? shown.rules[letter].name : `${shown.rules[letter].name} (B)`,
          paths,
          count: shown.starts.length,
          steps: shown.steps,
          value: shown.landscape.value,
          outcomes: Array.from(paths.outcome, (label) => scene.lookOf(shown)(label).label),
        };
      }),
    );
  }

  function offer(text) {
    const box = dialog();
    const area = h('textarea', { readonly: true, 'aria-label': 'Python lines', value: text, spellcheck: 'false' });
    const button = h('button', { type: 'button' }, 'Copy');
    button.addEventListener('click', async () => {
      say((await copy(text)) ? 'Python lines copied' : 'The browser does not let the page copy: select the text');
      box.close();
    });
    box.replaceChildren(
      h('b', {}, 'This view in Python'),
      area,
      h('div', { class: 'row' }, button, h('button', { type: 'button', onclick: () => box.close() }, 'Close')),
    );
    box.showModal();
    button.focus();
    area.scrollTop = 0;
  }

  return {
    svgText,
    pngBlob,
    csvText,
    async copyLink() {
      const done = await copy(link());
      say(
        done
          ? 'Link copied: it opens exactly this view'
          : 'The browser does not let the page copy: the link is in the address bar',
      );
    },
    async png() {
      download(await pngBlob(), fileName(state(), '.png'));
      say('PNG saved');
    },
    svg() {
      download(new Blob([svgText()], { type: 'image/svg+xml' }), fileName(state(), '.svg'));
      say('SVG saved');
    },
    csv() {
      download(new Blob([csvText()], { type: 'text/csv' }), fileName(state(), '.csv'));
      say('CSV saved');
    },
    python: () => offer(pythonLines(state())),
  };
}

/** @param {Object} rule of core/rules.js @param {Object} looks */
export function describeRule(rule, looks) {
  const parts = [`${looks.rule(rule.name).label}, η = ${show(rule.eta)}`];
  if (rule.name !== 'gd') parts.push(`ρ = ${show(rule.rho)}`);
  if (rule.momentum) parts.push(`momentum ${show(rule.momentum)}`);
  if (rule.noise) parts.push(`noise σ = ${show(rule.noise)}`);
  return parts.join(', ');
}
