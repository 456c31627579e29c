// The links of many assets, written in the form in which they will be pasted.
import type { Asset } from "./asset";

export type Form = "url" | "markdown" | "html" | "bbcode";

function escaped(text: string): string {
  const holder = document.createElement("i");
  holder.textContent = text;
  return holder.innerHTML.replaceAll('"', "&quot;");
}

function address(asset: Asset, preset: string): string {
  const path = preset && asset.picture ? `/a/${asset.id}/${preset}` : asset.link;
  return new URL(path, location.origin).href;
}

function written(asset: Asset, form: Form, preset: string): string {
  const url = address(asset, preset);
  const name = asset.name;
  switch (form) {
    case "markdown":
      return `${asset.picture ? "!" : ""}[${name.replace(/[[\]]/g, "\\$&")}](${url})`;
    case "html":
      return asset.picture
        ? `<img src="${escaped(url)}" alt="${escaped(name)}">`
        : `<a href="${escaped(url)}">${escaped(name)}</a>`;
    case "bbcode":
      return asset.picture ? `[img]${url}[/img]` : `[url=${url}]${name}[/url]`;
    default:
      return url;
  }
}

export function write(assets: readonly Asset[], form: Form, preset: string): string {
  return assets.map((asset) => written(asset, form, preset)).join("\n");
}
