// The service worker: every file of one version of the app, all or nothing, so that a tablet
// starts with no network. Filled in by the bundle step:
const VERSION = "__VERSION__";
const FILES = __FILES__; // [path, integrity] of every file

const PREFIX = "lamplight-";
const CACHE = PREFIX + VERSION;

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
    if (url.pathname !== "/healthz") event.respondWith(answer("/index.html", request));
  } else if (known(url.pathname)) {
    event.respondWith(answer(url.pathname, request));
  }
});

/** Fetches all files, each checked against its hash; on any failure keeps none of them. */
async function fill() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(
      FILES.map(async ([path, integrity]) => {
        const response = await fetch(path, { integrity, cache: "no-cache" });
        if (!response.ok || response.redirected) throw new Error(path + " " + response.status);
        await cache.put(path, response);
      }),
    );
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/** Keeps this version and the one before (a page of it may still be open), drops older ones. */
async function tidy() {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

function known(path) {
  return path.startsWith("/assets/") || FILES.some(([name]) => name === path);
}

/** This version's file, else the one a page of the version before asks for, else the network. */
async function answer(path, request) {
  const cache = await caches.open(CACHE);
  const found = (await cache.match(path)) ?? (await caches.match(path));
  return found ?? fetch(request);
}
