// Text that is longer than a title: pieces that are about as long as one (spacehub/serving/titles/pieces.py).

// Python's idea of white space: its own, not JavaScript's.
export const WORD = /(?:[^\s\x1c-\x1f\x85]|\ufeff)+/gu;
const ENDS = /[.!?…]["'”’)\]]*$/u;
const BLANK_LINE = /\n[ \t>|]*\n/;
const QUOTED = /(?<![^\n])[ \t]*[>|][ \t>|]*/g;

/** A text with spaces for the signs before quoted lines, as long as it was. */
export function unquoted(text) {
  return text.replace(QUOTED, (found) => ' '.repeat(found.length));
}

/** Where the pieces of a text begin and end, none of more than `words` words; `most` at most. */
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

/** What each piece adds to the log odds of its text, which start from `prior`. */
export function parts(odds, prior, independent) {
  const share = Math.min(Math.sqrt(odds.length), independent) / odds.length;
  return odds.map((one) => (one - prior) * share);
}
