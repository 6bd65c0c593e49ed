// Calls of other frameworks that give the same on ordinary inputs, whatever quantity their names promise.

import { href, implementationHref } from "./address.js";
import { caseNamed, data, implementations, pairs } from "./data.js";
import { count, h, table } from "./dom.js";
import { caseLink, causeLink, grouped, implementationLink } from "./words.js";

/** The calls that give the same on ordinary inputs, as their definitions predict; null if none is known. */
export function ordinaryCalls(entry) {
  if (!entry.equals?.length) return null;
  const byOrigin = grouped(entry.equals, ({ implementation }) => implementations[implementation].origin);
  const lines = [...byOrigin].flatMap(([origin, found]) =>
    found.map((equal, index) => {
      const other = implementations[equal.implementation];
      return [
        index ? "" : h("b", h("bdi", origin)),
        [
          h("a.name", { href: implementationHref(other) }, h("bdi", equal.call)),
          other.quantity === entry.quantity ? null : h("p.note", relation(entry, other)),
        ],
        equal.task,
        sameOn(equal),
        equal.of ? `${equal.equal} of ${equal.of}` : "none",
        differences(equal),
      ];
    }),
  );
  return [
    h(
      "p.meta",
      "On ordinary inputs, without ties, missing classes, NaN and the like, these calls give the same value. The ",
      "cases look for differences; on them the calls are compared as their definitions predict.",
    ),
    table(["Framework", "Call", "Task", "Equal for", "Equal in cases with two values", "Differ by"], lines, {
      class: "equivalents",
      label: `Calls that give the same as ${entry.id} on ordinary inputs`,
    }),
  ];
}

/** Variants of one of two implementations that agree with the other one more often. */
export function otherParameters(one, other) {
  const closer = pairs.closer(one, other);
  if (!closer.length) return null;
  return h(
    "ul.closer",
    { "aria-label": "Other parameters" },
    closer.map(({ of, match, alike, valued, before }) =>
      h(
        "li",
        implementationLink(of),
        " agrees with ",
        implementationLink(match),
        ` on ${alike} of ${count(valued, "case")} on which both give a value, instead of `,
        `${before.alike} of ${before.valued}. `,
        alike < valued ? h("a", { href: href({ view: "start", a: of.id, b: match.id }) }, "Where they differ") : null,
      ),
    ),
  );
}

/** Where one implementation gives the same as another, for each task; none where it is not known to. */
export function sameAs(entry, other) {
  return (entry.equals ?? [])
    .filter(({ implementation }) => implementation === other.index)
    .map((equal) =>
      h(
        "p",
        `On ordinary inputs of the task ${equal.task} they give the same (${sameOn(equal)}), with `,
        h("code", equal.call),
        equal.of ? `; of ${count(equal.of, "case")} on which both give a value, on ${equal.equal}. ` : ". ",
        equal.differences.length ? ["They differ by ", differences(equal), "."] : null,
      ),
    );
}

function sameOn({ inputs, unlike }) {
  return inputs.join(", ") + (unlike.length ? `; not on ${unlike.join(", ")}` : "");
}

function differences({ differences: found }) {
  if (!found.length) return "none";
  return found.map(({ axes, cases, case: id }, index) => [
    index ? "; " : "",
    axes.map((axis, place) => [place ? " with " : "", causeLink(axis)]),
    ` (${count(cases, "case")}`,
    caseNamed.has(id) ? [", such as ", caseLink(caseNamed.get(id))] : "",
    ")",
  ]);
}

/** How the quantities or tasks of two implementations are related, in a sentence; else what they compute. */
export function relation(one, other) {
  const found = data.alike.filter(({ quantities, tasks, averages }) => {
    const isOf = (entry) => quantities.includes(entry.quantity);
    const isBoth = quantities.length > 1 ? one.quantity !== other.quantity : takesApart(one, other, tasks);
    const average = (entry) => averages.includes(entry.parameters.average);
    return isOf(one) && isOf(other) && isBoth && (!averages.length || average(one) || average(other));
  });
  // What holds for an average says more than what holds for any.
  const [first] = found.sort((left, right) => right.averages.length - left.averages.length);
  return first?.differ ?? `${one.id}: ${one.definition} ${other.id}: ${other.definition}`;
}

/** Whether of two tasks one implementation takes one, and the other one the other. */
function takesApart(one, other, tasks) {
  const [mine, theirs] = [one, other].map(({ takes }) => tasks.filter((task) => (takes.tasks ?? []).includes(task)));
  return mine.length === 1 && theirs.length === 1 && mine[0] !== theirs[0];
}
