/** Play, pause, step: how far along the trajectories the picture is. */

import { h } from './dom.js';

const SECONDS = 8;

/**
 * @param {Object} options
 * @param {(t: number) => void} options.change the step that is shown
 */
export function createPlayer({ change }) {
  let steps = 1;
  let at = 1;
  let playing = false;
  let frame = 0;
  let last = 0;
  let exact = 0;
  const button = (label, sign, act) =>
    h('button', { type: 'button', 'aria-label': label, title: label, onclick: act }, sign);
  const first = button('First step', '⏮', () => go(0));
  const back = button('One step back', '◀', () => go(at - 1));
  const toggle = button('Play', '▶', () => (playing ? pause() : play()));
  const forward = button('One step forward', '▶', () => go(at + 1));
  const end = button('Last step', '⏭', () => go(steps));
  for (const [element, path] of [
    [first, 'M3 3v10M13 3 6 8l7 5z'],
    [back, 'M11 3 5 8l6 5zM12 3v10'],
    [forward, 'M5 3l6 5-6 5zM4 3v10'],
    [end, 'M13 3v10M3 3l7 5-7 5z'],
  ])
    element.replaceChildren(icon(path));
  first.classList.add('end');
  end.classList.add('end');
  const slider = h('input', {
    type: 'range',
    min: 0,
    step: 1,
    'aria-label': 'Step shown',
    oninput: () => go(slider.valueAsNumber),
  });
  const output = h('output', { 'aria-live': 'off' });
  const element = h(
    'div',
    { class: 'player', role: 'group', 'aria-label': 'Playback' },
    h('span', { class: 'group' }, first, back, toggle, forward, end),
    slider,
    output,
  );

  function draw() {
    toggle.replaceChildren(icon(playing ? 'M4 3h3v10H4zM9 3h3v10H9z' : 'M4 2.5 13 8l-9 5.5z'));
    toggle.setAttribute('aria-label', playing ? 'Pause' : 'Play');
    toggle.title = `${playing ? 'Pause' : 'Play'} (space)`;
    slider.max = String(steps);
    slider.value = String(at);
    slider.setAttribute('aria-valuetext', `step ${at} of ${steps}`);
    output.replaceChildren(h('span', {}, 'step '), `${at} / ${steps}`);
  }

  function show(t) {
    at = Math.min(Math.max(Math.round(t), 0), steps);
    draw();
    change(at);
  }

  function go(t) {
    pause();
    show(t);
  }

  function play() {
    if (at >= steps) at = 0;
    playing = true;
    exact = at;
    last = performance.now();
    draw();
    const tick = (now) => {
      exact += ((now - last) / 1000) * Math.max(8, steps / SECONDS);
      last = now;
      if (exact >= steps) {
        playing = false;
        show(steps);
        return;
      }
      if (Math.floor(exact) !== at) show(Math.floor(exact));
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
  }

  function pause() {
    if (!playing) return;
    playing = false;
    cancelAnimationFrame(frame);
    draw();
  }

  draw();
  return {
    element,
    toggle: () => (playing ? pause() : play()),
    step: (by) => go(at + by),
    at: () => at,
    pause,
    /** @param {number} count a new number of steps; what was shown to its end stays so */
    set(count) {
      const whole = at >= steps;
      steps = count;
      at = whole ? steps : Math.min(at, steps);
      draw();
    },
  };
}

function icon(path) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  for (const [name, value] of Object.entries({ viewBox: '0 0 16 16', width: 14, height: 14, 'aria-hidden': 'true' })) {
    svg.setAttribute(name, value);
  }
  const line = document.createElementNS(space, 'path');
  for (const [name, value] of Object.entries({
    d: path,
    fill: 'currentColor',
    stroke: 'currentColor',
    'stroke-width': 1.2,
    'stroke-linejoin': 'round',
  }))
    line.setAttribute(name, value);
  svg.append(line);
  svg.style.verticalAlign = '-2px';
  return svg;
}
