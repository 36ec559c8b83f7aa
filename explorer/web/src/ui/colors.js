/**
 * Colours for both themes. Rules and outcomes have the colours of the figures (generated/facts.js); what would be too
 * faint on the dark page is lightened, hue kept, until it can be read.
 */

export const PALETTES = {
  light: {
    page: '#ffffff',
    ink: '#1c2126',
    soft: '#5b6570',
    grid: '#dfe4e9',
    contour: 'rgba(20,26,33,0.26)',
    stream: '#8fa0b5',
    gradient: '#b9862f',
    nullcline: '#7A5C00',
    stable: '#007A70',
    unstable: '#B0006D',
    halo: '#ffffff',
  },
  dark: {
    page: '#14171b',
    ink: '#e8ecf0',
    soft: '#9aa6b2',
    grid: '#2c333b',
    contour: 'rgba(232,238,245,0.25)',
    stream: '#68788c',
    gradient: '#a98543',
    nullcline: '#d5b04c',
    stable: '#2fc0b0',
    unstable: '#f266b8',
    halo: '#14171b',
  },
};

/** @param {string} color #rrggbb @returns {number[]} */
export function rgb(color) {
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
}

/** @param {number[]} parts @returns {string} #rrggbb */
export function hex(parts) {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** @param {string} p @param {string} q @param {number} share of q @returns {string} */
export function mixed(p, q, share) {
  const [a, b] = [rgb(p), rgb(q)];
  return hex(a.map((part, i) => part * (1 - share) + b[i] * share));
}

function luminance(color) {
  const [r, g, b] = rgb(color).map((part) => {
    const x = part / 255;
    return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} p @param {string} q @returns {number} contrast as WCAG defines it, 1 to 21 */
export function contrast(p, q) {
  const [dark, light] = [luminance(p), luminance(q)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * @param {string} color
 * @param {'light'|'dark'} theme
 * @param {number} [least] contrast with the page; 3 is what lines and markers need
 * @returns {string} the colour, lightened on the dark page (darkened on the light one) as far as it needs
 */
export function legible(color, theme, least = 3) {
  const { page } = PALETTES[theme];
  const towards = theme === 'dark' ? '#ffffff' : '#000000';
  let found = color;
  for (let share = 0; share <= 1 && contrast(found, page) < least; share += 0.05) found = mixed(color, towards, share);
  return found;
}

/** How far basins are drawn towards the page behind the other layers. */
const PALE = { light: 0.55, dark: 0.45 };

/** Greys fill most of some maps: they stay behind everything. */
const PALER = { light: { diverged: 0.74 }, dark: { slow: 0.82 } };

/**
 * @param {{color: string, label: string}} look of an outcome
 * @param {'light'|'dark'} theme
 * @returns {{fill: string, line: string}} of its basin and of its hatching
 */
export function basinColors({ color, label }, theme) {
  const { page } = PALETTES[theme];
  const pale = PALER[theme][label] ?? PALE[theme];
  return { fill: mixed(color, page, pale), line: mixed(color, page, pale / 2) };
}
