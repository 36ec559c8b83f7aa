/** What is read off the picture: verdicts, the table of critical points, outcomes with their shares, and the strips. */

import { PALETTES, basinColors } from './colors.js';
import { h, rich, show } from './dom.js';
import { drawStrip } from './draw_strips.js';
import { CanvasPen } from './pens.js';
import { createPointsTable } from './points_table.js';
import { percent, sharesByOutcome } from './shares.js';

const STRIPS = [
  { key: 'loss', title: 'loss *L*', mayBeLog: true, range: null },
  { key: 'gradientNorm', title: '‖*g*‖', mayBeLog: true, range: null },
  { key: 'cosine', title: 'cos(*g*, *g*_{adv})', mayBeLog: false, range: [-1.08, 1.08], marks: [-1, 0, 1] },
  { key: 'sharpness', title: 'sharpness *λ*_{max}', mayBeLog: true, range: null },
];
const MOST_ROWS = 40;

/**
 * @param {Object} parts of the markup: verdicts, points, legend, legendTitle, strips, stripsTitle
 * @param {{scene: Object, looks: Object, painter: Object}} kit
 */
export function createResults(parts, { scene, looks, painter }) {
  const table = createPointsTable();
  parts.points.replaceChildren(table.element);
  const strips = STRIPS.map((strip) => {
    const canvas = h('canvas', { role: 'img' });
    const output = h('output');
    const figure = h(
      'figure',
      { class: 'strip' },
      h('figcaption', {}, h('span', {}, rich(strip.title)), output),
      canvas,
    );
    return { ...strip, canvas, output, figure };
  });
  parts.strips.replaceChildren(...strips.map(({ figure }) => figure));
  // sizes are read when they change and not in every frame: reading them makes the browser lay out the page
  let sized = false;
  new ResizeObserver(() => {
    sized = false;
  }).observe(parts.strips);

  /** @returns {string} sentences such as "The saddle attracts USAM: from ρ = 0.5 on". */
  function drawVerdicts(view, theme) {
    const lines = [];
    for (const letter of view.letters) {
      const rule = view.rules[letter];
      const name = looks.rule(rule.name).label;
      const saddles = scene.rows(view).filter((row) => row.kind === 'saddle' && !row.members);
      for (const row of saddles.slice(0, 3)) {
        const attracts = scene.verdict(view, letter, row).attracts;
        const bands =
          rule.name === 'gd' ? [] : (scene.bands(view, letter) ?? []).filter((band) => band.index === row.index);
        // without a derivative the end of the band is that of the smallest ring that was tried, no number to quote
        const from = rule.smooth ? bands.find((band) => band.opens)?.from : undefined;
        const color = scene.inkOf(row, theme);
        const word = attracts === null ? 'is undecided under' : attracts ? 'attracts' : 'repels';
        lines.push(
          h(
            'p',
            {},
            view.letters.length > 1 && [h('span', { class: `badge ${letter}` }, letter.toUpperCase()), ' '],
            /\d/.test(row.label) ? `${row.label[0].toUpperCase()}${row.label.slice(1)} ` : `The ${row.label} `,
            h('strong', { style: attracts ? `color:${color}` : null }, word),
            ` ${name}`,
            rule.name !== 'gd' && [' at ', ...rich(`*ρ* = ${show(rule.rho)}`)],
            from !== undefined && [
              '; it attracts from ',
              h('strong', { style: `color:${color}` }, rich(`*ρ* = ${show(from)}`)),
              ' on',
            ],
            '.',
          ),
        );
      }
    }
    parts.verdicts.replaceChildren(...lines);
    return lines.map((line) => line.textContent).join(' ');
  }

  function drawTable(view, theme) {
    const rows = scene
      .rows(view)
      .slice(0, MOST_ROWS)
      .map((row) => ({
        ...row,
        color: scene.colorOf(row, theme),
        ink: scene.inkOf(row, theme),
        verdicts: view.letters.map((letter) => ({ letter, ...scene.verdict(view, letter, row) })),
      }));
    table.draw(rows, view.letters);
  }

  function drawLegend(view, theme, maps) {
    const present = view.letters.map((letter) => maps(letter)).filter(Boolean);
    const entries = sharesByOutcome(view, scene, present);
    const fill = (look) => {
      const { fill: color, line } = basinColors(look, theme);
      const turn = { '/': '135deg', '\\': '45deg', '-': '0deg', x: '45deg', '.': '90deg' }[look.hatch[0]];
      return turn ? `repeating-linear-gradient(${turn},${line} 0 1px,${color} 1px 4px)` : color;
    };
    parts.legendTitle.parentElement.classList.toggle('hidden', !entries.length || !view.layers.includes('basins'));
    parts.legendTitle.textContent =
      view.letters.length > 1 && present.length > 1
        ? 'Share of starts by outcome, A and B'
        : 'Share of starts by outcome';
    parts.legend.replaceChildren(
      ...entries.map(({ look, share }) =>
        h(
          'li',
          {},
          h('span', { class: 'chip', 'aria-hidden': 'true', style: `background:${fill(look)}` }),
          look.label,
          h('output', {}, share.map(percent).join(' / ')),
        ),
      ),
    );
  }

  function drawStrips(view, { theme, at, chosen }) {
    const palette = PALETTES[theme];
    const none = !view.starts.length;
    parts.stripsTitle.parentElement.classList.toggle('hidden', none);
    if (none) return;
    parts.stripsTitle.textContent = view.starts.length > 1 ? `Along the path of start ${chosen + 1}` : 'Along the path';
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    for (const strip of strips) {
      const { canvas } = strip;
      if (!sized) strip.size = [canvas.clientWidth, canvas.clientHeight];
      const [width, height] = strip.size;
      if (!width) continue;
      const [w, hgt] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== w || canvas.height !== hgt) {
        canvas.width = w;
        canvas.height = hgt;
      }
      const lines = view.letters.map((letter) => ({
        values: scene.strips(view, letter, chosen)[strip.key],
        length: scene.paths(view, letter).lengths[chosen],
        color: painter.colorOf(view, letter, theme),
        dash: painter.dashOf(letter),
        near: scene.timeNear(view, letter, chosen),
      }));
      const context = canvas.getContext('2d');
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      drawStrip(new CanvasPen(context), { width, height }, lines, {
        steps: view.steps,
        at,
        palette,
        range: strip.range,
        mayBeLog: strip.mayBeLog,
        marks: strip.marks,
      });
      const now = lines.map(({ values, length }) => show(values[Math.min(at, length - 1)], 4));
      strip.output.textContent = now.join(' / ');
      if (at === view.steps)
        canvas.setAttribute('aria-label', `${strip.key} over ${view.steps} steps, now ${now.join(' and ')}`);
    }
    sized = true;
  }

  return { drawVerdicts, drawTable, drawLegend, drawStrips };
}
