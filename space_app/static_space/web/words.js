// Format numbers and sentences as the app does (spacehub/serving/words.py).

/** Format a number with thousands separators and no trailing zeros: 17,400 or 0.25. */
export function plain(value) {
  return value.toLocaleString('en-US', {maximumFractionDigits: 3});
}

/** Format a share of 1 as a percentage, with one decimal near the ends, and never 0 or 100 unless exact. */
export function percent(share) {
  if (share === 0 || share === 1) return `${100 * share}\u00a0%`;
  if (share < 0.001) return 'under 0.1\u00a0%';
  if (share > 0.999) return 'over 99.9\u00a0%';
  return `${(100 * share).toFixed(share < 0.02 || share > 0.98 ? 1 : 0)}\u00a0%`;
}

/** Format a range of shares: 91 % to 98.8 %; a range that almost reaches an end as 97 % or more. */
export function percentSpan(low, high) {
  const least = percent(low), most = percent(high);
  if (least === most) return least;
  if (most.startsWith('over')) return `${least} or more`;
  return least.startsWith('under') ? `${most} or less` : `${least} to ${most}`;
}

/** Shorten a text to at most `length` characters. */
export function cut(text, length = 40) {
  const characters = [...String(text)];
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}

/** Replace the {names} in a sentence; the sentences come from the app's Python, in space.json. */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]).replaceAll(' %', '\u00a0%');
}

/** An error that the visitor can fix: what happened, and what to do. */
export class Mistake extends Error {
  constructor(problem, fix) {
    super(`${problem} ${fix}`);
    this.name = 'Mistake';
  }
}
