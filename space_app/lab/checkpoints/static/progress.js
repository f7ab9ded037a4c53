// A visitor's progress, stored only in this browser: the state of each question, and the open question.

import {BOXES} from './leitner.js';

const KEY = 'spacehub-checkpoints';

// The stored progress; entries that cannot be read are left out.
export function read() {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { /* nothing is stored, or it is not JSON */ }
  const places = {};
  for (const [key, place] of Object.entries(kept.places ?? {})) {
    if (place && Number.isInteger(place.box) && place.box >= 1 && place.box <= BOXES && Number.isFinite(place.due)) {
      places[key] = {box: place.box, due: place.due};
    }
  }
  const open = kept.open && typeof kept.open.key === 'string' ? kept.open : null;
  return {places, open, week: Number.isInteger(kept.week) ? kept.week : 0};
}

// Merge the changes with those of another window. Return false if this browser stores nothing.
export function keep({places = {}, ...rest}) {
  const before = read();
  try {
    localStorage.setItem(KEY, JSON.stringify({...before, ...rest, places: {...before.places, ...places}}));
    return true;
  } catch { return false; }
}

export function forget() {
  try { localStorage.removeItem(KEY); } catch { /* nothing was stored */ }
}
