/** The basin map on the graphics processor: the passes of shaders.js over float textures, a few milliseconds at a time. */

import { convergence } from '../core/map.js';
import { pointTable } from '../core/outcomes.js';
import { HALF, PAUSE, WINDOW } from '../core/tail.js';
import { PAUSED, UNKNOWN, VERTEX, decideSource, lookSource, runSource } from './shaders.js';

/** Milliseconds that one draw call should take, so that no frame is blocked. */
const SLICE = 10;
const FIRST_SLICE = 16;
/** Steps of one draw call, at most. */
const MOST_STEPS = 4096;
const KEPT = 8;
const FLOAT_EPS = 2 ** -23;
const INFINITE = 1e37;
const PLANES = ['end', 'spare', 'next', 'box', 'look', 'last', 'laterBox', 'laterLook', 'paused', 'pausedBox', 'pausedLook',
  'pausedSpare', 'label'];

/**
 * @param {HTMLCanvasElement|OffscreenCanvas} canvas used for its context alone
 * @returns {Object|null} null where WebGL2 or its float textures are missing
 */
export function createWebglMap(canvas) {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, stencil: false, powerPreference: 'high-performance' });
  if (!gl || !gl.getExtension('EXT_color_buffer_float')) return null;
  const programs = new Map();
  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  const pause = () => new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
  const framebuffer = gl.createFramebuffer();
  const points = gl.createTexture();
  let planes = {};
  let size = [0, 0];
  let newest = 0;
  /** Pixels times steps that fit in a slice, as far as is known. */
  let pace = 0;

  function program(kind, landscape) {
    const key = `${kind} ${landscape.dimension} ${landscape.glsl}`;
    if (!programs.has(key)) {
      const source = { run: runSource, look: lookSource, decide: decideSource }[kind];
      programs.set(key, compile(gl, source(landscape.glsl, landscape.dimension)));
      if (programs.size > 3 * KEPT) {
        const oldest = programs.keys().next().value;
        gl.deleteProgram(programs.get(oldest).program);
        programs.delete(oldest);
      }
    }
    return programs.get(key);
  }

  function resize(width, height) {
    if (size[0] === width && size[1] === height) return;
    const most = gl.getParameter(gl.MAX_TEXTURE_SIZE);
    if (width > most || height > most) throw new Error(`a basin map of ${width} x ${height} is larger than ${most} pixels`);
    for (const texture of Object.values(planes)) gl.deleteTexture(texture);
    planes = Object.fromEntries(PLANES.map((name) => [name, floatTexture(gl, width, height, null)]));
    size = [width, height];
  }

  /** Draws into planes; `inputs`: the textures' uniform names and planes; `numbers`: name -> value. */
  function draw(made, inputs, numbers, outputs) {
    gl.useProgram(made.program);
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    for (let i = 0; i < 3; i += 1) {
      const texture = outputs[i] ? planes[outputs[i]] : null;
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + i, gl.TEXTURE_2D, texture, 0);
    }
    gl.drawBuffers(outputs.map((_, i) => gl.COLOR_ATTACHMENT0 + i));
    gl.viewport(0, 0, size[0], size[1]);
    Object.entries(inputs).forEach(([name, texture], unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.uniform1i(made.at(name), unit);
    });
    for (const [name, set] of Object.entries(numbers)) set(made.at(name));
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  const whole = (x) => (at) => gl.uniform1i(at, x);
  const real = (x) => (at) => gl.uniform1f(at, x);

  /** Resolves when what was asked for so far is done; false if a newer map is wanted meanwhile. */
  async function done(ticket) {
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    for (;;) {
      await pause();
      if (gl.isContextLost()) throw new Error('the graphics processor was taken away (WebGL context lost)');
      const status = gl.clientWaitSync(sync, 0, 0);
      if (status === gl.WAIT_FAILED) throw new Error('the graphics processor failed while it made the basin map');
      if (status !== gl.TIMEOUT_EXPIRED) break;
    }
    gl.deleteSync(sync);
    return ticket === newest;
  }

  /** `count` steps of plane `from`, by turns with plane `spare`; the state ends in `from`. False: no longer wanted. */
  async function run(made, common, ticket, from, spare, count, more = {}) {
    const pixels = size[0] * size[1];
    let slice = pace ? Math.min(Math.max(Math.round(pace / pixels), 1), MOST_STEPS) : FIRST_SLICE;
    let at = 0;
    let fresh = more.fresh ?? false;
    while (at < count || fresh) {
      const n = Math.min(slice, count - at);
      const started = performance.now();
      draw(made, { states: planes[from], labels: planes[more.labels ?? 'look'] }, {
        ...common, fresh: whole(fresh ? 1 : 0), pausedOnly: whole(more.pausedOnly ? 1 : 0), first: whole(at), count: whole(n),
      }, [spare]);
      [planes[from], planes[spare]] = [planes[spare], planes[from]];
      fresh = false;
      at += n;
      if (!(await done(ticket))) return false;
      const took = performance.now() - started;
      if (n === slice) {
        const share = Math.min(4, Math.max(0.25, SLICE / Math.max(took, 0.1)));
        slice = Math.max(1, Math.min(MOST_STEPS, Math.round(slice * share)));
        pace = slice * pixels;
      }
    }
    return true;
  }

  /**
   * @param {{landscape: Object, rule: Object, window: number[][], width: number, height: number, steps: number,
   *   table?: Object[]}} job as for core/basin_grid.js
   * @returns {Promise<{labels: Uint16Array, steps: Uint16Array}|null>} null: a newer map was asked for meanwhile
   */
  async function compute({ landscape, rule, window, width, height, steps, table }) {
    newest += 1;
    const ticket = newest;
    const rows = table ?? pointTable(landscape, rule);
    resize(width, height);
    const [x, y] = [window[0], window[1] ?? [0, 0]];
    const common = {
      kind: whole(rule.kind), eta: real(rule.eta), rho: real(rule.rho), momentum: real(rule.momentum),
      place: (at) => gl.uniform4f(at, x[0], x[1], y[0], y[1]), size: (at) => gl.uniform2f(at, width, height),
    };
    const [running, looking, deciding] = ['run', 'look', 'decide'].map((kind) => program(kind, landscape));
    if (!(await run(running, common, ticket, 'end', 'spare', steps, { fresh: true }))) return null;
    const look = (from, boxes, outputs, count, watching, pausedOnly) => draw(
      looking, { states: planes[from], boxes: planes[boxes], labels: planes.label },
      { ...common, watching: whole(watching ? 1 : 0), pausedOnly: whole(pausedOnly ? 1 : 0), count: whole(count) }, outputs,
    );
    look('end', 'laterBox', ['next', 'box', 'look'], HALF, false, false);
    if (!(await done(ticket))) return null;
    look('next', 'box', ['last', 'laterBox', 'laterLook'], HALF, true, false);
    if (!(await done(ticket))) return null;

    let paused = false;
    const asked = new Set();
    for (;;) {
      const members = upload(gl, points, rows, rule, asked);
      draw(deciding, {
        ends: planes.end, nexts: planes.next, boxes: planes.box, looks: planes.look, lasts: planes.last,
        laterBoxes: planes.laterBox, laterLooks: planes.laterLook, pausedBoxes: planes.pausedBox, table: points,
      }, { ...common, members: whole(members), rows: whole(rows.length), afterPause: whole(paused ? 1 : 0) }, ['label']);
      const found = await read(ticket);
      if (!found) return null;
      const more = new Set();
      let open = false;
      for (let i = 0; i < found.labels.length; i += 1) {
        const code = found.labels[i] & 7;
        if (code === UNKNOWN) more.add(found.labels[i] >> 3);
        else if (code === PAUSED) open = true;
      }
      if (more.size) {
        for (const k of more) asked.add(k);
      } else if (open) {
        draw(running, { states: planes.last, labels: planes.label }, {
          ...common, fresh: whole(0), pausedOnly: whole(1), first: whole(0), count: whole(0),
        }, ['paused']);
        const on = { pausedOnly: true, labels: 'label' };
        if (!(await run(running, common, ticket, 'paused', 'pausedSpare', PAUSE, on))) return null;
        look('paused', 'box', ['pausedSpare', 'pausedBox', 'pausedLook'], WINDOW, false, true);
        paused = true;
      } else {
        return found;
      }
    }
  }

  /** The label plane, read without blocking. */
  async function read(ticket) {
    const [width, height] = size;
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, 16 * width * height, gl.STREAM_READ);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    const wanted = await done(ticket);
    const values = new Float32Array(4 * width * height);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    if (wanted) gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, values);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    if (!wanted) return null;
    const labels = new Uint16Array(width * height);
    const steps = new Uint16Array(labels.length);
    for (let i = 0; i < labels.length; i += 1) {
      labels[i] = values[4 * i];
      steps[i] = Math.min(values[4 * i + 1], 65535);
    }
    return { labels, steps };
  }

  return {
    kind: 'webgl2',
    compute,
    destroy() {
      newest += 1;
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

/** The table as a texture, four texels a member; verdicts that take long to find are left out until they are asked for. */
function upload(gl, texture, rows, rule, asked) {
  const members = rows.flatMap((row, k) => row.members.map((w) => ({ row, k, w })));
  const data = new Float32Array(16 * Math.max(members.length, 1));
  const bounded = (x) => Math.min(x, INFINITE);
  const verdicts = rows.map((row, k) => (rule.smooth || row.isMinimum || !row.isolated || asked.has(k) ? row.verdict() : null));
  members.forEach(({ row, k, w }, i) => {
    const verdict = verdicts[k];
    const { shrink, stall } = verdict ? convergence(verdict.smooth ? verdict.radius : NaN, row.w, row.ball, FLOAT_EPS) : { shrink: 0, stall: 0 };
    data.set([
      w[0], w[1] ?? 0, k, row.reach, verdict?.held ?? 0, bounded(shrink), bounded(stall), row.code,
      row.ball, row.spacing, row.isolated ? 1 : 0, verdict ? 1 : 0, verdict && !verdict.smooth ? 0 : 1, 0, 0, 0,
    ], 16 * i);
  });
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, 4, Math.max(members.length, 1), 0, gl.RGBA, gl.FLOAT, data);
  for (const name of ['MIN', 'MAG']) gl.texParameteri(gl.TEXTURE_2D, gl[`TEXTURE_${name}_FILTER`], gl.NEAREST);
  return members.length;
}

function floatTexture(gl, width, height, data) {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, width, height, 0, gl.RGBA, gl.FLOAT, data);
  for (const name of ['MIN', 'MAG']) gl.texParameteri(gl.TEXTURE_2D, gl[`TEXTURE_${name}_FILTER`], gl.NEAREST);
  return texture;
}

function compile(gl, source) {
  const program = gl.createProgram();
  const shaders = [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, source]].map(([type, text]) => {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    return shader;
  });
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    const logs = shaders.map((shader) => gl.getShaderInfoLog(shader)).join(' ').trim();
    throw new Error(`the basin map's shader does not compile: ${logs || gl.getProgramInfoLog(program)}`);
  }
  shaders.forEach((shader) => gl.deleteShader(shader));
  const places = new Map();
  return {
    program,
    at(name) {
      if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name));
      return places.get(name);
    },
  };
}
