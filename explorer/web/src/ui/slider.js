/** A number with a slider for the hand and a field for the exact value. */

import { h, rich, rounded, show } from './dom.js';

const NOTCHES = 1000;

/** From a value to a place on the slider, 0 to 1, and back. */
export const SCALES = {
  linear: (low, high) => ({ to: (x) => (x - low) / (high - low), from: (t) => low + t * (high - low) }),
  log: (low, high) => ({
    to: (x) => Math.log(x / low) / Math.log(high / low),
    from: (t) => low * (high / low) ** t,
  }),
  /** Fine near zero, which it reaches. */
  square: (low, high) => ({
    to: (x) => Math.sqrt(Math.max(x - low, 0) / (high - low)),
    from: (t) => low + (high - low) * t * t,
  }),
};

let count = 0;

/**
 * @param {Object} options
 * @param {string} options.label as `rich` reads it
 * @param {string} options.name for screen readers
 * @param {{to: (x: number) => number, from: (t: number) => number}} options.scale
 * @param {(x: number) => string} options.fault what is wrong with a value, '' if nothing
 * @param {boolean} [options.whole]
 * @param {(x: number, how: 'live'|'done') => void} options.change
 */
export function createNumber({ label, name, scale, fault, whole = false, change }) {
  count += 1;
  const id = `samscape-number-${count}`;
  let value = NaN;
  const range = h('input', { type: 'range', min: 0, max: NOTCHES, step: 1, 'aria-label': name });
  const field = h('input', {
    type: 'text',
    id,
    inputmode: 'decimal',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': `${name}, exact value`,
  });
  const complaint = h('div', { class: 'fault hidden', id: `${id}-fault`, role: 'alert' });
  const bands = h('div', { class: 'bands', 'aria-hidden': 'true' });
  const track = h('div', { class: 'track' }, range, bands);
  const element = h('div', { class: 'number' }, h('label', { for: id }, rich(label)), track, field, complaint);

  const slid = (how) => {
    const raw = scale.from(range.valueAsNumber / NOTCHES);
    value = whole ? Math.round(rounded(raw, 2)) : rounded(raw, 3);
    if (Math.abs(value) < 1e-9) value = 0;
    write();
    change(value, how);
  };
  range.addEventListener('input', () => slid('live'));
  range.addEventListener('change', () => slid('done'));
  const typed = () => {
    const text = field.value.trim().replace('−', '-').replace(',', '.');
    const given = text === '' ? NaN : Number(text);
    let wrong = Number.isFinite(given) ? fault(given) : `'${field.value}' is no number`;
    if (!wrong && whole && !Number.isInteger(given)) wrong = `${field.value} is no whole number`;
    complain(wrong);
    if (wrong || given === value) return;
    value = given;
    place();
    change(value, 'done');
  };
  field.addEventListener('change', typed);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') typed();
    if (event.key === 'Escape') write();
  });

  function complain(text) {
    complaint.textContent = text;
    complaint.classList.toggle('hidden', !text);
    field.setAttribute('aria-invalid', String(Boolean(text)));
    if (text) field.setAttribute('aria-describedby', complaint.id);
    else field.removeAttribute('aria-describedby');
  }

  function place() {
    range.value = String(Math.round(NOTCHES * Math.min(Math.max(scale.to(value), 0), 1)));
    range.setAttribute('aria-valuetext', show(value));
  }

  function write() {
    field.value = String(value);
    range.setAttribute('aria-valuetext', show(value));
    complain('');
  }

  return {
    element,
    range,
    field,
    /** @param {number} x */
    set(x) {
      if (x === value) return;
      value = x;
      write();
      place();
    },
    /** @param {boolean} off */
    disable(off) {
      range.disabled = off;
      field.disabled = off;
      element.classList.toggle('hidden', off);
    },
    /**
     * Stretches of the slider where something is the case.
     * @param {{from: number, to: number, color: string, label: string}[]} list
     */
    mark(list) {
      track.classList.toggle('banded', list.length > 0);
      bands.replaceChildren(
        ...list.flatMap(({ from, to, color, label: text }) => {
          const [p, q] = [from, to].map((x) => Math.min(Math.max(scale.to(x), 0), 1));
          const onRight = p > 0.5;
          const place = onRight
            ? `right:${100 - 100 * p}%;margin-right:6px`
            : `left:${100 * p}%;margin-left:${p > 0 ? 0 : 2}px`;
          return [
            h('i', { style: `left:${100 * p}%;width:${100 * (q - p)}%;background:${color}` }),
            p > 0.002 && h('b', { style: `left:${100 * p}%;background:${color}` }),
            h('span', { style: `${place};color:${color}`, text }),
          ].filter(Boolean);
        }),
      );
    },
  };
}
