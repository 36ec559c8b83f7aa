/**
 * One state, many listeners. A change is 'live' while something is dragged and 'done' when it is let go of: only what is
 * done becomes a step of the browser's history, so that the back button undoes one action at a time.
 *
 * @typedef {'live'|'done'|'history'} How 'history': the state came from the address bar or the back button
 */

/**
 * @template {Object} T
 * @param {T} initial
 */
export function createStore(initial) {
  let state = initial;
  const listeners = new Set();
  return {
    /** @returns {T} */
    get: () => state,
    /** @param {Partial<T>} patch @param {How} [how] */
    update(patch, how = 'done') {
      const before = state;
      state = { ...state, ...patch };
      for (const listener of listeners) listener(state, before, how);
    },
    /** @param {(state: T, before: T, how: How) => void} listener @returns {() => void} to stop listening */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * Keep the address bar and the store together.
 * @param {ReturnType<typeof createStore>} store
 * @param {{write: (state: Object) => string, read: (fragment: string) => Object}} form
 * @param {Window} [view]
 * @returns {() => void} to let go
 */
export function followAddress(store, { write, read }, view = window) {
  let timer = 0;
  /** Whether the drag that is under way has its own step of the history already. */
  let begun = false;
  let written = view.location.hash.slice(1);
  const put = () => {
    const fragment = write(store.get());
    if (fragment === written) return;
    written = fragment;
    view.history[begun ? 'replaceState' : 'pushState'](null, '', `#${fragment}`);
  };
  const stop = store.subscribe((_, __, how) => {
    clearTimeout(timer);
    if (how === 'history') written = view.location.hash.slice(1);
    else if (how === 'done') put();
    // browsers limit how often the address may change: a drag writes it when it pauses
    else {
      timer = setTimeout(() => {
        put();
        begun = true;
      }, 400);
    }
    if (how !== 'live') begun = false;
  });
  const arrive = () => {
    if (view.location.hash.slice(1) === written) return;
    clearTimeout(timer);
    store.update(read(view.location.hash), 'history');
  };
  view.addEventListener('popstate', arrive);
  view.addEventListener('hashchange', arrive);
  return () => {
    stop();
    clearTimeout(timer);
    view.removeEventListener('popstate', arrive);
    view.removeEventListener('hashchange', arrive);
  };
}
