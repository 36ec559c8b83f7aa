/** Critical points with what the rules make of them: under two rules, a line for each. */

import { h, rich, show } from './dom.js';

/**
 * @typedef {{w: number[], kind: string, label: string, value: number, eigenvalues: number[], color: string, ink: string,
 *   members: number[][]|null, verdicts: {letter: string, shifted: number[]|null, radius: number,
 *   attracts: boolean|null, reason: string}[]}} PointRow
 */

const stack = (numbers) =>
  h(
    'span',
    { class: 'stack' },
    numbers.map((x) => h('span', {}, show(x))),
  );

/** @returns {{element: HTMLElement, draw: (rows: PointRow[], letters: string[]) => void}} */
export function createPointsTable() {
  const head = h('thead');
  const body = h('tbody');
  const element = h(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': 'Critical points', tabindex: 0 },
    h(
      'table',
      {},
      h('caption', { class: 'unseen' }, 'Critical points of the loss, and what the rules make of them'),
      head,
      body,
    ),
  );
  return {
    element,
    draw(rows, letters) {
      const several = letters.length > 1;
      const column = (content, title) => h('th', { scope: 'col', title }, content);
      head.replaceChildren(
        h(
          'tr',
          {},
          column('critical point'),
          column(rich('*L*'), 'loss'),
          column(rich('*λ*'), 'eigenvalues of the Hessian'),
          several && column(h('span', { class: 'unseen' }, 'rule')),
          column(rich('*λ* + *ρλ*²'), 'the eigenvalues that the perturbed step sees'),
          column(rich('*r*'), 'spectral radius of the map’s Jacobian: below 1 the point attracts'),
          h('th', { scope: 'col', style: 'text-align:left' }, 'verdict'),
        ),
      );
      if (!rows.length) {
        body.replaceChildren(h('tr', {}, h('td', { colspan: several ? 7 : 6 }, 'none in this window')));
        return;
      }
      body.replaceChildren(
        ...rows.flatMap((row) =>
          row.verdicts.map((verdict, k) =>
            h(
              'tr',
              { class: k ? 'more' : null },
              k === 0 && [
                pointCell(row, letters.length),
                cell(show(row.value), letters.length),
                cell(stack(row.eigenvalues), letters.length),
              ],
              several && h('td', {}, h('span', { class: `badge ${verdict.letter}` }, verdict.letter.toUpperCase())),
              h(
                'td',
                { title: verdict.shifted ? null : verdict.reason },
                verdict.shifted ? stack(verdict.shifted) : '–',
              ),
              h(
                'td',
                { title: Number.isNaN(verdict.radius) ? 'the step has no derivative here' : null },
                show(verdict.radius),
              ),
              verdictCell(verdict, row.ink),
            ),
          ),
        ),
      );
    },
  };
}

const cell = (content, rowspan) => h('td', { rowspan }, content);

const WORDS = new Map([
  [true, 'attracts'],
  [false, 'repels'],
  [null, 'undecided'],
]);

function verdictCell({ attracts, reason }, ink) {
  const style = attracts ? `color:${ink}` : null;
  return h('td', { class: `verdict ${attracts ? 'yes' : 'no'}`, title: reason, style }, WORDS.get(attracts));
}

function pointCell({ kind, color, label, w, members, verdicts }, rowspan) {
  const fill = verdicts[0].attracts ? color : 'transparent';
  return h(
    'td',
    { rowspan },
    h('span', { class: 'dot', 'aria-hidden': 'true', title: kind, style: `border-color:${color};background:${fill}` }),
    label,
    h('br'),
    h('span', { class: 'keys' }, members ? 'a curve of them' : `(${w.map((x) => show(x)).join(', ')})`),
  );
}
