// A learner's progress in the course, stored only in this browser: days and katas by the date they were done, and predictions.

const KEY = 'spacehub-course';
export const LONGEST = 200;  // letters of a prediction
const MOST = 1000;  // entries of a kind
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const dated = (value) => typeof value === 'string' && DATE.test(value) && !Number.isNaN(Date.parse(value));
const predicted = (value) => Boolean(value) && typeof value.said === 'string' && value.said.trim() !== ''
  && value.said.length <= LONGEST && dated(value.at);

// The kinds of entries: the pattern of a key, and a check of its value.
export const KINDS = {
  days: [/^(?:[1-9]|1[0-2])\.[1-7]$/, dated],
  katas: [/^(?:[1-9]|1[0-2])\.\d{1,2}$/, dated],
  predictions: [/^(?:[1-9]|1[0-2])\.[1-7]$/, predicted],
  lab: [/^[a-z][a-z0-9-]{0,60}$/, predicted],
};

// The first invalid entry of a kind; undefined if all entries are valid.
export function wrong(kind, entries) {
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) return kind;
  const [name, valid] = KINDS[kind];
  const listed = Object.entries(entries);
  if (listed.length > MOST) return kind;
  const bad = listed.find(([key, value]) => !name.test(key) || !valid(value));
  return bad && `${kind}, ${bad[0].slice(0, 40)}`;
}

// What is stored; a kind that cannot be read is empty.
export function read() {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { /* nothing is stored, or it is not JSON */ }
  return Object.fromEntries(Object.keys(KINDS).map((kind) =>
    [kind, kept[kind] !== undefined && !wrong(kind, kept[kind]) ? {...kept[kind]} : {}]));
}

// Let a function change what is stored. Return false if this browser does not store data.
export function change(by) {
  const kept = read();
  by(kept);
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
    return true;
  } catch { return false; }
}

// Today's date where the learner is.
export function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export function forget() {
  try { localStorage.removeItem(KEY); } catch { /* nothing was stored */ }
}
