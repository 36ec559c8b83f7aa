/** A formula as it is printed: letters italic, powers raised, products without a star. */

import { h, symbolOf } from './dom.js';

const TOKEN = /\*\*\s*(\d+(?![\d.]|\*\*)|\([^()]*\))|\*\*|[A-Za-z_]\w*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\s+|./g;
const SIGNS = { '*': '\u2009', '-': '−', '**': '^' };

/** @param {string} text @param {string[]} variables @returns {Node[]} */
export function printed(text, variables) {
  const nodes = [];
  for (const match of text.matchAll(TOKEN)) {
    const [token, power] = match;
    if (power) nodes.push(h('sup', {}, power.replace(/^\(|\)$/g, '').replaceAll('-', '−')));
    else if (variables.includes(token)) nodes.push(h('i', { class: 'sym' }, symbolOf(token)));
    else if (token === 'pi') nodes.push(document.createTextNode('π'));
    else nodes.push(document.createTextNode(SIGNS[token] ?? token));
  }
  return nodes;
}
