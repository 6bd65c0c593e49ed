// What implementations do on some cases: which raise on all of them, on some or on none, and what they return.

import { href } from "./address.js";
import { data, queries, store } from "./data.js";
import { count, h, table } from "./dom.js";
import { baseOf } from "./fuzzy.js";
import { toggled, written } from "./query.js";
import { broken, folded, grouped } from "./words.js";

/** With more values than these only their range is shown. */
const MOST_VALUES = 3;

/** Implementations by what they do on cases; where a query asks for several kinds of samples, for each kind. */
export function outcomesOf(entries, columns, query) {
  const { terms } = queries.parse(query);
  const kinds = terms.find(({ key, not }) => key === "input" && !not)?.values ?? [];
  if (kinds.length < 2) return outcomesOfKind(entries, columns, query, kinds[0]);
  return kinds.map((kind) => {
    const own = kinds.filter((other) => other !== kind).reduce((text, other) => toggled(text, "input", other), query);
    const found = entries.filter(({ contents }) => contents.includes(kind));
    return [h("h3.kind", capitalized(data.contents[kind] ?? kind)), outcomesOfKind(found, columns, own, kind)];
  });
}

/** A sentence and a table. */
function outcomesOfKind(entries, columns, query, kind) {
  const reasons = data.words.raisedFor[kind];
  const isOther = ({ reason }) => Boolean(reasons && reason && !reasons.includes(reason));
  const asked = columns.map((column) => profileOf(entries, column, isOther));
  const profiles = asked.filter(({ cases }) => cases);
  const others = asked.reduce((sum, { others: number }) => sum + number, 0);
  const [all, some, none] = PARTS.map(({ holds }) => profiles.filter(holds));
  if (!profiles.length) return h("p", "No implementation has an outcome on these cases.");
  return h(
    "div.by-implementation",
    h(
      "p.lead",
      `${count(profiles.length, "implementation")} ran on ${count(entries.length, "case")} like this: `,
      `${all.length} raise on every one that they ran on, ${some.length} on some, ${none.length} on none.`,
      others ? ` Not counted: ${count(others, "exception")} for another reason, such as a shape.` : "",
    ),
    PARTS.map((part, index) => partOf(part, [all, some, none][index], query)),
  );
}

const PARTS = [
  { title: "Raise always", holds: ({ raises, cases }) => raises === cases },
  { title: "Raise on some", varies: true, holds: ({ raises, cases }) => raises > 0 && raises < cases },
  { title: "Never raise", holds: ({ raises }) => !raises },
];

/**
 * How often an implementation ran and raised, and what came of it: `{column, cases, raises, says, others}`.
 *
 * `others` is how often it raised for a reason that has nothing to do with what is asked; such a case does not count.
 */
function profileOf(entries, column, isOther) {
  const found = entries.map((entry) => store.cellsOf(entry).get(column.index)?.record).filter(Boolean);
  const records = found.filter((record) => !isOther(record));
  const raised = records.filter(({ kind }) => kind === "raises");
  const values = records.filter(({ kind }) => kind === "value").map(({ brief }) => brief);
  const lost = records.length - raised.length - values.length;
  const says = [
    ...new Set(raised.map(({ brief }) => brief)),
    ...shortened([...new Set(values)].sort()),
    ...(lost ? ["crashed or timed out"] : []),
  ];
  return { column, cases: records.length, raises: raised.length, says, others: found.length - records.length };
}

/** The numbers of implementations, those that are no variants first, so that none of them is folded behind variants. */
function plainFirst(columns) {
  const isVariant = ({ id }) => Number(baseOf(id) !== id);
  return [...columns].sort((one, other) => isVariant(one) - isVariant(other)).map(({ index }) => index);
}

function capitalized(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
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
    folded(plainFirst(members.map((member) => member.column)), 12),
  ];
}
