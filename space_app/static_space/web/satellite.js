// The model of aerial images: calibrated probabilities and activation maps (spacehub/serving/satellite/predictor.py).

import {doubts, isOtherSize} from './doubts.js';
import {open, Tensor} from './network.js';
import {square} from './picture.js';
import {fill, percent, percentSpan} from './words.js';

export class Satellite {
  static async load({files, settings, sentences}, progress) {
    return new Satellite(settings, sentences, await open(files.network, progress));
  }

  constructor(settings, sentences, network) {
    Object.assign(this, {settings, sentences, network});
    this.table = Float32Array.from({length: 256}, (_, value) => Math.fround(Math.fround(value / 255) - settings.mean) / settings.std);
  }

  /** Classify an image file: its middle square, resized to the model's size. */
  async classify(file) {
    const {settings, sentences} = this;
    const {pixels, width, height} = await square(file, settings.size, settings.limits);
    const {logits, map} = await this.network.run({pixels: this.#asInput(pixels)});
    const chances = softmax([...logits.data].map((one) => one / settings.temperature));
    const order = chances.map((_, place) => place).sort((a, b) => chances[b] - chances[a]);
    const found = doubts(pixels, settings.doubts);
    if (found[0] !== 'blank' && isOtherSize(width, height, settings.doubts)) found.push('size');
    const size = {width: width.toLocaleString('en-US'), height: height.toLocaleString('en-US'), ground: '', side: settings.doubts.known.side};
    return {
      pixels,
      size: settings.size,
      classes: order.map((place) => ({name: settings.spoken[place], key: settings.classes[place], chance: chances[place]})),
      doubts: found.map((kind) => fill(sentences[kind], size)),
      trust: found.length ? '' : this.#trust(chances[order[0]]),
      maps: this.#maps(map, order),
    };
  }

  #asInput(pixels) {
    const {size} = this.settings, area = size * size, values = new Float32Array(3 * area);
    for (let at = 0; at < area; at++) for (let c = 0; c < 3; c++) values[c * area + at] = this.table[pixels[3 * at + c]];
    return new Tensor('float32', values, [1, 3, size, size]);
  }

  /** Return how much each place adds to the first few classes beyond the average over classes; 1 is the maximum. */
  #maps({data, dims: [, count, high, wide]}, order) {
    const area = high * wide, mean = new Float64Array(area);
    for (let at = 0; at < data.length; at++) mean[at % area] += data[at] / count;
    const maps = order.slice(0, this.settings.listed).map((k) => Array.from({length: area}, (_, at) => data[k * area + at] - mean[at]));
    const largest = Math.max(1e-9, ...maps[0].map(Math.abs));
    return {high, wide, values: maps.map((one) => one.map((value) => Math.max(-1, Math.min(1, value / largest))))};
  }

  #trust(chance) {
    const near = this.settings.bins.reduce((a, b) => (Math.abs(b.sure - chance) < Math.abs(a.sure - chance) ? b : a));
    return fill(this.sentences.trust, {n: near.n, sure: percent(near.sure), right: percent(near.right), span: percentSpan(near.low, near.high)});
  }
}

function softmax(scores) {
  const most = Math.max(...scores), raised = scores.map((one) => Math.exp(one - most));
  const sum = raised.reduce((total, one) => total + one, 0);
  return raised.map((one) => one / sum);
}
