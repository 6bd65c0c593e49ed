// A program for each implementation of a case, and a bug report if it shows a finding.

import { implementationHref, replaceAddress } from "./address.js";
import { implementationField } from "./combobox.js";
import { data, findingNamed, implementations, store } from "./data.js";
import { copyable, h } from "./dom.js";

export function reproducePart(entry, wanted) {
  const members = [...store.cellsOf(entry).keys()]
    .filter((number) => store.programOf(entry, number))
    .sort((left, right) => left - right);
  if (!members.length) return null;
  const chosen = members.find((number) => implementations[number].id === wanted) ?? firstOf(entry, members);
  const code = h("div", { "aria-live": "polite" });
  const show = (number) =>
    code.replaceChildren(
      outcomeOf(entry, number),
      copyable(store.programOf(entry, number), `Reproducer of ${implementations[number].id}`),
    );
  show(chosen);
  return h(
    "section",
    h("h3", { id: "reproduce" }, "Reproduce it"),
    implementationField(
      "program",
      "A program that needs only the framework:",
      implementations[chosen],
      ({ id, index }) => {
        show(index);
        replaceAddress({ case: entry.id, implementation: id });
      },
      members.map((number) => implementations[number]),
    ),
    code,
    bugReports(entry),
  );
}

/** Start with a cell that needs attention, else with one of the largest group. */
function firstOf(entry, members) {
  const cells = store.cellsOf(entry);
  return (
    members.find((number) => data.words.urgent.includes(cells.get(number).record.verdict)) ??
    members.find((number) => cells.get(number).group === 0) ??
    members[0]
  );
}

function outcomeOf(entry, number) {
  const { record } = store.cellsOf(entry).get(number);
  return h(
    "p.meta",
    record.kind === "raises" ? "It raises " : "It prints ",
    h("b.value", record.whole),
    record.dtype ? ` (${record.dtype})` : "",
    ", in the notation of its framework. ",
    h("a", { href: implementationHref(implementations[number]) }, "Definition"),
    ".",
  );
}

function bugReports(entry) {
  const shownHere = new Set([...store.cellsOf(entry).values()].flatMap((cell) => cell.record.departures ?? []));
  const findings = [...shownHere].map((id) => findingNamed.get(id)).filter((finding) => finding?.report);
  return findings.map((finding) =>
    h(
      "details",
      h("summary", "Bug report: ", h("bdi", finding.title ?? finding.id)),
      copyable(finding.report, "Bug report in Markdown"),
    ),
  );
}
