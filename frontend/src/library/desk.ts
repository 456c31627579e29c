// Everything around the grid: what a person does with what they see.
import { Drawer } from "./drawer";
import { Panel, enhanceGhosts } from "./panel";
import { listenForUndo } from "./said";
import { enhanceTags } from "./tags";
import { Tray } from "./tray";
import type { View } from "./view";
import { Visits } from "./visits";

/** What follows the address from now on; nothing on an asset's own page, which stays what it is. */
export function open(view: View): (() => void) | undefined {
  enhanceTags(document);
  enhanceGhosts(document);
  if (!document.querySelector("#look")) return undefined;
  const tray = new Tray(view);
  const panel = new Panel(view, tray);
  const drawer = new Drawer();
  const visits = new Visits(view, () => drawer.follow());
  listenForUndo();
  return () => {
    if (panel.follow()) return;
    if (location.pathname === "/studio/library") void visits.go(new URL(location.href), "back");
    else location.reload();
  };
}
