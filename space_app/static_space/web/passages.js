// Cut a long text into sentences and passages (spacehub/serving/titles/passages.py).

// Python's definition of white space, which differs from JavaScript's.
export const WORD = /(?:[^\s\x1c-\x1f\x85]|\ufeff)+/gu;
const ENDS = /[.!?…]["'”’)\]]*$/u;
const BLANK_LINE = /\n[ \t>|]*\n/;
const QUOTED = /(?<![^\n])[ \t]*[>|][ \t>|]*/g;

/** Replace the marks before quoted lines by spaces; the length stays the same. */
export function unquoted(text) {
  return text.replace(QUOTED, (found) => ' '.repeat(found.length));
}

/** Return where the sentences of a text begin and end; neighbouring ones are joined if there are more than `most`. */
export function sentences(text, {fewest, sentences: most}) {
  const spans = [...sentencesOf(text, fewest, Infinity)], each = Math.ceil(spans.length / most), found = [];
  for (let first = 0; first < spans.length; first += each) {
    const group = spans.slice(first, first + each);
    found.push([group[0].start, group.at(-1).end]);
  }
  return found;
}

/** Return where the passages of a text begin and end: at most `most` passages of at most `words` words. */
export function cut(text, {words, fewest, most}) {
  const found = [];
  let passage = null;
  for (const one of sentencesOf(text, fewest, words)) {
    if (passage && passage.count + one.count > words) {
      found.push(passage);
      passage = null;
      if (found.length === most) break;
    }
    passage = passage ? {start: passage.start, end: one.end, count: passage.count + one.count} : one;
  }
  if (passage) found.push(passage);
  return found.map(({start, end}) => [start, end]);
}

/** Yield each sentence and its number of words; a sentence of more than `words` words is split. */
function* sentencesOf(given, fewest, words) {
  const text = unquoted(given);
  let start = null, count = 0, last = 0;
  for (const word of text.matchAll(WORD)) {
    const gap = start !== null && count >= fewest && BLANK_LINE.test(text.slice(last, word.index));
    if (gap || count === words) {
      yield {start, end: last, count};
      start = null;
      count = 0;
    }
    start ??= word.index;
    last = word.index + word[0].length;
    count += 1;
    if (count >= fewest && ENDS.test(word[0])) {
      yield {start, end: last, count};
      start = null;
      count = 0;
    }
  }
  if (start !== null) yield {start, end: last, count};
}

/** Return how much each passage adds to the log odds of its text, which start from `prior`. */
export function parts(odds, prior, independent) {
  const share = Math.min(Math.sqrt(odds.length), independent) / odds.length;
  return odds.map((one) => (one - prior) * share);
}
