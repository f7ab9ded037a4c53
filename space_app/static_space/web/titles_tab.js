// The Titles tab: classify one title and see which words matter; or many, from lines or a CSV file.

import {readCsv, writeCsv} from './csv.js';
import {ask} from './models.js';
import {answer, download, element, part, setBar} from './page.js';
import {cut, Mistake, percent} from './words.js';

const KEY = 'titles', TERMS = 4, LISTED = 100, SHOWN_UNREAD = 300;
const FULL = 1.1; // a threefold change of the odds is drawn in full colour, unless another part has a larger effect

export function titlesTab({models, limits}) {
  const {settings} = models[KEY];
  const form = document.getElementById('titles-form'), target = document.getElementById('titles-answer');
  const box = form.elements.title;
  const threshold = (share) => `${(100 * share).toFixed(1)}\u00a0%`;

  const classify = (example) => answer(target, KEY, async () => {
    const said = await ask(KEY, 'classify', [box.value]);
    const verdict = settings.about[said.label], other = settings.about[said.linear.label];
    const shown = part('titles-verdict', {
      chance: percent(said.chance),
      said: verdict,
      threshold: threshold(said.threshold),
      example: example && `This title was posted in r/${example.community}, so its label is ${settings.about[example.label]}, and BERT is ${example.label === said.label ? 'correct' : 'wrong'}. The title is from the test split, which the model was not trained on.`,
      text: coloured(said),
      legend: said.legend,
      doubts: said.doubts.length ? said.doubts.map((one) => element('p', 'notice loud', one)) : '',
      trust: said.trust,
      linear: `${percent(said.linear.chance)} and the label ${other}${other === verdict ? '' : ', unlike BERT'} (threshold: ${threshold(said.linear.threshold)}).`,
      terms: said.linear.terms.length ? ['Strongest terms: ', ...said.linear.terms.slice(0, TERMS).map(term)] : 'The baseline does not know any of the words.',
    });
    setBar(shown.querySelector('.gauge i'), said.chance);
    shown.querySelector('.gauge u').style.left = `${100 * said.threshold}%`;
    return shown;
  });

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    classify();
  });
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  document.getElementById('titles-examples').addEventListener('click', ({target: clicked}) => {
    const example = settings.examples[clicked.closest('button')?.dataset.example];
    if (!example) return;
    box.value = example.title;
    classify(example);
  });

  const many = document.getElementById('titles-many-answer');
  const classifyMany = (read) => answer(many, KEY, async () => {
    const sheet = await read(), titles = sheet.rows.map((row) => row[sheet.columns.title]);
    const found = await ask(KEY, 'many', [titles]);
    const link = element('a', 'button', 'Answers (CSV)');
    const rounded = (share) => share?.toFixed(4) ?? '';
    const added = [['label', found.map(({label}) => label)], ['space_chance', found.map(({chance}) => rounded(chance))]];
    download(link, 'titles_answered.csv', writeCsv(sheet, [...added, ['linear_chance', found.map(({linear}) => rounded(linear))]]));
    const space = found.filter(({label}) => label === settings.labels[1]).length, count = (number) => number.toLocaleString('en-US');
    const table = part('titles-table', {rows: found.slice(0, LISTED).map((one, place) => manyRow(titles[place], one, settings))});
    return part('many', {
      summary: `${count(space)} of ${count(found.length)} titles are about space, according to BERT (threshold: ${threshold(settings.threshold)}).`,
      table,
      more: found.length > LISTED ? `The file has ${count(found.length - LISTED)} more titles.` : '',
      file: link,
    });
  });
  document.getElementById('titles-lines-form').addEventListener('submit', (event) => {
    event.preventDefault();
    classifyMany(() => lines(event.target.elements.lines.value, limits));
  });
  document.getElementById('titles-file').addEventListener('change', ({target: {files: [file]}}) => {
    if (file) classifyMany(() => readCsv(file, {required: ['title'], limits}));
  });
  return () => {};
}

function lines(pasted, limits) {
  const rows = pasted.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => [line]);
  if (!rows.length) throw new Mistake('There is no text.', 'Paste titles, one per line, or choose a CSV file.');
  if (rows.length > limits.rows) throw new Mistake(`There are more than ${limits.rows.toLocaleString('en-US')} texts.`, 'Split the list into several requests.');
  return {header: ['title'], rows, columns: {title: 0}, separator: ','};
}

function manyRow(title, {chance, label, linear}, settings) {
  const unread = title.trim() ? 'The text contains nothing that the model can read.' : 'There is no text.';
  if (chance === null) return part('titles-row', {title: cut(title, 160), label: unread, bert: '—', linear: '—'});
  return part('titles-row', {title: cut(title, 160), bert: percent(chance), label: settings.about[label], linear: percent(linear)});
}

function term([text, weight]) {
  const shown = element('span', `tag ${weight > 0 ? 'for' : 'against'}`, `${cut(text)} `);
  shown.append(element('small', '', `${weight > 0 ? '+' : ''}${weight.toFixed(1)}`));
  return shown;
}

/** Return the text with the parts that were read coloured by their weight. */
function coloured({text, parts}) {
  const strongest = Math.max(FULL, ...parts.map(({weight}) => Math.abs(weight))), shown = [];
  let done = 0;
  for (const {start, end, weight} of parts) {
    const mark = element('mark', weight > 0 ? 'for' : 'against', text.slice(start, end));
    mark.style.setProperty('--strength', `${Math.round((100 * Math.abs(weight)) / strongest)}%`);
    mark.title = `${weight > 0 ? '+' : ''}${weight.toFixed(2)} log odds`;
    shown.push(text.slice(done, start), mark);
    done = end;
  }
  const rest = [...text.slice(done).trimEnd()], more = rest.length - SHOWN_UNREAD;
  const unread = rest.slice(0, SHOWN_UNREAD).join('') + (more > 0 ? ` … ${more.toLocaleString('en-US')} more characters` : '');
  return [...shown, element('span', 'unread', unread)];
}
