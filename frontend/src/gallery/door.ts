// Full pages before and beside a gallery: the password, what is closed, what is kept about somebody.
import "./signs.svg?url";
import { enhanceCopying } from "../copying";
import { dress } from "./dress";

dress();
enhanceCopying(document);
