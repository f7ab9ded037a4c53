// Parts of the page: templates filled with text, the loading message, and errors.

/** Return a copy of a template; each element that names a slot gets its text, or is removed if it has no text. */
export function part(id, slots = {}) {
  const copy = document.getElementById(id).content.firstElementChild.cloneNode(true);
  for (const element of copy.querySelectorAll('[data-slot]')) {
    const value = slots[element.dataset.slot];
    if (value === undefined || value === '' || value === false) element.remove();
    else if (value instanceof Node) element.replaceChildren(value);
    else if (Array.isArray(value)) element.replaceChildren(...value);
    else if (value !== true) element.textContent = value;
  }
  return copy;
}

/** Return an element with a class and a text. */
export function element(name, className, text = '') {
  const made = Object.assign(document.createElement(name), {className});
  made.textContent = text;
  return made;
}

/** Set the width of a bar inside an element, 0 to 1. */
export function setBar(bar, share) {
  bar.style.width = `${(100 * share).toFixed(1)}%`;
}

let loading = null;

/** Show in `target` the result of `work`, or its error; the newest call of a target wins. */
export async function answer(target, key, work) {
  const turn = {};
  target.turn = turn;
  target.setAttribute('aria-busy', 'true');
  loading = {key, target};
  try {
    const found = await work();
    if (target.turn === turn) target.replaceChildren(found);
  } catch (error) {
    if (target.turn !== turn) return;
    const wrong = part(error.isMistake || error.name === 'Mistake' ? 'mistake' : 'trouble', {text: error.message});
    target.replaceChildren(wrong);
  } finally {
    if (target.turn === turn) target.removeAttribute('aria-busy');
  }
  if (innerWidth < 640 && document.activeElement !== document.body) target.scrollIntoView({block: 'start'});
}

addEventListener('model-loading', ({detail}) => {
  if (loading?.key !== detail.loading || !loading.target.hasAttribute('aria-busy')) return;
  const shown = loading.target.querySelector('.loading') ?? loading.target.appendChild(element('p', 'loading'));
  shown.textContent = `Loading the model: ${Math.round(100 * detail.share)}\u00a0%`;
});

/** Offer text as a file to download. */
export function download(link, name, text) {
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([text], {type: 'text/csv'}));
  link.download = name;
}
