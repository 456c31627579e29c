// htmx for the ordinary: fragments of pages in answer to links and forms with `hx-` attributes. It is
// kept to what our content security policy and our own history allow.
import htmx from "htmx.org";

htmx.config.history = false; // addresses are written by those who know what going back means
htmx.config.includeIndicatorCSS = false;
htmx.config.defaultTimeout = 30_000;

export default htmx;
