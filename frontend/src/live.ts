// Pages that people look at while something goes on: htmx asks for the moving part again and again, as
// long as the page says so.
import "./htmx";
import { sayTimes } from "./times";

document.addEventListener("htmx:after:swap", () => sayTimes(document));
