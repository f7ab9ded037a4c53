// BERT's tokenizer, equal to the library `tokenizers` with BertNormalizer, BertPreTokenizer and WordPiece.

// The ranges of bert_normalizer.rs; the range from U+2B920 is copied as it is there.
const CHINESE = [
  [0x4e00, 0x9fff], [0x3400, 0x4dbf], [0x20000, 0x2a6df], [0x2a700, 0x2b73f], [0x2b740, 0x2b81f], [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff], [0x2f800, 0x2fa1f],
];
const MOST_TOKENS = 1_000_000;

export class WordPiece {
  /**
   * Read tokenizer.json; refuse any tokenizer that is not BERT's.
   * `classes` has the runs of code points that the library removes or treats as space, accents or punctuation.
   */
  constructor(file, classes) {
    const {normalizer, pre_tokenizer: split, model, added_tokens: added = []} = file;
    const kinds = [normalizer?.type, split?.type, model?.type].join(' ');
    if (kinds !== 'BertNormalizer BertPreTokenizer WordPiece' || !normalizer.clean_text) throw new Error(`it is not a BERT tokenizer: ${kinds}`);
    if (added.some((one) => one.normalized || one.single_word || one.lstrip || one.rstrip)) {
      throw new Error('its added tokens are not those of BERT');
    }
    this.rules = {...normalizer, strip_accents: normalizer.strip_accents ?? normalizer.lowercase};
    this.classes = new Map();
    for (const [name, runs] of Object.entries(classes)) {
      for (const [first, last] of runs) for (let code = first; code <= last; code++) this.classes.set(code, name);
    }
    this.vocabulary = new Map(Object.entries(model.vocab));
    if (this.vocabulary.size > MOST_TOKENS) throw new Error('its vocabulary is too large');
    this.prefix = model.continuing_subword_prefix;
    this.longest = model.max_input_chars_per_word;
    this.unknown = this.id(model.unk_token);
    this.first = this.id('[CLS]');
    this.last = this.id('[SEP]');
    this.added = new Map(added.map((one) => [one.content, one.id]));
    this.special = new Set(added.filter((one) => one.special).map((one) => one.id));
    const contents = [...this.added.keys()].filter(Boolean).sort((a, b) => b.length - a.length);
    const escaped = contents.map((one) => one.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    this.pattern = contents.length ? new RegExp(escaped.join('|'), 'g') : null;
  }

  id(token) {
    const id = this.vocabulary.get(token);
    if (id === undefined) throw new Error(`it has no token ${token}`);
    return id;
  }

  /** Return the tokens of a text, without [CLS] and [SEP]: each with its id, start and end in the text. */
  tokens(text) {
    const found = [];
    let done = 0;
    for (const match of this.pattern ? text.matchAll(this.pattern) : []) {
      this.#plain(text, done, match.index, found);
      done = match.index + match[0].length;
      found.push({id: this.added.get(match[0]), start: match.index, end: done});
    }
    this.#plain(text, done, text.length, found);
    return found;
  }

  /** Add the tokens of a part of the text that contains no added token. */
  #plain(text, from, to, found) {
    let word = [];
    const close = () => {
      if (word.length) this.#pieces(word, found);
      word = [];
    };
    for (let at = from; at < to;) {
      const character = String.fromCodePoint(text.codePointAt(at));
      const end = at + character.length;
      for (const one of this.#normal(character)) {
        if (one === ' ') {
          close();
        } else if (this.#is(one, 'punctuation')) {
          close();
          word = [{text: one, start: at, end}];
          close();
        } else {
          word.push({text: one, start: at, end});
        }
      }
      at = end;
    }
    close();
  }

  #is(character, kind) {
    return this.classes.get(character.codePointAt(0)) === kind;
  }

  /** Return the characters that the normalizer produces for one character: none, one or several. */
  #normal(character) {
    const rules = this.rules, code = character.codePointAt(0);
    if (code > 0x20 && code < 0x7f) return rules.lowercase ? character.toLowerCase() : character;
    const kind = this.classes.get(code);
    if (kind === 'removed') return '';
    if (kind === 'space') return ' ';
    let found = character;
    const apart = rules.handle_chinese_chars && CHINESE.some(([low, high]) => code >= low && code <= high);
    if (rules.strip_accents) found = [...found.normalize('NFD')].filter((one) => !this.#is(one, 'accent')).join('');
    if (rules.lowercase) found = [...found].map((one) => one.toLowerCase()).join('');
    return apart ? [' ', ...found, ' '] : [...found];
  }

  /** Cut a word from its start into the longest pieces in the vocabulary. */
  #pieces(word, found) {
    const whole = {start: word[0].start, end: word.at(-1).end};
    if (word.length > this.longest) {
      found.push({id: this.unknown, ...whole});
      return;
    }
    const pieces = [];
    for (let start = 0; start < word.length;) {
      let end = word.length, id;
      for (; end > start; end--) {
        const text = word.slice(start, end).map((one) => one.text).join('');
        id = this.vocabulary.get(start ? this.prefix + text : text);
        if (id !== undefined) break;
      }
      if (id === undefined) {
        found.push({id: this.unknown, ...whole});
        return;
      }
      pieces.push({id, start: word[start].start, end: word[end - 1].end});
      start = end;
    }
    found.push(...pieces);
  }
}
