// Whether the folders are open beside the library, as they were left.
const KEPT = "drawer";

/** Where there is room for them. */
export const wide = matchMedia("(min-width: 64rem)");

export function drawerIsOpen(): boolean {
  return wide.matches && localStorage.getItem(KEPT) === "open";
}

export function keepDrawer(open: boolean): void {
  if (wide.matches) localStorage.setItem(KEPT, open ? "open" : "closed");
}
