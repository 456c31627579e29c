// Pages that people look at while something goes on: htmx asks for the moving part again and again, as
// long as the page says so.
import { enhanceCopying } from "./copying";
import htmx from "./htmx";
import { sayTimes } from "./times";

// The page as the server has it has every menu closed, and hides what needs a script: what somebody has
// opened stays open, and what a script has shown stays there.
htmx.config.morphIgnore.push("open", "hidden");

document.addEventListener("htmx:after:swap", () => {
  sayTimes(document);
  enhanceCopying(document);
});
