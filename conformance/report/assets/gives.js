// What each framework gives on a case, in a line for each value: the value, the rule behind it, and the calls.

import { implementations, origins, pairs, quantities, store } from "./data.js";
import { h } from "./dom.js";
import { baseOf } from "./fuzzy.js";
import { isNamed, verdictOf } from "./store.js";
import { broken, grouped, implementationLink, letter, originName } from "./words.js";

/** So many calls that give a value are named. */
const MOST_NAMES = 2;

/** The frameworks that ran on a case, those that give the same by the same rules together. */
export function givesPart(entry) {
  const quantity = quantities.find((name) => entry.compared[name]);
  const cells = [...store.cellsOf(entry)].filter(([, cell]) => cell.quantity === quantity && cell.group >= 0);
  if (!quantity || !cells.length) return null;
  const byOrigin = grouped(cells, ([number]) => implementations[number].origin);
  const lines = origins
    .filter((origin) => byOrigin.has(origin))
    .map((origin) => ({ origin, values: valuesOf(entry, byOrigin.get(origin)) }));
  const same = ({ values }) =>
    JSON.stringify(values.map(({ text, says, members }) => [text, says, members.map(({ name }) => plain(name))]));
  return h(
    "dl.facts.gives",
    { "aria-label": "What each framework gives" },
    [...grouped(lines, same).values()].map((alike) =>
      h(
        "div",
        h(
          "dt",
          alike.map(({ origin }, index) => [index ? ", " : "", originName(origin)]),
        ),
        h(
          "dd",
          alike[0].values.map((value) => valueLine(entry, quantity, value)),
        ),
      ),
    ),
  );
}

/** The values of a framework, in the order of the groups. */
function valuesOf(entry, cells) {
  const byGroup = [...grouped(cells, ([, cell]) => cell.group)].sort(([one], [other]) => one - other);
  const values = byGroup.map(([group, found]) => {
    const isVariant = ([number]) => Number(baseOf(implementations[number].id) !== implementations[number].id);
    const ordered = [...found].sort((one, other) => isVariant(one) - isVariant(other) || one[0] - other[0]);
    return {
      group,
      letter: ordered[0][1].letter,
      text: [...new Set(found.map(([, { record }]) => record.brief))].slice(0, MOST_NAMES).join(" or "),
      sentences: rulesHere(entry, ordered[0]),
      members: ordered.map(([number]) => implementations[number]),
    };
  });
  // Two values that have the same first sentences differ by what follows.
  const short = ({ sentences }) => sentences.map(firstSentence).join(" ");
  const isOnly = (value) => values.filter((other) => short(other) === short(value)).length === 1;
  return values.map((value) => ({ ...value, says: isOnly(value) ? short(value) : value.sentences.join(" ") }));
}

function valueLine(entry, quantity, { group, letter: sign, text, says, members }) {
  const named = members.slice(0, MOST_NAMES);
  const more = members.length - named.length;
  return h(
    "p",
    sign ? [letter(verdictOf(entry, quantity), group, sign), " "] : null,
    h("b.value", broken(text)),
    " ",
    named.map((member, index) => [index ? ", " : "", implementationLink(member, plain(member.name))]),
    more ? ` and ${more} more` : "",
    says ? h("span.says", `: ${says}`) : null,
  );
}

/** The name of an implementation without its environment, which stands in front. */
function plain(name) {
  return name.replace(/@.*/, "");
}

/** Why it raises, or what it does where one with another value does otherwise; nothing if all values are equal. */
function rulesHere(entry, [number, { group, quantity, record }]) {
  if (record.kind === "raises") return [record.raised ?? ""];
  const implementation = implementations[number];
  const isOther = ([, cell]) => cell.quantity === quantity && cell.group >= 0 && cell.group !== group;
  const others = [...store.cellsOf(entry)].filter((found) => isOther(found) && found[1].record.kind !== "raises");
  const isNear = ([other]) => implementations[other].origin === implementation.origin;
  const [other] = others.find(isNear) ?? others[0] ?? [];
  const cause = other === undefined ? null : pairs.cause(entry, implementation, implementations[other]);
  const says = (axis) => {
    // That a metric is itself is no answer.
    const isItself = axis === "name-resolution" && !record.resolved && !record.becomes;
    if (axis in implementation.parameters && !isNamed(entry, axis)) {
      const given = implementation.given?.includes(axis) ? "Given" : "By default";
      return `${given} ${axis}=${implementation.parameters[axis]}.`;
    }
    return cause.says(isItself ? "decision-rule" : axis, 0);
  };
  const sets = cause?.sets ?? [];
  // Of several causes one that the case names is what it is about.
  const axes = sets.find((set) => set.some((axis) => isNamed(entry, axis))) ?? sets[0] ?? [];
  return axes.map(says).filter(Boolean);
}

function firstSentence(text) {
  if (!text) return "";
  return text.split(/(?<=\.)\s+(?=[A-Z])|;\s/)[0].replace(/(?<!\.)$/, ".");
}
