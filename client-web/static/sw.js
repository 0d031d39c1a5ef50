// The service worker: every file of one version of the app, all or nothing, so that a tablet
// starts with no network. Filled in by the bundle step:
const VERSION = "__VERSION__";
const FILES = __FILES__; // [path, integrity] of every file

const PREFIX = "lamplight-";
const CACHE = PREFIX + VERSION;
/** Stands in the cache of a version that came to run; no file has this name. */
const RAN = "/ran";
/** What the server says itself: whoever asks for it wants no page of ours. */
const SAID = ["/healthz", "/bundle.sha256", "/metrics"];

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => {
  // A person took the new version; nothing else skips the line.
  if (event.data === "take") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    const said = SAID.includes(url.pathname) || url.pathname.startsWith("/.well-known/");
    if (!said) event.respondWith(answer("/index.html", request));
  } else if (known(url.pathname)) {
    event.respondWith(answer(url.pathname, request));
  }
});

/** Fetches all files, each checked against its hash. What a slow line brought stays for the next try. */
async function fill() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    FILES.map(async ([path, integrity]) => {
      if (await cache.match(path)) return;
      const response = await fetch(path, { integrity, cache: "no-cache" });
      if (!response.ok || response.redirected) throw new Error(path + " " + response.status);
      await cache.put(path, response);
    }),
  );
}

/** Keeps this version and the one that ran before it (a page of it may still be open). */
async function tidy() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const others = await Promise.all(names.map(async (name) => [await since(name), name]));
  const before = others.sort(([one], [other]) => other - one)[0];
  const keep = before && before[0] > 0 ? before[1] : null;
  await Promise.all(names.filter((name) => name !== keep).map((name) => caches.delete(name)));
  const cache = await caches.open(CACHE);
  await cache.put(RAN, new Response(String(Date.now())));
  await self.clients.claim();
}

/** When a version came to run; 0 for one that never did. */
async function since(name) {
  const ran = await (await caches.open(name)).match(RAN);
  return ran ? Number(await ran.text()) : 0;
}

function known(path) {
  return path.startsWith("/assets/") || FILES.some(([name]) => name === path);
}

/** This version's file, else what a page of the version before asks for by its hash, else the network. */
async function answer(path, request) {
  const cache = await caches.open(CACHE);
  const own = await cache.match(path);
  if (own) return own;
  const other = path.startsWith("/assets/") && (await caches.match(path));
  return other || fetch(request);
}
