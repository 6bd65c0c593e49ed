// Small elements that many views share.

import { caseHref, href, implementationHref } from "./address.js";
import { axisNamed, data, findingNamed, implementations, quantities } from "./data.js";
import { h, prose } from "./dom.js";

export const LETTERS = "ABCDEFGH";

/** The class that colours a group; a case on which all agree has no colours. */
export function colour(verdict, group) {
  return verdict === "diverge" && group >= 0 ? `g${LETTERS[group % LETTERS.length]}` : "plain";
}

export function letter(verdict, group, text) {
  return h(`span.letter.${colour(verdict, group)}`, text);
}

export function status(verdict) {
  const urgent = data.words.urgent.includes(verdict) ? ".urgent" : "";
  return h(`span.status${urgent}`, { title: data.words.cell[verdict] }, statusWords(verdict));
}

/** The status of an outcome or law as it is shown. */
export function statusWords(verdict) {
  return data.words.shown[verdict] ?? verdict;
}

/** Titles, each with the difference in one sentence. */
export function alikeList(entries) {
  return h(
    "dl.reasons",
    entries.map(({ title, differ }) => h("div", h("dt", title), h("dd", differ))),
  );
}

export function verdictWords(verdict) {
  return verdict === "null" ? "nothing to compare" : verdict;
}

/** An axis in plain words, as they stand within a sentence; the code of one that has no title. */
export function axisWords(axis) {
  const [title] = (axisNamed.get(axis)?.title ?? "").split(":");
  return title ? title.replace(/^[A-Z](?=[a-z]*\b)/, (first) => first.toLowerCase()) : axis;
}

export function causeLink(axis) {
  const title = axisNamed.get(axis)?.title;
  return h(
    "a.cause",
    { href: href({ view: "causes", cause: axis }), title: title ? `${axis}: ${title}` : null },
    h("bdi", axisWords(axis)),
  );
}

export function caseLink(entry) {
  return h("a", { href: caseHref(entry) }, h("bdi", entry.title));
}

export function implementationLink(entry, text = breakable(entry.id)) {
  return h("a.name", { href: implementationHref(entry), title: `${entry.id}: ${entry.definition}` }, h("bdi", text));
}

/** A framework, and what the name behind an @ is. */
export function originName(origin) {
  const [framework, environment] = origin.split("@");
  const says = `${framework} with another backend, release or setting, called ${environment}`;
  return h("bdi", environment ? { title: says } : null, origin);
}

/** Implementations by framework, in short names. */
export function named(numbers) {
  const byOrigin = grouped(
    numbers.map((number) => implementations[number]),
    (entry) => entry.origin,
  );
  return h(
    "ul.names",
    [...byOrigin].map(([origin, entries]) =>
      h(
        "li",
        h("b", originName(origin)),
        " ",
        entries.map((entry, index) => [index ? ", " : "", implementationLink(entry, breakable(entry.name))]),
      ),
    ),
  );
}

/** Some implementations by name, and the others behind them. */
export function folded(members, most = 6) {
  if (members.length <= most + 1) return named(members);
  return [
    named(members.slice(0, most)),
    h("details", h("summary", `${members.length - most} more`), named(members.slice(most))),
  ];
}

export function grouped(entries, key) {
  const groups = new Map();
  for (const entry of entries) {
    const name = key(entry);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(entry);
  }
  return groups;
}

/** The input of a case in YAML. */
export function inputs(entry) {
  return entry.yaml ? h("pre", { tabindex: 0, "aria-label": "Input" }, h("code", entry.yaml)) : null;
}

/** Tabs for the quantities; none if there is only one. */
export function quantityTabs(chosen, address) {
  if (quantities.length < 2) return null;
  return h(
    "nav.tabs",
    { "aria-label": "Quantity" },
    quantities.map((quantity) =>
      h(
        "a",
        { href: address(quantity), "aria-current": quantity === chosen ? "true" : null },
        data.quantities[quantity],
      ),
    ),
  );
}

/** A long name that can break between its parts. */
export function breakable(text) {
  return text
    .split(/(?<=[a-z_=,])(?=[A-Z[])|(?<=[_=,.])|(?=[[@])/)
    .flatMap((part, index) => (index ? [h("wbr"), part] : [part]));
}

/** A class name that can break before a capital letter: Value|Error. */
export function broken(text) {
  return text.split(/(?<=[a-z])(?=[A-Z])/).flatMap((part, index) => (index ? [h("wbr"), part] : [part]));
}

export function fact(name, content) {
  return content ? h("div", h("dt", name), h("dd", content)) : null;
}

/** Text in paragraphs, in which the id of a finding is a link to it. */
export function told(text) {
  const parts = text.split(/([a-z0-9]+(?:-[a-z0-9]+)+)/);
  if (!parts.some((part) => findingNamed.has(part))) return prose(text);
  return h(
    "p",
    parts.map((part) => (findingNamed.has(part) ? findingLink(part) : part)),
  );
}

export function findingLink(id) {
  return findingNamed.has(id) ? h("a", { href: href({ view: "findings", finding: id }) }, h("bdi", id)) : h("bdi", id);
}
