/**
 * "Copy as Python": lines that reproduce the view with samscape. They run as they are.
 *
 * Noise is the finite sum L_i(w) = L(w) + xi_i . w with xi_i ~ N(0, sigma^2 I), one example drawn per step: the same law
 * as the page's, other draws.
 */

/** Layers of the page -> layers of samscape.figures.portrait. */
const LAYER_NAMES = {
  basins: 'basins',
  contours: 'contours',
  field: 'field',
  streamlines: 'field',
  nullclines: 'nullclines',
  manifolds: 'manifolds',
  critical_points: 'critical_points',
  trajectories: 'trajectories',
  w_adv: 'w_adv',
};

const NOISY = [
  '@jax.tree_util.register_dataclass',
  '@dataclass(frozen=True)',
  'class Noisy(Landscape):',
  '    """L_i(w) = L(w) + xi_i . w: every gradient of one step carries the same N(0, sigma^2) noise."""',
  '',
  '    xi: jax.Array',
  '    name: str = field(default="noisy", metadata={"static": True})',
  '    dimension: int = field(default=loss.dimension, metadata={"static": True})',
  '    n: int = field(default=100_000, metadata={"static": True})',
  '',
  '    def value(self, w):',
  '        return loss.value(w)',
  '',
  '    def sample_loss(self, w, i):',
  '        return loss.value(w) + self.xi[i] @ w',
  '',
];

const literal = (x) => (Object.is(x, -0) ? '0' : String(x));
const quoted = (text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
const tuples = (rows) =>
  `(${rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')}${rows.length === 1 ? ',' : ''})`;

/** @param {import('./url.js').RuleState} rule @returns {string} a call of make_rule */
function ruleLine(rule) {
  const parts = [quoted(rule.rule), `eta=${literal(rule.eta)}`];
  if (rule.momentum > 0) parts.push(`base=lambda eta: heavy_ball(eta, ${literal(rule.momentum)})`);
  if (rule.rule !== 'gd') parts.push(`rho=${literal(rule.rho)}`);
  return `make_rule(${parts.join(', ')})`;
}

function startLines(starts) {
  const rows = starts.map((w) => `[${w.map(literal).join(', ')}]`);
  const line = `starts = np.array([${rows.join(', ')}], float)`;
  if (line.length <= 110) return [line];
  const lines = ['starts = np.array(['];
  let current = '   ';
  for (const row of rows) {
    if (current.length + row.length > 105) {
      lines.push(current);
      current = '   ';
    }
    current += ` ${row},`;
  }
  return [...lines, current, '], float)'];
}

/**
 * @param {import('./url.js').ViewState} state with its window and its starts filled in
 * @returns {string}
 */
export function pythonLines(state) {
  const starts = state.starts ?? [];
  const dimension = state.window?.length ?? starts[0]?.length ?? 2;
  const rules = [['a', state.a], ...(state.b ? [['b', state.b]] : [])];
  const heavy = rules.some(([, rule]) => rule.momentum > 0);
  const noisy = state.noise > 0 && starts.length > 0;
  const typed = typeof state.landscape !== 'string';
  const lines = [];
  if (noisy) lines.push('from dataclasses import dataclass, field', '', 'import jax');
  lines.push('import numpy as np', '');
  if (heavy) lines.push('from samscape.dynamics.base import heavy_ball');
  lines.push('from samscape.dynamics.methods import make_rule');
  if (starts.length) lines.push('from samscape.dynamics.trajectories import trajectories');
  lines.push('from samscape.figures import save');
  lines.push('from samscape.figures.portrait import portrait');
  const names = [...(typed || noisy ? ['Landscape'] : []), ...(typed ? [] : ['get_landscape'])];
  lines.push(`from samscape.landscapes import ${names.join(', ')}`, '');
  if (typed) {
    const { formula, variables } = state.landscape;
    const more = state.window ? `, domain=${tuples(state.window)}` : '';
    lines.push(`loss = Landscape.from_expression(${quoted(formula)}, [${variables.map(quoted).join(', ')}]${more})`);
  } else {
    lines.push(`loss = get_landscape(${quoted(state.landscape)})`);
  }
  for (const [letter, rule] of rules) lines.push(`rule_${letter} = ${ruleLine(rule)}`);
  if (starts.length) lines.push(...startLines(starts));
  lines.push(`steps = ${literal(state.steps)}`, '');
  if (noisy) {
    lines.push('', ...NOISY, '');
    lines.push(`key = jax.random.key(${literal(state.seed)})`);
    lines.push(`noisy = Noisy(${literal(state.noise)} * jax.random.normal(key, (100_000, loss.dimension), float))`);
  }
  if (starts.length) {
    const what = noisy ? 'noisy' : 'loss';
    const more = noisy ? ', key=key, batch_size=1' : '';
    for (const [letter, rule] of rules) {
      lines.push(`path_${letter} = trajectories(${what}, rule_${letter}, starts, steps${more})`);
      lines.push(`print(${quoted(`${rule.rule} ends at`)}, path_${letter}["w"][:, -1])`);
    }
    lines.push('');
  }
  const wanted = [...new Set(state.layers.map((layer) => LAYER_NAMES[layer]).filter(Boolean))];
  const shown = wanted.length ? wanted : ['contours'];
  for (const [letter] of rules) {
    const options = [`loss, rule_${letter}`];
    if (state.window) options.push(`window=${tuples(state.window)}`);
    if (starts.length) options.push('starts=starts');
    options.push(`steps=${dimension === 1 ? 'min(steps, 1000)' : 'steps'}`);
    if (dimension === 2) {
      const layers = starts.length ? shown : shown.filter((layer) => layer !== 'trajectories' && layer !== 'w_adv');
      options.push(`layers=(${layers.map(quoted).join(', ')}${layers.length === 1 ? ',' : ''})`);
    }
    const call = `ax = portrait(${options.join(', ')})`;
    if (call.length <= 115) lines.push(call);
    else lines.push('ax = portrait(', ...options.map((option) => `    ${option},`), ')');
    lines.push(`save(ax.figure, "portrait_${letter}.png")`);
  }
  return `${lines.join('\n')}\n`;
}
