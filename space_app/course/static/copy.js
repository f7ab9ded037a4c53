// A button on each block of commands that copies the block.

import {make} from './element.js';

for (const block of document.querySelectorAll('pre:has(> code.language-bash)')) {
  const code = block.querySelector('code');
  const button = make('button', {type: 'button', class: 'copy', click: async () => {
    button.textContent = await copied(code) ? 'Copied' : 'Selected: press Ctrl+C';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  }}, 'Copy');
  block.before(button);
}

// Copies a text to the clipboard; if the browser or a frame forbids this, selects the text instead. Returns whether it was copied.
async function copied(node) {
  try {
    await navigator.clipboard.writeText(node.textContent.trimEnd());
    return true;
  } catch {
    getSelection().selectAllChildren(node);
    return false;
  }
}
