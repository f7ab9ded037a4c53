// The Satellite tab: classify one image and see which parts support the answer.

import {ask} from './models.js';
import {answer, element, part, setBar} from './page.js';
import {percent} from './words.js';

const KEY = 'satellite', IN_DOUBT = 0.5;
const FOR = [240, 122, 40], AGAINST = [60, 110, 240], STRONGEST = 0.72; // as the app's overlay.py

export function satelliteTab({models}) {
  const {examples} = models[KEY].settings;
  const target = document.getElementById('satellite-answer');

  const classify = (file, truth) => answer(target, KEY, async () => {
    const seen = await ask(KEY, 'classify', [await file()]);
    const [first] = seen.classes;
    const shown = part('satellite-verdict', {
      label: first.name[0].toUpperCase() + first.name.slice(1),
      chance: percent(first.chance) + '.' + (first.chance < IN_DOUBT ? ' Together, the other classes are more likely than the predicted class.' : ''),
      truth: truth && `This image is from the test split, which the model was not trained on. The model predicts ${first.name}, which is ${truth === first.name ? 'correct' : `wrong: the true class is ${truth}`}.`,
      trust: seen.trust,
      doubts: seen.doubts.length ? seen.doubts.map((one) => element('p', 'notice loud', one)) : '',
      layers: [ground(seen), ...seen.maps.values.map((values, place) => film(values, seen, place))],
      classes: seen.classes.map((one, place) => row(one, place, place < seen.maps.values.length, one.name === truth)),
    });
    return shown;
  });

  document.getElementById('satellite-file').addEventListener('change', ({target: {files: [file]}}) => {
    if (file) classify(() => file);
  });
  document.getElementById('satellite-examples').addEventListener('click', ({target: clicked}) => {
    const button = clicked.closest('button');
    if (button) classify(async () => (await fetch(button.querySelector('img').src)).blob(), examples[button.dataset.example].label);
  });
  return () => {};
}

function row({name, chance}, place, hasMap, isTrue) {
  const shown = part(hasMap ? 'class-with-map' : 'class', {name, chance: percent(chance), truth: isTrue});
  setBar(shown.querySelector('.bar em'), chance);
  const choice = shown.querySelector('input');
  if (choice) Object.assign(choice, {value: place, checked: place === 0});
  return shown;
}

function ground({pixels, size}) {
  const data = new ImageData(size, size);
  for (let at = 0; at < size * size; at++) data.data.set([...pixels.subarray(3 * at, 3 * at + 3), 255], 4 * at);
  return canvas(data, 'ground', 'What the model saw');
}

function film(values, {maps: {wide, high}, classes}, place) {
  const data = new ImageData(wide, high);
  values.forEach((value, at) => data.data.set([...(value > 0 ? FOR : AGAINST), 255 * STRONGEST * Math.abs(value)], 4 * at));
  const shown = canvas(data, 'film', `The map of ${classes[place].name}`);
  shown.dataset.film = place;
  return shown;
}

function canvas(data, className, label) {
  const small = new OffscreenCanvas(data.width, data.height), shown = element('canvas', className);
  small.getContext('2d').putImageData(data, 0, 0);
  Object.assign(shown, {width: 192, height: 192});
  shown.setAttribute('role', 'img');
  shown.setAttribute('aria-label', label);
  const context = shown.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, 192, 192);
  return shown;
}
