// What implementations do on some cases: which raise on all of them, on some or on none, and what they return.

import { href } from "./address.js";
import { store } from "./data.js";
import { count, h, table } from "./dom.js";
import { written } from "./query.js";
import { broken, folded, grouped } from "./words.js";

/** With more values than these only their range is shown. */
const MOST_VALUES = 3;

/** Implementations by what they do on cases: a sentence and a table. */
export function outcomesOf(entries, columns, query) {
  const profiles = columns.map((column) => profileOf(entries, column)).filter(({ cases }) => cases);
  const [all, some, none] = PARTS.map(({ holds }) => profiles.filter(holds));
  if (!profiles.length) return h("p", "No implementation has an outcome on these cases.");
  return h(
    "div.by-implementation",
    h(
      "p.lead",
      `${count(profiles.length, "implementation")} ran on ${count(entries.length, "case")} like this: `,
      `${all.length} raise on every one that they ran on, ${some.length} on some, ${none.length} on none.`,
    ),
    PARTS.map((part, index) => partOf(part, [all, some, none][index], query)),
  );
}

const PARTS = [
  { title: "Raise always", holds: ({ raises, cases }) => raises === cases },
  { title: "Raise on some", varies: true, holds: ({ raises, cases }) => raises > 0 && raises < cases },
  { title: "Never raise", holds: ({ raises }) => !raises },
];

/** How often an implementation ran and raised, and what came of it: `{column, cases, raises, says}`. */
function profileOf(entries, column) {
  const records = entries.map((entry) => store.cellsOf(entry).get(column.index)?.record).filter(Boolean);
  const raised = records.filter(({ kind }) => kind === "raises");
  const values = records.filter(({ kind }) => kind === "value").map(({ brief }) => brief);
  const lost = records.length - raised.length - values.length;
  const says = [
    ...new Set(raised.map(({ brief }) => brief)),
    ...shortened([...new Set(values)].sort()),
    ...(lost ? ["crashed or timed out"] : []),
  ];
  return { column, cases: records.length, raises: raised.length, says };
}

function shortened(values) {
  if (values.length <= MOST_VALUES) return values;
  const [special, numbers] = [values.filter((value) => value === "NaN"), values.filter((value) => value !== "NaN")];
  return [...special, `${numbers.length} other values`];
}

function partOf({ title, varies }, profiles, query) {
  if (!profiles.length) return null;
  const key = ({ says, raises, cases }) => JSON.stringify(varies ? [says, raises, cases] : says);
  const lines = [...grouped(profiles, key).values()].sort((left, right) => right.length - left.length);
  const heads = ["Outcomes", ...(varies ? ["Raises"] : []), "Implementations"];
  return h(
    "section",
    h("h3", title, " ", h("span.meta", count(profiles.length, "implementation"))),
    table(
      heads,
      lines.map((members) => lineOf(members, varies, query)),
      { label: title, class: "by-outcome" },
    ),
  );
}

function lineOf(members, varies, query) {
  const [{ column, cases, raises, says }] = members;
  const q = `${query} ${written("implementation", ...members.map((member) => member.column.id))}`;
  return [
    h("a.value", { href: href({ view: "cases", quantity: column.quantity, q }) }, broken(says.join(", "))),
    ...(varies ? [`on ${raises} of ${cases}`] : []),
    folded(
      members.map((member) => member.column.index),
      12,
    ),
  ];
}
