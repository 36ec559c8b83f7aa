/**
 * Basin maps in step with the view: coarse while something is dragged, fine when it rests, pixel by pixel when it goes on
 * resting, always the latest. How coarse and how fine follows from how fast this machine has been so far.
 */

/** Milliseconds that a map may take; it never has a smaller share of the pixels (per side) than LEAST says. */
const BUDGET = { coarse: 45, fine: 2500, full: 30000 };
const LEAST = { coarse: 0.1, fine: 0.35, full: 0.35 };
const FIRST = 0.12;
/** Most steps of a coarse map: what has not settled by then is shown as slow until the fine one is there. */
const COARSE_STEPS = 2000;
const REST = 160;
const LONG_REST = 600;

/**
 * @typedef {{key: string, landscape: Object, rule: Object, window: number[][], steps: number, table: Object[]}} Wish
 * @typedef {{labels: Uint16Array, steps: Uint16Array, width: number, height: number, window: number[][], key: string,
 *   formula: string, fine: boolean, kind: string}} Shown
 * @param {(canvas: HTMLCanvasElement) => Object} createBasinMap of gl/basins.js
 * @param {(letter: string) => void} arrived
 */
export function createBasinLayer(createBasinMap, arrived) {
  const jobs = new Map();
  /** Pixels times steps per millisecond, of the processor that computes. */
  let speed = 0;

  function jobOf(letter) {
    let job = jobs.get(letter);
    if (!job)
      jobs.set(letter, (job = { engine: null, wish: null, size: null, running: '', timer: 0, map: null, fault: '' }));
    return job;
  }

  /** @param {string} letter @param {Wish} wish @param {{width: number, height: number}} size @param {boolean} live */
  function want(letter, wish, size, live) {
    const job = jobOf(letter);
    job.live = live;
    const key = `${wish.key} ${size.width}x${size.height}`;
    if (job.key === key) return;
    // while something is dragged the map of a moment ago is better than none; of another loss it would be false
    if (job.map && job.map.formula !== wish.landscape.formula) job.map = null;
    Object.assign(job, { key, wish, size, fault: '' });
    clearTimeout(job.timer);
    // a coarse map is quick and shown even if late: else none would ever appear while a slider moves
    if (job.running !== 'coarse') run(letter, 'coarse');
  }

  async function run(letter, quality) {
    const job = jobOf(letter);
    const { key, wish, size } = job;
    job.running = quality;
    const steps = quality === 'coarse' ? Math.min(wish.steps, COARSE_STEPS) : wish.steps;
    const whole = size.width * size.height * steps;
    const affordable = speed ? Math.sqrt((BUDGET[quality] * speed) / whole) : FIRST;
    const share = Math.min(Math.max(affordable, LEAST[quality]), 1);
    const [width, height] = [size.width, size.height].map((side) => Math.max(Math.round(side * share), 2));
    const started = performance.now();
    try {
      // each rule has an engine of its own: a newer map takes the place of an older one of the same
      if (!job.engine) {
        // making the engine and its programs can take long: the rest of the picture is shown first
        await new Promise((resolve) => {
          requestAnimationFrame(() => setTimeout(resolve, 0));
        });
        if (jobs.get(letter) !== job) return;
        job.engine = createBasinMap(document.createElement('canvas'));
      }
      const { landscape, rule, window, table } = wish;
      const found = await job.engine.compute({ landscape, rule, window, width, height, steps, table });
      if (jobs.get(letter) !== job || !found) return;
      speed = (width * height * steps) / Math.max(performance.now() - started, 1);
      job.map = {
        ...found,
        width,
        height,
        window,
        key: wish.key,
        formula: landscape.formula,
        fine: quality !== 'coarse',
        kind: job.engine.kind,
      };
    } catch (error) {
      if (jobs.get(letter) !== job || job.key !== key) return;
      job.fault = error.message;
    }
    job.running = '';
    arrived(letter);
    if (job.key !== key) run(letter, 'coarse');
    else if (quality === 'coarse' && !job.fault) job.timer = setTimeout(() => run(letter, 'fine'), job.live ? REST : 0);
    else if (quality === 'fine' && !job.fault && share < 1) job.timer = setTimeout(() => run(letter, 'full'), LONG_REST);
  }

  return {
    want,
    kind: () => [...jobs.values()].find(({ engine }) => engine)?.engine.kind ?? '',
    /** @param {string} letter @returns {Shown|null} the latest map, perhaps of a moment ago */
    map: (letter) => jobs.get(letter)?.map ?? null,
    fault: (letter) => jobs.get(letter)?.fault ?? '',
    /** @param {string} letter @returns {Promise<Shown|null>} when what was last wanted is there, fine */
    async settled(letter) {
      for (;;) {
        const job = jobs.get(letter);
        if (!job) return null;
        if (job.fault) throw new Error(job.fault);
        const refining = job.running && job.running !== 'full';
        if (job.map?.fine && job.map.key === job.wish.key && !refining) return job.map;
        await new Promise((resolve) => {
          setTimeout(resolve, 25);
        });
      }
    },
    drop(letter) {
      const job = jobs.get(letter);
      if (!job) return;
      clearTimeout(job.timer);
      job.engine?.destroy?.();
      jobs.delete(letter);
    },
    destroy() {
      for (const letter of [...jobs.keys()]) this.drop(letter);
    },
  };
}
