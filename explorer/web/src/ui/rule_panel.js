/** The panel of one rule: which it is, and its numbers. */

import { h } from './dom.js';
import { SCALES, createNumber } from './slider.js';
import { RULE_NAMES, ruleFault } from './url.js';

export const RHO_RANGE = [0, 2];
export const ETA_RANGE = [1e-4, 1];

const SCALE = { eta: SCALES.log(...ETA_RANGE), rho: SCALES.square(...RHO_RANGE), momentum: SCALES.linear(0, 0.99) };

/**
 * @param {'a'|'b'} letter
 * @param {Object} options
 * @param {(name: string) => string} options.labelOf a rule's short name
 * @param {(rule: import('./url.js').RuleState, how: 'live'|'done') => void} options.change
 * @param {() => void} [options.remove]
 */
export function createRulePanel(letter, { labelOf, change, remove }) {
  let rule = null;
  const upper = letter.toUpperCase();
  const put = (patch, how) => {
    rule = { ...rule, ...patch };
    change(rule, how);
  };
  const select = h(
    'select',
    {
      'aria-label': `Rule ${upper}`,
      onchange: () => put({ rule: select.value }, 'done'),
    },
    RULE_NAMES.map((name) => h('option', { value: name }, labelOf(name))),
  );
  const make = (key, label, name) =>
    createNumber({
      label,
      name: `${name} of rule ${upper}`,
      scale: SCALE[key],
      fault: (x) => ruleFault({ eta: 1, rho: 0, momentum: 0, [key]: x }),
      change: (x, how) => put({ [key]: x }, how),
    });
  const numbers = {
    eta: make('eta', '*η*', 'step size eta'),
    rho: make('rho', '*ρ*', 'radius rho'),
    momentum: make('momentum', 'momentum', 'momentum'),
  };
  const head = h(
    'div',
    { class: 'head' },
    h('span', { class: `badge ${letter}`, 'aria-hidden': 'true' }, upper),
    select,
    remove &&
      h('button', { type: 'button', 'aria-label': 'Remove rule B', title: 'Remove rule B', onclick: remove }, '×'),
  );
  const element = h(
    'fieldset',
    { class: `rule ${letter}` },
    h('legend', { class: 'unseen' }, `Rule ${upper}`),
    head,
    numbers.rho.element,
    numbers.eta.element,
    numbers.momentum.element,
  );
  return {
    element,
    numbers,
    /** @param {import('./url.js').RuleState} next */
    set(next) {
      rule = next;
      select.value = next.rule;
      for (const key of Object.keys(numbers)) numbers[key].set(next[key]);
      numbers.rho.disable(next.rule === 'gd');
    },
  };
}
