// The progress page: each week's summary, the katas to tick, and the file that moves progress to another browser.

import {make} from './element.js';
import * as quiz from './progress.js';
import {change, forget, read, today} from './store.js';
import {take, written} from './transfer.js';

const weeks = JSON.parse(document.getElementById('weeks').content.textContent);
const place = document.getElementById('summary'), said = document.getElementById('said');
const days = document.querySelector('nav a[href*="days"]').getAttribute('href');
const byDay = Object.fromEntries(weeks.flatMap(({days}) => days.filter(({ask}) => ask).map(({key, ask, result}) => [key, {ask, result}])));

// A question counts as right while it is in a box above the first: its last answer was right.
const right = (keys, places) => keys.filter((key) => places[key]?.box > 1).length;

function bar(part, all, label) {
  return make('td', {}, make('span', {}, `${part} of ${all}`), make('meter', {min: 0, max: all, value: part, 'aria-label': label}));
}

function row(week, kept, places) {
  const done = week.days.filter(({key}) => kept.days[key]).length;
  const passed = week.katas.filter(({number}) => kept.katas[number]).length;
  const asked = week.days.filter(({ask}) => ask);
  return make('tr', {}, make('td', {}, make('a', {href: `#week-${week.number}`, click: () => unfold(week.number)}, String(week.number))),
    bar(done, week.days.length, `Days done in week ${week.number}`),
    bar(passed, week.katas.length, `Katas passed in week ${week.number}`),
    bar(right(week.questions, places), week.questions.length, `Correct answers in week ${week.number}`),
    bar(asked.filter(({key}) => kept.predictions[key]).length, asked.length, `Predictions in week ${week.number}`));
}

function details(week, kept) {
  const made = week.days.filter(({key, ask}) => ask && kept.predictions[key]);
  const tick = ({number, title}) => {
    const box = make('input', {type: 'checkbox', change: () => {
      change((stored) => { if (box.checked) stored.katas[number] = today(); else delete stored.katas[number]; });
      draw();
    }});
    box.checked = number in kept.katas;
    return make('label', {}, box, ` ${number} ${title}`);
  };
  const fold = make('details', {id: `week-${week.number}`}, make('summary', {}, `Week ${week.number}: ${week.title}`),
    make('h3', {}, 'Predictions and results'),
    made.length ? make('ul', {}, ...made.map(({key, ask, result}) => make('li', {}, `${ask} You predicted: `,
      make('b', {}, kept.predictions[key].said), '. Result: ', make('b', {}, result))))
      : make('p', {}, 'None yet. ', make('a', {href: `${days}#week-${week.number}`}, 'Predict')),
    make('h3', {}, 'Katas'), make('div', {class: 'katas'}, ...week.katas.map(tick)));
  fold.open = unfolded.has(week.number);
  fold.addEventListener('toggle', () => unfolded[fold.open ? 'add' : 'delete'](week.number));
  return fold;
}

const unfolded = new Set();
function unfold(number) {
  unfolded.add(number);
  document.getElementById(`week-${number}`).open = true;
}
function draw() {
  const kept = read(), {places} = quiz.read();
  const heads = ['Week', 'Days', 'Katas', 'Correct answers', 'Predictions'];
  place.replaceChildren(
    make('table', {}, make('thead', {}, make('tr', {}, ...heads.map((head) => make('th', {}, head)))),
      make('tbody', {}, ...weeks.map((week) => row(week, kept, places)))),
    ...weeks.map((week) => details(week, kept)));
}

document.getElementById('save').addEventListener('click', () => {
  const address = URL.createObjectURL(new Blob([written(byDay)], {type: 'application/json'}));
  make('a', {href: address, download: 'progress.json'}).click();
  URL.revokeObjectURL(address);
});
document.getElementById('load').addEventListener('change', async ({target}) => {
  const [file] = target.files;
  try {
    await take(file);
    said.textContent = `Merged ${file.name}.`;
  } catch (error) { said.textContent = `${error.message} Nothing was changed.`; }
  target.value = '';
  draw();
});
document.getElementById('forget').addEventListener('click', ({target}) => {
  if (target.dataset.sure) {
    forget();
    quiz.forget();
    said.textContent = 'Your progress was deleted.';
    draw();
  }
  target.dataset.sure = target.dataset.sure ? '' : 'yes';
  target.textContent = target.dataset.sure ? 'Delete it: all days, predictions, katas and answers' : 'Delete my progress';
});
addEventListener('storage', draw);
draw();
