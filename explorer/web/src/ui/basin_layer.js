/**
 * Basin maps in step with the view: coarse while something is dragged, fine when it rests, always the latest.
 */

const COARSE = 0.34;
const FINE = 1;
const REST = 180;
/** Most steps of a coarse map: what has not settled by then is shown as slow until the fine one is there. */
const COARSE_STEPS = 400;

/**
 * @param {(canvas: HTMLCanvasElement) => Object} createBasinMap of gl/basins.js
 * @param {(letter: string) => void} arrived
 */
export function createBasinLayer(createBasinMap, arrived) {
  let engine = null;
  const jobs = new Map();
  let chain = Promise.resolve();

  const start = () => (engine ??= createBasinMap(document.createElement('canvas')));

  /**
   * @param {string} letter
   * @param {{key: string, landscape: Object, rule: Object, window: number[][], steps: number, table: *}} wanted
   * @param {{width: number, height: number}} size of the plane in pixels
   * @param {boolean} live
   */
  function want(letter, wanted, size, live) {
    const job = jobs.get(letter) ?? { map: null, key: '', timer: 0 };
    jobs.set(letter, job);
    const key = `${wanted.key} ${size.width}x${size.height}`;
    if (job.key === key) return;
    job.key = key;
    clearTimeout(job.timer);
    queue(letter, wanted, size, COARSE);
    job.timer = setTimeout(() => queue(letter, wanted, size, FINE), live ? REST : 30);
  }

  function queue(letter, wanted, size, share) {
    const job = jobs.get(letter);
    const mark = `${job.key}@${share}`;
    job.mark = mark;
    chain = chain.then(async () => {
      if (job.mark !== mark) return;
      const width = Math.max(Math.round(size.width * share), 2);
      const height = Math.max(Math.round(size.height * share), 2);
      const steps = share === FINE ? wanted.steps : Math.min(wanted.steps, COARSE_STEPS);
      const { landscape, rule, window, table } = wanted;
      try {
        const { labels, steps: taken } = await start().compute({ landscape, rule, window, width, height, steps, table });
        // a newer wish does not make an older answer useless: while dragging, late is better than never
        job.map = { labels, steps: taken, width, height, window, key: wanted.key, fine: share === FINE, kind: engine.kind };
        job.fault = '';
      } catch (error) {
        if (job.mark === mark) job.fault = error.message;
      }
      arrived(letter);
    });
  }

  return {
    want,
    kind: () => engine?.kind ?? '',
    /** @param {string} letter the latest map, perhaps of a moment ago */
    map: (letter) => jobs.get(letter)?.map ?? null,
    fault: (letter) => jobs.get(letter)?.fault ?? '',
    /** @param {string} letter @returns {Promise<Object|null>} when what was last wanted is there, fine */
    async settled(letter) {
      const job = jobs.get(letter);
      if (!job) return null;
      for (let previous = ''; previous !== job.key || !(job.map?.fine && job.key.startsWith(job.map.key));) {
        previous = job.key;
        await new Promise((resolve) => setTimeout(resolve, 40));
        await chain;
        if (job.fault) throw new Error(job.fault);
      }
      return job.map;
    },
    drop(letter) {
      clearTimeout(jobs.get(letter)?.timer);
      jobs.delete(letter);
    },
    destroy() {
      for (const job of jobs.values()) clearTimeout(job.timer);
      jobs.clear();
      engine?.destroy?.();
    },
  };
}
