// A photo or video of the gallery: what the server tells of it (`VisitItem.data`), and the item that the
// grid shows.
import type { Item } from "../grid/item";

export interface Data {
  readonly id: string;
  readonly name: string;
  readonly v: number;
  readonly w?: number;
  readonly h?: number;
  readonly hash?: string;
  readonly video?: boolean;
  readonly type?: string;
  /** No picture of it can be made. */
  readonly bare?: boolean;
  readonly plays?: string;
  readonly size?: number;
  readonly section?: string;
  readonly caption?: string;
  readonly taken?: string;
  readonly camera?: string;
  readonly download?: boolean;
  readonly kept?: boolean;
  readonly comments?: number;
}

export interface Photo extends Item {
  readonly data: Data;
}

export type Preset = "thumb" | "small" | "small@2x" | "medium" | "large" | "large@2x";

const EDGES: Readonly<Record<Preset, number>> = {
  thumb: 320,
  small: 640,
  "small@2x": 1280,
  medium: 1280,
  large: 2048,
  "large@2x": 4096,
};

export function address(base: string, data: Data, preset: Preset): string {
  return `${base}/p/${data.id}/${preset}?v=${data.v}`;
}

/** The same in several widths, none wider than the original. */
export function widths(base: string, data: Data, presets: readonly Preset[]): string {
  const [w, h] = [data.w ?? 3, data.h ?? 2];
  const longest = Math.max(w, h);
  return presets
    .map((preset) => {
      const edge = data.w ? Math.min(EDGES[preset], longest) : EDGES[preset];
      return `${address(base, data, preset)} ${Math.max(1, Math.round((edge * w) / longest))}w`;
    })
    .join(", ");
}

/** `head`: what begins with it. */
export function photoOf(base: string, data: Data, head = ""): Photo {
  const dot = data.name.lastIndexOf(".");
  return {
    data,
    head,
    id: data.id,
    name: data.name,
    href: `${base}/p/${data.id}`,
    src: data.bare ? "" : address(base, data, "thumb"),
    srcset: data.bare ? "" : widths(base, data, ["thumb", "small", "small@2x"]),
    width: data.w ?? 0,
    height: data.h ?? 0,
    hash: data.hash ?? "",
    sign: dot > 0 ? data.name.slice(dot + 1).toUpperCase() : "",
    mark: data.plays ?? "",
    facts: [],
  };
}
