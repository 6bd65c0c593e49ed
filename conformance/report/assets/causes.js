// A short page for each cause: the question, what each framework does, an example, all rules, how to agree.

import { href } from "./address.js";
import { axisNamed, cases, data, implementations, pairs, store } from "./data.js";
import { coded, count, h, linked, prose } from "./dom.js";
import { byOrdinariness } from "./pairs.js";
import { written } from "./query.js";
import { verdictOf } from "./store.js";
import { caseLink, fact, grouped, implementationLink, inputs, letter, named } from "./words.js";

export function causesView(current) {
  const axes = data.axes.filter((axis) => axis.cases > 0);
  const rest = data.axes.filter((axis) => !axis.cases);
  const chosen = axisNamed.get(current.cause);
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Causes"),
    h(
      "p.lead",
      "A cause is computed: it is the smallest set of rules that must be exchanged for two implementations to agree.",
    ),
    h(
      "nav.tabs",
      { "aria-label": "Causes" },
      axes.map((axis) =>
        h(
          "a",
          { href: href({ view: "causes", cause: axis.id }), "aria-current": axis === chosen ? "true" : null },
          axis.id,
        ),
      ),
    ),
    chosen ? causePage(chosen) : axes.map(causePage),
    !chosen && rest.length
      ? h("p.meta", "Without a case in this run: ", rest.map((axis) => axis.title || axis.id).join(", "), ".")
      : null,
    chosen ? h("p", h("a", { href: href({ view: "causes" }) }, "All causes")) : null,
  );
}

function causePage(axis) {
  const found = cases.filter((entry) => entry.causes.includes(axis.id)).sort(byOrdinariness);
  const example = exampleCase(axis, found);
  return h(
    "article.card",
    { id: `cause:${axis.id}` },
    h("h3", axis.title || axis.id),
    h(
      "p.meta",
      h("code", axis.id),
      h(
        "span",
        found.length
          ? h("a", { href: href({ view: "cases", q: written("cause", axis.id) }) }, count(found.length, "case"))
          : "no case in this run",
      ),
    ),
    prose(axis.prose),
    h(
      "dl.facts",
      axis.frameworks.map(([names, says]) => fact(names, h("p", coded(says)))),
    ),
    axis.agree ? h("p.todo", h("b", "To make them agree: "), coded(axis.agree)) : null,
    exampleOfCause(axis, example),
    followers(axis),
  );
}

const isAlone = (axis) => (part) =>
  part.causes.length === 1 && part.causes[0].length === 1 && part.causes[0][0] === axis.id;

/** The plainest case with samples that this cause alone explains, preferably between two values. */
function exampleCase(axis, found) {
  const alone = found.filter((entry) => entry.parts.some(isAlone(axis)));
  const values = (entry) =>
    pairs
      .clearest(entry, isAlone(axis))
      .seen.every((number) => store.cellsOf(entry).get(number)?.record.kind === "value");
  const rows = alone.filter((entry) => entry.columns.length);
  return rows.find((entry) => axis.id !== "refusal" && values(entry)) ?? rows[0] ?? alone[0] ?? found[0];
}

function exampleOfCause(axis, entry) {
  if (!entry) return null;
  const part =
    pairs.clearest(entry, isAlone(axis)) ??
    pairs.clearest(entry, (candidate) => candidate.causes.some((axes) => axes.includes(axis.id)));
  const cells = store.cellsOf(entry);
  const sides = (part?.seen ?? []).map((number, side) => {
    const cell = cells.get(number);
    return h(
      "div",
      h(
        "dt",
        letter(verdictOf(entry, cell.quantity), cell.group, cell.letter),
        " ",
        h("b.value", cell.record.brief),
        " ",
        implementationLink(implementations[number]),
      ),
      h("dd", part.says[axis.id] ? prose(data.sentences[part.says[axis.id][side]]) : null),
    );
  });
  return h(
    "div.smallest",
    h("div", h("p.meta", "The plainest example: ", caseLink(entry)), inputs(entry)),
    h("dl.versus", sides),
  );
}

/** The rules on an axis, each with the implementations that follow it. */
function followers(axis) {
  const rules = grouped(
    implementations.filter((entry) => store.ruleOf(entry, axis.id)),
    (entry) => store.ruleOf(entry, axis.id).says,
  );
  if (!rules.size) return null;
  const lines = [...rules]
    .sort((left, right) => right[1].length - left[1].length)
    .map(([says, entries]) => {
      const rule = store.ruleOf(entries[0], axis.id);
      return h(
        "li",
        h("p", says, " ", h("span.meta", rule.basis, ": ", linked(rule.source))),
        named(entries.map((entry) => entry.index)),
      );
    });
  return h(
    "details",
    h("summary", `${count(rules.size, "rule")} and the implementations that follow them`),
    h("ul.positions", lines),
  );
}
