// Videos among the photos: the browser's own player, its controls reachable, silent once it is left.
import type PhotoSwipe from "photoswipe";
import { address } from "../photo";
import { state } from "../state";
import type { Slide } from "./lightbox";

const CONTROLS = 90; // pixels at the foot of a player where a finger seeks instead of swiping

function playerOf(slide: Slide): HTMLElement {
  const { data } = slide.photo!;
  const video = document.createElement("video");
  video.controls = true;
  video.playsInline = true;
  video.preload = "metadata";
  video.poster = data.bare ? "" : address(state.base, data, "medium");
  video.src = `${state.base}/p/${data.id}/original?v=${data.v}`;
  video.setAttribute("aria-label", data.caption || data.name);
  video.className = "player";
  return video;
}

function onControls(event: Event): boolean {
  const player = event.target instanceof Element ? event.target.closest("video") : null;
  const { clientY } = event as PointerEvent;
  return player !== null && clientY > player.getBoundingClientRect().bottom - CONTROLS;
}

export function play(swipe: PhotoSwipe): void {
  swipe.on("contentLoad", (event) => {
    const { content } = event;
    if (content.type !== "video") return;
    event.preventDefault();
    content.element = playerOf(content.data as Slide) as HTMLElement as HTMLDivElement;
    content.state = "loaded";
  });
  swipe.addFilter("isContentZoomable", (can, content) => can && content.type !== "video");
  swipe.addFilter("useContentPlaceholder", (use, content) => use && content.type !== "video");
  swipe.addFilter("preventPointerEvent", (prevent, event) => prevent && !onControls(event));
  swipe.on("pointerDown", (event) => {
    if (onControls(event.originalEvent)) event.preventDefault();
  });
  swipe.on("contentDeactivate", ({ content }) => {
    if (content.element instanceof HTMLVideoElement) content.element.pause();
  });
}
