// Elements that the page promises to have.

export function find<T extends Element>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

/** A button that says what it does in `data-do`, where the page has one. */
export function onPress(root: ParentNode, what: string, act: () => void): HTMLElement | null {
  const button = root.querySelector<HTMLElement>(`[data-do="${what}"]`);
  button?.addEventListener("click", act);
  return button;
}
