// The library and an asset's own page. The grid stands before the first paint, so that nothing jumps;
// what a person needs only when they begin to do something is fetched after it.
import { View } from "./library/view";

document.documentElement.classList.add("scripted");
const view = new View();
view.mount(View.returning());
void import("./library/desk").then(({ open }) => open(view));
