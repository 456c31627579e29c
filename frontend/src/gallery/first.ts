// Before the first paint, and small for that: the owner's accent, which is each gallery's own, and whether
// somebody comes back to a place in it, so that they are not shown the cover on the way there. In a frame, also
// whether somebody is known: no cookie of ours comes there, so the base that tells who they are is kept below
// the gallery's door (`moveTo` in state.ts). It is no module: the page is not read on before it has run.
{
  const root = document.documentElement;
  const [day, night] = (root.dataset["accent"] ?? "").split("|").map((each) => each.split(" "));
  if (day?.length === 3 && night) {
    ["--accent", "--on-accent", "--accent-ink"].forEach((name, at) => {
      root.style.setProperty(name, `light-dark(${day[at]!}, ${night[at]!})`);
    });
  }

  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const again = entry?.type === "back_forward" || entry?.type === "reload";
  const { place } = (history.state ?? {}) as { place?: string };
  if (again && place) root.classList.add("returning");

  // most photos of the page stand there for who has no script; and for whom ours does not come
  addEventListener(
    "error",
    ({ target }) => {
      const rest = target instanceof HTMLScriptElement && document.querySelector("#grid noscript");
      if (rest) rest.outerHTML = rest.textContent ?? "";
    },
    true,
  );

  const { door } = root.dataset;
  if (door) {
    const { pathname, search } = location;
    const [base = ""] = /^\/[gs]\/[^/]+/.exec(pathname) ?? [];
    try {
      const kept = localStorage.getItem(door);
      if (search.includes("forgotten=1")) localStorage.removeItem(door);
      else if (base !== door) localStorage.setItem(door, base);
      else if (kept && kept !== base) {
        root.classList.add("returning");
        location.replace(kept + pathname.slice(base.length) + search);
      }
    } catch {
      // a frame that may keep nothing
    }
  }
}
