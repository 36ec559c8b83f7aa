/**
 * Formulas as graphs in which equal parts are one node, and their derivatives.
 *
 * A node is {op, args, value, id}. Operations: 'number', 'variable' (value: its number), '+', '-', '*', '/', 'neg', '**'
 * (for exponents that are no whole numbers), 'power' (value: a whole exponent above 1), '<' '<=' '>' '>=', 'where', 'min', 'max', and the
 * plain functions. Constants are folded where the result is finite.
 */

const CALCULATE = {
  '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b, neg: (a) => -a,
  '**': (a, b) => a ** b, '<': (a, b) => Number(a < b), '<=': (a, b) => Number(a <= b), '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b), where: (c, a, b) => (c ? a : b), min: Math.min, max: Math.max,
};

/** What an operation gives on numbers. */
export const calculate = (op, args) => (CALCULATE[op] ?? Math[op])(...args);

export class Graph {
  constructor() {
    this.nodes = [];
    this.known = new Map();
    this.slopes = new Map();
    this.low = new Map();
  }

  make(op, args, value) {
    const key = `${op} ${args.map(({ id }) => id).join(' ')} ${Object.is(value, -0) ? '-0' : value}`;
    let node = this.known.get(key);
    if (!node) {
      node = { op, args, value, id: this.nodes.length };
      this.nodes.push(node);
      this.known.set(key, node);
    }
    return node;
  }

  number(value) {
    return this.make('number', [], value);
  }

  variable(index) {
    return this.make('variable', [], index);
  }

  /** An operation, simplified where that changes no finite value. */
  apply(op, ...args) {
    const [a, b, c] = args;
    if (args.every((arg) => arg.op === 'number')) {
      const value = calculate(op, args.map((arg) => arg.value));
      if (Number.isFinite(value)) return this.number(value);
    }
    if (op === 'where' && a.op === 'number') return a.value ? b : c;
    if (op === 'where' && b === c) return b;
    if (op === '+') return is(a, 0) ? b : is(b, 0) ? a : b.op === 'neg' ? this.apply('-', a, b.args[0]) : this.make(op, args);
    if (op === '-') return is(b, 0) ? a : is(a, 0) ? this.apply('neg', b) : a === b ? this.number(0) : this.make(op, args);
    if (op === '*') {
      if (is(a, 0) || is(b, 0)) return this.number(0);
      if (is(a, 1)) return b;
      if (is(b, 1)) return a;
      if (is(a, -1)) return this.apply('neg', b);
      if (is(b, -1)) return this.apply('neg', a);
      if (a.op === 'neg' && b.op === 'neg') return this.apply('*', a.args[0], b.args[0]);
    }
    if (op === '/') {
      if (is(b, 1)) return a;
      if (is(a, 0)) return a;
    }
    if (op === 'neg' && a.op === 'neg') return a.args[0];
    if (op === '**' && b.op === 'number') return this.power(a, b.value);
    if (op === '**' && a.op === 'number' && a.value === Math.E) return this.apply('exp', b);
    return this.make(op, args);
  }

  power(base, exponent) {
    if (exponent === 0) return this.number(1);
    if (exponent === 1) return base;
    if (exponent === 0.5) return this.apply('sqrt', base);
    if (!Number.isInteger(exponent)) return this.make('**', [base, this.number(exponent)]);
    if (exponent < 0) return this.apply('/', this.number(1), this.power(base, -exponent));
    return this.make('power', [base], exponent);
  }

  /** The node with its whole powers as products, by squaring, as XLA takes them. */
  lowered(node) {
    if (!this.low.has(node)) {
      const args = node.args.map((arg) => this.lowered(arg));
      this.low.set(node, node.op === 'power' ? this.squared(args[0], node.value) : this.make(node.op, args, node.value));
    }
    return this.low.get(node);
  }

  squared(base, exponent) {
    let [found, square, left] = [null, base, exponent];
    while (left > 0) {
      if (left % 2) found = found ? this.apply('*', found, square) : square;
      left = Math.floor(left / 2);
      if (left) square = this.apply('*', square, square);
    }
    return found;
  }

  /** The derivative of a node with respect to a variable: that of the branch taken; at a tie of min and max the mean. */
  derivative(node, index) {
    const key = node.id * 64 + index;
    if (!this.slopes.has(key)) this.slopes.set(key, this.differentiate(node, index));
    return this.slopes.get(key);
  }

  differentiate(node, index) {
    const { op, args } = node;
    const f = (name, ...parts) => this.apply(name, ...parts);
    const n = (value) => this.number(value);
    if (op === 'number' || op === 'sign' || op.startsWith('<') || op.startsWith('>')) return n(0);
    if (op === 'variable') return n(node.value === index ? 1 : 0);
    const [u, v] = args;
    const slopes = args.map((arg) => this.derivative(arg, index));
    const [du, dv] = slopes;
    if (op === 'where') return f('where', u, dv, slopes[2]);
    if (slopes.every((slope) => is(slope, 0))) return n(0);
    const square = (x) => f('*', x, x);
    switch (op) {
      case '+': case '-': return f(op, du, dv);
      case 'neg': return f('neg', du);
      case 'power': return f('*', f('*', n(node.value), this.power(u, node.value - 1)), du);
      case '*': return f('+', f('*', du, v), f('*', u, dv));
      case '/': return is(dv, 0) ? f('/', du, v) : f('/', f('-', du, f('*', node, dv)), v);
      case '**': {
        if (v.op === 'number') return f('*', f('*', v, this.apply('**', u, n(v.value - 1))), du);
        const along = is(du, 0) ? n(0) : f('*', f('*', v, this.make('**', [u, f('-', v, n(1))])), du);
        return f('+', along, f('*', f('*', node, f('log', u)), dv));
      }
      case 'min': case 'max': {
        const mean = f('*', n(0.5), f('+', du, dv));
        return f('where', f(op === 'min' ? '<' : '>', u, v), du, f('where', f(op === 'min' ? '<' : '>', v, u), dv, mean));
      }
      case 'sin': return f('*', f('cos', u), du);
      case 'cos': return f('neg', f('*', f('sin', u), du));
      case 'tan': return f('*', f('+', n(1), square(node)), du);
      case 'asin': return f('/', du, f('sqrt', f('-', n(1), square(u))));
      case 'acos': return f('neg', f('/', du, f('sqrt', f('-', n(1), square(u)))));
      case 'atan': return f('/', du, f('+', n(1), square(u)));
      case 'sinh': return f('*', f('cosh', u), du);
      case 'cosh': return f('*', f('sinh', u), du);
      case 'tanh': return f('*', f('-', n(1), square(node)), du);
      case 'asinh': return f('/', du, f('sqrt', f('+', n(1), square(u))));
      case 'acosh': return f('/', du, f('*', f('sqrt', f('-', u, n(1))), f('sqrt', f('+', u, n(1)))));
      case 'atanh': return f('/', du, f('-', n(1), square(u)));
      case 'exp': return f('*', node, du);
      case 'log': return f('/', du, u);
      case 'sqrt': return f('/', f('*', n(0.5), du), node);
      case 'abs': return f('*', f('sign', u), du);
      default: throw new Error(`no derivative is known of ${op}`);
    }
  }
}

const is = (node, value) => node.op === 'number' && node.value === value;

/** The nodes that `roots` need, each after those that it takes. */
export function inOrder(roots) {
  const seen = new Set();
  const order = [];
  const visit = (node) => {
    if (seen.has(node)) return;
    seen.add(node);
    node.args.forEach(visit);
    order.push(node);
  };
  roots.forEach(visit);
  return order;
}
