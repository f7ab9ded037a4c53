// Resize eight-bit images bicubically, bit for bit as Pillow does (Resample.c of Pillow 12).

const BITS = 22; // bits of a weight's fraction
const SUPPORT = 2;

function bicubic(x) {
  const a = -0.5;
  x = Math.abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Return, for each new pixel along an axis, the first old pixel that contributes, and the weights from there on. */
function weights(from, to) {
  const scale = from / to, wide = Math.max(scale, 1), support = SUPPORT * wide;
  return Array.from({length: to}, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const found = Array.from({length: end - first}, (_, k) => bicubic((k + first - centre + 0.5) / wide));
    const sum = found.reduce((total, one) => total + one, 0);
    const exact = found.map((one) => (sum === 0 ? one : one / sum) * 2 ** BITS);
    return {first, weights: exact.map((one) => Math.trunc(one < 0 ? one - 0.5 : one + 0.5))};
  });
}

function rounded(sum) {
  return Math.min(255, Math.max(0, Math.floor((sum + 2 ** (BITS - 1)) / 2 ** BITS)));
}

/** Resize pixels, [height * width * channels] of one byte each, to `side` x `side`. */
export function resize(pixels, width, height, channels, side) {
  const across = weights(width, side), down = weights(height, side);
  const narrow = new Uint8Array(height * side * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < side; x++) {
      const {first, weights: given} = across[x];
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < given.length; k++) sum += pixels[(y * width + first + k) * channels + c] * given[k];
        narrow[(y * side + x) * channels + c] = rounded(sum);
      }
    }
  }
  const found = new Uint8Array(side * side * channels), row = side * channels;
  for (let y = 0; y < side; y++) {
    const {first, weights: given} = down[y];
    for (let at = 0; at < row; at++) {
      let sum = 0;
      for (let k = 0; k < given.length; k++) sum += narrow[(first + k) * row + at] * given[k];
      found[y * row + at] = rounded(sum);
    }
  }
  return found;
}
