// The quiz: shows the next question, explains the answer, and links to where you can see it.

import {make} from './element.js';
import {BOXES, count, move, next} from './leitner.js';
import {forget, keep, read} from './progress.js';

// Text between backticks is code.
const words = (text) => text.split('`').map((part, k) => (k % 2 ? make('code', {}, part) : part));

const shuffled = (count) => Array.from({length: count}, (_, k) => [Math.random(), k]).sort().map(([, k]) => k);

export function quiz(element, weeks) {
  const place = element.querySelector('.checkpoints');
  const all = weeks.flatMap(({week, questions}) => questions.map((question) => ({...question, week})));
  const byKey = new Map(all.map((question) => [question.key, question]));
  let {places, open, week} = read();
  let kept = true;

  function save(changed) {
    kept = keep(changed);
    if (kept) places = {...places, ...read().places};
  }
  const chosen = () => (week ? all.filter((question) => question.week === week) : all);

  // `open` is the question on the page: the order of what may be chosen, what was chosen or written, and whether
  // its answer is shown. It is kept, so that a reload shows it as it was.
  function ask() {
    const question = next(chosen(), places, Date.now());
    open = question ? {key: question.key, order: shuffled(question.wrong.length + 1), text: '', shown: false} : null;
    save({open});
  }
  function judge(right) {
    places[open.key] = move(places[open.key], right, Date.now());
    save({open, places: {[open.key]: places[open.key]}});
  }

  function choose(position) {
    Object.assign(open, {shown: true, chosen: position});
    judge(open.order[position] === 0);
    draw('.ck-next');
  }
  function show() {
    open.shown = true;
    save({open});
    draw('.ck-knew');
  }
  function go() {
    ask();
    draw('.ck-question');
  }
  function say(right) {
    judge(right);
    go();
  }

  function choices(question) {
    const options = [question.answer, ...question.wrong];
    return make('div', {class: 'ck-choices', role: 'group', 'aria-label': 'Choose one'}, ...open.order.map((option, k) => {
      const state = !open.shown ? '' : option === 0 ? ' right' : k === open.chosen ? ' wrong' : ' other';
      const mark = {' right': '✓', ' wrong': '✗'}[state] ?? String(k + 1);
      return make('button', {type: 'button', class: `ck-choice${state}`, disabled: open.shown, click: () => choose(k)},
        make('kbd', {'aria-hidden': 'true'}, mark), make('span', {}, ...words(options[option])));
    }));
  }

  function draft() {
    const box = make('textarea', {rows: 2, maxlength: 2000, placeholder: 'Write or think of an answer', 'aria-label': 'Your answer',
      input: () => { open.text = box.value; save({open}); }});
    box.value = open.text;
    box.readOnly = open.shown;
    return box;
  }

  function link(question) {
    return make('a', {class: 'ck-see', href: question.see.address}, `See ${question.see.title} →`);
  }

  function explanation(question) {
    const right = open.order[open.chosen] === 0;
    const verdict = right ? 'Right.' : 'Not correct.';
    const lines = question.wrong.length
      ? [make('p', {}, make('b', {class: right ? 'good' : 'bad'}, verdict))]
      : [make('p', {class: 'ck-answer'}, ...words(question.answer))];
    return make('div', {class: 'ck-explanation', 'aria-live': 'polite'}, ...lines, make('p', {}, ...words(question.why)), link(question));
  }

  function steps(question) {
    const button = (label, kind, click) => make('button', {type: 'button', class: kind, click}, label);
    if (question.wrong.length) return open.shown ? [button('Next question', 'ck-main ck-next', go)] : [];
    if (!open.shown) return [button('Show the answer', 'ck-main ck-show', show)];
    return [button('I knew it', 'ck-main ck-knew', () => say(true)), button('Not yet', 'ck-main ck-not', () => say(false))];
  }

  function card() {
    const question = open && byKey.get(open.key);
    if (!question) return rest();
    const box = places[question.key] ? `box ${places[question.key].box} of ${BOXES}` : 'new';
    return make('section', {class: 'ck-card'},
      make('p', {class: 'week'}, `Week ${question.week} · ${weeks[question.week - 1].title} · ${box}`),
      make('p', {class: 'ck-question', tabindex: -1}, ...words(question.question)),
      question.wrong.length ? choices(question) : draft(),
      open.shown ? explanation(question) : null,
      make('div', {class: 'ck-steps'}, ...steps(question)));
  }

  function rest() {
    const {soonest} = count(chosen(), places, Date.now());
    const when = new Date(soonest).toLocaleDateString(undefined, {weekday: 'long', day: 'numeric', month: 'long'});
    return make('section', {class: 'ck-card'},
      make('p', {class: 'ck-question', tabindex: -1}, 'No question is due.'),
      make('p', {}, `You have answered all questions${week ? ' of this week' : ''}; the next question comes back on ${when}.`));
  }

  function chips() {
    const chip = (number, label, title) => {
      const asked = number ? all.filter((question) => question.week === number) : all;
      const {due, fresh} = count(asked, places, Date.now());
      const done = Math.round(100 * (asked.length - due - fresh) / asked.length);
      return make('button', {type: 'button', class: 'ck-chip', 'aria-pressed': String(week === number), title,
        'aria-label': `${title}: ${due} due, ${fresh} new`, style: `--done: ${done}%`,
        click: () => { week = number; save({week}); go(); }}, label);
    };
    return make('div', {class: 'ck-weeks', role: 'group', 'aria-label': 'Week'}, chip(0, 'All weeks', 'All weeks'),
      ...weeks.map((one) => chip(one.week, String(one.week), `Week ${one.week}, ${one.title}`)));
  }

  function boxes() {
    const found = count(chosen(), places, Date.now());
    const bars = [['new', found.fresh], ...found.boxes.map((held, k) => [`box ${k + 1}`, held])];
    const most = Math.max(...bars.map(([, held]) => held), 1);
    return make('div', {class: 'ck-boxes'}, ...bars.map(([name, held]) => make('div', {},
      make('b', {}, String(held)), make('i', {style: `height: ${Math.round(44 * held / most)}px`}), make('span', {}, name))));
  }

  function list() {
    const folded = ({question, answer, why}) => make('details', {}, make('summary', {}, ...words(question)),
      make('p', {class: 'ck-answer'}, ...words(answer)), make('p', {}, ...words(why)));
    const shown = week || 1;
    return make('details', {class: 'ck-list'},
      make('summary', {}, `Read all questions of week ${shown}`), ...weeks[shown - 1].questions.map(folded));
  }

  function forgetting() {
    const sure = make('span', {hidden: true}, 'This deletes your progress in all boxes. ',
      make('button', {type: 'button', class: 'ck-yes', click: () => {
        forget();
        ({places, open, week} = read());
        go();
      }}, 'Delete it'), ' ',
      make('button', {type: 'button', click: () => { sure.hidden = true; asked.hidden = false; asked.focus(); }}, 'Keep it'));
    const asked = make('button', {type: 'button', class: 'ck-forget', click: () => {
      sure.hidden = false;
      asked.hidden = true;
      sure.querySelector('button').focus();
    }}, 'Delete my progress');
    return make('p', {class: 'ck-kept'}, kept ? 'Your progress is stored only in this browser. '
      : 'This browser does not store data for this page, so a reload deletes your progress. ', asked, sure);
  }

  function draw(focus) {
    place.replaceChildren(chips(), card(), boxes(), list(), forgetting());
    if (focus) place.querySelector(focus)?.focus({preventScroll: false});
  }

  // A number key makes a choice wherever the focus is in the quiz, except in the text box; for a question to
  // think about, Enter shows the answer.
  place.addEventListener('keydown', (event) => {
    if (event.target.matches('textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && event.target.matches('.ck-question')) {
      event.preventDefault();
      place.querySelector('.ck-show')?.click();
    }
    place.querySelectorAll('.ck-choice:not([disabled])')[Number(event.key) - 1]?.click();
  });
  // Another window has answered in the meantime.
  addEventListener('storage', () => { places = {...read().places}; if (!open?.shown) draw(); });

  if (!byKey.has(open?.key) || open.order?.length !== byKey.get(open.key).wrong.length + 1) ask();
  draw();
}
