// Two implementations that no case compares: why, what relates them, and what is nearest.

import { href } from "./address.js";
import { data, implementations, pairs } from "./data.js";
import { count, h } from "./dom.js";
import { relation, sameAs } from "./equals.js";
import { baseOf } from "./fuzzy.js";
import { implementationLink } from "./words.js";

/** So many pairs that were compared are named. */
const MOST_NEAR = 4;

export function apartAnswer(one, other) {
  const side = (entry) => h("div", h("dt", implementationLink(entry)), h("dd", h("p", entry.definition)));
  const same = [...sameAs(one, other), ...sameAs(other, one)].slice(0, 1);
  const related = one.quantity !== other.quantity || same.length ? relation(one, other) : "";
  return h(
    "div",
    h("p.lead", h("bdi.name", one.id), " and ", h("bdi.name", other.id), ` are not compared: ${whyApart(one, other)}`),
    h("dl.versus", side(one), side(other)),
    related && h("p", related),
    same,
    nearest(one, other),
  );
}

function whyApart(one, other) {
  if (one.quantity !== other.quantity) {
    const [left, right] = [one, other].map(({ quantity }) => data.quantities[quantity].toLowerCase());
    return `one computes ${left}, the other ${right}.`;
  }
  const [mine, theirs] = [one, other].map(({ takes }) => takes.tasks ?? []);
  if (mine.some((task) => theirs.includes(task))) return "no case of this run runs on both.";
  return `a case has one task, and one is for ${mine.join(" and ")}, the other for ${theirs.join(" and ")}.`;
}

/** The letters of what is called, the same for BinaryAccuracy, binary_accuracy and compile[binary_accuracy]. */
function letters({ id }) {
  const inside = /\[([^\]=,]+)\]/.exec(id);
  const name = inside ? inside[1] : baseOf(id).replace(/@.*/, "").split(".").at(-1);
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Other ways to call both that are compared, such as a class in place of a function, and two strings in compile(). */
function nearest(one, other) {
  const [mine, theirs] = [one, other].map((entry) =>
    implementations.filter(({ id, origin }) => origin === entry.origin && letters({ id }) === letters(entry)),
  );
  const isTurned = (left, right) => theirs.includes(left) && mine.includes(right) && left.index >= right.index;
  const found = mine
    .flatMap((left) => theirs.filter((right) => !isTurned(left, right)).map((right) => ({ left, right })))
    .map(({ left, right }) => ({ left, right, ...pairs.compare(left, right) }))
    .filter(({ common }) => common.length)
    .sort((left, right) => right.common.length - left.common.length)
    .slice(0, MOST_NEAR);
  const strings = new Map(data.resolutions.map(([, string]) => [letters({ id: string }), string]));
  const [string, another] = [strings.get(letters(one)), strings.get(letters(other))];
  const lines = [
    ...found.map(({ left, right, common, diverging }) => [
      h(
        "a",
        { href: href({ view: "start", a: left.id, b: right.id }) },
        h("bdi", left.id),
        " and ",
        h("bdi", right.id),
      ),
      ` have ${count(common.length, "case")} in common and differ on ${diverging.length}`,
    ]),
    ...(string && another && string !== another
      ? [[h("a", { href: href({ view: "names", string, with: another }) }, `${string} and ${another} in compile()`)]]
      : []),
  ];
  return lines.length
    ? [
        h("h3", "Nearest"),
        h(
          "ul",
          lines.map((line) => h("li", line)),
        ),
      ]
    : null;
}
