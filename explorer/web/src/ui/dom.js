/** Elements, text with symbols, and numbers as people read them. */

/**
 * @param {string} tag
 * @param {Object} [props] attributes; `class`, `text`, `onclick` and other handlers, and properties such as `value`
 * @param {...(Node|string|null|undefined|false|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'text') element.textContent = value;
    else if (name === 'value') element.value = value;
    else if (name === 'style') element.style.cssText = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

/**
 * Text with symbols: `*x*` is an italic symbol, `_{max}` a subscript.
 * @param {string} text
 * @returns {Node[]}
 */
export function rich(text) {
  // an equation is not broken over lines
  return text
    .replaceAll(' = ', '\u00a0=\u00a0')
    .split(/(\*[^*]+\*|_\{[^}]+\})/)
    .filter(Boolean)
    .map((part) => {
      if (part.length > 2 && part.startsWith('*')) return h('i', { class: 'sym' }, part.slice(1, -1));
      if (part.startsWith('_{')) return h('sub', {}, part.slice(2, -1));
      return document.createTextNode(part);
    });
}

const GREEK = {
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  theta: 'θ',
  lambda: 'λ',
  mu: 'μ',
  phi: 'φ',
  psi: 'ψ',
  omega: 'ω',
};

/** @param {string} name a variable's name @returns {string} as it is shown: Greek letters as such */
export function symbolOf(name) {
  const digits = { 0: '₀', 1: '₁', 2: '₂', 3: '₃', 4: '₄', 5: '₅', 6: '₆', 7: '₇', 8: '₈', 9: '₉' };
  const [, stem, index] = /^([A-Za-z_]*?)_?(\d*)$/.exec(name) ?? [null, name, ''];
  return (GREEK[stem] ?? stem) + [...index].map((digit) => digits[digit]).join('');
}

/**
 * @param {number} x
 * @param {number} [digits] significant ones
 * @returns {string} with a true minus sign
 */
export function show(x, digits = 4) {
  if (Number.isNaN(x)) return '–';
  if (!Number.isFinite(x)) return x > 0 ? '∞' : '−∞';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size < 1e-4 || size >= 1e6) {
    const [mantissa, exponent] = x.toExponential(Math.max(digits - 2, 1)).split('e');
    return `${mantissa.replace(/\.?0+$/, '')}e${Number(exponent)}`.replaceAll('-', '−');
  }
  return String(Number(x.toPrecision(digits))).replaceAll('-', '−');
}

/** @param {number} x @param {number} digits @returns {number} rounded to so many significant digits */
export function rounded(x, digits) {
  return x === 0 || !Number.isFinite(x) ? x : Number(x.toPrecision(digits));
}

/**
 * A coordinate rounded to a ten-thousandth of the window, so that links stay short.
 * @param {number} x @param {number[]} range
 */
export function tidy(x, [low, high]) {
  const places = Math.min(Math.max(Math.ceil(-Math.log10((high - low) / 4000)), 0), 12);
  const value = Number(x.toFixed(places));
  return value === 0 ? 0 : value;
}
