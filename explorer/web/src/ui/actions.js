/** What the reader can do: every action is a change of the state. */

import { tidy } from './dom.js';
import { MOST_STARTS } from './url.js';

/**
 * @param {Object} app
 * @param {{get: () => import('./url.js').ViewState, update: Function}} app.store
 * @param {() => {landscape: Object, window: number[][], starts: number[][]}} app.scene what is shown now
 * @param {() => number} app.chosen
 * @param {(i: number) => void} app.choose
 * @param {() => 'one'|'ring'|'grid'} app.adds what a click adds
 * @param {() => 'ring'|'grid'} app.clusterKind what a click with shift adds
 * @param {(text: string) => void} app.tell for screen readers
 */
export function createActions({ store, scene, chosen, choose, adds, clusterKind, tell }) {
  const tidied = (w) => w.map((x, i) => tidy(x, scene().window[i]));
  const at = (w) => w.map((x) => x.toPrecision(3)).join(', ');

  function add(more) {
    const starts = scene().starts;
    const room = MOST_STARTS - starts.length;
    if (room <= 0) {
      tell(`There are ${MOST_STARTS} starts: remove some first`);
      return;
    }
    const fresh = more.slice(0, room).map(tidied);
    store.update({ starts: [...starts, ...fresh] });
    choose(starts.length + fresh.length - 1);
    tell(fresh.length === 1 ? `Start added at ${at(fresh[0])}` : `${fresh.length} starts added`);
  }

  return {
    add,
    choose,
    /** @param {number} by to the next start or the one before */
    chooseOther(by) {
      const { starts } = scene();
      if (!starts.length) return;
      const i = (chosen() + by + starts.length) % starts.length;
      choose(i);
      tell(`Start ${i + 1} of ${starts.length} at ${at(starts[i])}`);
    },
    click(w, radius) {
      if (adds() === 'one') add([w]);
      else this.cluster(w, radius);
    },
    cluster(centre, radius) {
      add(clusterKind() === 'grid' ? grid(centre, radius) : ring(centre, radius));
    },
    move(i, w, how) {
      store.update({ starts: scene().starts.map((old, k) => (k === i ? tidied(w) : old)) }, how);
    },
    remove(i) {
      const starts = scene().starts;
      if (!starts[i]) return;
      store.update({ starts: starts.filter((_, k) => k !== i) });
      choose(Math.max(Math.min(chosen(), starts.length - 2), 0));
      tell(`Start removed, ${starts.length - 1} left`);
    },
    clear() {
      store.update({ starts: [] });
      choose(0);
      tell('All starts removed');
    },
    window(window, how) {
      if (window && window.some(([low, high]) => !(high - low > 1e-9 && Math.max(Math.abs(low), Math.abs(high)) < 1e9)))
        return;
      store.update({ window }, how);
    },
  };
}

/** @param {number[]} centre @param {number[]} radius @param {number} [count] @returns {number[][]} */
export function ring(centre, radius, count = 12) {
  if (centre.length === 1) return grid(centre, radius);
  return Array.from({ length: count }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.5)) / count;
    return [centre[0] + radius[0] * Math.cos(angle), centre[1] + radius[1] * Math.sin(angle)];
  });
}

/** @param {number[]} centre @param {number[]} radius @param {number} [side] @returns {number[][]} */
export function grid(centre, radius, side = 5) {
  const places = Array.from({ length: side }, (_, k) => (2 * k) / (side - 1) - 1);
  if (centre.length === 1) return places.map((p) => [centre[0] + p * radius[0]]);
  return places.flatMap((q) => places.map((p) => [centre[0] + p * radius[0], centre[1] + q * radius[1]]));
}

/** Six starts on an ellipse, as samscape.figures.portrait has them; two for one coordinate, as its cobweb. */
export function usualStarts(window) {
  if (window.length === 1) {
    const [[low, high]] = window;
    return [0.15, 0.7].map((share) => [tidy(low + share * (high - low), window[0])]);
  }
  const middle = window.map(([low, high]) => (low + high) / 2);
  return Array.from({ length: 6 }, (_, k) => {
    const angle = (k * Math.PI) / 3 + 0.35;
    return [Math.cos(angle), Math.sin(angle)].map((c, i) =>
      tidy(middle[i] + 0.42 * (window[i][1] - window[i][0]) * c, window[i]),
    );
  });
}
