// A gallery's frame in a sandbox without pop-ups, which is what WordPress makes of frames from sites it
// does not know: links that open a tab would do nothing there, so they lead on within the frame. A plain
// script: modules are not let into a sandbox.
if (window.origin === "null") {
  for (const link of document.querySelectorAll("a[target]")) link.removeAttribute("target");
}
