// Starts the engine in its worker. What the page says before the engine listens is kept and said
// again.
import init from "{{worker.js}}";

// The engine asks whether the page is of the same bundle.
self.lamplightBundle = "__VERSION__";

const early = [];
const keep = (event) => early.push(event);
self.addEventListener("message", keep);
await init({ module_or_path: "{{worker_bg.wasm}}" });
self.removeEventListener("message", keep);
for (const { data, ports } of early) {
  self.dispatchEvent(new MessageEvent("message", { data, ports: [...ports] }));
}
