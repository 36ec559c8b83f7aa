/** The controls: what they do to the state, and how the state shows in them. */

import { PALETTES } from './colors.js';
import { h, rich, symbolOf } from './dom.js';
import { createFormulaField } from './formula_field.js';
import { printed } from './formula_text.js';
import { buildMarkup } from './markup.js';
import { createRulePanel } from './rule_panel.js';
import { LAYERS, fragmentOf } from './url.js';

const FIRST_FORMULA = { formula: 'x**4/4 - x*y + y**2/2', variables: ['x', 'y'] };

/**
 * @param {Object} app
 */
export function createControls({ root, store, scene, looks, actions, exports, player, parse }) {
  let adds = 'one';
  let cluster = 'ring';
  let preset = null;
  const update = (patch, how) => store.update(patch, how);
  const parts = buildMarkup(
    {
      landscape(name) {
        update({ landscape: name || FIRST_FORMULA, window: null, starts: null });
        if (!name) formula.field.focus();
      },
      preset(name) {
        preset = looks.PRESETS.find((one) => one.name === name) ?? null;
        if (preset) update({ ...scene.read(preset.fragment), theme: store.get().theme });
      },
      theme() {
        update({ theme: root.dataset.theme === 'dark' ? 'light' : 'dark' });
      },
      copyLink: () => exports.copyLink(),
      png: () => exports.png(),
      svg: () => exports.svg(),
      csv: () => exports.csv(),
      python: () => exports.python(),
      steps: (steps, how) => update({ steps }, how),
      noise: (noise, how) => update({ noise }, how),
      seed: (seed, how) => update({ seed }, how),
      layer(name, on) {
        const { layers } = store.get();
        update({ layers: LAYERS.filter((layer) => (layer === name ? on : layers.includes(layer))) });
      },
      layout: (layout) => update({ layout }),
      compare() {
        const { a } = store.get();
        const rho = a.rho || 0.2;
        update({ b: a.rule === 'gd' ? { ...a, rule: 'sam', rho } : { ...a, rule: 'gd' } });
        ruleB.element.querySelector('select').focus();
      },
      cluster(kind) {
        adds = kind;
        if (kind !== 'one') cluster = kind;
        parts.cluster.set(kind);
      },
      clear: () => actions.clear(),
    },
    scene.catalogue(),
    looks.PRESETS,
  );
  parts.cluster.set(adds);

  const labelOf = (name) => looks.rule(name).label;
  const ruleA = createRulePanel('a', { labelOf, change: (a, how) => update({ a }, how) });
  const ruleB = createRulePanel('b', {
    labelOf,
    change: (b, how) => update({ b }, how),
    remove: () => {
      update({ b: null });
      parts.compare.focus();
    },
  });
  const panelsOf = { a: ruleA, b: ruleB };
  parts.rules.append(ruleA.element, ruleB.element);
  const formula = createFormulaField({
    parse,
    change: (landscape) => update({ landscape, window: null, starts: null }),
  });
  parts.formula.append(formula.element);
  const note = h('p', { class: 'note', role: 'status' });
  parts.view.append(player.element, parts.caption, note, parts.keys);
  parts.append(root);

  root.addEventListener('keydown', (event) => {
    const inField = event.target.closest('input, select, textarea, button, summary, dialog');
    if (event.key === ' ' && !inField) {
      player.toggle();
      event.preventDefault();
    }
  });

  function drawSwatches(view, theme) {
    const palette = PALETTES[theme];
    const colors = {
      contours: palette.soft,
      gradient_field: palette.gradient,
      streamlines: palette.stream,
      nullclines: palette.nullcline,
      manifolds: palette.stable,
      field: `var(--${view.letters[0]})`,
    };
    for (const [name, { swatch }] of parts.boxes) {
      swatch.style.cssText = colors[name] ? `border-color:${colors[name]}` : 'display:none';
      if (name === 'nullclines') swatch.style.borderTopStyle = 'dashed';
      if (name === 'manifolds') {
        swatch.style.cssText = `height:5px;border-top:2px solid ${palette.stable};border-bottom:2px dashed ${palette.unstable}`;
        swatch.title = 'stable: solid, unstable: dashed';
      }
    }
  }

  return {
    parts,
    /** What a click adds, and what one with shift. */
    adds: () => adds,
    clusterKind: () => cluster,
    /** @param {import('./url.js').ViewState} state @param {Object} view @param {Object} moment @param {string[]} problems */
    draw(state, view, moment, problems) {
      const typed = typeof state.landscape !== 'string';
      parts.landscape.value = typed ? '' : state.landscape;
      formula.set(typed ? state.landscape.formula : null);
      ruleA.set(state.a);
      ruleB.element.classList.toggle('hidden', !state.b);
      if (state.b) ruleB.set(state.b);
      parts.compare.classList.toggle('hidden', Boolean(state.b));
      parts.layout.element.classList.toggle('hidden', !state.b);
      parts.layout.set(state.layout);
      parts.steps.set(state.steps);
      parts.noise.set(state.noise);
      parts.seed.set(state.seed);
      parts.seed.disable(!(state.noise > 0));
      parts.clear.disabled = !view.starts.length;
      for (const [name, { box, label }] of parts.boxes) {
        box.checked = state.layers.includes(name);
        const plane = view.dimension === 2 || name === 'trajectories' || name === 'critical_points';
        label.classList.toggle('hidden', !plane);
      }
      drawSwatches(view, moment.theme);
      const fragment = fragmentOf({ ...state, theme: 'auto' });
      const exact = looks.PRESETS.find((one) => fragmentOf(scene.read(one.fragment)) === fragment);
      preset = exact ?? (preset && sameLandscape(scene.read(preset.fragment), state) ? preset : null);
      parts.preset.value = exact?.name ?? '';
      const { landscape } = view;
      const source = [h('b', {}, landscape.title || landscape.name), landscape.source ? `. ${landscape.source}.` : ''];
      const words = preset ? [h('b', {}, `${preset.title}. `), ...rich(preset.caption)] : typed ? [] : source;
      const names = rich(landscape.variables.map((name) => `*${symbolOf(name)}*`).join(', '));
      const loss = [h('i', { class: 'sym' }, 'L'), '(', names, ') = ', printed(landscape.formula, landscape.variables)];
      parts.caption.replaceChildren(...words, h('span', { class: 'loss' }, loss.flat()));
      if (problems.length) parts.live.textContent = `The link had faults: ${problems.join('; ')}`;
      note.dataset.problems = problems.length ? `In the link: ${problems.join('; ')}. ` : '';
    },
    /** Where on the sliders of rho a saddle attracts. */
    drawBands(view, theme) {
      for (const letter of view.letters) {
        const bands = view.rules[letter].name !== 'gd' ? scene.bands(view, letter) : [];
        if (!bands) continue;
        panelsOf[letter].numbers.rho.mark(
          bands.slice(0, 1).map((band) => ({
            from: band.from,
            to: band.to,
            color: scene.inkOf(
              view.rows.find(({ index }) => index === band.index),
              theme,
            ),
            label: `${view.rows.find(({ index }) => index === band.index).label} attracts`,
          })),
        );
      }
    },
    /** What the reader should know: faults, what was left out, what the basins are computed with. */
    drawNote(view, basins) {
      const words = [note.dataset.problems ?? '', view.note];
      for (const letter of view.letters) {
        if (basins.fault(letter)) words.push(`Basins: ${basins.fault(letter)}`);
      }
      if (basins.kind() === 'worker' && view.layers.includes('basins')) {
        words.push('No WebGL2 here: basins are computed by the processor, more slowly.');
      }
      const text = words.filter(Boolean).join(' ');
      if (note.textContent !== text) note.textContent = text;
      note.classList.toggle('hidden', !text);
      note.classList.toggle('fault', Boolean(note.dataset.problems || view.note));
    },
  };
}

const sameLandscape = (p, q) => JSON.stringify(p.landscape) === JSON.stringify(q.landscape);
