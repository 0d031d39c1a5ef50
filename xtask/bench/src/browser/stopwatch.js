// Put into every document before its own scripts. Notes when a finger or a key went down, and when
// something that is waited for was drawn: the first frame after it stood in the document.
window.stopwatch = (() => {
  let pressed = 0;
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, (event) => { pressed = event.timeStamp; }, { capture: true, passive: true });
  }
  const says = (element, words) => (element.innerText ?? element.textContent ?? "").includes(words);
  const near = (node, css) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (!element) return [];
    const above = element.closest(css);
    return [...(above ? [above] : []), ...element.querySelectorAll(css)];
  };
  // Waits for elements that appear or change from now on.
  const wait = (css, words) => new Promise((found) => {
    const observer = new MutationObserver((records) => {
      const nodes = records.flatMap((record) => [record.target, ...record.addedNodes]);
      if (!nodes.some((node) => near(node, css).some((element) => says(element, words)))) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => found({ pressed, drawn: performance.now() })));
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const first = wait(".tile", "");
  let waiting = first;
  return {
    first,
    arm: (css, words) => { waiting = wait(css, words); },
    armed: () => waiting,
  };
})();
