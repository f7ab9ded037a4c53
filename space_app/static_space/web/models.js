// The page's interface to the worker that runs the models.

const worker = new Worker(new URL('./worker.js', import.meta.url), {type: 'module'});
const waiting = new Map();
let last = 0;

worker.addEventListener('message', ({data}) => {
  if (data.loading) {
    dispatchEvent(new CustomEvent('model-loading', {detail: data}));
    return;
  }
  const one = waiting.get(data.id);
  if (data.progress) {
    one?.progress(data.progress);
    return;
  }
  waiting.delete(data.id);
  if (data.wrong === undefined) one.resolve(data.found);
  else one.reject(Object.assign(new Error(data.wrong), {isMistake: data.mistake}));
});

worker.addEventListener('error', (event) => {
  for (const {reject} of waiting.values()) reject(new Error(event.message || 'The models could not be loaded.'));
  waiting.clear();
});

/** Call a model; `load` only loads it. Reject with an error; its `isMistake` says whether the visitor can fix it. */
export function ask(key, call, given = [], progress = () => {}) {
  return new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, {resolve, reject, progress});
    worker.postMessage({id, key, call, given});
  });
}
