/**
 * One portrait: two canvases (what stands still, what moves), and the handles of the starts over them.
 *
 * Mouse and finger: a click adds a start, a handle is dragged, shift-click adds a ring or a grid (shift-drag sets its
 * size), dragging the plane moves the window, ctrl-wheel or pinching zooms. Keys, with the plane or a handle focused:
 * arrows move the chosen start (shift: finely), Page Up and Page Down choose another, Enter adds one in the middle,
 * Delete removes the chosen one, + - 0 zoom.
 */

import { h, show } from './dom.js';
import { CanvasPen } from './pens.js';
import { makePlane, moved, zoomed } from './plane.js';

const MARGIN = { left: 54, right: 10, top: 10, bottom: 40 };
/** Starts with a handle of their own; of more only the chosen one has one. */
const HANDLES = 80;
const CLICK = 4;
const LOSS_SHARE = 0.32;

/**
 * @typedef {{add: (w: number[][]) => void, click: (w: number[], radius: number[]) => void,
 *   cluster: (w: number[], radius: number[]) => void,
 *   move: (i: number, w: number[], how: 'live'|'done') => void, remove: (i: number) => void, choose: (i: number) => void,
 *   chooseOther: (by: number) => void,
 *   window: (window: number[][]|null, how: 'live'|'done') => void}} Actions
 * @param {Actions} actions
 */
export function createPanel(actions) {
  const back = h('canvas', { 'aria-hidden': 'true' });
  const front = h('canvas', { 'aria-hidden': 'true' });
  const surface = h('div', {
    class: 'surface',
    tabindex: 0,
    role: 'application',
    'aria-roledescription': 'phase portrait',
  });
  const zoom = (label, sign, act) =>
    h('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, sign);
  const tools = h(
    'div',
    { class: 'tools' },
    zoom('Zoom in', '+', () => zoomBy(0.8)),
    zoom('Zoom out', '−', () => zoomBy(1.25)),
    zoom('Show the whole domain', '⤢', () => actions.window(null, 'done')),
  );
  const tag = h('span', {
    class: 'badge hidden',
    style: 'position:absolute;left:62px;top:18px',
    'aria-hidden': 'true',
  });
  const element = h('div', { class: 'panel' }, back, front, surface, tools, tag);
  let view = {
    window: [
      [-1, 1],
      [-1, 1],
    ],
    starts: [],
    chosen: 0,
    dimension: 2,
    label: '',
  };
  let size = { width: 0, height: 0, ratio: 1 };
  let plane = null;
  let gesture = null;

  const resize = new ResizeObserver(() => {
    if (measure()) element.dispatchEvent(new CustomEvent('resized'));
  });
  resize.observe(element);

  function measure() {
    const width = element.clientWidth;
    const height = element.clientHeight;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    if (width === size.width && height === size.height && ratio === size.ratio) return false;
    size = { width, height, ratio };
    for (const canvas of [back, front]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    return true;
  }

  /** Boxes for a picture of this size: the plane's, and for one coordinate the loss's above it. */
  function boxes(width, height) {
    const box = {
      x: MARGIN.left,
      y: MARGIN.top,
      width: Math.max(width - MARGIN.left - MARGIN.right, 20),
      height: Math.max(height - MARGIN.top - MARGIN.bottom, 20),
    };
    if (view.dimension === 2) return { box, above: null };
    const share = Math.round(box.height * LOSS_SHARE);
    return {
      box: { ...box, y: box.y + share + 14, height: box.height - share - 14 },
      above: { ...box, height: share },
    };
  }

  const planeWindow = () => (view.dimension === 2 ? view.window : [view.window[0], view.window[0]]);

  /** @param {typeof view} next */
  function set(next) {
    view = { ...view, ...next };
    if (!size.width) measure();
    const { box } = boxes(size.width, size.height);
    plane = makePlane(planeWindow(), box);
    surface.style.cssText = `left:${box.x}px;top:${box.y}px;width:${box.width}px;height:${box.height}px`;
    tools.style.cssText = `right:${MARGIN.right + 6}px;top:${MARGIN.top + 6}px`;
    surface.setAttribute('aria-label', view.label);
    placeHandles(box);
  }

  function placeHandles(box) {
    const { starts, chosen } = view;
    const shown = starts.map((_, i) => i).filter((i) => starts.length <= HANDLES || i === chosen);
    while (surface.children.length > shown.length) surface.lastChild.remove();
    while (surface.children.length < shown.length) surface.append(h('button', { type: 'button', class: 'handle' }));
    shown.forEach((i, k) => {
      const handle = surface.children[k];
      const w = starts[i];
      const x = plane.x(w[0]) - box.x;
      const y = plane.y(w[1] ?? w[0]) - box.y;
      handle.dataset.start = String(i);
      handle.tabIndex = i === chosen ? 0 : -1;
      handle.classList.toggle('chosen', i === chosen);
      handle.classList.toggle('hidden', !(x >= -1 && y >= -1 && x <= box.width + 1 && y <= box.height + 1));
      handle.style.transform = `translate(${x}px,${y}px)`;
      handle.setAttribute('aria-label', `Start ${i + 1} of ${starts.length} at ${w.map((c) => show(c)).join(', ')}`);
    });
  }

  const at = (event) => {
    const box = surface.getBoundingClientRect();
    return [event.clientX - box.left + plane.box.x, event.clientY - box.top + plane.box.y];
  };
  const point = ([x, y]) => (view.dimension === 2 ? [plane.u(x), plane.v(y)] : [plane.u(x)]);
  const clamp = (w) => w.map((c, i) => Math.min(Math.max(c, view.window[i][0]), view.window[i][1]));

  surface.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    const handle = event.target.closest('.handle');
    const from = at(event);
    if (handle) {
      const i = Number(handle.dataset.start);
      const w = view.starts[i];
      actions.choose(i);
      gesture = { kind: 'drag', i, from, offset: [from[0] - plane.x(w[0]), from[1] - plane.y(w[1] ?? w[0])] };
      handle.focus();
    } else {
      gesture = { kind: event.shiftKey ? 'cluster' : 'plane', from, window: view.window, far: false };
      surface.focus({ preventScroll: true });
    }
    surface.setPointerCapture(event.pointerId);
    event.preventDefault();
  });

  surface.addEventListener('pointermove', (event) => {
    if (!gesture) return;
    const to = at(event);
    const [dx, dy] = [to[0] - gesture.from[0], to[1] - gesture.from[1]];
    gesture.far ||= Math.hypot(dx, dy) > CLICK;
    gesture.to = to;
    if (!gesture.far) return;
    if (gesture.kind === 'drag') {
      gesture.last = clamp(point([to[0] - gesture.offset[0], to[1] - gesture.offset[1]]));
      actions.move(gesture.i, gesture.last, 'live');
    } else if (gesture.kind === 'plane') {
      surface.classList.add('panning');
      const shift = view.dimension === 2 ? [-dx / plane.kx, dy / plane.ky] : [-dx / plane.kx];
      gesture.last = moved(gesture.window, shift);
      actions.window(gesture.last, 'live');
    }
  });

  const finish = (event) => {
    if (!gesture) return;
    const { kind, far, from, to, i, last } = gesture;
    gesture = null;
    surface.classList.remove('panning');
    if (event.type === 'pointercancel') return;
    if (kind === 'drag' && far) actions.move(i, last, 'done');
    else if (kind === 'plane' && far) actions.window(last, 'done');
    else {
      const usual = 0.1 * Math.min(plane.box.width, plane.box.height);
      const pixels = kind === 'cluster' && far ? Math.hypot(to[0] - from[0], to[1] - from[1]) : usual;
      const radius = [pixels / plane.kx, pixels / plane.ky].slice(0, view.dimension);
      actions[kind === 'cluster' ? 'cluster' : 'click'](point(from), radius);
    }
  };
  surface.addEventListener('pointerup', finish);
  surface.addEventListener('pointercancel', finish);

  let settled = 0;
  surface.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const next = zoomed(view.window, point(at(event)), Math.exp(Math.min(Math.max(event.deltaY, -60), 60) / 200));
      actions.window(next, 'live');
      clearTimeout(settled);
      settled = setTimeout(() => actions.window(view.window, 'done'), 300);
    },
    { passive: false },
  );

  const centre = () => view.window.map(([low, high]) => (low + high) / 2);
  const zoomBy = (factor) => actions.window(zoomed(view.window, centre(), factor), 'done');

  surface.addEventListener('keydown', (event) => {
    const { starts, chosen } = view;
    const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const direction = directions[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (direction && starts[chosen]) {
      const share = event.shiftKey ? 0.001 : 0.01;
      const along = view.dimension === 2 ? direction : [direction[0] || direction[1]];
      actions.move(
        chosen,
        clamp(starts[chosen].map((c, i) => c + along[i] * share * (view.window[i][1] - view.window[i][0]))),
        'done',
      );
    } else if (event.key === 'PageDown' || event.key === 'PageUp') {
      actions.chooseOther(event.key === 'PageDown' ? 1 : -1);
      surface.focus({ preventScroll: true });
    } else if (event.key === 'Enter' && event.target === surface) actions.add([centre()]);
    else if (event.key === 'Delete' || event.key === 'Backspace') actions.remove(chosen);
    else if (event.key === '+' || event.key === '=') zoomBy(0.8);
    else if (event.key === '-') zoomBy(1.25);
    else if (event.key === '0') actions.window(null, 'done');
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function painted(canvas, paint) {
    const context = canvas.getContext('2d');
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    if (size.width > 0) paint(new CanvasPen(context), plane, boxes(size.width, size.height).above);
  }

  return {
    element,
    surface,
    set,
    boxes,
    planeWindow,
    size: () => size,
    plane: () => plane,
    /** @param {(pen: Object, plane: Object, above: Object|null) => void} paint */
    paintBack: (paint) => painted(back, paint),
    paintFront: (paint) => painted(front, paint),
    /** @param {string} letter @param {string} text '' hides it */
    setTag(letter, text) {
      tag.className = `badge ${letter}${text ? '' : ' hidden'}`;
      tag.textContent = text;
    },
    destroy: () => resize.disconnect(),
  };
}
