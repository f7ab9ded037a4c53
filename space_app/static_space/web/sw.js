// Keeps one version of the page's own files, so that it opens without a connection. For models, see web/hub.js.

// Other Spaces may share the origin.
const PAGE = `spacehub-page ${registration.scope} `;
const VERSION = `${PAGE}{{ version }}`;

addEventListener('install', (event) => {
  event.waitUntil(keep().then(() => skipWaiting()));
});

addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => clients.claim()));
});

addEventListener('fetch', (event) => {
  const {request} = event, url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin || !url.href.startsWith(registration.scope)) return;
  event.respondWith(find(request));
});

async function keep() {
  const {files} = await (await fetch('files.json', {cache: 'no-cache'})).json();
  const cache = await caches.open(VERSION);
  await cache.addAll([...Object.keys(files), 'files.json'].map((path) => new Request(path, {cache: 'no-cache'})));
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PAGE) && name !== VERSION).map((name) => caches.delete(name)));
}

async function find(request) {
  const cache = await caches.open(VERSION), options = {ignoreSearch: true};
  const folder = request.mode === 'navigate' && request.url.replace(/[?#].*/, '').endsWith('/');
  const kept = folder ? await cache.match(new URL('index.html', request.url)) : await cache.match(request, options);
  return kept ?? fetch(request);
}
