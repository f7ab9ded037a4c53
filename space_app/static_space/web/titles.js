// The model of titles: calibrated probabilities, and each part's contribution (spacehub/serving/titles/reader.py).

import {readJson} from './hub.js';
import {Linear} from './linear.js';
import {open, Tensor} from './network.js';
import * as passages from './passages.js';
import {WordPiece} from './wordpiece.js';
import {fill, Mistake, percent, percentSpan} from './words.js';

const BATCH_TOKENS = 256;

export class Titles {
  static async load({files, settings, sentences, characters}, progress) {
    const tokenizer = new WordPiece(await readJson(files.tokenizer, progress), characters);
    const linear = new Linear(await readJson(files.linear, progress));
    return new Titles(settings, sentences, tokenizer, linear, await open(files.network, progress));
  }

  constructor(settings, sentences, tokenizer, linear, network) {
    Object.assign(this, {settings, sentences, tokenizer, linear, network});
  }

  /** Return a text as the model takes it, or throw an error. */
  check(given) {
    const {longest} = this.settings;
    if (typeof given !== 'string' || !given.trim()) throw new Mistake('There is no text.', 'Type or paste a title.');
    if (given.length > longest && [...given].length > longest) {
      throw new Mistake(`The text has more than ${longest.toLocaleString('en-US')} characters.`, 'Send only the title.');
    }
    return given.isWellFormed() ? given : given.replace(/\p{Cs}/gu, '?');
  }

  /** Return each text's probability of space; null if the model can read nothing in it. */
  async chances(texts, progress = () => {}) {
    const rows = texts.flatMap((text, owner) => {
      const ids = this.#ids(this.tokenizer.tokens(text));
      if (ids.length <= this.settings.length) return [{owner, ids}];
      return this.#passages(text).map((one) => ({owner, ids: one.ids}));
    }).filter(({ids}) => this.#readable(ids));
    const odds = await this.#odds(rows.map(({ids}) => ids), progress);
    const of = texts.map(() => []);
    rows.forEach(({owner}, place) => of[owner].push(odds[place]));
    return of.map((found) => (found.length ? this.#together(found) : null));
  }

  /** Return the model's answer for one text, and the weight of each word, sentence or passage, in log odds. */
  async classify(given) {
    const text = this.check(given), tokens = this.tokenizer.tokens(text);
    const reading = tokens.length + 2 > this.settings.length ? await this.#readPassages(text) : await this.#readAtOnce(text, tokens);
    const {labels, threshold} = this.settings, linear = this.linear.chance(text);
    return {
      ...reading,
      text,
      label: labels[Number(reading.chance >= threshold)],
      threshold,
      trust: reading.kind === 'words' ? this.#trust(reading.chance) : '',
      legend: this.sentences[`legend_${reading.kind}`],
      doubts: this.#doubts(text, reading),
      linear: {
        chance: linear,
        label: labels[Number(linear >= this.linear.threshold)],
        threshold: this.linear.threshold,
        terms: [...this.linear.parts(text)].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])),
      },
    };
  }

  /** Return the answer for each of many texts. */
  async many(texts, progress) {
    const whole = texts.map((text) => (text.isWellFormed() ? text : text.replace(/\p{Cs}/gu, '?')));
    const chances = await this.chances(whole, progress);
    return chances.map((chance, place) => ({
      label: chance === null ? '' : this.settings.labels[Number(chance >= this.settings.threshold)],
      chance,
      linear: chance === null ? null : this.linear.chance(whole[place]),
    }));
  }

  async #readAtOnce(text, tokens) {
    const ids = this.#ids(tokens);
    if (!this.#readable(ids)) throw unreadable();
    let kind = 'words', spans = [...text.matchAll(passages.WORD)].map((found) => [found.index, found.index + found[0].length]);
    if (spans.length > this.settings.most_words) [kind, spans] = ['sentences', passages.sentences(text, this.settings.passages)];
    const places = new Map(); // of the tokens in each span
    let span = 0;
    tokens.forEach((token, place) => {
      if (token.end <= token.start) return;
      while (span + 1 < spans.length && spans[span + 1][0] <= token.start) span += 1;
      if (!places.has(span)) places.set(span, new Set());
      places.get(span).add(place + 1); // after [CLS]
    });
    const without = [...places.values()].map((some) => ids.filter((_, place) => !some.has(place)));
    const [whole, ...rest] = await this.#odds([ids, ...without]);
    const parts = [...places.keys()].map((key, place) => ({start: spans[key][0], end: spans[key][1], weight: whole - rest[place]}));
    return {chance: chance(whole), parts, end: Math.max(...tokens.map(({end}) => end)), kind};
  }

  async #readPassages(text) {
    const all = this.#passages(text), known = all.filter(({ids}) => this.#readable(ids));
    if (!known.length) throw unreadable();
    const {prior, passages: rules} = this.settings;
    const weights = passages.parts(await this.#odds(known.map(({ids}) => ids)), prior, rules.independent);
    const parts = known.map(({start, end}, place) => ({start, end, weight: weights[place]}));
    return {chance: chance(weights.reduce((sum, one) => sum + one, prior)), parts, end: all.at(-1).end, kind: 'passages'};
  }

  /** Return the passages of a long text; a passage with too many tokens is split into windows of tokens. */
  #passages(text) {
    const plain = passages.unquoted(text), {passages: rules, length} = this.settings, found = [];
    for (const [begin, end] of passages.cut(text, rules)) {
      const tokens = this.tokenizer.tokens(plain.slice(begin, end)), room = length - 2;
      for (let first = 0; first === 0 || (first < tokens.length && first <= rules.most * room); first += room) {
        const window = tokens.slice(first, first + room), seen = window.filter((token) => token.end);
        found.push({
          ids: this.#ids(window),
          start: begin + (seen[0]?.start ?? 0),
          end: begin + (seen.at(-1)?.end ?? 0),
        });
      }
    }
    return found.slice(0, rules.most);
  }

  #ids(tokens) {
    return [this.tokenizer.first, ...tokens.map(({id}) => id), this.tokenizer.last];
  }

  #readable(ids) {
    return ids.some((id) => !this.tokenizer.special.has(id));
  }

  #together(odds) {
    const {prior, passages: rules} = this.settings;
    return chance(passages.parts(odds, prior, rules.independent).reduce((sum, one) => sum + one, prior));
  }

  /** Return the log odds of tokenised texts; texts of equal length share a batch, so nothing is padded. */
  async #odds(rows, progress = () => {}) {
    const odds = new Array(rows.length), groups = new Map();
    rows.forEach((ids, place) => {
      if (!groups.has(ids.length)) groups.set(ids.length, []);
      groups.get(ids.length).push(place);
    });
    for (const [length, places] of groups) {
      const most = Math.max(1, Math.floor(BATCH_TOKENS / length));
      for (let first = 0; first < places.length; first += most) {
        const batch = places.slice(first, first + most);
        const said = await this.#ask(batch.map((place) => rows[place]), length);
        batch.forEach((place, row) => (odds[place] = said[2 * row + 1] - said[2 * row]));
        progress(batch.length);
      }
    }
    return odds;
  }

  async #ask(rows, length) {
    const shape = [rows.length, length], ids = BigInt64Array.from(rows.flat(), BigInt);
    const every = {
      input_ids: () => ids,
      attention_mask: () => new BigInt64Array(ids.length).fill(1n),
      token_type_ids: () => new BigInt64Array(ids.length),
    };
    const feeds = Object.fromEntries(this.settings.inputs.map((name) => [name, new Tensor('int64', every[name](), shape)]));
    return (await this.network.run(feeds)).logits.data;
  }

  #trust(chance) {
    const near = this.settings.bins.reduce((a, b) => (Math.abs(b.sure - chance) < Math.abs(a.sure - chance) ? b : a));
    if (near.n === 1) return this.sentences.trust_of_one;
    return fill(this.sentences.trust, {
      n: near.n.toLocaleString('en-US'),
      sure: percent(near.sure),
      right: percent(near.right),
      span: percentSpan(near.low, near.high),
    });
  }

  #doubts(text, reading) {
    const found = [], {sentences} = this, count = (number) => number.toLocaleString('en-US');
    if (reading.kind !== 'words') {
      const few = reading.parts.length > 1 ? `${reading.parts.length} passages` : 'one passage';
      found.push(fill(sentences[reading.kind], {passages: few}));
    }
    const rest = [...text.trimEnd().slice(reading.end)].length;
    if (rest > 0) found.push(fill(sentences.cut_off, {read: count([...text.slice(0, reading.end)].length), rest: count(rest)}));
    const words = this.linear.words(text), known = words.filter((word) => this.linear.terms.has(word)).length;
    if (!words.length) {
      found.push(sentences.no_words);
    } else if (!known || (words.length >= this.settings.fewest_words && known < this.settings.known_words * words.length)) {
      const which = known ? `Only ${known} of the text's ${count(words.length)} words` : "None of the text's words";
      found.push(fill(sentences.unknown_words, {which, verb: known < 2 ? 'was' : 'were'}));
    }
    return found;
  }
}

function chance(odds) {
  return 1 / (1 + Math.exp(-Math.min(50, Math.max(-50, odds))));
}

function unreadable() {
  return new Mistake('The text contains nothing that the model can read.', 'Enter a title that contains words.');
}
