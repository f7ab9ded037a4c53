// The landing model: its fields, the probability, and how reliable it is (spacehub/serving/landing.py).

import {open, Tensor} from './network.js';
import {cut, fill, Mistake, percentSpan, plain} from './words.js';

const BATCH = 2 ** 14;
const BLANKS = ['', 'nan', 'null', 'none', 'na', 'n/a'];
const NUMBER = /^[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})(e[+-]?\d{1,3})?$/i;

export class Landing {
  static async load({files, settings, sentences}, progress) {
    return new Landing(settings, sentences, await open(files.network, progress));
  }

  constructor(settings, sentences, network) {
    Object.assign(this, {settings, sentences, network});
  }

  /** Answer one flight, given as texts by field. */
  async predict(given) {
    const flight = {}, problems = [];
    for (const field of this.settings.fields) {
      try {
        flight[field.name] = read(field, given[field.name] ?? '');
      } catch (error) {
        if (!(error instanceof Mistake)) throw error;
        problems.push(error.message);
      }
    }
    if (problems.length) throw new Mistake(problems.join(' '), '');
    const wrong = this.#contradiction(flight);
    if (wrong) throw new Mistake(wrong, '');
    const [chance] = await this.chances([flight]);
    return {chance, trust: this.#trust(chance)};
  }

  /** Answer many flights, each a {name: text}: with a probability or an error. */
  async many(rows, absent = []) {
    const usual = Object.fromEntries(absent.map((name) => [name, String(this.settings.fields.find((one) => one.name === name).default)]));
    const flights = rows.map((row) => {
      const flight = {}, problems = [];
      for (const field of this.settings.fields) {
        try {
          flight[field.name] = read(field, row[field.name] ?? usual[field.name] ?? '');
        } catch (error) {
          if (!(error instanceof Mistake)) throw error;
          problems.push(error.message);
        }
      }
      const problem = problems.join(' ') || this.#contradiction(flight);
      return problem ? {problem} : {flight};
    });
    const chances = await this.chances(flights.flatMap(({flight}) => (flight ? [flight] : [])));
    let place = 0;
    return flights.map(({problem}) => (problem ? {chance: null, problem} : {chance: chances[place++], problem: ''}));
  }

  /** Return the probabilities of validated flights. */
  async chances(flights) {
    const found = [];
    for (let first = 0; first < flights.length; first += BATCH) {
      const some = flights.slice(first, first + BATCH), shape = [some.length, 1];
      const feeds = Object.fromEntries(this.settings.fields.map(({name, kind}) => {
        const values = some.map((flight) => flight[name]);
        return [name, kind === 'number' ? new Tensor('float32', Float32Array.from(values), shape) : new Tensor('string', values, shape)];
      }));
      const {probabilities} = await this.network.run(feeds, ['probabilities']);
      for (let row = 0; row < some.length; row++) found.push(probabilities.data[2 * row + 1]);
    }
    return found;
  }

  #contradiction(flight) {
    const {all, parts} = this.settings.experience;
    const title = (name) => this.settings.fields.find((field) => field.name === name)?.title;
    for (const part of parts) {
      if (flight[part] > flight[all]) {
        return `${title(part)} (${plain(flight[part])}) is larger than ${title(all)} (${plain(flight[all])}), which includes it.`;
      }
    }
    return '';
  }

  /** Return how many held-out flights with a similar probability landed. */
  #trust(chance) {
    const {windows, fewest, flights} = this.settings.reliability;
    let near = [];
    for (const window of windows) {
      near = flights.filter(([one]) => Math.abs(one - chance) <= window);
      if (near.length >= fewest) break;
    }
    const n = near.length, landed = near.filter(([, one]) => one).length, words = this.sentences;
    if (!n) return words.none;
    const chances = near.map(([one]) => one);
    const values = {
      n,
      landed,
      span: percentSpan(Math.min(...chances), Math.max(...chances)),
      interval: percentSpan(...wilson(landed, n)),
    };
    if (n === 1) return fill(landed ? words.one_landed : words.one_lost, values);
    return fill(words.several, values) + (n < fewest ? ` ${words.few}` : '');
  }
}

function wilson(hits, n, z = 1.959964) {
  const share = hits / n, wide = 1 + (z * z) / n;
  const centre = (share + (z * z) / (2 * n)) / wide;
  const half = (z / wide) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [hits ? centre - half : 0, hits < n ? centre + half : 1];
}

/** Return a field's text as the model's value; throw an error if it is not allowed. */
function read(field, given) {
  const text = String(given).trim(), number = field.kind === 'number';
  if (!number && field.choices.includes(text)) return text;
  if (BLANKS.includes(text.toLowerCase())) {
    if (!field.optional) throw new Mistake(`${field.title} is missing.`, `Enter ${field.allowed}.`);
    return number ? NaN : '';
  }
  const quoted = `${field.title} is '${cut(text)}'`;
  if (!number) throw new Mistake(`${quoted}, which is not in the training data.`, `Enter ${field.allowed}.`);
  const value = NUMBER.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(value)) throw new Mistake(`${field.title} must be a number with a decimal point, but is '${cut(text)}'.`, `Enter ${field.allowed}.`);
  if (value < field.minimum || value > field.maximum) {
    throw new Mistake(`${field.title} is ${plain(value)}, which is outside the range of the training data.`, `Enter ${field.allowed}.`);
  }
  if (field.integer && !Number.isInteger(value)) throw new Mistake(`${field.title} must be a whole number, but is ${plain(value)}.`, `Enter ${field.allowed}.`);
  return value;
}
