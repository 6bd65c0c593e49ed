// One case: its input sample by sample, all outcomes, why they differ, and how to reproduce them.

import { caseHref, href } from "./address.js";
import { shownCases } from "./cases.js";
import { CURVES_SAY, curvesFigure } from "./curves.js";
import { caseNamed, cases, data, implementationNamed, implementations, quantities, store } from "./data.js";
import { coded, copied, copyable, count, h, linked, prose, scrolled } from "./dom.js";
import { givesPart } from "./gives.js";
import { reproducePart } from "./reproduce.js";
import { verdictOf } from "./store.js";
import { STRIPS_SAY, stripsFigure } from "./strips.js";
import {
  alikeList,
  breakable,
  broken,
  causeLink,
  findingLink,
  folded,
  grouped,
  implementationLink,
  letter,
  named,
  status,
  verdictWords,
} from "./words.js";
import { whyPart } from "./why.js";

export function caseView(current) {
  const entry = caseNamed.get(current.case);
  if (!entry) {
    return h(
      "section",
      h("h2", { tabindex: -1 }, "Unknown case"),
      h(
        "p",
        "This report has no case with the id ",
        h("code", current.case),
        ". It may belong to another run. ",
        h("a", { href: href({ view: "cases" }) }, "All cases"),
        ".",
      ),
    );
  }
  return h(
    "article.case",
    h("h2", { tabindex: -1 }, h("bdi", entry.title)),
    facts(entry),
    absentNotice(entry, implementationNamed.get(current.implementation)),
    entry.because && h("div.text", prose(entry.because)),
    givesPart(entry),
    entry.causes.length
      ? h(
          "p.causes",
          entry.causes.map((axis) => [causeLink(axis), " "]),
        )
      : null,
    entry.see.length
      ? h(
          "p.see",
          "See ",
          entry.see.map((link, index) => [index ? ", " : "", linked(link)]),
        )
      : null,
    samplesPart(entry),
    outcomesPart(entry),
    alikePart(entry),
    lostPart(entry),
    whyPart(entry),
    figures(entry),
    reproducePart(entry, current.implementation),
    absentPart(entry),
    neighbours(entry),
  );
}

function facts(entry) {
  const line = entry.file ? `${entry.file}${entry.line ? `:${entry.line}` : ""}` : null;
  return h(
    "p.meta",
    h("a", { href: caseHref(entry), title: "Permanent link to this case" }, h("code", entry.id)),
    [entry.metric, entry.task, entry.family, line, ...entry.tags]
      .filter(Boolean)
      .map((fact) => h("span", h("bdi", fact))),
  );
}

/** Why an implementation that was asked for has no outcome here. */
function absentNotice(entry, implementation) {
  if (!implementation || store.cellsOf(entry).has(implementation.index)) return null;
  const reason = store.reasonAbsent(entry, implementation.index);
  return h("p.notice", { id: "absent" }, implementationLink(implementation), `: ${reason}`);
}

function figures(entry) {
  const found = [
    [curvesFigure(entry), CURVES_SAY],
    [stripsFigure(entry), STRIPS_SAY],
  ].filter(([figure]) => figure);
  return found.length
    ? h(
        "section",
        h("h3", "Charts"),
        h(
          "div.figures",
          found.map(([figure, says]) => h("div", h("p.meta", copied(says)), figure)),
        ),
      )
    : null;
}

/** The input as a table, one line per sample, with how each implementation counted it. */
function samplesPart(entry) {
  const input = entry.yaml ? h("div", h("h3", "Input"), copyable(entry.yaml, "Input of the case in YAML")) : null;
  if (!entry.rows.length) return h("div.inputs", input);
  const heads = entry.columns.map((name) => h("th", { scope: "col" }, name === "update" ? "update" : h("code", name)));
  const traced = entry.traced.map(([, ...members]) => {
    const title = members.map((number) => implementations[number].id).join("\n");
    return h("th.trace", { scope: "col", title }, traceHead(entry, members));
  });
  const lines = entry.rows.map((row, index) =>
    h(
      `tr${isDisputed(entry, index) ? ".differs" : ""}`,
      h("th", { scope: "row" }, (entry.numbers?.[index] ?? index + 1).toLocaleString("en")),
      row.map((text, place) =>
        h("td.value", { "data-label": entry.columns[place] }, text === null ? "" : String(text)),
      ),
      entry.traced.map(([trace, ...members]) =>
        h(
          "td.trace",
          { "data-label": traceLabel(entry, members) },
          (data.traces[trace][index] ?? []).map((number) => h("p", data.counted[number][0])),
        ),
      ),
    ),
  );
  return h(
    "div.inputs",
    input,
    h(
      "div",
      h("h3", entry.traced.length ? "How each sample counted" : "Samples"),
      differingLine(entry),
      scrolled(
        "The input sample by sample",
        h("table.rows", h("thead", h("tr", h("th", { scope: "col" }, "sample"), heads, traced)), h("tbody", lines)),
      ),
      entry.traced.length ? tracedBy(entry) : null,
    ),
  );
}

/** Whether a sample was correct for one implementation and not for another. */
function isDisputed(entry, index) {
  const counted = entry.traced.map(([trace]) => data.traces[trace][index] ?? []).filter((row) => row.length);
  return new Set(counted.map((row) => row.map((number) => data.counted[number][1]).join())).size > 1;
}

/** On how many samples implementations differ, and which samples are shown. */
function differingLine({ differing = 0, left = 0, rows, numbers, counted, traced, compared }) {
  const all = count(rows.length + left, "sample");
  const said = [];
  if (traced.length > 1) {
    const on = differing ? `${differing.toLocaleString("en")} of` : "none of";
    said.push(`Implementations differ on ${on} ${counted ? `the first ${counted} of ${all}` : all}. `);
    const diverge = Object.values(compared).some(({ verdict }) => verdict === "diverge");
    if (!differing && diverge) said.push("They make different numbers of the same samples. ");
  }
  const which = numbers && rows.length === differing ? "these" : `the first ${rows.length}${numbers ? " of them" : ""}`;
  if (left) said.push(`Shown are ${which}.`);
  return said.length ? h("p.meta", said) : null;
}

/** The head of a column in a few words. */
function traceLabel(entry, [first, ...others]) {
  const more = others.length ? ` and ${others.length} more` : "";
  return `${store.cellsOf(entry).get(first).letter} ${implementations[first].name}${more}:`.trim();
}

/** The head of a column: its group, the first implementation that counts samples this way, and how many more do. */
function traceHead(entry, [first, ...others]) {
  const { letter: text, group, quantity } = store.cellsOf(entry).get(first);
  return [
    text ? [letter(verdictOf(entry, quantity), group, text), " "] : null,
    h("span.name", breakable(implementations[first].name)),
    others.length ? ` and ${others.length} more` : "",
  ];
}

/** Which implementations count samples as each column says, by their decision rule. */
function tracedBy(entry) {
  return h(
    "details",
    h("summary", "Which implementations count so, and by which rule"),
    h(
      "dl.reasons",
      entry.traced.map(([, ...members]) => {
        const { quantity } = store.cellsOf(entry).get(members[0]);
        const aside = quantity && quantity !== quantities[0] ? `, ${data.quantities[quantity].toLowerCase()}` : "";
        const ruleOf = (number) =>
          store.ruleHere("decision-rule", implementations[number], store.cellsOf(entry).get(number).record) ?? "";
        return h(
          "div",
          h("dt", traceHead(entry, members), aside),
          [...grouped(members, ruleOf)].map(([says, numbers]) => h("dd", says ? h("p", says) : null, folded(numbers))),
        );
      }),
    ),
  );
}

function outcomesPart(entry) {
  return quantities
    .filter((quantity) => entry.compared[quantity])
    .map((quantity, place) => {
      const { verdict, groups } = entry.compared[quantity];
      const lines = groups.flatMap(([text, , ...bundles], group) =>
        bundles.map(([number, ...members], index) =>
          outcomeLine(
            data.records[number],
            members,
            index ? null : h("th", { scope: "rowgroup", rowspan: bundles.length }, letter(verdict, group, text)),
          ),
        ),
      );
      return h(
        "section",
        h(
          "h3",
          `${data.quantities[quantity]}: `,
          h("span", { title: data.words.case[verdict] }, verdictWords(verdict)),
          verdict === "diverge" ? `, ${count(groups.length, "group")}` : "",
        ),
        place
          ? null
          : h("p.meta", "Predicted is what the definition of a call gives, without the framework, as a fraction."),
        scrolled(
          `Outcomes, ${data.quantities[quantity]}`,
          h(
            "table.outcomes",
            h(
              "thead",
              h(
                "tr",
                ["Group", "Outcome", "Predicted", "Status", "Implementations"].map((name) =>
                  h("th", { scope: "col" }, name),
                ),
              ),
            ),
            h("tbody", lines),
          ),
        ),
      );
    });
}

function outcomeLine(record, members, first) {
  const explained = record.verdict === "as-defined" ? null : h("p.note", data.words.cell[record.verdict] ?? "");
  return h(
    `tr${first ? ".first" : ""}`,
    first,
    h(
      "td",
      h("b.value", broken(record.whole)),
      record.dtype ? [" ", h("small", record.dtype)] : null,
      record.resolved ? h("p.note", "became ", h("code", breakable(record.resolved))) : null,
    ),
    h("td.value.predicted", record.predicted ?? ""),
    h("td", status(record.verdict)),
    h(
      "td",
      named(members),
      details(record),
      explained,
      record.departures
        ? h(
            "p.note",
            "Recorded in ",
            record.departures.map((finding, index) => [index ? ", " : "", findingLink(finding)]),
          )
        : null,
    ),
  );
}

/** What is known about an outcome apart from its value. */
function details(record) {
  const { notes = [], warnings = [] } = record;
  return [
    record.message ? h("blockquote", { tabindex: 0 }, record.message) : null,
    notes.map((note) => h("p.note", note)),
    warnings.length
      ? h(
          "details",
          h("summary", count(warnings.length, "warning")),
          warnings.map((warning) => h("p.note", warning)),
        )
      : null,
    record.advice ? h("p.note", h("b", "What to do: "), coded(record.advice)) : null,
  ];
}

/** What shares a word and is not the same. */
function alikePart(entry) {
  if (!entry.alike) return null;
  return h("section", h("h3", "Not the same"), alikeList(entry.alike.map((number) => data.alike[number])));
}

function lostPart(entry) {
  if (!entry.lost.length) return null;
  return h(
    "section",
    h("h3", "Crashed or timed out"),
    h(
      "ul.clean",
      entry.lost.map(([number, member]) => {
        const record = data.records[number];
        return h(
          "li",
          h(
            "p",
            status(record.verdict),
            " ",
            implementationLink(implementations[member]),
            ". ",
            data.words.cell[record.verdict],
          ),
          details(record),
        );
      }),
    ),
  );
}

function absentPart(entry) {
  const absent = data.absent[entry.absent] ?? [];
  const number = absent.reduce((sum, [, ...members]) => sum + members.length, 0);
  if (!number) return null;
  return h(
    "details",
    h("summary", `Not applicable (${count(number, "implementation")})`),
    h(
      "dl.reasons",
      absent.map(([reason, ...members]) => h("div", h("dt", reason), h("dd", named(members)))),
    ),
  );
}

function neighbours(entry) {
  const shown = shownCases();
  const lines = shown?.lines?.includes(entry) ? shown.lines : cases;
  const place = lines.indexOf(entry);
  const link = (other, text, rel) => other && h("a", { href: caseHref(other), rel }, text, h("bdi", other.title));
  return h(
    "nav.neighbours",
    { "aria-label": "Next and previous case" },
    link(lines[place - 1], "← ", "prev"),
    link(lines[place + 1], "→ ", "next"),
  );
}
