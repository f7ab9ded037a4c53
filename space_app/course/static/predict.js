// A prediction: written down before the result is seen, kept with its date, and shown next to the result.

import {make} from './element.js';
import {change, LONGEST, read, today} from './store.js';

// Fills a place with the form for a prediction of a kind (`predictions` or `lab`), or with what was predicted.
// `result` is shown only once a prediction is kept; null if the page itself shows the result.
export function predict(place, kind, key, ask, result = null) {
  function draw(focus = false) {
    const kept = read()[kind][key];
    place.replaceChildren(...(kept ? shown(kept) : form()));
    if (focus) place.querySelector('input, button')?.focus();
  }
  function form() {
    const box = make('input', {type: 'text', maxlength: LONGEST, required: true, 'aria-label': ask, autocomplete: 'off'});
    const keep = (event) => {
      event.preventDefault();
      if (!box.value.trim()) return;
      if (change((kept) => { kept[kind][key] = {said: box.value.trim(), at: today()}; })) draw(true);
      else place.replaceChildren(...shown({said: box.value.trim(), at: 'not stored by this browser'}));
    };
    return [make('form', {class: 'predict', submit: keep}, make('label', {}, make('span', {}, ask), box),
      make('button', {type: 'submit'}, 'Keep'))];
  }
  function shown(kept) {
    const again = () => { change((stored) => { delete stored[kind][key]; }); draw(true); };
    const lines = [make('p', {class: 'predicted'}, make('span', {}, result === null ? '' : `${ask} `),
      'You predicted: ', make('b', {}, kept.said), ` (${kept.at}). `)];
    if (result !== null) lines[0].append('Result: ', make('b', {}, result), ' ');
    lines[0].append(make('button', {type: 'button', click: again}, 'Predict again'));
    return lines;
  }
  draw();
}
