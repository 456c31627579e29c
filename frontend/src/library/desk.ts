// Everything around the grid: what a person does with what they see.
import { Drawer } from "./drawer";
import { Panel, enhanceGhosts } from "./panel";
import { listenForUndo } from "./said";
import { enhanceTags } from "./tags";
import { Tray } from "./tray";
import type { View } from "./view";
import { Visits } from "./visits";

export function open(view: View): void {
  enhanceTags(document);
  enhanceGhosts(document);
  if (!document.querySelector("#look")) {
    // An asset's own page. Where the panel was before a reload, going back changes only the address.
    addEventListener("popstate", () => location.reload());
    return;
  }
  const tray = new Tray(view);
  const panel = new Panel(view, tray);
  const drawer = new Drawer();
  const visits = new Visits(view, () => drawer.follow());
  listenForUndo();
  addEventListener("popstate", () => {
    if (location.hash) return; // a jump within the page, as by the link that skips to the content
    if (panel.follow()) return;
    if (location.pathname === "/studio/library") void visits.go(new URL(location.href), "back");
    else location.reload();
  });
}
