// Before the first paint, and small for that: the owner's accent, which is each gallery's own, and whether
// somebody comes back to a place in it, so that they are not shown the cover on the way there. It is no
// module: the page is not read on before it has run.
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
}
