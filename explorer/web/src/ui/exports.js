/** What is saved from the page: tables as CSV, file names, and the way to the reader's disk. */

const cell = (x) =>
  typeof x === 'number' ? (Number.isNaN(x) ? 'nan' : String(x).replace('Infinity', 'inf')) : quote(x);
const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Trajectories as a table: one line per step, numbers in full (JavaScript's shortest text that reads back the same).
 * @param {string[]} variables
 * @param {{rule: string, paths: {w: Float64Array, lengths: ArrayLike<number>}, count: number, steps: number,
 *   value: (w: ArrayLike<number>) => number, outcomes?: string[]}[]} runs
 * @returns {string} RFC 4180, with a header
 */
export function trajectoriesCsv(variables, runs) {
  const d = variables.length;
  const lines = [['rule', 'start', 'step', ...variables, 'loss', 'outcome'].map(quote).join(',')];
  for (const { rule, paths, count, steps, value, outcomes } of runs) {
    for (let s = 0; s < count; s += 1) {
      const length = Math.min(paths.lengths[s], steps + 1);
      for (let t = 0; t < length; t += 1) {
        const at = (s * (steps + 1) + t) * d;
        const w = paths.w.subarray(at, at + d);
        lines.push([rule, s + 1, t, ...w, value(w), outcomes?.[s] ?? ''].map(cell).join(','));
      }
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

/**
 * A file name that says what is in the file.
 * @param {import('./url.js').ViewState} state
 * @param {string} suffix with its dot
 */
export function fileName(state, suffix) {
  const place = typeof state.landscape === 'string' ? state.landscape : 'formula';
  const rules = [state.a, state.b]
    .filter(Boolean)
    .map((r) => (r.rule === 'gd' ? `gd-eta${r.eta}` : `${r.rule}-eta${r.eta}-rho${r.rho}`));
  return `samscape_${[place, ...rules].join('_')}${suffix}`.replace(/[^\w.+-]/g, '');
}

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/**
 * Text to the clipboard, also where the page may not ask for it (file://, http, an old browser).
 * @param {string} text
 * @returns {Promise<boolean>} whether it is there
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.cssText = 'position:fixed;opacity:0';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}
