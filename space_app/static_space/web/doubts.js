// Reasons to doubt an image's classification (spacehub/serving/satellite/doubts.py).

const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;

/** Describe a square image of red, green and blue bytes by colour and texture: ten numbers. */
export function statistics(pixels, {few, floor}) {
  const side = Math.sqrt(pixels.length / 3), area = side * side;
  const bright = new Float64Array(area), means = [0, 0, 0], squares = [0, 0, 0];
  for (let at = 0; at < area; at++) {
    for (let c = 0; c < 3; c++) {
      const value = pixels[3 * at + c] / 255;
      bright[at] += value / 3;
      means[c] += value / area;
      squares[c] += (value * value) / area;
    }
  }
  const steps = (values, channels) => {
    let sum = 0;
    for (let y = 0; y < side; y++) {
      for (let x = 1; x < side; x++) {
        for (let c = 0; c < channels; c++) {
          const at = channels * (y * side + x) + c;
          sum += (values[at] - values[at - channels]) ** 2;
        }
      }
    }
    return sum / (channels * side * (side - 1));
  };
  const across = steps(bright, 1);
  let down = 0;
  for (let at = side; at < area; at++) down += (bright[at] - bright[at - side]) ** 2;
  down /= side * (side - 1);
  const block = Math.max(1, Math.floor(side / few)), edge = Math.floor(side / block), blocks = [];
  for (let row = 0; row < edge; row++) {
    for (let column = 0; column < edge; column++) {
      let sum = 0;
      for (let y = 0; y < block; y++) for (let x = 0; x < block; x++) sum += bright[(row * block + y) * side + column * block + x];
      blocks.push(sum / block ** 2);
    }
  }
  const middle = mean(blocks);
  const variances = [
    ...squares.map((one, c) => one - means[c] ** 2),
    down + across,
    mean(blocks.map((one) => (one - middle) ** 2)),
    mean(squares) - mean([...bright].map((one) => one * one)),
    steps(Float64Array.from(pixels, (one) => one / 255), 3) - across,
  ];
  return [...means, ...variances.map((one) => Math.log(Math.sqrt(Math.max(one, 0)) + floor))];
}

/** Return which doubts hold for an image, as the model sees it. */
export function doubts(pixels, {known, ...rules}) {
  const found = statistics(pixels, rules), colours = found.slice(0, 3);
  const contrast = Math.exp(Math.max(...found.slice(3, 6))) - rules.floor;
  const colour = Math.max(...colours) - Math.min(...colours) + Math.exp(found[8]) - rules.floor;
  if (contrast < rules.contrast) return ['blank'];
  const kinds = [];
  if (colour < rules.colour) kinds.push('grey');
  if (Math.exp(found[6] - found[7]) > known.grain) kinds.push('noise');
  return kinds.length || distance(found, known) <= known.threshold ? kinds : ['unlike'];
}

/** The squared distance of statistics from the nearest class. */
function distance(found, {means, precision}) {
  return Math.min(...means.map((centre) => {
    const apart = found.map((one, place) => one - centre[place]);
    return apart.reduce((sum, one, f) => sum + one * precision[f].reduce((inner, weight, g) => inner + weight * apart[g], 0), 0);
  }));
}

/** Whether the middle square of an image is much wider or narrower than the training images. */
export function isOtherSize(width, height, {known, scales}) {
  const share = Math.min(width, height) / known.side;
  return share < 1 / scales || share > scales;
}
