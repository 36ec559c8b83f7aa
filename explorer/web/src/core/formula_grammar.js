/**
 * The grammar of formulas, that of landscapes/grammar.py, with its messages.
 *
 *   comparison := sum [ < | <= | > | >= sum ]          only as the condition of where(condition, a, b)
 *   sum        := product { + | - product }
 *   product    := signed { * | / signed }
 *   signed     := { + | - } power
 *   power      := atom [ ** | ^ signed ]               so -x^2 = -(x^2) and x^y^z = x^(y^z), as in Python
 *   atom       := number | name | function(sum, ...) | ( comparison )
 *
 * The answer is a tree of {name, args, value, position, start, end}: name '' for a number, 'neg' for the unary minus.
 */

export const PLAIN_FUNCTIONS = [
  'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'exp', 'log', 'sqrt',
];
/** name: [fewest arguments, most arguments] */
export const FUNCTIONS = new Map([
  ...[...PLAIN_FUNCTIONS, 'abs', 'sign'].map((name) => [name, [1, 1]]), ['min', [2, 9]], ['max', [2, 9]], ['where', [3, 3]],
]);
export const CONSTANTS = new Map([['pi', Math.PI], ['e', Math.E]]);
export const COMPARISONS = ['<', '<=', '>', '>='];
const LONGEST_TEXT = 10000;
const DEEPEST_NESTING = 100;
const PRECEDENCE = new Map([...COMPARISONS.map((x) => [x, 0]), ['+', 1], ['-', 1], ['*', 2], ['/', 2], ['**', 3]]);
const NOT_A_NUMBER = 'not a number; a loss is finite';
const RESERVED = new Map([
  ['I', 'the imaginary unit; a loss is real'], ...['inf', 'oo', 'nan', 'zoo'].map((x) => [x, NOT_A_NUMBER]),
]);
const HINTS = new Map(Object.entries({
  '²': 'write **2', '³': 'write **3', '×': 'write *', '·': 'write *', '−': 'write -', 'π': 'write pi', '√': 'write sqrt(...)',
  '|': 'write abs(...)', '[': 'write ( )', '{': 'write ( )', '=': 'give only what would stand to the right of it',
  '&': 'nest where(condition, a, b)',
}));
const KEYWORDS = new Set((
  'False None True and as assert async await break class continue def del elif else except finally for from global if '
  + 'import in is lambda nonlocal not or pass raise return try while with yield').split(' '));
const TOKEN = /((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|([A-Za-z][A-Za-z0-9_]*)|(\*\*|<=|>=|[-+*/^()<>,])|([ \t\r\n]+)/y;

/** A formula that cannot be used: `position` (0-based) and `length` say where, `reason` why. */
export class FormulaError extends Error {
  constructor(position, length, reason) {
    super(`${reason} (at character ${position + 1})`);
    this.name = 'FormulaError';
    this.position = position;
    this.length = length;
    this.reason = reason;
  }
}

const quote = (text) => `'${text}'`;

/** Why `name` cannot be a variable, or '' where it can. */
export function checkName(name) {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)) {
    return `${quote(name.slice(0, 70))} is not a name: up to 64 letters, digits and _, beginning with a letter`;
  }
  if (FUNCTIONS.has(name)) return `${quote(name)} is a function; write ${name}(...)`;
  if (CONSTANTS.has(name)) return `${quote(name)} is a constant`;
  if (RESERVED.has(name)) return `${quote(name)} is ${RESERVED.get(name)}`;
  if (KEYWORDS.has(name)) {
    return `${quote(name)} is a word of Python, not part of a formula; pieces are written where(condition, a, b)`;
  }
  return '';
}

function tokensOf(text) {
  const found = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) {
      const character = String.fromCodePoint(text.codePointAt(at));
      const hint = HINTS.has(character) ? `; ${HINTS.get(character)}` : '';
      throw new FormulaError(at, character.length, `the character ${quote(character)} is not part of a formula${hint}`);
    }
    const [whole, number, name, , space] = match;
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : space !== undefined ? 'space' : 'symbol';
    if (kind !== 'space') found.push({ kind, text: whole.replaceAll('^', '**'), start: at, end: at + whole.length });
    at += whole.length;
  }
  return [...found, { kind: 'end', text: '', start: text.trimEnd().length, end: text.length }];
}

/**
 * @param {string} text
 * @returns {Object} the tree
 * @throws {FormulaError}
 */
export function readFormula(text) {
  if (text.length > LONGEST_TEXT) {
    throw new FormulaError(LONGEST_TEXT, 1, `the formula is longer than ${LONGEST_TEXT} characters`);
  }
  return new Reader(text).read();
}

/** Precedence climbing over the tokens. A tree with `condition` set is a comparison. */
class Reader {
  constructor(text) {
    this.tokens = tokensOf(text);
    this.at = 0;
    this.depth = 0;
  }

  get token() {
    return this.tokens[this.at];
  }

  take() {
    this.at += 1;
    return this.tokens[this.at - 1];
  }

  fail(token, reason) {
    return new FormulaError(token.start, Math.max(token.end - token.start, 1), reason);
  }

  read() {
    if (this.token.kind === 'end') throw new FormulaError(0, 1, 'the formula is empty');
    const tree = this.number(this.expression(0));
    if (this.token.text === ')') throw this.fail(this.token, 'this ) closes nothing');
    if (this.token.text === ',') throw this.fail(this.token, 'a comma belongs between the arguments of a function');
    return tree;
  }

  /** Refuse a comparison where a number is needed. */
  number(tree) {
    if (tree.condition) {
      throw new FormulaError(tree.position, tree.name.length, 'a comparison belongs in the condition of where(condition, a, b)');
    }
    return tree;
  }

  expression(lowest) {
    this.depth += 1;
    if (this.depth > DEEPEST_NESTING) throw this.fail(this.token, `the formula is nested more than ${DEEPEST_NESTING} deep`);
    const { start } = this.token;
    let tree = this.operand();
    while ((PRECEDENCE.get(this.token.text) ?? -1) >= lowest) {
      const operator = this.take();
      const precedence = PRECEDENCE.get(operator.text);
      const compares = COMPARISONS.includes(operator.text);
      if (compares && tree.condition) {
        throw this.fail(operator, 'comparisons cannot be chained; nest where(condition, a, b) instead');
      }
      this.number(tree);
      const right = this.number(this.expression(operator.text === '**' ? precedence : precedence + 1));
      tree = this.node(operator.text, [tree, right], operator.start, start, { condition: compares });
    }
    this.depth -= 1;
    return tree;
  }

  node(name, args, position, start, more = {}) {
    return { name, args, position, start, end: this.tokens[this.at - 1].end, ...more };
  }

  operand() {
    const token = this.take();
    let tree;
    if (token.text === '+' || token.text === '-') {
      tree = this.number(this.expression(PRECEDENCE.get('**')));
      if (token.text === '-') tree = this.node('neg', [tree], token.start, token.start);
    } else if (token.text === '(') {
      tree = this.expression(0);
      this.close(token);
    } else if (token.kind === 'number') {
      tree = this.node('', [], token.start, token.start, { value: this.valueOf(token) });
    } else if (token.kind === 'name' && this.token.text === '(' && token.text.length <= 64) {
      tree = this.call(token);
    } else if (token.kind === 'name') {
      const reason = CONSTANTS.has(token.text) ? '' : checkName(token.text);
      if (reason) throw this.fail(token, reason);
      tree = this.node(token.text, [], token.start, token.start);
    } else {
      const found = token.text ? `but found ${quote(token.text)}` : 'but the formula ends';
      throw this.fail(token, `expected a number, a variable, a function or (, ${found}`);
    }
    this.operatorFollows(token);
    return tree;
  }

  operatorFollows(before) {
    const following = this.token;
    if (following.kind !== 'number' && following.kind !== 'name' && following.text !== '(') return;
    if (before.kind === 'number' && ['j', 'J', 'I'].includes(following.text) && following.start === before.end) {
      throw this.fail(before, `${before.text}${following.text} is imaginary; a loss is real`);
    }
    if (following.kind === 'name' && KEYWORDS.has(following.text)) throw this.fail(following, checkName(following.text));
    throw this.fail(following, 'an operator is missing; a product is written with *');
  }

  close(opening) {
    if (this.token.kind === 'end') throw this.fail(opening, 'this ( is never closed');
    if (this.token.text !== ')') throw this.fail(this.token, `expected ) but found ${quote(this.token.text)}`);
    this.take();
  }

  call(name) {
    if (!FUNCTIONS.has(name.text)) {
      const near = nearestName(name.text);
      const hint = near ? `did you mean ${quote(near)}?` : `the functions are ${[...FUNCTIONS.keys()].sort().join(', ')}`;
      const product = checkName(name.text) ? '' : ` (a product is written ${name.text}*(...))`;
      throw this.fail(name, `unknown function ${quote(name.text)}; ${hint}${product}`);
    }
    const opening = this.take();
    const args = [];
    if (this.token.text !== ')') {
      args.push(this.expression(0));
      while (this.token.text === ',') {
        this.take();
        args.push(this.expression(0));
      }
    }
    this.close(opening);
    const [fewest, most] = FUNCTIONS.get(name.text);
    if (args.length < fewest || args.length > most) {
      const wanted = `${fewest}${most > fewest ? ` to ${most}` : ''} argument${most > 1 ? 's' : ''}`;
      throw this.fail(name, `${name.text} takes ${wanted}, got ${args.length}`);
    }
    if (name.text === 'where' && !args[0].condition) {
      throw this.fail(name, 'where(condition, a, b) needs a comparison first, such as x < 1');
    }
    args.slice(name.text === 'where' ? 1 : 0).forEach((tree) => this.number(tree));
    return this.node(name.text, args, name.start, name.start);
  }

  valueOf(token) {
    const value = Number(token.text);
    if (token.text.length > 400) {
      throw this.fail(token, 'a number this long or this large has no place in double precision');
    }
    if (!(value <= 2 ** 1023) || (value === 0 && /[1-9]/.test(token.text.split(/[eE]/)[0]))) {
      throw this.fail(token, `${token.text} is outside the range of double precision`);
    }
    return value;
  }
}

/** The known function most like `name`, by edits, if two at most set them apart. */
function nearestName(name) {
  let [best, least] = ['', 3];
  for (const known of FUNCTIONS.keys()) {
    const distance = edits(name.toLowerCase(), known);
    if (distance < Math.min(least, known.length)) [best, least] = [known, distance];
  }
  return best;
}

function edits(p, q) {
  let row = Array.from({ length: q.length + 1 }, (_, j) => j);
  for (let i = 1; i <= p.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= q.length; j += 1) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (p[i - 1] === q[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[q.length];
}
