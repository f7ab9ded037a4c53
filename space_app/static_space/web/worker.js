// Run the models in a separate thread, so that the page stays responsive.

import {forgetOthers} from './hub.js';
import {Landing} from './landing.js';
import {Satellite} from './satellite.js';
import {Titles} from './titles.js';

const KINDS = {landing: Landing, satellite: Satellite, titles: Titles};
const CALLS = {
  landing: ['predict', 'many'],
  satellite: ['classify'],
  titles: ['classify', 'many'],
};
const space = fetch(new URL('../space.json', import.meta.url)).then((response) => response.json());
space.then(({models}) => forgetOthers(Object.values(models).flatMap((one) => Object.values(one.files))));
const loaded = {};

/** Return a model, loaded once; a model that could not be loaded is tried again. */
function model(key) {
  loaded[key] ??= load(key).catch((error) => {
    delete loaded[key];
    throw error;
  });
  return loaded[key];
}

async function load(key) {
  const described = (await space).models[key];
  const total = Object.values(described.files).reduce((sum, {size}) => sum + size, 0);
  let done = 0;
  return KINDS[key].load(described, (bytes) => {
    done += bytes;
    postMessage({loading: key, share: done / total});
  });
}

addEventListener('message', async ({data: {id, key, call, given}}) => {
  try {
    const found = await model(key);
    if (call !== 'load' && !CALLS[key].includes(call)) throw new Error(`${call} does not exist`);
    const progress = (count) => postMessage({id, progress: count});
    postMessage({id, found: call === 'load' ? null : await found[call](...given, progress)});
  } catch (error) {
    postMessage({id, wrong: error.message, mistake: error.name === 'Mistake'});
  }
});
