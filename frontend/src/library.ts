// The library and an asset's own page. What is here runs before the first paint, and is small for that: the
// tiles that came with the page stand where the grid will have them, so that they are seen at once and
// nothing jumps. The grid takes them over when they have been painted; what a person needs only when they
// begin to do something is fetched after it.
import { layOut } from "./grid/first";
import { recall } from "./grid/place";
import { atLeisure, onceSeen } from "./leisure";
import type { Assets } from "./library/asset";
import { drawerIsOpen } from "./library/kept";

const page = document.documentElement;
const grid = document.querySelector<HTMLElement>("#grid");
const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
const back = entry?.type === "back_forward" || entry?.type === "reload";
const { place } = (history.state ?? {}) as { place?: string };
const elsewhere = back && place !== undefined && recall(place) !== null;

// Between addresses of what was one document, going back or forward changes the address and nothing else.
// That may be done before there is anybody who follows it, even before this script: then the document is
// loaded that the address names.
const named = (address: string): string => address.split("#", 1)[0]!;
let left = false;
let follow = (): void => {
  left = true;
  location.reload();
};
addEventListener("popstate", () => {
  if (!location.hash) follow(); // else it was a jump within the page, as by the link that skips to the content
});
if (back && named(entry.name) !== named(location.href)) follow();

history.scrollRestoration = "manual";
page.classList.add("scripted");
page.classList.toggle("returning", elsewhere);
const drawer = document.querySelector<HTMLElement>("#drawer");
if (drawer && drawerIsOpen()) drawer.hidden = false;
if (grid) layOut(grid, JSON.parse(grid.dataset["first"] ?? "") as Assets, grid.classList.contains("list") ? "list" : "grid");

const coming = import("./library/view"); // fetched meanwhile
const begin = async (): Promise<void> => {
  const { View } = await coming;
  if (left) return; // the place that would be kept is not this page's
  const view = new View();
  view.mount(back);
  page.classList.remove("returning");
  let lent: Promise<void> | undefined;
  const lend = (): Promise<void> =>
    (lent ??= import("./library/desk").then(({ open }) => {
      follow = open(view) ?? follow;
    }));
  atLeisure(() => void lend());
  const { open: leave } = view.hooks;
  view.hooks.open = (item) => {
    view.hooks.open = leave; // unless the panel is there in a moment
    const open = (): void => view.hooks.open(item);
    void lend().then(open, open);
  };
};
if (elsewhere) void begin();
else onceSeen(() => void begin());
