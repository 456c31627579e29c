// A visitor's gallery. The grid stands before the first paint of any photo in it, so that nothing jumps; what
// a person needs only when they begin to do something is fetched after it, the lightbox when the first
// photo is opened.
import "./signs.svg?url";
import { enhanceBar } from "./bar";
import { dress } from "./dress";
import { state } from "./state";
import { View, hooks } from "./view";

history.scrollRestoration = "manual";
const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
const returning = !state.opened && (entry?.type === "back_forward" || entry?.type === "reload");
document.querySelector("#single")?.remove();
for (const hidden of document.querySelectorAll<HTMLElement>("[data-behind]")) hidden.hidden = false;
const view = new View();
view.mount(returning);
document.documentElement.classList.remove("returning");
enhanceBar(view);
dress();
hooks.changed = (): void => void document.dispatchEvent(new Event("looked"));
void import("./hands").then(({ lend }) => lend(view));
