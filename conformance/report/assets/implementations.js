// Implementations: which has which parameter, and for each its definition, its equivalents and its laws.

import { href } from "./address.js";
import { data, implementationNamed, implementations, pairs, store } from "./data.js";
import { count, h, linked, table } from "./dom.js";
import { ordinaryCalls, otherParameters } from "./equals.js";
import { lawsOf } from "./laws.js";
import { byOrdinariness } from "./pairs.js";
import { written } from "./query.js";
import { axisWords, breakable, caseLink, grouped, implementationLink, originName } from "./words.js";

export function implementationsView(current) {
  const chosen = implementationNamed.get(current.implementation);
  if (current.implementation && !chosen) {
    return h(
      "section",
      h("h2", { tabindex: -1 }, "Unknown implementation"),
      h(
        "p",
        "No implementation is called ",
        h("code", current.implementation),
        ". ",
        h("a", { href: href({ view: "implementations" }) }, "All implementations"),
        ".",
      ),
    );
  }
  return chosen ? implementationPage(chosen) : capabilities();
}

function capabilities() {
  const named = (entry) => [...new Set([...Object.keys(entry.parameters), ...(entry.takes.parameters ?? [])])];
  const numbers = grouped(implementations.flatMap(named), (name) => name);
  const names = [...numbers.keys()].sort(
    (left, right) => numbers.get(right).length - numbers.get(left).length || (left < right ? -1 : 1),
  );
  const mark = (entry, name) => {
    if (name in entry.parameters)
      return [entry.given?.includes(name) ? "given: " : null, h("code", entry.parameters[name])];
    return (entry.takes.parameters ?? []).includes(name) ? "yes" : "";
  };
  const lines = implementations.map((entry) => [
    implementationLink(entry),
    (entry.takes.tasks ?? []).join(", "),
    data.quantities[entry.quantity],
    entry.takes.sample_weight ? "yes" : "",
    UPDATES[entry.takes.updates] ?? "",
    ...names.map((name) => mark(entry, name)),
  ]);
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Implementations"),
    h(
      "p.lead",
      "Parameters of each implementation with their defaults; an empty cell means that it has no such parameter. Open ",
      "an implementation to see its definition, its rules with their sources, and the calls that match it.",
    ),
    table(
      ["Implementation", "Task", "Quantity", "sample_weight", "Updates", ...names.map((name) => h("code", name))],
      lines,
      { class: "capabilities", label: "Capabilities of the implementations" },
    ),
  );
}

const UPDATES = {
  many: "any",
  one: "one call",
  even: "equal batches",
  batches: "one or more",
  several: "two or more",
  folds: "two or more",
};

function implementationPage(entry) {
  const rules = Object.keys(entry.rules).map((axis) => {
    const rule = store.ruleOf(entry, axis);
    const says = [rule.says, store.ruleElsewhere(axis, entry).map(elsewhere)];
    const link = h("a", { href: href({ view: "causes", cause: axis }), title: axis }, axisWords(axis));
    return [link, says, rule.basis, linked(rule.source)];
  });
  const findings = data.findings.filter((finding) => (finding.implementations ?? []).includes(entry.id));
  const query = written("implementation", entry.id);
  return h(
    "article",
    h("h2", { tabindex: -1 }, h("bdi.name", breakable(entry.id))),
    h(
      "p.meta",
      data.quantities[entry.quantity].toLowerCase(),
      h("span", entry.origin),
      h("span", h("a", { href: href({ view: "cases", quantity: entry.quantity, q: query }) }, "its cases")),
    ),
    h("p.lead", entry.definition || "It claims no definition, so that its outcomes are observed but not checked."),
    argumentsOf(entry),
    h("h3", "Calls that match it"),
    equivalents(entry),
    lawsOf(entry),
    findings.length
      ? [
          h("h3", "Findings"),
          h(
            "ul",
            findings.map((finding) =>
              h("li", h("a", { href: href({ view: "findings", finding: finding.id }) }, finding.title ?? finding.id)),
            ),
          ),
        ]
      : null,
    rules.length
      ? [
          h("h3", "Definition, rule by rule"),
          table(["Rule", "Says", "Basis", "Source"], rules, { class: "rules", label: `Rules of ${entry.id}` }),
        ]
      : null,
    h("p", h("a", { href: href({ view: "implementations" }) }, "All implementations")),
  );
}

/** What the way of use gives, and the defaults of the other parameters. */
function argumentsOf(entry) {
  const { parameters, given = [] } = entry;
  const sides = [
    ["Given: ", given.filter((name) => name in parameters)],
    ["Defaults: ", Object.keys(parameters).filter((name) => !given.includes(name))],
  ].filter(([, names]) => names.length);
  const shown = (name, index) => [index ? ", " : "", h("code", `${name}=${parameters[name]}`)];
  return sides.length
    ? h(
        "p",
        sides.map(([what, names]) => [what, names.map(shown), ". "]),
      )
    : null;
}

/** What holds instead of a rule in some cases. */
function elsewhere(says) {
  return h("p.note", h("b", "In some cases, by a known deviation: "), says);
}

/**
 * The calls that match: those known to give the same on ordinary inputs, and those that agree on nearly all cases.
 *
 * Where no call of a framework does either, the one that agrees most is named as what it is: the nearest, and another.
 */
export function equivalents(entry) {
  const ordinary = ordinaryCalls(entry);
  const known = new Set((entry.equals ?? []).map(({ implementation }) => implementations[implementation]));
  const origins = new Set([entry, ...known].map(({ origin }) => origin));
  const byOrigin = grouped(
    pairs.matches(entry).filter((match) => !known.has(match.entry)),
    (match) => match.entry.origin,
  );
  if (!byOrigin.size) return ordinary ?? h("p", "It has no case in common with another implementation.");
  const others = [...byOrigin].sort(([left], [right]) => (left === entry.origin) - (right === entry.origin));
  const near = others.map(([origin, found]) => [origin, nearOnes(found)]).filter(([, found]) => found.length);
  const apart = others
    .filter(([origin]) => !origins.has(origin) && !near.some(([other]) => other === origin))
    .map(([origin, found]) => [origin, [found.find(runsOnMany(found))]]);
  return [
    ordinary,
    matchTable(
      entry,
      near,
      `${ordinary ? "Other calls" : "Calls"} that agree on nearly all cases of this run, and where they differ:`,
      `Calls that agree with ${entry.id} on nearly all cases`,
    ),
    matchTable(
      entry,
      apart,
      "No call of these frameworks matches. This is the nearest one of each, and it gives other values:",
      `Calls that are nearest to ${entry.id} and do not match it`,
    ),
    apart.map(([, [match]]) => otherParameters(entry, match.entry)),
  ];
}

function matchTable(entry, byOrigin, says, label) {
  if (!byOrigin.length) return null;
  const lines = byOrigin.flatMap(([origin, found]) =>
    found.map((match, index) => [
      index ? "" : h("b", originName(origin)),
      implementationLink(match.entry),
      `${match.agreeing} of ${count(match.common, "common case")}`,
      match.valued ? `${match.alike} of ${match.valued}` : "none",
      exceptions(entry, match),
    ]),
  );
  const heads = ["Framework", "Call", "Agrees on", "Where neither raises", "Examples where they differ"];
  return [h("p.meta", says), table(heads, lines, { class: "equivalents", label })];
}

/** So many calls of a framework that agree nearly always are named. */
const MOST_NEAR = 4;

const NEARLY = 0.9;

/** The calls that agree on nearly all common cases, or on nearly all on which both give a value. */
function nearOnes(found) {
  const isNear = ({ agreeing, common, alike, valued }) =>
    agreeing >= NEARLY * common || (valued > 2 && alike >= NEARLY * valued);
  return found.filter(runsOnMany(found)).filter(isNear).slice(0, MOST_NEAR);
}

/** A test for calls that run on many of the cases: one with few cases agrees on them easily. */
function runsOnMany(found) {
  const most = Math.max(...found.map((match) => match.common));
  return (match) => match.common > most / 2;
}

/** The plainest cases on which a match differs, and a link to all of them. */
function exceptions(entry, match) {
  if (match.agreeing === match.common) return "none";
  const diverging = pairs.compare(entry, match.entry).diverging.sort(byOrdinariness);
  return [
    diverging.slice(0, 3).map((found) => [caseLink(found), "; "]),
    h("a", { href: href({ view: "start", a: entry.id, b: match.entry.id }) }, "all of them"),
  ];
}
