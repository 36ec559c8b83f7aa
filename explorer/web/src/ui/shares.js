/** How large each basin is, and how it is drawn in a legend. */

/**
 * @param {Object} view @param {Object} scene
 * @param {({labels: ArrayLike<number>}|null)[]} maps of each rule that has one
 * @returns {{look: {color: string, hatch: string, label: string, order: number}, share: number[]}[]} in the order of the
 *   outcomes; `share` of the starts under each rule
 */
export function sharesByOutcome(view, scene, maps) {
  const lookOf = scene.lookOf(view);
  const byName = new Map();
  maps.forEach(({ labels }, k) => {
    const counts = new Map();
    for (let i = 0; i < labels.length; i += 1) counts.set(labels[i], (counts.get(labels[i]) ?? 0) + 1);
    for (const [label, count] of counts) {
      const look = lookOf(label);
      const known = byName.get(look.label) ?? { look, share: maps.map(() => 0) };
      known.share[k] += count / labels.length;
      byName.set(look.label, known);
    }
  });
  return [...byName.values()].sort((p, q) => p.look.order - q.look.order);
}

/** @param {number} share @returns {string} in per cent */
export function percent(share) {
  // sums of shares are exact to round-off only
  if (share < 1e-9 || share > 1 - 1e-9) return share > 0.5 ? '100 %' : '0 %';
  if (share < 0.001) return '< 0.1 %';
  if (share > 0.999) return '> 99.9 %';
  return `${(100 * share).toFixed(share > 0.99 || share < 0.1 ? 1 : 0)} %`;
}
