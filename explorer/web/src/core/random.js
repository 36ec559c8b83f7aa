/**
 * Random numbers from a counter: Threefry-2x32 with 20 rounds, as jax.random has it, so that a number depends on its
 * (seed, start, step) and not on what was drawn before.
 *
 * Salmon, Moraes, Dror, Shaw (2011). Parallel random numbers: as easy as 1, 2, 3. SC11.
 */

const ROTATIONS = Int32Array.of(13, 15, 26, 6, 17, 29, 16, 24);
const bits = new Uint32Array(2);

/**
 * @param {number} k0 @param {number} k1 the key @param {number} c0 @param {number} c1 the counter
 * @param {Uint32Array} out two words
 */
export function threefry(k0, k1, c0, c1, out) {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  for (let block = 0; block < 5; block += 1) {
    const first = block & 1 ? 4 : 0;
    for (let i = first; i < first + 4; i += 1) {
      const r = ROTATIONS[i];
      x = (x + y) | 0;
      y = ((y << r) | (y >>> (32 - r))) ^ x;
    }
    const into = block % 3;
    x = (x + (into === 0 ? k1 : into === 1 ? k2 : k0)) | 0;
    y = (y + (into === 0 ? k2 : into === 1 ? k0 : k1) + block + 1) | 0;
  }
  out[0] = x;
  out[1] = y;
  return out;
}

/** Two independent N(0, 1) numbers into `outX[i]` and `outY[i]`, by Box and Muller's transformation. */
export function gaussians(seed, start, step, outX, outY, i) {
  threefry(seed, start, step, 0, bits);
  const radius = Math.sqrt(-2 * Math.log((bits[0] + 0.5) / 4294967296));
  const angle = (2 * Math.PI * bits[1]) / 4294967296;
  outX[i] = radius * Math.cos(angle);
  outY[i] = radius * Math.sin(angle);
}
