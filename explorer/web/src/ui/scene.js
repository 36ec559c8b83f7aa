/**
 * From the state to everything that is drawn. Each thing is computed when it is first asked for, and again only when what
 * it depends on has changed.
 */

import * as core from '../core/index.js';
import { LANDSCAPES } from '../generated/landscapes.js';
import { legible } from './colors.js';
import { usualStarts } from './actions.js';
import { createBands } from './bands.js';
import { RHO_RANGE } from './rule_panel.js';
import { stateOf } from './url.js';

/** Most states of all trajectories of a rule that are kept: 48 MB. */
const MOST_STATES = 3e6;
const KEPT = 6;
/** Contrast with the page that WCAG 2.1 asks of markers and of text. */
const LINE = 3;
const TEXT = 4.5;
const KEPT_FRAGMENTS = 100;
/** Milliseconds above which a layer waits for the slider to rest. */
const SLOW = 8;

/**
 * @param {Object} looks
 * @param {() => void} arrived something that took longer is there
 */
export function createScene(looks, arrived) {
  const bands = createBands(core.verdictOn, arrived);
  const stores = new Map();
  const costs = new Map();
  let live = false;
  /** The states of trajectories that are no longer kept, for the next ones. */
  let spare = null;

  /** The last few results of one kind, by key; `dropped` is told of the one that gives way. */
  function memo(kind, key, compute, dropped) {
    let store = stores.get(kind);
    if (!store) stores.set(kind, (store = new Map()));
    if (store.has(key)) {
      const value = store.get(key);
      store.delete(key);
      store.set(key, value);
      return value;
    }
    const value = compute();
    store.set(key, value);
    if (store.size > (kind === 'fragments' ? KEPT_FRAGMENTS : KEPT)) {
      const [oldest] = store.keys();
      dropped?.(store.get(oldest));
      store.delete(oldest);
    }
    return value;
  }

  /** As memo; while something is dragged, what is slow to compute may be of a moment ago. */
  function memoUnlessLive(kind, key, compute) {
    const store = stores.get(kind);
    if (live && store?.size && !store.has(key) && (costs.get(kind) ?? 0) > SLOW) return [...store.values()].pop();
    return memo(kind, key, () => {
      const started = performance.now();
      const value = compute();
      costs.set(kind, performance.now() - started);
      return value;
    });
  }

  const dimensionOf = (name) => (Object.hasOwn(LANDSCAPES, name) ? LANDSCAPES[name].dimension : undefined);

  function landscapeOf(wanted, window) {
    if (typeof wanted === 'string') return { key: wanted, landscape: LANDSCAPES[wanted] };
    const key = `${wanted.variables.join(',')}: ${wanted.formula}`;
    const parsed = memo('formula', key, () => {
      const landscape = core.parseFormula(wanted.formula, wanted.variables);
      const domain = landscape.domain ?? wanted.variables.map(() => [-2, 2]);
      return { ...landscape, domain, title: `L = ${wanted.formula}`, source: '' };
    });
    const place = window ?? parsed.domain;
    const points = memo('points', `${key} ${place}`, () => core.findCriticalPoints(parsed, place));
    const full = memo('landscape', `${key} ${place}`, () => ({ ...parsed, criticalPoints: points }));
    return { key: `${key} ${place}`, landscape: full };
  }

  /** @param {import('./url.js').ViewState} state @returns {Object} what the state means */
  function view(state) {
    const { theme, ...rest } = state;
    return memo('view', JSON.stringify(rest), () => {
      let { key, landscape } = {};
      let note = '';
      try {
        ({ key, landscape } = landscapeOf(state.landscape, state.window));
      } catch (error) {
        note = `The formula cannot be read: ${error.message}. Showing the saddle.`;
        ({ key, landscape } = landscapeOf('saddle', null));
      }
      const { dimension } = landscape;
      const window = state.window?.length === dimension ? state.window : landscape.domain;
      const all = (state.starts ?? usualStarts(landscape.domain)).filter((w) => w.length === dimension);
      const most = Math.max(1, Math.floor(MOST_STATES / (state.steps + 1)));
      if (all.length > most)
        note += `${all.length} starts of ${state.steps} steps are too many at once: the first ${most} are run. `;
      const starts = all.slice(0, most);
      const letters = state.b ? ['a', 'b'] : ['a'];
      const rules = {};
      for (const letter of letters) {
        rules[letter] = core.makeRule({
          ...state[letter],
          name: state[letter].rule,
          noise: state.noise,
          seed: state.seed,
        });
      }
      const made = {
        key,
        landscape,
        dimension,
        window,
        starts,
        startsKey: starts.join(';'),
        letters,
        rules,
        note,
        layers: state.layers,
        steps: state.steps,
        layout: state.layout,
        windowKey: `${key} ${window}`,
      };
      made.rows = rowsOf(made);
      return made;
    });
  }

  const ruleKey = ({ name, eta, rho, momentum }) => `${name} ${eta} ${name === 'gd' ? 0 : rho} ${momentum}`;
  const noiseKey = ({ noise, seed }) => (noise > 0 ? `${noise} ${seed}` : '0');

  const tableOf = (shown, letter) =>
    memo('table', `${shown.key} ${ruleKey(shown.rules[letter])}`, () =>
      core.pointTable(shown.landscape, { ...shown.rules[letter], noise: 0 }),
    );

  /** Critical points in the window, as the table lists them. */
  function rowsOf(shown) {
    const table = tableOf(shown, 'a');
    const inside = (w) => w.every((x, i) => x >= shown.window[i][0] && x <= shown.window[i][1]);
    const named = namesOf(table);
    return table
      .map((row, index) => ({ row, index }))
      .filter(({ row }) => row.members.some(inside))
      .map(({ row, index }) => {
        const at = row.members.find(inside);
        return {
          index,
          w: Array.from(row.isolated ? row.w : at, clean),
          kind: row.kind,
          label: named[index],
          value: clean(row.value),
          members: row.isolated ? null : alongCurve(row.members),
          place: placeOf(table, index),
          eigenvalues: core
            .eigenvalues(core.hessianAt(shown.landscape, Float64Array.of(at[0], at[1] ?? 0)), shown.dimension)
            .map(([re]) => re),
        };
      });
  }

  /** @returns {import('../core/map.js').Verdict} of rule `letter` on a row */
  const verdict = (shown, letter, row) => tableOf(shown, letter)[row.index].verdict();

  const colorOf = (row, theme) => legible(looks.pointColor(row.kind, row.place), theme, theme === 'dark' ? TEXT : LINE);
  const inkOf = (row, theme) => legible(looks.pointColor(row.kind, row.place), theme, TEXT);

  const marks = (shown, letter, theme) =>
    shown.rows.map((row) => ({
      ...row,
      color: colorOf(row, theme),
      ink: inkOf(row, theme),
      attracts: verdict(shown, letter, row).attracts,
    }));

  const paths = (shown, letter) => {
    const rule = shown.rules[letter];
    const key = `${shown.key} ${ruleKey(rule)} ${noiseKey(rule)} ${shown.steps} ${shown.startsKey}`;
    const compute = () => {
      const found = core.trajectories(shown.landscape, rule, shown.starts, shown.steps, spare);
      if (found.w === spare) spare = null;
      return Object.assign(found, { key });
    };
    return memo('paths', key, compute, ({ w }) => {
      spare = w;
    });
  };

  const strips = (shown, letter, chosen) => {
    const path = paths(shown, letter);
    return memo('strips', `${path.key} ${chosen}`, () =>
      core.strips(shown.landscape, shown.rules[letter], path, [chosen]),
    );
  };

  /** For how many states the path of a start stays within three windows: at least two. */
  function timeNear(shown, letter, s) {
    const path = paths(shown, letter);
    const d = shown.dimension;
    for (let t = 2; t < path.lengths[s]; t += 1) {
      for (let i = 0; i < d; i += 1) {
        const [low, high] = shown.window[i];
        if (!(Math.abs(path.w[(s * (shown.steps + 1) + t) * d + i] - (low + high) / 2) <= 1.5 * (high - low))) return t;
      }
    }
    return path.lengths[s];
  }

  const fieldKey = (shown, letter) => `${shown.windowKey} ${letter ? ruleKey(shown.rules[letter]) : 'gradient'}`;

  return {
    dimensionOf,
    /** @param {boolean} yes whether something is being dragged */
    setLive(yes) {
      live = yes;
    },
    /** @param {string} fragment @returns {import('./url.js').ViewState} */
    read: (fragment) => memo('fragments', fragment, () => stateOf(fragment, dimensionOf).state),
    view,
    rows: (shown) => shown.rows,
    verdict,
    colorOf,
    inkOf,
    marks,
    paths,
    strips,
    timeNear,
    catalogue: () =>
      Object.values(LANDSCAPES).map(({ name, title, dimension }) => ({
        value: name,
        text: title || name,
        group: dimension === 2 ? 'Two coordinates' : 'One coordinate',
      })),
    lookOf: (shown) => (label) => looks.outcome(label, tableOf(shown, 'a')),
    contours: (shown) => memo('contours', shown.windowKey, () => core.contours(shown.landscape, shown.window).lines),
    streamlines: (shown, letter) =>
      memoUnlessLive(`streamlines ${letter}`, fieldKey(shown, letter), () =>
        core.streamlines(shown.landscape, shown.rules[letter], shown.window),
      ),
    nullclines: (shown, letter) =>
      memoUnlessLive(`nullclines ${letter}`, fieldKey(shown, letter), () =>
        core.nullclines(shown.landscape, shown.rules[letter], shown.window),
      ),
    manifolds: (shown, letter) =>
      memoUnlessLive(`manifolds ${letter}`, fieldKey(shown, letter), () =>
        core.manifolds(shown.landscape, shown.rules[letter], shown.window),
      ),
    arrows: (shown, letter, plane, spacing) => arrows(shown, letter, plane, spacing),
    perturbed: (shown, letter, at, plane) => perturbed(shown, letter, at, plane),
    image: (shown, letter) => (w) => {
      const out = core.direction(shown.landscape, shown.rules[letter], Float64Array.of(w, 0), new Float64Array(2));
      return w - shown.rules[letter].eta * out[0];
    },
    basinJob: (shown, letter) => ({
      key: `${fieldKey(shown, letter)} ${shown.steps}`,
      landscape: shown.landscape,
      rule: { ...shown.rules[letter], noise: 0 },
      window: shown.window,
      steps: shown.steps,
      table: tableOf(shown, letter),
    }),
    /** Where on the slider of rho saddles attract; null while that is being found. */
    bands: (shown, letter) =>
      bands.find(letter, bandKey(shown, letter), () => ({
        landscape: shown.landscape,
        rule: { ...shown.rules[letter], noise: 0 },
        range: RHO_RANGE,
        rows: shown.rows
          .filter((row) => row.kind === 'saddle' && !row.members)
          .slice(0, 3)
          .map(({ index }) => ({ index, row: tableOf(shown, letter)[index] })),
      })),
    destroy: () => bands.destroy(),
  };

  function bandKey(shown, letter) {
    const { name, eta, momentum } = shown.rules[letter];
    return `${shown.windowKey} ${name} ${eta} ${momentum}`;
  }

  function arrows(shown, letter, { window, box }, spacing) {
    const [columns, rows] = [box.width, box.height].map((side) => Math.max(4, Math.round(side / spacing)));
    return memo(letter ? 'field' : 'gradient', `${fieldKey(shown, letter)} ${columns}x${rows}`, () =>
      core.arrows(shown.landscape, letter ? shown.rules[letter] : null, window, columns, rows),
    );
  }

  /** w_adv where the path has moved on by some pixels since the last, and at the last step shown. */
  function perturbed(shown, letter, at, plane) {
    const path = paths(shown, letter);
    const rule = shown.rules[letter];
    const found = [];
    if (rule.name === 'gd') return found;
    for (let s = 0; s < shown.starts.length && found.length < 3000; s += 1) {
      const last = Math.min(path.lengths[s], at + 1) - 1;
      let [px, py] = [Infinity, Infinity];
      for (let t = 0; t <= last; t += 1) {
        const i = 2 * (s * (shown.steps + 1) + t);
        const w = [path.w[i], path.w[i + 1]];
        const [x, y] = [plane.x(w[0]), plane.y(w[1])];
        if (Math.hypot(x - px, y - py) < 18 && t < last - 1) continue;
        [px, py] = [x, y];
        found.push({ w, w_adv: core.perturbed(shown.landscape, rule, w) });
      }
    }
    return found;
  }
}

/** Members of a curve in order along it: by their place along its longest extent, as figures/layers.py has them. */
function alongCurve(members) {
  if (members[0].length === 1) return [...members].sort((p, q) => p[0] - q[0]);
  const mean = [0, 1].map((i) => members.reduce((sum, w) => sum + w[i], 0) / members.length);
  let [xx, xy, yy] = [0, 0, 0];
  for (const [x, y] of members) {
    xx += (x - mean[0]) ** 2;
    xy += (x - mean[0]) * (y - mean[1]);
    yy += (y - mean[1]) ** 2;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const place = ([x, y]) => x * Math.cos(angle) + y * Math.sin(angle);
  return [...members].sort((p, q) => place(p) - place(q));
}

/** What is zero up to the round-off of a search is shown as zero. */
const clean = (x) => (Math.abs(x) < 1e-12 ? 0 : x);

/** "minimum 1", "saddle", "saddle 2": numbered where there are several. */
function namesOf(table) {
  const count = new Map();
  const total = new Map();
  for (const { kind } of table) total.set(kind, (total.get(kind) ?? 0) + 1);
  return table.map(({ kind }) => {
    count.set(kind, (count.get(kind) ?? 0) + 1);
    return total.get(kind) > 1 || kind === 'minimum' ? `${kind} ${count.get(kind)}` : kind;
  });
}

/** The how-manieth of its kind. */
export function placeOf(table, index) {
  return table.slice(0, index).filter(({ kind }) => kind === table[index].kind).length;
}
