// The links of many assets, written in the form in which they will be pasted: the one chosen last, here
// or where originals are uploaded.
import { type Format, written } from "../upload/links";
import { recall, remember } from "../upload/remembered";
import type { Asset } from "./asset";

function fields(sheet: HTMLElement): HTMLSelectElement[] {
  return ["format", "preset"].flatMap(
    (name) => sheet.querySelector<HTMLSelectElement>(`select[name=${name}]`) ?? [],
  );
}

/** Choose in the sheet what was chosen last. */
export function prepare(sheet: HTMLElement): void {
  const kept = recall();
  for (const field of fields(sheet)) {
    const value = kept[field.name as "format" | "preset"];
    if ([...field.options].some((option) => option.value === value)) field.value = value ?? "";
  }
}

export function write(sheet: HTMLElement, assets: readonly Asset[]): string {
  const [format, preset] = fields(sheet).map((field) => field.value);
  const choice = { format: format ?? "url", preset: preset ?? "", template: "" };
  remember({ format: choice.format, preset: choice.preset });
  const formats = JSON.parse(sheet.dataset["formats"] ?? "[]") as Format[];
  return assets
    .map((asset) => ({ ...asset, link: new URL(asset.link, location.origin).href }))
    .map((asset) => written(asset, choice, formats))
    .join("\n");
}
