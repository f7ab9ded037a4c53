// On a phone, each week's katas are a fold, because the page is long; a link to a week or a kata opens its fold.

import {make} from './element.js';

if (matchMedia('(max-width: 640px)').matches) {
  for (const heading of document.querySelectorAll('h2[id^="week-"]')) {
    const inside = [];
    for (let node = heading.nextSibling; node && node.tagName !== 'H2'; node = node.nextSibling) inside.push(node);
    const katas = inside.filter((node) => node.tagName === 'H3').length;
    const title = inside.find((node) => node.tagName === 'P')?.textContent.replace(/^Week \d+: /, '');
    const fold = make('details', {class: 'week'});
    heading.replaceWith(fold);
    fold.append(make('summary', {}, heading, make('span', {}, `${title} (${katas} katas)`)), ...inside);
  }
  addEventListener('hashchange', open);
  open();
}

function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target?.closest('details.week');
  if (!fold) return;
  fold.open = true;
  target.scrollIntoView();
}
