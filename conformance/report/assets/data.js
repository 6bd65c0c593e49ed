// The data of this page, read from its island once.

import { Everything } from "./everything.js";
import { Pairs } from "./pairs.js";
import { Search } from "./query.js";
import { inflated, Store } from "./store.js";

export const store = new Store(await inflated(document.getElementById("island").textContent.trim()));
export const pairs = new Pairs(store);
export const everything = new Everything(store);
export const queries = new Search(store, pairs);
export const { data, cases, implementations, implementationNamed, caseNamed } = store;
export const { axisNamed, findingNamed, quantities, origins } = store;
