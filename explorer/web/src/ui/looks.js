/** Names and colours of rules and outcomes, and the presets, from generated/facts.js. */

import { MINIMUM_COLORS, OTHER_MINIMA, OUTCOME_LOOKS, PRESETS as GIVEN, RULE_LOOKS } from '../generated/facts.js';
import { mixed } from './colors.js';

/** How far the second, third, ... of a kind is from the kind's own colour: figures/basin_picture.py. */
const SHADES = [0, 0.35, -0.3, 0.55];
const MEANINGS = ['minimum', 'saddle', 'cycle', 'other', 'diverged', 'slow'];

export const PRESETS = GIVEN;

/** @param {string} name @returns {{label: string, color: string, dashes: number[], marker: string}} */
export const rule = (name) => RULE_LOOKS[name];

const shaded = (color, share) =>
  share === 0 ? color : mixed(color, share > 0 ? '#ffffff' : '#000000', Math.abs(share));

function minimum(place) {
  const turn = Math.floor(place / MINIMUM_COLORS.length);
  return {
    color: shaded(MINIMUM_COLORS[place % MINIMUM_COLORS.length], SHADES[turn % SHADES.length]),
    hatch: ['', '\\', 'x', '-'][turn % 4],
  };
}

/**
 * @param {number} label code + 8 * index, as core/outcomes.js has it
 * @param {{kind: string}[]} table
 * @returns {{color: string, hatch: string, label: string, order: number}}
 */
export function outcome(label, table) {
  const [code, index] = [label & 7, label >> 3];
  const meaning = MEANINGS[code];
  const place = table.slice(0, index).filter(({ kind }) => kind === table[index]?.kind).length;
  if (meaning === 'minimum') {
    if (index >= table.length) return { ...OTHER_MINIMA, order: 900 };
    return { ...minimum(place), label: `minimum ${place + 1}`, order: place };
  }
  const look = OUTCOME_LOOKS[meaning];
  const order = 1000 * (code + 1);
  if (meaning !== 'saddle' || index >= table.length) return { ...look, label: meaning, order };
  const several = table.filter(({ kind }) => kind === 'saddle').length > 1;
  return {
    color: shaded(look.color, SHADES[place % SHADES.length]),
    hatch: look.hatch,
    label: several ? `saddle ${place + 1}` : 'saddle',
    order: order + place,
  };
}

/** @param {string} kind of a critical point @param {number} place the how-manieth of its kind, from 0 */
export function pointColor(kind, place) {
  if (kind === 'minimum') return minimum(place).color;
  if (kind === 'saddle') return shaded(OUTCOME_LOOKS.saddle.color, SHADES[place % SHADES.length]);
  return OUTCOME_LOOKS.other.color;
}
