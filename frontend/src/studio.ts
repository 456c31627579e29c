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
