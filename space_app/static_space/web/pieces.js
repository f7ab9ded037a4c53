// Cut a text that is longer than a title into title-sized pieces (spacehub/serving/titles/pieces.py).

// Python's definition of white space, which differs from JavaScript's.
export const WORD = /(?:[^\s\x1c-\x1f\x85]|\ufeff)+/gu;
const ENDS = /[.!?…]["'”’)\]]*$/u;
const BLANK_LINE = /\n[ \t>|]*\n/;
const QUOTED = /(?<![^\n])[ \t]*[>|][ \t>|]*/g;

/** Replace the marks before quoted lines by spaces; the length stays the same. */
export function unquoted(text) {
  return text.replace(QUOTED, (found) => ' '.repeat(found.length));
}

/** Return where the pieces of a text begin and end: at most `most` pieces of at most `words` words. */
export function cut(given, {words, fewest, most}) {
  const text = unquoted(given), found = [];
  let start = null, count = 0, last = 0;
  for (const word of text.matchAll(WORD)) {
    const gap = start !== null && count >= fewest && BLANK_LINE.test(text.slice(last, word.index));
    if (gap || count === words) {
      found.push([start, last]);
      start = null;
      count = 0;
      if (found.length === most) return found;
    }
    start ??= word.index;
    last = word.index + word[0].length;
    count += 1;
    if (count >= fewest && ENDS.test(word[0])) {
      found.push([start, last]);
      start = null;
      count = 0;
      if (found.length === most) return found;
    }
  }
  return start === null ? found : [...found, [start, last]];
}

/** Return how much each piece adds to the log odds of its text, which start from `prior`. */
export function parts(odds, prior, independent) {
  const share = Math.min(Math.sqrt(odds.length), independent) / odds.length;
  return odds.map((one) => (one - prior) * share);
}
