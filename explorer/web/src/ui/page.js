/**
 * The whole page in one element: the state in, the picture out.
 *
 * @param {HTMLElement} root
 * @param {Object} options
 * @param {Partial<import('./url.js').ViewState>} [options.state]
 * @param {string} [options.fragment]
 * @param {string} [options.preset]
 * @param {boolean} [options.address] keep the state in the address bar
 * @param {(state: import('./url.js').ViewState) => void} [options.onState]
 */

import * as core from '../core/index.js';
import { createBasinMap } from '../gl/basins.js';
import { createActions } from './actions.js';
import { createBasinLayer } from './basin_layer.js';
import { legible } from './colors.js';
import { createControls } from './controls.js';
import { createExports, describeRule } from './export_actions.js';
import * as looks from './looks.js';
import { createPainter } from './paint.js';
import { createPanel } from './panel.js';
import { createPlayer } from './player.js';
import { pythonLines } from './python.js';
import { createResults } from './results.js';
import { createScene } from './scene.js';
import { createStore, followAddress } from './store.js';
import { STYLES } from './styles.js';
import { defaultState, fragmentOf, stateOf } from './url.js';

/** Milliseconds between two drawings of tables and strips while something is dragged. */
const FOLLOW = 80;

export function mount(root, { state = {}, fragment = '', preset = '', address = false, onState } = {}) {
  const scene = createScene(looks, () => schedule('results'));
  const painter = createPainter({ scene, looks });
  let problems = [];
  const read = (text) => {
    const found = stateOf(text, scene.dimensionOf);
    problems = found.problems;
    return found.state;
  };
  const wanted = looks.PRESETS.find(({ name }) => name === preset);
  const begin =
    address && location.hash.length > 1
      ? read(location.hash)
      : { ...(wanted ? read(wanted.fragment) : fragment ? read(fragment) : defaultState()), ...state };
  const store = createStore(begin);

  const moment = { at: begin.steps, chosen: 0, theme: 'light' };
  let view = null;
  let frame = 0;
  let live = false;
  let followed = 0;
  let spokenVerdicts = null;
  let dirty = { back: true, front: true, results: true };
  let panels = [];
  let resolveReady;
  const ready = new Promise((resolve) => {
    resolveReady = resolve;
  });

  root.classList.add('samscape');
  root.classList.toggle('whole', address);
  const sheet = document.createElement('style');
  sheet.textContent = STYLES;
  root.replaceChildren(sheet);

  const schedule = (...what) => {
    for (const name of what) dirty[name] = true;
    frame ||= requestAnimationFrame(draw);
  };
  /** For screen readers alone. */
  const tell = (text) => {
    controls.parts.live.textContent = text;
  };
  const say = (text) => {
    tell(text);
    controls.parts.toast.textContent = text;
    clearTimeout(say.timer);
    say.timer = setTimeout(() => {
      controls.parts.toast.textContent = '';
    }, 3500);
  };
  const choose = (i) => {
    moment.chosen = i;
    schedule('front', 'results');
  };
  const actions = createActions({
    store,
    scene: () => scene.view(store.get()),
    chosen: () => moment.chosen,
    choose,
    tell,
    adds: () => controls.adds(),
    clusterKind: () => controls.clusterKind(),
  });
  const player = createPlayer({
    change: (t) => {
      moment.at = t;
      schedule('front', 'strips');
    },
  });
  const fullState = () => {
    const { window, starts } = scene.view(store.get());
    return { ...store.get(), window, starts };
  };
  const link = () => `${location.href.split('#')[0]}#${fragmentOf(store.get())}`;
  const basinLayer = createBasinLayer(createBasinMap, () => schedule('back', 'legend'));
  const exports = createExports({
    view: () => view,
    state: fullState,
    panels: () => panels,
    painter,
    basins: basinLayer.map,
    moment: () => moment,
    link,
    say,
    scene,
    looks,
    dialog: () => controls.parts.dialog,
  });
  const controls = createControls({ root, store, scene, looks, actions, exports, player, parse: core.parseFormula });
  const results = createResults(controls.parts, { scene, looks, painter });

  /** One panel, or two side by side. */
  function arrangePanels() {
    const side = view.layout === 'side' && view.letters.length > 1;
    const plans = side ? [['a'], ['b']] : [view.letters];
    while (panels.length > plans.length) {
      const { panel } = panels.pop();
      panel.destroy();
      panel.element.remove();
    }
    while (panels.length < plans.length) {
      const panel = createPanel(actions);
      panel.element.addEventListener('resized', () => schedule('back', 'front', 'results'));
      controls.parts.panels.append(panel.element);
      panels.push({ panel });
    }
    panels.forEach((entry, k) => {
      entry.letters = plans[k];
      entry.letter = plans[k][0];
      entry.panel.setTag(entry.letter, side ? entry.letter.toUpperCase() : '');
    });
    controls.parts.panels.classList.toggle('one', !side);
    controls.parts.stage.classList.toggle('side', side);
  }

  function wantBasins() {
    for (const letter of ['a', 'b']) {
      const entry = panels.find((one) => one.letter === letter);
      const needed = entry && view.dimension === 2 && view.layers.includes('basins');
      if (!needed) {
        basinLayer.drop(letter);
        continue;
      }
      const { box } = entry.panel.boxes(entry.panel.size().width, entry.panel.size().height);
      const size = { width: Math.round(box.width), height: Math.round(box.height) };
      if (entry.panel.size().width > 0) basinLayer.want(letter, scene.basinJob(view, letter), size, live);
    }
  }

  function draw() {
    frame = 0;
    const todo = dirty;
    dirty = {};
    const state = store.get();
    scene.setLive(live);
    view = scene.view(state);
    moment.chosen = Math.min(moment.chosen, Math.max(view.starts.length - 1, 0));
    moment.theme = themeOf(state.theme);
    if (root.dataset.theme !== moment.theme) root.dataset.theme = moment.theme;
    for (const letter of ['a', 'b']) {
      const color = view.rules[letter] && legible(looks.rule(view.rules[letter].name).color, moment.theme);
      if (color && root.style.getPropertyValue(`--${letter}`) !== color) root.style.setProperty(`--${letter}`, color);
    }
    if (todo.back || todo.results) {
      arrangePanels();
      player.set(view.steps);
      moment.at = player.at();
    }
    for (const entry of panels) {
      const { panel, letter, letters } = entry;
      panel.set({
        window: view.window,
        starts: view.starts,
        chosen: moment.chosen,
        dimension: view.dimension,
        label: spoken(letters),
      });
      const ground = todo.back || !entry.ground ? groundOf(letter, panel.size()) : entry.ground;
      if (ground.some((part, i) => part !== entry.ground?.[i])) {
        entry.ground = ground;
        panel.paintBack((pen, plane) =>
          painter.back(pen, plane, view, { letter, theme: moment.theme, basins: basinLayer.map(letter) }),
        );
      }
      if (todo.back || todo.front) {
        panel.paintFront((pen, plane, above) => painter.front(pen, plane, view, { ...moment, letters, above }));
      }
    }
    // after the canvases: a change of the document before them would have its styles worked out in their middle
    if (todo.back || todo.results) controls.draw(state, view, moment, problems);
    // while something is dragged the portrait follows every frame, tables and strips some times a second
    const due = !live || performance.now() - followed > FOLLOW;
    if (due) followed = performance.now();
    if (todo.results && due) {
      results.drawTable(view, moment.theme);
      const words = results.drawVerdicts(view, moment.theme);
      if (!live && words !== spokenVerdicts && spokenVerdicts !== null) tell(words);
      if (!live) spokenVerdicts = words;
      controls.drawBands(view, moment.theme);
    }
    if (todo.back || todo.legend) results.drawLegend(view, moment.theme, basinLayer.map);
    if (due && (todo.results || todo.strips || todo.front)) results.drawStrips(view, moment);
    if (todo.back || todo.results) wantBasins();
    controls.drawNote(view, basinLayer);
    resolveReady();
  }

  /** What the standing part of a picture depends on; while only a radius moves, axes and contours stay as they are. */
  function groundOf(letter, { width, height, ratio }) {
    const { landscape, window, layers, rules, dimension } = view;
    const ruled = layers.some((layer) => ['field', 'streamlines', 'nullclines', 'manifolds'].includes(layer));
    const rule = ruled ? JSON.stringify(rules[letter]) : '';
    const words = [...window.flat(), ...layers, dimension, moment.theme, width, height, ratio, rule].join(' ');
    return [words, landscape, layers.includes('basins') ? basinLayer.map(letter) : null];
  }

  function spoken(letters) {
    const rules = letters.map((letter) => describeRule(view.rules[letter], looks)).join(' and ');
    const wake = view.rows
      .filter(({ kind }) => kind === 'saddle')
      .map((row) => `${row.label} ${scene.verdict(view, letters[0], row).attracts ? 'attracts' : 'repels'}`)
      .join(', ');
    return (
      `Phase portrait of ${view.landscape.title ?? view.landscape.name} under ${rules}, ${view.starts.length} starts. ${wake}. ` +
      'Arrow keys move the chosen start, Page Up and Page Down choose, Enter adds, Delete removes, plus and minus zoom.'
    );
  }

  const night = window.matchMedia?.('(prefers-color-scheme: dark)');
  const themeOf = (theme) => (theme === 'auto' ? (night?.matches ? 'dark' : 'light') : theme);
  const nightfall = () => schedule('back', 'front', 'results');
  night?.addEventListener('change', nightfall);

  let resting = 0;
  const unsubscribe = store.subscribe((next, before, how) => {
    live = how === 'live';
    clearTimeout(resting);
    if (live) {
      resting = setTimeout(() => {
        live = false;
        schedule('back', 'front', 'results');
      }, 160);
    }
    if (how !== 'history') problems = [];
    const onlyStarts =
      next.landscape === before.landscape &&
      next.a === before.a &&
      next.b === before.b &&
      next.layers === before.layers &&
      next.window === before.window &&
      next.steps === before.steps &&
      next.theme === before.theme &&
      next.layout === before.layout &&
      next.noise === before.noise &&
      next.seed === before.seed;
    if (onlyStarts && live) schedule('front', 'strips');
    else schedule('back', 'front', 'results');
    if (how === 'done' || how === 'live') onState?.(next);
    if (how === 'history') player.pause();
  });
  const stopFollowing = address ? followAddress(store, { write: fragmentOf, read }) : () => {};

  schedule('back', 'front', 'results');
  return {
    state: fullState,
    /** @param {Partial<import('./url.js').ViewState>} patch */
    setState(patch) {
      const elsewhere =
        patch.landscape !== undefined && JSON.stringify(patch.landscape) !== JSON.stringify(store.get().landscape);
      const wanted = { ...store.get(), ...(elsewhere ? { window: null, starts: null } : {}), ...patch };
      // what an address may hold is what a state may be
      const checked = stateOf(fragmentOf(wanted), scene.dimensionOf);
      if (checked.problems.length) throw new Error(`samscape: ${checked.problems.join('; ')}`);
      store.update(checked.state, 'done');
    },
    core,
    ready,
    presets: looks.PRESETS,
    problems: () => problems,
    trajectories: (letter = 'a') => scene.paths(scene.view(store.get()), letter),
    async basins(letter = 'a') {
      await new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      });
      return basinLayer.settled(letter);
    },
    exports: { svg: exports.svgText, png: exports.pngBlob, csv: exports.csvText, link },
    python: () => pythonLines(fullState()),
    destroy() {
      unsubscribe();
      stopFollowing();
      cancelAnimationFrame(frame);
      clearTimeout(resting);
      night?.removeEventListener('change', nightfall);
      player.pause();
      for (const { panel } of panels) panel.destroy();
      basinLayer.destroy();
      scene.destroy();
      root.replaceChildren();
    },
  };
}
