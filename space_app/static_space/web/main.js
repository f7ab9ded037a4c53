// The page: its tabs, and what the browser keeps so that it works without a connection.

import {keepsAll} from './hub.js';
import {landingTab} from './landing_tab.js';
import {ask} from './models.js';
import {satelliteTab} from './satellite_tab.js';
import {titlesTab} from './titles_tab.js';

const TABS = {landing: landingTab, satellite: satelliteTab, titles: titlesTab};
const tabs = [...document.querySelectorAll('[role="tab"]')];

const response = await fetch(new URL('../space.json', import.meta.url));
const space = await response.json();
const open = Object.fromEntries(Object.keys(space.models).map((key) => [key, TABS[key](space)]));

function select(tab, {focus = false} = {}) {
  for (const one of tabs) {
    const selected = one === tab;
    one.setAttribute('aria-selected', selected);
    one.classList.toggle('selected', selected);
    one.tabIndex = selected ? 0 : -1;
    document.getElementById(one.getAttribute('aria-controls')).hidden = !selected;
  }
  if (focus) tab.focus();
  history.replaceState(null, '', `#${tab.dataset.key}`);
  return open[tab.dataset.key]();
}

const STEPS = {ArrowRight: 1, ArrowLeft: -1};
for (const [place, tab] of tabs.entries()) {
  tab.addEventListener('click', () => select(tab));
  tab.addEventListener('keydown', (event) => {
    const to = {Home: 0, End: tabs.length - 1}[event.key] ?? (STEPS[event.key] && (place + STEPS[event.key] + tabs.length) % tabs.length);
    if (to === undefined) return;
    event.preventDefault();
    select(tabs[to], {focus: true});
  });
}
await select(tabs.find((tab) => `#${tab.dataset.key}` === location.hash) ?? tabs[0]);
document.documentElement.dataset.ready = 'true';
await prepareOffline();

/** Keep the page, and the models that are small enough to load unasked; show which work offline. */
async function prepareOffline() {
  const shown = document.getElementById('offline');
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register(new URL('../sw.js', import.meta.url));
    await navigator.serviceWorker.ready;
  } catch {
    return; // a private window, or a browser that does not allow service workers here
  }
  const size = (files) => Object.values(files).reduce((sum, one) => sum + one.size, 0);
  for (const [key, {files}] of Object.entries(space.models)) {
    if (!navigator.connection?.saveData && size(files) <= space.unasked_bytes) await ask(key, 'load').catch(() => {});
  }
  const say = async () => {
    const kept = [];
    for (const {title, files} of Object.values(space.models)) if (await keepsAll(Object.values(files))) kept.push(title);
    shown.textContent = kept.length ? `Without a connection, this page works for: ${[...kept, 'the course'].join(', ')}.` : '';
    document.documentElement.dataset.offline = kept.length;
  };
  await say();
  addEventListener('model-loading', ({detail}) => detail.share >= 1 && setTimeout(say, 1000));
}
