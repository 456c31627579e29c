// Progressive enhancement of the owner's pages: everything here has a page that works without it.
import "./styles/studio.css";
import "./marks.svg?url";
import "./favicon.svg?url";
import { enhanceCopying } from "./copying";
import { enhanceTimes } from "./times";
import { enhanceZones } from "./zones";

enhanceCopying(document);
enhanceTimes(document);
enhanceZones(document);

// many pages of one thing, on a phone: the one that is looked at is in sight
const tabs = document.querySelector<HTMLElement>(".tabs");
const current = tabs?.querySelector<HTMLElement>("[aria-current]");
if (tabs && current) tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
