// Starts the page, then the service worker. No words for people here, and nothing inline in
// index.html: the content security policy allows neither.
import init from "{{ui.js}}";

try {
  await init({ module_or_path: "{{ui_bg.wasm}}" });
} finally {
  // A page that cannot start still gets the version that can.
  await register(navigator.serviceWorker);
}

async function register(workers) {
  const registration = await workers
    ?.register("/sw.js", { scope: "/", updateViaCache: "none" })
    .catch(() => null);
  if (registration) follow(workers, registration);
}

/** Tells the page of a waiting version, and hands over when a person takes it. */
function follow(workers, registration) {
  const offer = () => {
    if (registration.waiting && workers.controller) {
      window.dispatchEvent(new CustomEvent("lamplight-update"));
    }
  };
  offer();
  registration.addEventListener("updatefound", () => {
    const installing = registration.installing;
    installing?.addEventListener("statechange", () => {
      if (installing.state === "installed") offer();
    });
  });
  let taken = false;
  window.addEventListener("lamplight-update-take", () => {
    taken = true;
    registration.waiting?.postMessage("take");
  });
  workers.addEventListener("controllerchange", () => {
    // Never a reload under someone's hands: only after it was taken, and once.
    if (taken) {
      taken = false;
      location.reload();
    }
  });
  setInterval(() => registration.update().catch(() => {}), 3_600_000);
}
