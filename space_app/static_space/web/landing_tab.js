// The Landing tab: a form, the probability that the booster lands, and how reliable it is; or a CSV of many flights.

import {readCsv, writeCsv} from './csv.js';
import {ask} from './models.js';
import {answer, download, element, part, setBar} from './page.js';
import {percent} from './words.js';

const KEY = 'landing', LISTED = 10;

export function landingTab({models, limits, template}) {
  const {settings} = models[KEY];
  const form = document.getElementById('landing-form'), target = document.getElementById('landing-answer');
  const names = settings.fields.map(({name}) => name);
  const box = (name) => form.elements[name];

  const predict = (example) => answer(target, KEY, async () => {
    const flight = Object.fromEntries(names.map((name) => [name, box(name).value]));
    const {chance, trust} = await ask(KEY, 'predict', [flight]);
    const shown = part('landing-verdict', {chance: percent(chance), trust, example: example?.said});
    setBar(shown.querySelector('.gauge i'), chance);
    return shown;
  });
  const fill = (flight) => names.forEach((name) => (box(name).value = flight[name] ?? ''));

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    predict();
  });
  document.getElementById('landing-examples').addEventListener('click', ({target: clicked}) => {
    const example = settings.examples[clicked.closest('button')?.dataset.example];
    if (!example) return;
    fill(example.flight);
    form.querySelector('details').open = true;
    predict(example);
  });
  document.getElementById('landing-today').addEventListener('click', () => {
    fill(Object.fromEntries(settings.fields.map((field) => [field.name, field.default])));
    predict();
  });

  const many = document.getElementById('landing-many-answer');
  download(document.getElementById('landing-template'), 'flights_template.csv', template);
  document.getElementById('landing-file').addEventListener('change', ({target: {files: [file]}}) => {
    if (!file) return;
    answer(many, KEY, async () => {
      const {experience: {all, parts, share}} = settings, left = [all, ...parts, share];
      const required = settings.fields.filter((one) => !one.optional && !left.includes(one.name)).map((one) => one.name);
      const sheet = await readCsv(file, {required, optional: names, limits});
      const rows = sheet.rows.map((row) => Object.fromEntries(Object.entries(sheet.columns).map(([name, place]) => [name, row[place]])));
      const found = await ask(KEY, 'many', [rows, left.filter((name) => !(name in sheet.columns))]);
      const wrong = found.flatMap(({problem}, place) => (problem ? [`Row ${place + 1}: ${problem}`] : []));
      const link = element('a', 'button', 'Your flights with landing probabilities (CSV)');
      const added = [['landing_probability', found.map(({chance}) => chance?.toFixed(4))]];
      if (wrong.length) added.push(['problem', found.map(({problem}) => problem)]);
      download(link, 'landing_predictions.csv', writeCsv(sheet, added));
      const count = (number) => number.toLocaleString('en-US');
      return part('many', {
        summary: `${count(found.length - wrong.length)} of ${count(found.length)} rows answered.`,
        list: wrong.length ? wrong.slice(0, LISTED).map((one) => element('li', '', one)) : '',
        more: wrong.length > LISTED ? `And ${count(wrong.length - LISTED)} more.` : '',
        file: link,
      });
    });
  });
  return () => target.childElementCount || predict();
}
