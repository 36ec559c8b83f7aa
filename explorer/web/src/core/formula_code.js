/** Formula graphs made to run: as a tape of numbers that a small machine reads, and as GLSL. Nothing is evaluated as code. */

import { inOrder } from './formula_graph.js';

const OPS = [
  '+', '-', '*', '/', 'neg', 'where', '<', '<=', '>', '>=', 'min', 'max', '**', 'abs', 'sign', 'sqrt', 'exp', 'log', 'sin',
  'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh',
];

/** Points that a tape works on together: the machine reads an instruction once for all of them. */
const ABREAST = 64;

/**
 * A function that computes `roots` at n points.
 * @param {Object[]} roots nodes @param {number} d how many variables
 * @returns {(n: number, inputs: ArrayLike<number>[], outputs: Float64Array[]) => void} arrays by variable and by root
 */
export function tapeOf(roots, d) {
  const order = inOrder(roots);
  const place = new Map();
  const constants = order.filter(({ op }) => op === 'number');
  const steps = order.filter(({ op }) => op !== 'number' && op !== 'variable');
  for (const node of order) if (node.op === 'variable') place.set(node, node.value);
  constants.forEach((node, k) => place.set(node, d + k));
  steps.forEach((node, k) => place.set(node, d + constants.length + k));
  const registers = Array.from({ length: d + constants.length + steps.length }, () => new Float64Array(ABREAST));
  constants.forEach((node) => registers[place.get(node)].fill(node.value));
  const code = steps.map(({ op, args }, k) => ({
    op: OPS.indexOf(op), a: registers[place.get(args[0])], b: registers[place.get(args[1] ?? args[0])],
    c: registers[place.get(args[2] ?? args[0])], to: registers[d + constants.length + k],
  }));
  const results = roots.map((node) => registers[place.get(node)]);
  return (n, inputs, outputs) => {
    for (let from = 0; from < n; from += ABREAST) {
      const m = Math.min(ABREAST, n - from);
      for (let k = 0; k < d; k += 1) for (let i = 0; i < m; i += 1) registers[k][i] = inputs[k][from + i];
      for (let k = 0; k < code.length; k += 1) execute(code[k], m);
      for (let k = 0; k < results.length; k += 1) for (let i = 0; i < m; i += 1) outputs[k][from + i] = results[k][i];
    }
  };
}

function execute({ op, a, b, c, to }, n) {
  switch (op) {
    case 0: for (let i = 0; i < n; i += 1) to[i] = a[i] + b[i]; break;
    case 1: for (let i = 0; i < n; i += 1) to[i] = a[i] - b[i]; break;
    case 2: for (let i = 0; i < n; i += 1) to[i] = a[i] * b[i]; break;
    case 3: for (let i = 0; i < n; i += 1) to[i] = a[i] / b[i]; break;
    case 4: for (let i = 0; i < n; i += 1) to[i] = -a[i]; break;
    case 5: for (let i = 0; i < n; i += 1) to[i] = a[i] !== 0 ? b[i] : c[i]; break;
    case 6: for (let i = 0; i < n; i += 1) to[i] = a[i] < b[i] ? 1 : 0; break;
    case 7: for (let i = 0; i < n; i += 1) to[i] = a[i] <= b[i] ? 1 : 0; break;
    case 8: for (let i = 0; i < n; i += 1) to[i] = a[i] > b[i] ? 1 : 0; break;
    case 9: for (let i = 0; i < n; i += 1) to[i] = a[i] >= b[i] ? 1 : 0; break;
    case 10: for (let i = 0; i < n; i += 1) to[i] = Math.min(a[i], b[i]); break;
    case 11: for (let i = 0; i < n; i += 1) to[i] = Math.max(a[i], b[i]); break;
    case 12: for (let i = 0; i < n; i += 1) to[i] = a[i] ** b[i]; break;
    default: for (let i = 0; i < n; i += 1) to[i] = one(op, a[i]);
  }
}

function one(op, a) {
  switch (op) {
    case 13: return Math.abs(a);
    case 14: return Math.sign(a);
    case 15: return Math.sqrt(a);
    case 16: return Math.exp(a);
    case 17: return Math.log(a);
    case 18: return Math.sin(a);
    case 19: return Math.cos(a);
    case 20: return Math.tan(a);
    case 21: return Math.asin(a);
    case 22: return Math.acos(a);
    case 23: return Math.atan(a);
    case 24: return Math.sinh(a);
    case 25: return Math.cosh(a);
    case 26: return Math.tanh(a);
    case 27: return Math.asinh(a);
    case 28: return Math.acosh(a);
    default: return Math.atanh(a);
  }
}

/**
 * GLSL ES 3.00 source of `float value(vec2 w)` and `vec2 gradient(vec2 w)`; in one dimension both take and give a float.
 * @param {Object} value node @param {Object[]} gradient nodes @param {number} d
 */
export function glslOf(value, gradient, d) {
  const argument = d === 1 ? 'float w' : 'vec2 w';
  const results = (names) => (d === 1 ? names[0] : `vec2(${names.join(', ')})`);
  return [
    body(`float value(${argument})`, [value], d, (names) => names[0]),
    body(`${d === 1 ? 'float' : 'vec2'} gradient(${argument})`, gradient, d, results),
  ].join('\n');
}

function body(head, roots, d, result) {
  const names = new Map();
  const lines = [];
  for (const node of inOrder(roots)) {
    if (node.op === 'number') names.set(node, numberOf(node.value));
    else if (node.op === 'variable') names.set(node, d === 1 ? 'w' : `w.${'xy'[node.value]}`);
    else {
      names.set(node, `t${lines.length}`);
      const kind = /^[<>]/.test(node.op) ? 'bool' : 'float';
      lines.push(`  ${kind} t${lines.length} = ${term(node.op, node.args.map((arg) => names.get(arg)))};`);
    }
  }
  return `${head} {\n${lines.join('\n')}\n  return ${result(roots.map((node) => names.get(node)))};\n}`;
}

function term(op, args) {
  const [a, b, c] = args;
  if (op === 'neg') return `-(${a})`;
  if (op === '**') return `pow(${a}, ${b})`;
  if (op === 'where') return `(${a}) ? ${b} : ${c}`;
  if (op === 'tanh') return `tanh(clamp(${a}, -15.0, 15.0))`; // some drivers divide two infinities
  if (/^[a-z]/.test(op)) return `${op}(${args.join(', ')})`;
  return `${a} ${op} ${b}`;
}

function numberOf(value) {
  const size = Math.min(Math.abs(value), 3.4e38);
  const text = size === 0 ? '0.0' : size >= 1e-4 && size < 1e7 ? String(size) : size.toExponential();
  const real = /[.e]/.test(text) ? text : `${text}.0`;
  return value < 0 ? `(-${real})` : real;
}
