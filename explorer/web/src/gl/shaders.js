/**
 * The basin map as GLSL ES 3.00: core/rules.js, core/tail.js and core/outcomes.js in float32.
 *
 * A pixel's state is (x, y, vx, vy); one that has left the escape radius is (GONE, first step outside, 0, 0).
 *
 *   run     n steps of the state, or of the start of the pixel
 *   look    a window of the tail: the state after it, its box (low, high), and (period, repeats)
 *   decide  (label, step of divergence): label UNKNOWN + 8 * row where the verdict on a row is not in the table yet, and
 *           PAUSED where an oscillation must be looked at again after a pause
 *
 * Simplified against core/outcomes.js: cycles with a period count whether or not they attract, and the Hessian where a
 * run rests away from known points is one of differences.
 */

export const GONE = 1e30;
export const UNKNOWN = 6;
export const PAUSED = 7;

const HEAD = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
`;

/** What every program that moves begins with. */
function motion(glsl, dimension) {
  const slope = dimension === 1
    ? 'vec2 slope(vec2 w) { return vec2(gradient(w.x), 0.0); }'
    : 'vec2 slope(vec2 w) { return gradient(w); }';
  return `${glsl}
${slope}
uniform int kind;
uniform float eta;
uniform float rho;
uniform float momentum;
const float GONE = ${GONE.toExponential()};

float inverseNorm(float squared) { return inversesqrt(max(squared, 1.1754944e-38)); }

vec4 stepOnce(vec4 z) {
  vec2 g = slope(z.xy);
  vec2 d = g;
  if (kind != 0) {
    vec2 a = z.xy;
    if (kind == 2) {
      a += rho * g;
    } else if (kind == 4) {
      vec2 t = abs(z.xy);
      vec2 s = t * g;
      a += (rho * inverseNorm(dot(s, s))) * (t * s);
    } else {
      a += (rho * inverseNorm(dot(g, g))) * g;
    }
    d = slope(a);
    if (kind == 3) {
      float squared = dot(g, g);
      d *= squared * inverseNorm(squared) * inverseNorm(dot(d, d));
    }
  }
  if (momentum > 0.0) {
    d += momentum * z.zw;
    z.zw = d;
  }
  z.xy -= eta * d;
  return z;
}

bool within(vec2 w) { return dot(w, w) <= 1e12; }
`;
}

export const VERTEX = `${HEAD}
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

/** @param {string} glsl of the landscape @param {number} dimension */
export const runSource = (glsl, dimension) => `${HEAD}${motion(glsl, dimension)}
uniform sampler2D states;
uniform sampler2D labels;
uniform bool fresh;
uniform bool pausedOnly;
uniform vec4 place;
uniform vec2 size;
uniform int first;
uniform int count;
layout(location = 0) out vec4 after;

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 z;
  if (fresh) {
    vec2 share = gl_FragCoord.xy / size;
    z = vec4(place.x + (place.y - place.x) * share.x, place.w - (place.w - place.z) * share.y, 0.0, 0.0);
    if (!within(z.xy)) z = vec4(GONE, 0.0, 0.0, 0.0);
  } else {
    z = texelFetch(states, at, 0);
  }
  bool skip = pausedOnly && texelFetch(labels, at, 0).x != ${PAUSED}.0;
  if (z.x != GONE && !skip) {
    for (int t = 0; t < count; t += 1) {
      z = stepOnce(z);
      if (!within(z.xy)) {
        z = vec4(GONE, float(first + t + 1), 0.0, 0.0);
        break;
      }
    }
  }
  after = z;
}`;

/** @param {string} glsl @param {number} dimension */
export const lookSource = (glsl, dimension) => `${HEAD}${motion(glsl, dimension)}
uniform sampler2D states;
uniform sampler2D boxes;
uniform sampler2D labels;
uniform bool pausedOnly;
uniform bool watching;
uniform int count;
layout(location = 0) out vec4 after;
layout(location = 1) out vec4 box;
layout(location = 2) out vec4 found;

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 z = texelFetch(states, at, 0);
  vec4 begin = z;
  vec2 low = z.xy;
  vec2 high = z.xy;
  float near = -1.0;
  if (watching) {
    vec4 before = texelFetch(boxes, at, 0);
    float size = max(1.0, max(abs(before.z), abs(before.w)));
    near = max(1e-3 * length(before.zw - before.xy) / 2.0, 8.0 * 1.1920929e-7 * size);
  }
  int period = 0;
  int since = 0;
  float repeats = 0.0;
  bool skip = pausedOnly && texelFetch(labels, at, 0).x != ${PAUSED}.0;
  if (z.x != GONE && !skip) {
    for (int t = 0; t < count; t += 1) {
      z = stepOnce(z);
      low = min(low, z.xy);
      high = max(high, z.xy);
      if (t == 1 && z == begin) {
        vec2 side = high - low;
        float unit = 8.0 * 1.1920929e-7 * max(1.0, max(abs(begin.x), abs(begin.y)));
        repeats = max(side.x, side.y) <= unit ? 1.0 : 2.0;
      }
      since += 1;
      vec2 gap = abs(z.xy - begin.xy);
      bool back = max(gap.x, gap.y) <= near;
      if (period == 0 ? back : since == period) {
        period = back ? since : -1;
        since = 0;
      }
    }
  }
  after = z;
  box = vec4(low, high);
  found = vec4(period > 0 && 2 * period <= count ? float(period) : 0.0, repeats, 0.0, 0.0);
}`;

/**
 * The table: four texels a member, (x, y, row, reach), (held, shrink, stall, code), (ball, spacing, isolated, known),
 * (smooth, 0, 0, 0).
 * @param {string} glsl @param {number} dimension
 */
export const decideSource = (glsl, dimension) => `${HEAD}${motion(glsl, dimension)}
uniform sampler2D ends;
uniform sampler2D nexts;
uniform sampler2D boxes;
uniform sampler2D looks;
uniform sampler2D lasts;
uniform sampler2D laterBoxes;
uniform sampler2D laterLooks;
uniform sampler2D pausedBoxes;
uniform sampler2D table;
uniform int members;
uniform int rows;
uniform bool afterPause;
layout(location = 0) out vec4 result;

const float BALL = 0.1;
const float REST = 0.01;
const float EPS = 1.1920929e-7;
const float INFINITE = 1e37;

struct Row { vec2 member; float row; float reach; float held; float shrink; float stall; float code; float ball;
  float spacing; bool isolated; bool known; bool smoothly; };

Row nearest(vec2 w) {
  int best = 0;
  float least = INFINITE;
  for (int k = 0; k < members; k += 1) {
    vec2 gap = w - texelFetch(table, ivec2(0, k), 0).xy;
    float squared = dot(gap, gap);
    if (squared < least) {
      least = squared;
      best = k;
    }
  }
  vec4 a = texelFetch(table, ivec2(0, best), 0);
  vec4 b = texelFetch(table, ivec2(1, best), 0);
  vec4 c = texelFetch(table, ivec2(2, best), 0);
  float s = texelFetch(table, ivec2(3, best), 0).x;
  return Row(a.xy, a.z, a.w, b.x, b.y, b.z, b.w, c.x, c.y, c.z > 0.5, c.w > 0.5, s > 0.5);
}

float farthest(vec4 box, vec2 w) { return length(max(box.zw - w, w - box.xy)); }
float amplitude(vec4 box) { return length(box.zw - box.xy) / 2.0; }
vec4 join(vec4 p, vec4 q) { return vec4(min(p.xy, q.xy), max(p.zw, q.zw)); }
float resolution(vec2 w) { return 8.0 * EPS * max(1.0, max(abs(w.x), abs(w.y))); }

float shift(vec4 p, vec4 q) {
  vec4 both = join(p, q);
  vec2 side = both.zw - both.xy;
  float longest = max(side.x, side.y);
  vec4 moved = abs(p - q);
  float most = max(max(moved.x, moved.y), max(moved.z, moved.w));
  return longest > 0.0 ? most / longest : 0.0;
}

void say(float code, float index) { result.x = code + 8.0 * index; }

void decide(vec2 begin, vec2 middle, vec2 end, vec4 first, vec4 second, float repeats, float period) {
  bool any = members > 0;
  Row row = nearest(begin);
  if (any) {
    float distance = farthest(first, row.member);
    if (distance <= row.reach) {
      if (!row.known) { say(${UNKNOWN}.0, row.row); return; }
      bool sure = distance <= row.stall
        || (repeats > 0.0 ? repeats == 1.0 : length(middle - row.member) <= length(begin - row.member) * row.shrink);
      if (sure && distance < row.held) { say(row.code, row.row); return; }
    }
  }
  vec4 whole = join(first, second);
  bool settled = repeats > 0.0;
  bool inside = false;
  float distance = INFINITE;
  if (any) {
    row = nearest((whole.xy + whole.zw) / 2.0);
    float before = farthest(first, row.member);
    float now = farthest(second, row.member);
    distance = max(before, now);
    inside = distance <= row.reach;
    if (inside) {
      if (!row.known) { say(${UNKNOWN}.0, row.row); return; }
      bool converges = now <= max(before, row.stall)
        && (period < 2.0 || now <= before * row.shrink || distance <= row.stall);
      if (converges && distance < row.held) { say(row.code, row.row); return; }
    }
  }
  float before = 2.0 * amplitude(first);
  float now = 2.0 * amplitude(second);
  float ratio = before > 0.0 ? now / before : 1.0;
  bool rests = settled ? period == 1.0 : ratio < 1.0 && now * ratio / max(1.0 - ratio, EPS) <= REST * BALL;
  if (!inside && rests) {
    float h = 4e-3 * max(1.0, max(abs(end.x), abs(end.y)));
    vec2 p = (slope(end + vec2(h, 0.0)) - slope(end - vec2(h, 0.0))) / (2.0 * h);
    vec2 q = (slope(end + vec2(0.0, h)) - slope(end - vec2(0.0, h))) / (2.0 * h);
    float centre = (p.x + q.y) / 2.0;
    float spread = length(vec2((p.x - q.y) / 2.0, (p.y + q.x) / 2.0));
    float lowest = ${dimension === 1 ? 'p.x' : 'centre - spread'};
    float highest = ${dimension === 1 ? 'abs(p.x)' : 'abs(centre) + spread'};
    bool critical = length(slope(end)) <= highest * REST * BALL;
    if (critical && lowest >= -1e-2 * highest) {
      bool mine = any && !row.isolated && row.code == 0.0 && length(end - row.member) <= BALL + row.spacing;
      say(0.0, mine ? row.row : float(rows));
      return;
    }
    if (!critical || settled) { say(3.0, float(rows)); return; }
  }
  if (any && row.code == 0.0 && !row.isolated && !row.smoothly && distance <= row.ball + row.spacing / 2.0) {
    say(0.0, row.row);
    return;
  }
  float index = any ? row.row : 0.0;
  say(5.0, 0.0);
  if (!(amplitude(second) > resolution(whole.zw))) return;
  if (period >= 2.0) say(2.0, index);
  if (period == 0.0 && shift(first, second) <= 0.2) {
    if (!afterPause) result.x = ${PAUSED}.0;
    else if (shift(whole, texelFetch(pausedBoxes, ivec2(gl_FragCoord.xy), 0)) <= 0.2) say(2.0, index);
  }
}

void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 z = texelFetch(ends, at, 0);
  vec4 last = texelFetch(lasts, at, 0);
  result = vec4(4.0, 0.0, 0.0, 0.0);
  if (z.x == GONE) {
    result.y = z.y;
    return;
  }
  vec4 first = texelFetch(boxes, at, 0);
  vec4 second = texelFetch(laterBoxes, at, 0);
  float repeats = texelFetch(looks, at, 0).y;
  float period = texelFetch(laterLooks, at, 0).x;
  decide(z.xy, texelFetch(nexts, at, 0).xy, last.xy, first, second, repeats, period);
}`;
