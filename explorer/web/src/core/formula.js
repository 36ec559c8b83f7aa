/** A formula that someone typed -> a landscape, as landscapes/expression.py reads it, with exact derivatives. */

import { CONSTANTS, FormulaError, checkName, readFormula } from './formula_grammar.js';
import { Graph, calculate } from './formula_graph.js';
import { glslOf, tapeOf } from './formula_code.js';

export { FormulaError };

const LARGEST_EXPONENT = 1024;
const SAMPLES = 1024;

/**
 * @param {string} text
 * @param {string[]} [variables] in the order of the coordinates; by default those found, in alphabetical order
 * @returns {Object} a landscape, without critical points; its domain is (-2, 2) for every coordinate
 * @throws {FormulaError} with `position`, `length` and `reason`
 */
export function parseFormula(text, variables) {
  const tree = readFormula(text);
  const found = new Map();
  collect(tree, found);
  const names = variables ?? [...found.keys()].sort(naturally);
  for (const name of names) {
    const reason = checkName(name);
    if (reason) throw new FormulaError(0, 1, `${reason}, so it cannot be a variable`);
  }
  for (const [name, node] of found) {
    if (!names.includes(name)) {
      throw new FormulaError(node.start, name.length, `unknown variable '${name}'; the variables are: ${names.join(', ')}`);
    }
  }
  if (!names.length) throw new FormulaError(0, text.length, 'a landscape needs at least one variable, this formula has none');
  if (names.length > 2) {
    const third = [...found.keys()].find((name) => !names.slice(0, 2).includes(name)) ?? names[2];
    const at = found.get(third);
    const known = names.join(', ');
    throw new FormulaError(at?.start ?? 0, third.length, `${names.length} variables (${known}); a portrait has one or two`);
  }
  const graph = new Graph();
  const value = grow(graph, tree, names, text);
  return landscapeOf(graph, value, names, text);
}

function landscapeOf(graph, node, names, text) {
  const d = names.length;
  const first = names.map((_, i) => graph.derivative(node, i));
  const second = first.flatMap((slope) => names.map((_, j) => graph.derivative(slope, j)));
  const [[whole], slopes, curvatures] = [[node], first, second].map((roots) => roots.map((root) => graph.lowered(root)));
  const [valueTape, gradientTape, hessianTape] = [[whole], slopes, curvatures].map((roots) => tapeOf(roots, d));
  const single = (tape, size) => {
    const inputs = names.map(() => new Float64Array(1));
    const outputs = Array.from({ length: size }, () => new Float64Array(1));
    return (w, out) => {
      for (let i = 0; i < d; i += 1) inputs[i][0] = w[i];
      tape(1, inputs, outputs);
      for (let i = 0; i < size; i += 1) out[i] = outputs[i][0];
      return out;
    };
  };
  const valueAt = single(valueTape, 1);
  const one = [0];
  const value = (w) => valueAt(w, one)[0];
  const domain = names.map(() => [-2, 2]);
  checkReal(value, domain, text);
  const shown = text.trim().replace(/\s+/g, ' ');
  return {
    name: shown, title: shown, source: "user's formula", variables: names, dimension: d, domain, formula: text, value,
    gradient: single(gradientTape, d), hessian: single(hessianTape, d * d),
    gradients(n, x, y, gx, gy) {
      gradientTape(n, d > 1 ? [x, y] : [x], d > 1 ? [gx, gy] : [gx]);
    },
    glsl: glslOf(whole, slopes, d), criticalPoints: [],
  };
}

function collect(tree, found) {
  if (!tree.args.length && tree.name && !CONSTANTS.has(tree.name) && !found.has(tree.name)) found.set(tree.name, tree);
  tree.args.forEach((arg) => collect(arg, found));
}

/** x2 before x10. */
function naturally(p, q) {
  const parts = (name) => name.split(/([0-9]+)/).map((part, i) => (i % 2 ? [Number(part), ''] : [-1, part]));
  const [a, b] = [parts(p), parts(q)];
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    if (a[i][0] !== b[i][0]) return a[i][0] - b[i][0];
    if (a[i][1] !== b[i][1]) return a[i][1] < b[i][1] ? -1 : 1;
  }
  return a.length - b.length;
}

/** The tree as a node of the graph; constant parts must be finite real numbers. */
function grow(graph, tree, names, text) {
  const fail = (reason) => new FormulaError(tree.position, Math.max(tree.name.length, 1), reason);
  if (!tree.args.length) {
    if (!tree.name) return graph.number(tree.value);
    return CONSTANTS.has(tree.name) ? graph.number(CONSTANTS.get(tree.name)) : graph.variable(names.indexOf(tree.name));
  }
  const args = tree.args.map((arg) => grow(graph, arg, names, text));
  const { name } = tree;
  if (name === '/' && args[1].op === 'number' && args[1].value === 0) throw fail('division by zero');
  if (name === '**' && args[1].op === 'number' && Math.abs(args[1].value) > LARGEST_EXPONENT) {
    throw fail(`exponents are limited to ${LARGEST_EXPONENT}, this one is ${args[1].value}`);
  }
  if (args.every(({ op }) => op === 'number')) {
    const value = calculate(name, args.map((arg) => arg.value));
    const part = text.slice(tree.start, tree.end);
    const shown = part.length <= 40 ? part : `${part.slice(0, 18)} ... ${part.slice(-18)}`;
    if (Number.isNaN(value)) throw fail(`${shown} is not a finite real number`);
    if (!Number.isFinite(value)) throw fail(`${shown} is too large`);
  }
  if (name === 'min' || name === 'max') return args.reduce((a, b) => graph.apply(name, a, b));
  return graph.apply(name, ...args);
}

function checkReal(value, domain, text) {
  for (let k = 0; k < SAMPLES; k += 1) {
    // a sequence that fills the square evenly: multiples of the powers of the plastic number
    const w = domain.map(([low, high], i) => low + (high - low) * ((0.5 + (k + 1) * [0.7548776662466927, 0.5698402909980532][i]) % 1));
    if (Number.isFinite(value(w))) return;
  }
  const box = domain.map(([low, high]) => `(${low}, ${high})`).join(' x ');
  throw new FormulaError(0, text.length, `not a finite real number anywhere on ${box}`);
}
