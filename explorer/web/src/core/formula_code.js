/** Formula graphs made to run: as a tape of numbers that a small machine reads, and as GLSL. Nothing is evaluated as code. */

import { inOrder } from './formula_graph.js';

const OPS = [
  '+', '-', '*', '/', 'neg', 'where', '<', '<=', '>', '>=', 'min', 'max', '**', 'abs', 'sign', 'sqrt', 'exp', 'log', 'sin',
  'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh',
];

/**
 * A function that computes `roots` from the variables.
 * @param {Object[]} roots nodes @param {number} d how many variables
 * @returns {(w: ArrayLike<number>, out: Float64Array|number[]) => void}
 */
export function tapeOf(roots, d) {
  const order = inOrder(roots);
  const place = new Map();
  const constants = order.filter(({ op }) => op === 'number');
  const steps = order.filter(({ op }) => op !== 'number' && op !== 'variable');
  for (const node of order) if (node.op === 'variable') place.set(node, node.value);
  constants.forEach((node, k) => place.set(node, d + k));
  steps.forEach((node, k) => place.set(node, d + constants.length + k));
  const registers = new Float64Array(d + constants.length + steps.length);
  constants.forEach((node) => { registers[place.get(node)] = node.value; });
  const code = new Int32Array(4 * steps.length);
  steps.forEach(({ op, args }, k) => {
    code[4 * k] = OPS.indexOf(op);
    args.forEach((arg, i) => { code[4 * k + 1 + i] = place.get(arg); });
  });
  const results = Int32Array.from(roots, (node) => place.get(node));
  const first = d + constants.length;
  return (w, out) => {
    for (let i = 0; i < d; i += 1) registers[i] = w[i];
    execute(code, registers, first);
    for (let i = 0; i < results.length; i += 1) out[i] = registers[results[i]];
  };
}

function execute(code, r, first) {
  let to = first;
  for (let k = 0; k < code.length; k += 4) {
    const a = r[code[k + 1]];
    const b = r[code[k + 2]];
    let x = 0;
    switch (code[k]) {
      case 0: x = a + b; break;
      case 1: x = a - b; break;
      case 2: x = a * b; break;
      case 3: x = a / b; break;
      case 4: x = -a; break;
      case 5: x = a !== 0 ? b : r[code[k + 3]]; break;
      case 6: x = a < b ? 1 : 0; break;
      case 7: x = a <= b ? 1 : 0; break;
      case 8: x = a > b ? 1 : 0; break;
      case 9: x = a >= b ? 1 : 0; break;
      case 10: x = Math.min(a, b); break;
      case 11: x = Math.max(a, b); break;
      case 12: x = a ** b; break;
      case 13: x = Math.abs(a); break;
      case 14: x = Math.sign(a); break;
      case 15: x = Math.sqrt(a); break;
      case 16: x = Math.exp(a); break;
      case 17: x = Math.log(a); break;
      case 18: x = Math.sin(a); break;
      case 19: x = Math.cos(a); break;
      case 20: x = Math.tan(a); break;
      case 21: x = Math.asin(a); break;
      case 22: x = Math.acos(a); break;
      case 23: x = Math.atan(a); break;
      case 24: x = Math.sinh(a); break;
      case 25: x = Math.cosh(a); break;
      case 26: x = Math.tanh(a); break;
      case 27: x = Math.asinh(a); break;
      case 28: x = Math.acosh(a); break;
      default: x = Math.atanh(a);
    }
    r[to] = x;
    to += 1;
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
