// Progress as a file: it moves between browsers, and `spacehub mission portfolio --progress` reads it.

import {BOXES} from './leitner.js';
import * as quiz from './progress.js';
import {change, KINDS, read, wrong} from './store.js';

export const LARGEST = 256 * 1024;  // bytes
const MOST_QUESTIONS = 1000;
const FORMAT = 'spacehub-progress', VERSION = 1;

// The file's text. `days` gives the question and the result of a day's prediction.
export function written(days) {
  const {predictions, ...kept} = read();
  const explained = Object.entries(predictions).map(([key, one]) => [key, {...one, ...days[key]}]);
  return JSON.stringify({format: FORMAT, version: VERSION, ...kept, predictions: Object.fromEntries(explained),
    questions: quiz.read().places}, null, 1);
}

// Merge a file into what is stored; nothing changes if anything in it is wrong. Throws an error that says what.
export async function take(file) {
  if (file.size > LARGEST) throw Error(`The file has ${file.size.toLocaleString('en')} bytes; the limit is ${LARGEST.toLocaleString('en')}.`);
  let given;
  try { given = JSON.parse(await file.text()); } catch { throw Error('The file is not valid JSON.'); }
  if (given?.format !== FORMAT) throw Error('The file does not contain progress for this course.');
  if (given.version !== VERSION) throw Error(`The file has version ${JSON.stringify(given.version)?.slice(0, 20)}; this page can read only version ${VERSION}.`);
  const {format, version, questions = {}, ...rest} = given;
  const unknown = Object.keys(rest).find((kind) => !Object.hasOwn(KINDS, kind));
  if (unknown !== undefined) throw Error(`The file has an unknown section: ${unknown.slice(0, 40)}.`);
  const bad = Object.keys(rest).map((kind) => wrong(kind, rest[kind])).find(Boolean) ?? wrongPlace(questions);
  if (bad) throw Error(`The file has an entry that is not valid: ${bad}.`);
  const stored = change((kept) => {
    for (const [kind, entries] of Object.entries(rest)) {
      for (const [key, entry] of Object.entries(entries)) kept[kind][key] = earlier(kept[kind][key], entry);
    }
  });
  const places = quiz.read().places;
  for (const [key, {box, due}] of Object.entries(questions)) {
    if (!places[key] || places[key].due < due) places[key] = {box, due};
  }
  if (!stored || !quiz.keep({places})) throw Error('This browser does not store data for this page.');
}

// The earlier of two entries: a day stays done when it was done first, and the first prediction is the one that counts.
function earlier(mine, theirs) {
  const kept = typeof theirs === 'string' ? theirs : {said: theirs.said, at: theirs.at};
  return mine && (mine.at ?? mine) <= (kept.at ?? kept) ? mine : kept;
}

function wrongPlace(questions) {
  if (typeof questions !== 'object' || questions === null || Array.isArray(questions)) return 'questions';
  const listed = Object.entries(questions);
  if (listed.length > MOST_QUESTIONS) return 'questions';
  const bad = listed.find(([key, place]) => !/^[a-z0-9][a-z0-9-]{0,60}$/.test(key) || !Number.isInteger(place?.box)
    || place.box < 1 || place.box > BOXES || !Number.isFinite(place.due) || place.due < 0 || place.due > 8.64e15);
  return bad && `questions, ${bad[0].slice(0, 40)}`;
}
