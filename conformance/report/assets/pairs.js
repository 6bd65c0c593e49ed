// Two implementations: on which cases they agree, on which they diverge, and why.

import { baseOf } from "./fuzzy.js";
import { inForce } from "./store.js";

/** A variant that agrees more often by less than this share of the cases is not worth naming. */
const CLEARLY = 0.2;

/** Comparisons of two implementations over all cases of a store. Nothing here infers a cause: they come computed. */
export class Pairs {
  constructor(store) {
    this.store = store;
    this.known = new Map();
  }

  /** The cases that both implementations run on, and those of them on which they diverge. */
  compare(one, other) {
    const common = [];
    const diverging = [];
    for (const entry of this.store.cases) {
      const cells = this.store.cellsOf(entry);
      const [left, right] = [cells.get(one.index), cells.get(other.index)];
      if (!left || !right || left.group < 0 || right.group < 0 || left.quantity !== right.quantity) continue;
      common.push(entry);
      if (left.group !== right.group) diverging.push(entry);
    }
    return { common, diverging };
  }

  /**
   * Why two implementations differ on a case: {sets, own, computedFor, says}.
   *
   * `sets` are sets of axes, any of which is a cause; none where an outcome is not the predicted one. `computedFor` are
   * the two implementations for which they were computed, in the order of the arguments; `own` says whether they are
   * the arguments themselves; `says(axis, side)` is what each of them does on an axis. Undefined where the document
   * has causes of representatives only, and none for these groups.
   */
  cause(entry, one, other) {
    const cells = this.store.cellsOf(entry);
    const both = [cells.get(one.index), cells.get(other.index)];
    if (!this.store.data.causeSets) return this.recorded(entry, [one, other], both);
    return {
      sets: this.computed(entry, [one, other], both),
      own: true,
      computedFor: [one, other],
      says: (axis, side) => {
        const [mine, theirs] = side ? [other, one] : [one, other];
        if (axis === "default-parameter") return this.store.defaultsHere(entry, mine, theirs, both[side].record);
        const says = this.store.saysHere(axis, mine, both[side].record);
        return axis === "average" && says ? inForce(says, entry, mine) : says;
      },
    };
  }

  /** The causes of two implementations: what one raises for, or what an exchange of their rules found. */
  computed(entry, implementations, cells) {
    if (cells.some(({ record }) => record.unspecified)) return [["departure"]];
    if (cells.some(({ record }) => record.kind === "raises")) return [["refusal"]];
    const [behaviours, causes] = entry.pairs?.[cells[0].quantity] ?? [[], []];
    const places = implementations.map(({ index }) => behaviours.findIndex((members) => members.includes(index)));
    const [left, right] = places.sort((first, second) => first - second);
    const found = causes.find(([first, second]) => first === left && second === right);
    return found ? this.store.data.causeSets[found[2]] : [];
  }

  /**
   * The causes between the implementations of two groups of a case: [{sets, sides}], the most common one first.
   *
   * `sides` are the numbers of the implementations of each group between which `sets` are the causes.
   */
  ways(entry, { quantity, groups }) {
    const [lefts, rights] = groups.map((text) => this.behaviours(entry, quantity, text));
    const found = new Map();
    for (const left of lefts) {
      for (const right of rights) {
        const [one, other] = [left, right].map(([number]) => this.store.implementations[number]);
        const { sets } = this.cause(entry, one, other);
        const key = JSON.stringify(sets);
        if (!found.has(key)) found.set(key, { sets, sides: [new Set(), new Set()] });
        for (const number of left) found.get(key).sides[0].add(number);
        for (const number of right) found.get(key).sides[1].add(number);
      }
    }
    const size = ({ sides }) => sides[0].length + sides[1].length;
    return [...found.values()]
      .map(({ sets, sides }) => ({ sets, sides: sides.map((each) => [...each].sort((one, other) => one - other)) }))
      .sort((one, other) => !one.sets.length - !other.sets.length || size(other) - size(one));
  }

  /** The implementations of a group, by what they differ from others for. */
  behaviours(entry, quantity, text) {
    const [, , ...bundles] = entry.compared[quantity].groups.find(([name]) => name === text);
    const [behaviours] = entry.pairs?.[quantity] ?? [[]];
    const found = new Map();
    for (const [record, ...members] of bundles) {
      const { kind, raised, unspecified } = this.store.data.records[record];
      for (const number of members) {
        const key =
          kind === "raises" || unspecified
            ? `${raised} ${unspecified}`
            : behaviours.findIndex((each) => each.includes(number));
        found.set(key, [...(found.get(key) ?? []), number]);
      }
    }
    return [...found.values()];
  }

  /** The causes that a document without pairs has for representatives of the groups of two implementations. */
  recorded(entry, [one, other], [left, right]) {
    const found = entry.parts.filter(
      ({ quantity, groups }) =>
        quantity === left.quantity && groups.includes(left.letter) && groups.includes(right.letter),
    );
    const turned = (part) => part.groups[0] !== left.letter;
    const seenBy = (part) => (turned(part) ? [...part.seen].reverse() : part.seen);
    const isOwn = (part) => seenBy(part)[0] === one.index && seenBy(part)[1] === other.index;
    const part = found.find(isOwn) ?? found[0];
    if (!part) return undefined;
    return {
      sets: part.causes,
      own: isOwn(part),
      computedFor: seenBy(part).map((number) => this.store.implementations[number]),
      says: (axis, side) => this.store.data.sentences[part.says[axis]?.[turned(part) ? 1 - side : side]],
    };
  }

  /** The diverging cases of a pair by their causes: [{sets, own, cases: [{entry, cause}]}], the plainest first. */
  reasons(one, other, diverging) {
    const found = new Map();
    for (const entry of diverging) {
      const cause = this.cause(entry, one, other);
      const { sets = [], own = false } = cause ?? {};
      const key = JSON.stringify([own, sets]);
      if (!found.has(key)) found.set(key, { sets, own, cases: [] });
      found.get(key).cases.push({ entry, cause });
    }
    for (const { cases } of found.values()) cases.sort((left, right) => byOrdinariness(left.entry, right.entry));
    // Why two values differ comes before why one is none; then what an ordinary input shows, documented rules first.
    const rank = ({ sets, own, cases: [{ entry }] }) => {
      const [refusal, departure] = ["refusal", "departure"].map((axis) => sets.flat().includes(axis));
      return [!own, !sets.length, refusal, entry.odd ?? 0, departure].map(Number);
    };
    const before = (left, right) =>
      rank(left)
        .map((number, place) => number - rank(right)[place])
        .find(Boolean) ?? right.cases.length - left.cases.length;
    return [...found.values()].sort(before);
  }

  /** The divergence of a case that shows most: between two values, if there is one. */
  clearest(entry, holds = () => true) {
    const parts = (entry?.parts ?? []).filter((part) => part.seen.length === 2 && holds(part));
    const isValue = (number) => this.store.cellsOf(entry).get(number)?.record.kind === "value";
    return parts.find((part) => part.seen.every(isValue)) ?? parts[0];
  }

  /** How often each two implementations of a quantity agree, over all cases and over those where both give a value. */
  agreements(quantity) {
    if (!this.known.has(quantity)) this.known.set(quantity, this.counted(quantity));
    return this.known.get(quantity);
  }

  counted(quantity) {
    const { cases, data } = this.store;
    const members = this.store.implementations.filter((entry) => entry.quantity === quantity);
    const place = new Map(members.map((entry, index) => [entry.index, index]));
    const zeros = () => members.map(() => new Uint16Array(members.length));
    const [common, agreeing, valued, alike] = [zeros(), zeros(), zeros(), zeros()];
    for (const entry of cases) {
      const groups = entry.compared[quantity]?.groups ?? [];
      const placed = groups.map(([, , ...bundles]) =>
        bundles.flatMap(([, ...numbers]) => numbers.map((number) => place.get(number))),
      );
      const withValue = placed.filter((_, index) => data.records[groups[index][2][0]].kind === "value");
      countPairs(common, [placed.flat()]);
      countPairs(agreeing, placed);
      countPairs(valued, [withValue.flat()]);
      countPairs(alike, withValue);
    }
    return { members, common, agreeing, valued, alike };
  }

  /**
   * Variants of one of two implementations that agree with the other one clearly more often: [{of, match, alike,
   * valued, before}], where `before` are the numbers without the variant. The best one of each side.
   */
  closer(one, other) {
    const sides = [
      [one, other],
      [other, one],
    ];
    return sides.flatMap(([of, match]) => {
      const found = this.matches(match);
      const before = found.find(({ entry }) => entry === of);
      const share = ({ alike, valued }) => (valued ? alike / valued : 0);
      const better = found.filter(
        (each) =>
          baseOf(each.entry.id) === baseOf(of.id) &&
          each.valued >= before.valued / 2 &&
          each.valued > 2 &&
          share(each) > share(before) + CLEARLY,
      );
      return better.slice(0, 1).map(({ entry, alike, valued }) => ({ of: entry, match, alike, valued, before }));
    });
  }

  /** The calls that match an implementation best, the best first. */
  matches(implementation) {
    const { members, common, agreeing, valued, alike } = this.agreements(implementation.quantity);
    const row = members.indexOf(implementation);
    return members
      .map((entry, column) => ({
        entry,
        common: common[row][column],
        agreeing: agreeing[row][column],
        valued: valued[row][column],
        alike: alike[row][column],
      }))
      .filter((match) => match.entry !== implementation && match.common > 0)
      .sort((left, right) => merit(right) - merit(left));
  }
}

/** Ordinary inputs first, then smaller ones; a case without samples shows less than one with samples. */
export function byOrdinariness(left, right) {
  const [one, other] = [left, right].map(({ columns, odd = 0 }) => (columns.length ? odd : Infinity));
  return (one === other ? 0 : one - other) || left.size - right.size;
}

/** Equal values count most; agreeing on 40 of 41 cases is worth more than on 1 of 1. */
function merit(match) {
  return match.alike / (match.valued + 2) + match.agreeing / (match.common + 2) / 2;
}

function countPairs(numbers, groups) {
  for (const group of groups) for (const left of group) for (const right of group) numbers[left][right] += 1;
}
