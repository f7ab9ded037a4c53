// Model files from the Hub, at a commit: the browser keeps them, and each use checks their hash.

import {Mistake} from './words.js';

// Other Spaces may share the origin.
const CACHE = `spacehub-models ${new URL('..', import.meta.url)}`;

/**
 * Return a file's bytes. `file` has url, size and sha256; `progress` is called with the bytes that have arrived.
 * At most `size` bytes are read, and bytes that differ from the published ones are never used.
 */
export async function read(file, progress = () => {}) {
  const kept = await store();
  const found = await kept?.match(file.url);
  if (found) {
    const bytes = new Uint8Array(await found.arrayBuffer());
    if (await isWhole(bytes, file)) return bytes;
    await kept.delete(file.url);
  }
  const bytes = await download(file, progress);
  if (!(await isWhole(bytes, file))) {
    throw new Mistake(`The download of ${name(file)} is damaged.`, 'Reload the page to try again.');
  }
  await kept?.put(file.url, new Response(bytes)).catch(() => {}); // a full disk costs only the offline copy
  return bytes;
}

export async function readJson(file, progress) {
  return JSON.parse(new TextDecoder().decode(await read(file, progress)));
}

/** Delete the files that earlier versions of this page kept. */
export async function forgetOthers(files) {
  const kept = await store();
  const wanted = new Set(files.map((file) => file.url));
  for (const request of (await kept?.keys()) ?? []) if (!wanted.has(request.url)) await kept.delete(request);
}

/** Return whether the browser keeps all of these files. */
export async function keepsAll(files) {
  const kept = await store();
  if (!kept) return false;
  const found = await Promise.all(files.map((file) => kept.match(file.url)));
  return found.every(Boolean);
}

async function store() {
  try {
    return await caches.open(CACHE);
  } catch {
    return null; // a browser that stores nothing, such as in a private window
  }
}

async function download(file, progress) {
  let response;
  try {
    response = await fetch(file.url, {credentials: 'omit', referrerPolicy: 'no-referrer'});
  } catch {
    throw new Mistake(`${name(file)} could not be loaded: the Hub cannot be reached.`, 'Check your connection, then try again.');
  }
  if (!response.ok) {
    throw new Mistake(`${name(file)} could not be loaded: the Hub answered ${response.status}.`, 'Try again later.');
  }
  const bytes = new Uint8Array(file.size);
  const reader = response.body.getReader();
  let at = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return bytes.subarray(0, at);
    if (at + value.length > file.size) {
      await reader.cancel();
      throw new Mistake(`${name(file)} is larger than published.`, 'Reload the page to try again.');
    }
    bytes.set(value, at);
    at += value.length;
    progress(value.length);
  }
}

async function isWhole(bytes, file) {
  if (bytes.length !== file.size) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') === file.sha256;
}

function name(file) {
  return decodeURIComponent(new URL(file.url).pathname.split('/').slice(-2).join('/'));
}
