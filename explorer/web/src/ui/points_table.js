/** Critical points with what the rules make of them. */

import { h, rich, show } from './dom.js';

/**
 * @typedef {{w: number[], kind: string, label: string, value: number, eigenvalues: number[], color: string,
 *   verdicts: {letter: string, shifted: number[]|null, radius: number, attracts: boolean|null, reason: string}[]}} PointRow
 */

const stack = (numbers) => h('span', { class: 'stack' }, numbers.map((x) => h('span', {}, show(x))));

/** @returns {{element: HTMLElement, draw: (rows: PointRow[], letters: string[]) => void}} */
export function createPointsTable() {
  const head = h('thead');
  const body = h('tbody');
  const element = h('div', { class: 'scroll', role: 'region', 'aria-label': 'Critical points', tabindex: 0 },
    h('table', {}, h('caption', { class: 'unseen' }, 'Critical points of the loss, and what the rules make of them'), head, body));
  return {
    element,
    draw(rows, letters) {
      const several = letters.length > 1;
      const badge = (letter) => (several ? [h('span', { class: `badge ${letter}` }, letter.toUpperCase()), ' '] : []);
      head.replaceChildren(h('tr', {},
        h('th', { scope: 'col' }, 'critical point'),
        h('th', { scope: 'col' }, rich('*L*')),
        h('th', { scope: 'col', title: 'eigenvalues of the Hessian' }, rich('*λ*')),
        letters.flatMap((letter) => [
          h('th', { scope: 'col', title: 'eigenvalues that the perturbed step sees' }, badge(letter), rich('*λ* + *ρλ*²')),
          h('th', { scope: 'col', title: 'spectral radius of the map’s Jacobian: below 1 it attracts' }, rich('*r*')),
          h('th', { scope: 'col', style: 'text-align:left' }, 'verdict'),
        ])));
      if (!rows.length) {
        body.replaceChildren(h('tr', {}, h('td', { colspan: 3 + 3 * letters.length }, 'none in this window')));
        return;
      }
      body.replaceChildren(...rows.map((row) => h('tr', {},
        h('td', {}, pointMark(row), row.label, h('br'), h('span', { class: 'keys' }, `(${row.w.map((x) => show(x)).join(', ')})`)),
        h('td', {}, show(row.value)),
        h('td', {}, stack(row.eigenvalues)),
        row.verdicts.flatMap((verdict) => [
          h('td', {}, verdict.shifted ? stack(verdict.shifted) : '–'),
          h('td', { title: Number.isNaN(verdict.radius) ? 'the map is not differentiable there' : null }, show(verdict.radius)),
          h('td', {
            class: `verdict ${verdict.attracts ? 'yes' : 'no'}`, title: verdict.reason,
            style: verdict.attracts ? `color:${row.color}` : null,
          }, verdict.attracts === null ? 'undecided' : verdict.attracts ? 'attracts' : 'repels'),
        ]))));
    },
  };
}

function pointMark({ kind, color, verdicts }) {
  const held = verdicts[0]?.attracts;
  return h('span', {
    class: 'dot', 'aria-hidden': 'true', title: kind, style: `border-color:${color};background:${held ? color : 'transparent'}`,
  });
}
