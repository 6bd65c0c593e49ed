// Why the groups of a case differ: between all their implementations, or, in older documents, two representatives.

import { href } from "./address.js";
import { data, implementations, pairs, quantities, store } from "./data.js";
import { count, h, prose } from "./dom.js";
import { causeLink, folded, grouped, letter, told } from "./words.js";

/** So many causes of two groups are shown at first. */
const MOST_WAYS = 3;

export function whyPart(entry) {
  if (!entry.parts.length) return null;
  return h(
    "section",
    h("h3", "Why they differ"),
    entry.parts.map((part) => h("div.part", data.causeSets ? waysPart(entry, part) : recordedPart(entry, part))),
  );
}

/** The axis of what an implementation raises for. */
const RAISES = "refusal";

/** A function that gives the letter of a group its colour. */
function signOf(entry, part) {
  const { verdict, groups } = entry.compared[part.quantity] ?? { verdict: "null", groups: [] };
  const place = (text) => groups.findIndex(([name]) => name === text);
  return (text) => letter(verdict, place(text), text);
}

/** Two groups differ by one cause, or by several, each between some of their implementations. */
function waysPart(entry, part) {
  const ways = pairs.ways(entry, part);
  const shown = ways.map((way) => wayPart(entry, part, way, ways.length > 1));
  const rest = shown.slice(MOST_WAYS);
  return [
    shown.slice(0, MOST_WAYS),
    rest.length
      ? h("details", h("summary", `${count(rest.length, "more cause")} between other implementations`), rest)
      : null,
  ];
}

function wayPart(entry, part, { sets, sides }, hasOthers) {
  const sign = signOf(entry, part);
  const axes = [...new Set(sets.flat())];
  const isRaised = (members) => members.every((number) => recordOf(entry, number).kind === "raises");
  const raising = part.groups.filter((_, side) => isRaised(sides[side]));
  const of =
    part.quantity === quantities[0] ? "" : ` of ${(data.quantities[part.quantity] ?? part.quantity).toLowerCase()}`;
  return [
    h(
      "p",
      [sign(part.groups[0]), " and ", sign(part.groups[1])],
      of,
      " differ",
      sets.length
        ? [causes(sets, raising.map(sign)), "."]
        : ", and no cause was computed: an outcome is not the predicted one, or follows from no definition.",
    ),
    axes.length || hasOthers
      ? h(
          "dl.versus",
          sides.map((members, side) =>
            h(
              "div",
              h("dt", sign(part.groups[side])),
              h("dd", behavioursOf(entry, axes, members, sides[1 - side][0], hasOthers)),
            ),
          ),
        )
      : null,
    h("p.meta", compareLink(implementations[sides[0][0]], implementations[sides[1][0]])),
  ];
}

function recordOf(entry, number) {
  return store.cellsOf(entry).get(number).record;
}

/** What implementations do on some axes where another does otherwise, and by name who does what. */
function behavioursOf(entry, axes, members, other, hasOthers) {
  const texts = (number) => {
    const { says } = pairs.cause(entry, implementations[number], implementations[other]);
    // Those that are metrics themselves are alike in that.
    return axes.map((axis) => says(axis, 0)?.replace(/^Is .+ itself\.$/, "Is a metric itself.")).filter(Boolean);
  };
  const found = [...grouped(members, (number) => texts(number).join("\n"))];
  return found.map(([, numbers]) => [
    texts(numbers[0]).map(told),
    hasOthers || found.length > 1 ? folded(numbers) : null,
  ]);
}

/** "because B raises", or "by ties with shape, or by weights". */
function causes(sets, raising) {
  return sets.map((axes, index) => [
    index ? ", or " : " ",
    axes.length === 1 && axes[0] === RAISES && raising.length === 1
      ? ["because ", raising[0], " raises (", causeLink(axes[0]), ")"]
      : ["by ", axes.map((axis, place) => [place ? " with " : "", causeLink(axis)])],
  ]);
}

function compareLink(one, other) {
  const address = href({ view: "start", a: one.id, b: other.id });
  return h("a", { href: address }, "Compare ", h("bdi", one.id), " and ", h("bdi", other.id), " on all cases");
}

/** An older document has causes of two representatives. */
function recordedPart(entry, part) {
  const sign = signOf(entry, part);
  const [one, other] = part.seen.map((number) => implementations[number]);
  return [
    h(
      "p",
      part.groups.length === 2 ? [sign(part.groups[0]), " and ", sign(part.groups[1])] : "Two groups",
      " differ",
      part.causes.length ? [causes(part.causes, []), "."] : ", and no cause was found.",
    ),
    Object.entries(part.says).map(([axis, both]) =>
      h(
        "dl.versus",
        both.map((number, side) =>
          h(
            "div",
            h("dt", part.groups[side] ? sign(part.groups[side]) : null, " ", h("span.meta", axis)),
            h("dd", prose(data.sentences[number])),
          ),
        ),
      ),
    ),
    one && other ? h("p.meta", "Computed for two representatives. ", compareLink(one, other)) : null,
  ];
}
