/** A formula typed by the reader; a fault is shown at its character. */

import { h } from './dom.js';

let count = 0;

/**
 * @param {Object} options
 * @param {(text: string) => {variables: string[]}} options.parse throws an error with {message, position, length}
 * @param {(landscape: {formula: string, variables: string[]}) => void} options.change a formula without fault
 */
export function createFormulaField({ parse, change }) {
  count += 1;
  const id = `samscape-formula-${count}`;
  const field = h('input', {
    type: 'text',
    id,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'aria-describedby': `${id}-fault`,
    placeholder: 'x**4/4 - x*y + y**2/2',
  });
  const fault = h('pre', { id: `${id}-fault`, class: 'hidden', role: 'alert' });
  const element = h(
    'div',
    { class: 'formula hidden' },
    h('label', { for: id }, h('i', { class: 'sym' }, 'L'), ' = '),
    field,
    fault,
  );
  let timer = 0;
  let accepted = '';

  /** @returns {boolean} whether the text is a formula */
  function check() {
    const text = field.value;
    let found;
    try {
      found = parse(text);
    } catch (error) {
      explain(text, error);
      return false;
    }
    explain(text, null);
    if (text !== accepted) {
      accepted = text;
      change({ formula: text, variables: [...found.variables] });
    }
    return true;
  }

  function explain(text, error) {
    field.setAttribute('aria-invalid', String(Boolean(error)));
    fault.classList.toggle('hidden', !error);
    if (!error) {
      fault.replaceChildren();
      return;
    }
    const at = Math.min(Math.max(error.position ?? 0, 0), text.length);
    const end = Math.max(at + (error.length ?? 1), at + 1);
    const bad = text.slice(at, end) || '␣';
    fault.replaceChildren(
      text.slice(0, at),
      h('mark', {}, bad),
      text.slice(end),
      '\n',
      h('span', { class: 'fault' }, `${' '.repeat(at)}↑ ${error.reason ?? error.message} (character ${at + 1})`),
    );
  }

  field.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(check, 250);
  });
  field.addEventListener('change', () => {
    clearTimeout(timer);
    check();
  });
  return {
    element,
    field,
    check,
    /** @param {string|null} formula null: a landscape of the list is shown, and this is put away */
    set(formula) {
      element.classList.toggle('hidden', formula === null);
      if (formula === null) return;
      if (formula !== accepted) {
        accepted = formula;
        field.value = formula;
        explain(formula, null);
      }
    },
  };
}
