/** The page's elements, in the order in which they are read and reached with the tab key. */

import { h, rich } from './dom.js';
import { SCALES, createNumber } from './slider.js';
import { LAYERS, MOST_STEPS } from './url.js';

export const LAYER_LABELS = {
  basins: 'basins',
  contours: 'contours',
  gradient_field: 'gradient field',
  field: 'rule’s field',
  streamlines: 'streamlines',
  nullclines: 'nullclines',
  manifolds: 'manifolds',
  critical_points: 'critical points',
  trajectories: 'trajectories',
  w_adv: '*w*_{adv}',
};

let count = 0;

/** A button that opens a list of actions. */
function menu(label, actions) {
  count += 1;
  const id = `samscape-menu-${count}`;
  const list = h('div', { id, class: 'hidden' });
  const opener = h(
    'button',
    {
      type: 'button',
      'aria-expanded': 'false',
      'aria-controls': id,
      onclick: () => open(list.classList.contains('hidden')),
    },
    label,
    ' ▾',
  );
  function open(yes) {
    list.classList.toggle('hidden', !yes);
    opener.setAttribute('aria-expanded', String(yes));
    if (yes) list.firstChild?.focus();
  }
  list.append(
    ...Object.entries(actions).map(([name, act]) =>
      h(
        'button',
        {
          type: 'button',
          onclick: () => {
            open(false);
            opener.focus();
            act();
          },
        },
        name,
      ),
    ),
  );
  const element = h('div', { class: 'menu' }, opener, list);
  element.addEventListener('keydown', (event) => {
    const items = [...list.children];
    const at = items.indexOf(document.activeElement);
    if (event.key === 'Escape') {
      open(false);
      opener.focus();
    } else if (event.key === 'ArrowDown' && at >= 0) items[(at + 1) % items.length].focus();
    else if (event.key === 'ArrowUp' && at >= 0) items[(at + items.length - 1) % items.length].focus();
    else return;
    event.preventDefault();
  });
  element.addEventListener('focusout', (event) => {
    if (!element.contains(event.relatedTarget)) open(false);
  });
  return element;
}

/** Buttons of which one is pressed. */
export function choice(label, options, change) {
  const buttons = new Map(
    Object.entries(options).map(([name, text]) => [
      name,
      h(
        'button',
        {
          type: 'button',
          'aria-pressed': 'false',
          onclick: () => change(name),
        },
        text,
      ),
    ]),
  );
  const element = h('span', { class: 'group', role: 'group', 'aria-label': label }, [...buttons.values()]);
  return {
    element,
    set: (chosen) => buttons.forEach((button, name) => button.setAttribute('aria-pressed', String(name === chosen))),
  };
}

/**
 * @param {Object} on what the controls call
 * @param {{value: string, text: string, group: string}[]} landscapes
 * @param {{name: string, title: string}[]} presets
 */
export function buildMarkup(on, landscapes, presets) {
  const groups = [...new Set(landscapes.map(({ group }) => group))];
  const landscape = h(
    'select',
    { onchange: () => on.landscape(landscape.value) },
    groups.map((group) =>
      h(
        'optgroup',
        { label: group },
        landscapes.filter((x) => x.group === group).map(({ value, text }) => h('option', { value }, text)),
      ),
    ),
    h('option', { value: '' }, 'a formula of your own …'),
  );
  const preset = h(
    'select',
    { onchange: () => on.preset(preset.value) },
    h('option', { value: '' }, 'choose a view …'),
    presets.map(({ name, title }) => h('option', { value: name }, title)),
  );
  const theme = h(
    'button',
    { type: 'button', onclick: on.theme, 'aria-label': 'Switch between light and dark', title: 'Light or dark' },
    '◐',
  );
  const header = h(
    'header',
    { class: 'bar' },
    h('h1', {}, 'samscape'),
    h('label', { class: 'long' }, h('span', {}, 'Landscape'), landscape),
    h('label', { class: `long${presets.length ? '' : ' hidden'}` }, h('span', {}, 'View'), preset),
    h('span', { class: 'room' }),
    h('button', { type: 'button', onclick: on.copyLink, title: 'A link to exactly this view' }, 'Copy link'),
    menu('Export', {
      'Picture, PNG': on.png,
      'Picture, SVG': on.svg,
      'Trajectories, CSV': on.csv,
      'Copy as Python': on.python,
    }),
    theme,
  );

  const panels = h('div', { class: 'panels one' });
  const caption = h('p', { class: 'caption' });
  const keys = h(
    'p',
    { class: 'keys' },
    'Click to add a start, drag to move it. ',
    h('kbd', {}, 'shift'),
    '-click: a ring or grid. Arrow keys move the chosen start, space plays.',
  );
  const view = h('section', { class: 'view', 'aria-label': 'Portrait' }, panels);

  const number = (label, name, scale, fault, change, whole = false) =>
    createNumber({ label, name, scale, fault, change, whole });
  const between = (low, high) => (x) => (x >= low && x <= high ? '' : `it is between ${low} and ${high}`);
  const steps = number('steps', 'number of steps', SCALES.log(1, 10000), between(1, MOST_STEPS), on.steps, true);
  const noise = number(
    'noise *σ*',
    'standard deviation of the gradient noise',
    SCALES.square(0, 2),
    between(0, 1e6),
    on.noise,
  );
  const seed = number('seed', 'seed of the noise', SCALES.linear(0, 100), between(0, 4294967295), on.seed, true);
  const boxes = new Map();
  const layers = h(
    'div',
    { class: 'checks' },
    LAYERS.map((name) => {
      const box = h('input', { type: 'checkbox', onchange: () => on.layer(name, box.checked) });
      const swatch = h('span', { class: 'swatch', 'aria-hidden': 'true' });
      const label = h('label', {}, box, h('span', {}, rich(LAYER_LABELS[name])), swatch);
      boxes.set(name, { box, swatch, label });
      return label;
    }),
  );
  const layout = choice('Layout', { overlay: 'overlaid', side: 'side by side' }, on.layout);
  const cluster = choice('A click adds', { one: 'one', ring: 'a ring', grid: 'a grid' }, on.cluster);
  const compare = h('button', { type: 'button', onclick: on.compare }, 'Compare with a second rule');
  const rules = h('div', { style: 'display:grid;gap:12px' });
  const clear = h('button', { type: 'button', onclick: on.clear }, 'Remove all');
  const controls = h(
    'section',
    { class: 'controls', 'aria-label': 'Rules and layers' },
    rules,
    h('div', { class: 'row' }, compare, layout.element),
    h('fieldset', {}, h('legend', {}, 'Run'), steps.element, noise.element, seed.element),
    h(
      'fieldset',
      {},
      h('legend', {}, 'Starts'),
      h('div', { class: 'row' }, h('span', {}, 'A click adds'), cluster.element, clear),
    ),
    h('fieldset', {}, h('legend', {}, 'Layers'), layers),
  );

  const verdicts = h('div', { class: 'verdicts', 'aria-live': 'off' });
  const strips = h('div', { class: 'strips' });
  const stripsTitle = h('h2', {}, 'Along the path');
  const legend = h('ul', { class: 'legend' });
  const legendTitle = h('h2', {}, 'Outcomes');
  const points = h('div', {});
  const results = h(
    'section',
    { class: 'results', 'aria-label': 'Results' },
    h('div', {}, h('h2', {}, 'Critical points'), verdicts, points),
    h('div', {}, legendTitle, legend),
    h('div', {}, stripsTitle, strips),
  );
  const stage = h('main', { class: 'stage' }, view, controls, results);
  const formula = h('div', {});
  const live = h('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  const toast = h('div', { class: 'toast', 'aria-hidden': 'true' });
  const dialog = h('dialog', { 'aria-label': 'Python' });
  return {
    header,
    formula,
    stage,
    view,
    panels,
    caption,
    keys,
    rules,
    compare,
    layout,
    cluster,
    steps,
    noise,
    seed,
    boxes,
    layers,
    verdicts,
    strips,
    stripsTitle,
    legend,
    legendTitle,
    points,
    live,
    toast,
    dialog,
    landscape,
    preset,
    clear,
    controls,
    append: (root) => root.append(header, formula, stage, live, toast, dialog),
  };
}
