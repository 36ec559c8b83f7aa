/**
 * The view as a URL fragment: short, readable, and the whole truth of what is on the screen.
 *
 *   #l=saddle&a=usam,0.1,0.2,0&t=200&s=0.5,0.1;-1,2
 *
 *   l  landscape, a name of generated/landscapes.js
 *   f  in place of l: a formula, percent-encoded; v its variables, e.g. v=x,y
 *   w  window: xlow,xhigh,ylow,yhigh (one coordinate: xlow,xhigh); absent: the landscape's domain
 *   a  rule A: name,eta,rho,momentum
 *   b  rule B, likewise; absent: no rule B
 *   o  "side" puts A and B side by side; absent: overlaid
 *   n  standard deviation of the noise on every coordinate of the gradient; absent: 0
 *   r  seed of the noise; absent: 0
 *   t  steps; absent: 200
 *   s  starts x,y;x,y;... (one coordinate: x;x;...); empty: none; absent: the landscape's own
 *   y  layers, names from LAYERS with commas; empty: none; absent: DEFAULT_LAYERS
 *   m  "light" or "dark"; absent: as the reader's system has it
 *
 * Unknown keys are ignored. A broken value is explained in `problems` and replaced by its default. explorer/state.py
 * writes the same.
 *
 * @typedef {{rule: string, eta: number, rho: number, momentum: number}} RuleState
 * @typedef {{landscape: string|{formula: string, variables: string[]}, window: number[][]|null, a: RuleState,
 *   b: RuleState|null, layout: 'overlay'|'side', noise: number, seed: number, steps: number, starts: number[][]|null,
 *   layers: string[], theme: 'auto'|'light'|'dark'}} ViewState  window and starts: null means the landscape's own
 */

export const RULE_NAMES = ['gd', 'sam', 'usam', 'stable_sam', 'asam'];
export const LAYERS = [
  'basins',
  'contours',
  'gradient_field',
  'field',
  'streamlines',
  'nullclines',
  'manifolds',
  'critical_points',
  'trajectories',
  'w_adv',
];
export const DEFAULT_LAYERS = ['basins', 'contours', 'streamlines', 'manifolds', 'critical_points', 'trajectories'];
export const MOST_STEPS = 100000;
export const MOST_STARTS = 2000;

/** @returns {ViewState} what an empty fragment shows */
export function defaultState() {
  return {
    landscape: 'saddle',
    window: null,
    a: { rule: 'usam', eta: 0.1, rho: 0.2, momentum: 0 },
    b: null,
    layout: 'overlay',
    noise: 0,
    seed: 0,
    steps: 200,
    starts: null,
    layers: [...DEFAULT_LAYERS],
    theme: 'auto',
  };
}

const number = (x) => String(Object.is(x, -0) ? 0 : x);
const sameList = (p, q) => p.length === q.length && p.every((x) => q.includes(x));

/**
 * @param {ViewState} state
 * @returns {string} the fragment without its '#'
 */
export function fragmentOf(state) {
  const usual = defaultState();
  const parts = [];
  if (typeof state.landscape === 'string') {
    parts.push(`l=${encodeURIComponent(state.landscape)}`);
  } else {
    parts.push(`f=${encodeURIComponent(state.landscape.formula).replaceAll('%2F', '/')}`);
    parts.push(`v=${state.landscape.variables.map(encodeURIComponent).join(',')}`);
  }
  if (state.window) parts.push(`w=${state.window.flat().map(number).join(',')}`);
  const rule = (r) => [r.rule, number(r.eta), number(r.rho), number(r.momentum)].join(',');
  parts.push(`a=${rule(state.a)}`);
  if (state.b) parts.push(`b=${rule(state.b)}`);
  if (state.layout === 'side') parts.push('o=side');
  if (state.noise !== 0) parts.push(`n=${number(state.noise)}`);
  if (state.seed !== 0) parts.push(`r=${number(state.seed)}`);
  if (state.steps !== usual.steps) parts.push(`t=${number(state.steps)}`);
  if (state.starts) parts.push(`s=${state.starts.map((w) => w.map(number).join(',')).join(';')}`);
  if (!sameList(state.layers, usual.layers))
    parts.push(`y=${LAYERS.filter((x) => state.layers.includes(x)).join(',')}`);
  if (state.theme !== 'auto') parts.push(`m=${state.theme}`);
  return parts.join('&');
}

/**
 * @param {string} fragment with or without '#'
 * @param {(name: string) => number|undefined} dimensionOf the dimension of a landscape, undefined if there is none
 * @returns {{state: ViewState, problems: string[]}}
 */
export function stateOf(fragment, dimensionOf = () => 2) {
  const state = defaultState();
  const problems = [];
  const given = new Map();
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const at = part.indexOf('=');
    if (at > 0) given.set(part.slice(0, at), part.slice(at + 1));
  }
  const take = (key, read) => {
    if (!given.has(key)) return;
    try {
      read(decode(given.get(key)));
    } catch (error) {
      problems.push(`${key}=${given.get(key)}: ${error.message}`);
    }
  };
  let dimension = dimensionOf(state.landscape) ?? 2;
  take('l', (text) => {
    const found = dimensionOf(text);
    if (found === undefined) throw new Error(`no landscape is called '${text}'; showing ${state.landscape}`);
    state.landscape = text;
    dimension = found;
  });
  take('f', (formula) => {
    const variables = decode(given.get('v') ?? '')
      .split(',')
      .filter(Boolean);
    if (variables.length !== 1 && variables.length !== 2) {
      throw new Error('a formula needs v= with its one or two variables, such as v=x,y');
    }
    state.landscape = { formula, variables };
    dimension = variables.length;
  });
  take('w', (text) => {
    state.window = readWindow(text, dimension);
  });
  take('a', (text) => {
    state.a = readRule(text);
  });
  take('b', (text) => {
    state.b = readRule(text);
  });
  take('o', (text) => {
    state.layout = oneOf(text, ['overlay', 'side']);
  });
  take('n', (text) => {
    state.noise = inRange(text, 0, 1e6);
  });
  take('r', (text) => {
    state.seed = whole(text, 0, 4294967295);
  });
  take('t', (text) => {
    state.steps = whole(text, 1, MOST_STEPS);
  });
  take('s', (text) => {
    state.starts = readStarts(text, dimension);
  });
  take('y', (text) => {
    state.layers = readLayers(text, problems);
  });
  take('m', (text) => {
    state.theme = oneOf(text, ['auto', 'light', 'dark']);
  });
  return { state, problems };
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('the percent signs do not spell text');
  }
}

function finite(text) {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new Error(`'${text}' is no number`);
  return value;
}

function inRange(text, low, high) {
  const value = finite(text);
  if (value < low || value > high) throw new Error(`${text} is not between ${low} and ${high}`);
  return value;
}

function whole(text, low, high) {
  const value = inRange(text, low, high);
  if (!Number.isInteger(value)) throw new Error(`${text} is no whole number`);
  return value;
}

function oneOf(text, allowed) {
  if (!allowed.includes(text)) throw new Error(`'${text}' is none of ${allowed.join(', ')}`);
  return text;
}

function readRule(text) {
  const [name, eta, rho = '0', momentum = '0', ...more] = text.split(',');
  if (eta === undefined || more.length) throw new Error('a rule is name,eta,rho,momentum');
  const rule = { rule: oneOf(name, RULE_NAMES), eta: finite(eta), rho: finite(rho), momentum: finite(momentum) };
  const fault = ruleFault(rule);
  if (fault) throw new Error(fault);
  return rule;
}

/**
 * @param {RuleState} rule
 * @returns {string} what is wrong with its numbers, '' if nothing is
 */
export function ruleFault(rule) {
  if (!(rule.eta > 0 && rule.eta < Infinity)) return `η = ${rule.eta} is out of range: a step size is > 0`;
  if (!(rule.rho >= 0 && rule.rho < Infinity)) return `ρ = ${rule.rho} is out of range: a radius is ≥ 0`;
  if (!(rule.momentum >= 0 && rule.momentum < 1)) {
    return `momentum ${rule.momentum} is out of range: it is ≥ 0 and below 1`;
  }
  return '';
}

function readWindow(text, dimension) {
  const ends = text.split(',').map(finite);
  if (ends.length !== 2 * dimension)
    throw new Error(`a window of ${dimension} coordinates has ${2 * dimension} numbers`);
  const window = [];
  for (let i = 0; i < ends.length; i += 2) window.push([ends[i], ends[i + 1]]);
  if (window.some(([low, high]) => !(high > low))) throw new Error('a window runs from its lower to its higher end');
  return window;
}

function readStarts(text, dimension) {
  const starts = text
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => part.split(',').map(finite));
  if (starts.some((w) => w.length !== dimension))
    throw new Error(`a start has ${dimension} coordinate${dimension > 1 ? 's' : ''} here`);
  if (starts.length > MOST_STARTS) throw new Error(`${starts.length} starts are more than ${MOST_STARTS}`);
  return starts;
}

function readLayers(text, problems) {
  const names = text.split(',').filter(Boolean);
  const unknown = names.filter((name) => !LAYERS.includes(name));
  if (unknown.length) problems.push(`y: no layer is called ${unknown.join(', ')}; the layers are ${LAYERS.join(', ')}`);
  return LAYERS.filter((name) => names.includes(name));
}
