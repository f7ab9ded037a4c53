// The days' page: a box to tick for each day, and a form for its prediction instead of the fold that holds the result.

import {make} from './element.js';
import {predict} from './predict.js';
import {change, read, today} from './store.js';

for (const heading of document.querySelectorAll('h2[id^="week-"]')) {
  const week = heading.id.slice('week-'.length);
  let table = heading.nextElementSibling;
  while (table && table.tagName !== 'TABLE') table = table.nextElementSibling;
  for (const row of table?.querySelectorAll('tbody tr') ?? []) {
    const [number, task] = row.cells;
    const key = `${week}.${number.textContent.trim()}`;
    const box = make('input', {type: 'checkbox', 'aria-label': `Day ${key} is done`, change: () => change((kept) => {
      if (box.checked) kept.days[key] = today();
      else delete kept.days[key];
    })});
    box.checked = key in read().days;
    number.append(' ', box);
    const fold = task.querySelector('details');
    if (!fold) continue;
    const ask = fold.querySelector('summary').textContent;
    const result = [...fold.childNodes].slice(1).map((node) => node.textContent).join('').trim().replace(/^Result: /, '');
    const place = make('div');
    fold.replaceWith(place);
    predict(place, 'predictions', key, ask, result);
  }
}
