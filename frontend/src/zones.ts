// Times by the clock on the owner's wall. A page brings instants in the site's time zone, and says so; here
// they are said in the browser's, whose name goes back with the form.

function zone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** As `datetime-local` fields have it: `2026-06-14T05:12`. */
export function local(instant: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = `${String(instant.getFullYear()).padStart(4, "0")}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
  return `${day}T${two(instant.getHours())}:${two(instant.getMinutes())}`;
}

function translate(kept: HTMLInputElement): void {
  kept.value = zone();
  const form = kept.form ?? document;
  for (const field of form.querySelectorAll<HTMLInputElement>("input[data-instant]")) {
    const instant = new Date(field.dataset.instant ?? "");
    if (!Number.isNaN(instant.getTime())) field.value = local(instant);
  }
  for (const said of form.querySelectorAll("[data-zone-name]")) said.textContent = zone();
}

/** One press for the zone that this browser is in. */
function offer(button: HTMLButtonElement): void {
  const choice = button.closest(".field")?.querySelector("select");
  const here = [...(choice?.options ?? [])].find((option) => option.value === zone());
  if (!choice || !here || here.selected) return;
  const said = button.querySelector("span");
  if (said) said.textContent = here.value;
  button.hidden = false;
  button.addEventListener("click", () => {
    choice.value = here.value;
    button.hidden = true;
    choice.focus();
  });
}

export function enhanceZones(root: ParentNode): void {
  root.querySelectorAll<HTMLInputElement>("input[data-zone]").forEach(translate);
  root.querySelectorAll<HTMLButtonElement>("[data-zone-here]").forEach(offer);
}
