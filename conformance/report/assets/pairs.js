// Two implementations: where they agree, where they part, and for which reasons.

/** Compare two implementations over all cases that both take. */
function pair(one, other) {
  const common = [];
  const parting = [];
  for (const entry of cases) {
    const cells = cellsOf(entry);
    const [left, right] = [cells.get(one.index), cells.get(other.index)];
    if (!left || !right || left.group < 0 || right.group < 0 || left.quantity !== right.quantity) continue;
    common.push(entry);
    if (left.group !== right.group) parting.push(entry);
  }
  return { common, parting };
}

/** Why two implementations part on a case: the axes, and what each side follows on them. */
function reason(entry, one, other) {
  const cells = cellsOf(entry);
  const letters = [cells.get(one.index).letter, cells.get(other.index).letter];
  const part = entry.parts.find((candidate) => candidate.quantity === cells.get(one.index).quantity
    && letters.every((text) => candidate.groups.includes(text)));
  if (!part || !part.causes.length) return { axes: [], says: () => null };
  // The causes were found on one pair of the two groups. Where they do not fit these two, the reason is among the
  // rules in which these two differ.
  const fitting = part.causes.find((set) => set.every((axis) => differ(axis, one, other)));
  const own = fitting ? [] : ownDifferences(one, other);
  const axes = fitting ?? (own.length ? own : part.causes[0]);
  const turned = part.groups[0] !== letters[0];
  const says = (axis, side) => {
    const both = ruleOf(one, axis) && ruleOf(other, axis);
    if (both && !OF_THE_CASE.includes(axis) && differ(axis, one, other)) return ruleOf(side ? other : one, axis).says;
    return data.sentences[part.says[axis]?.[turned ? 1 - side : side]];
  };
  const seen = fitting || own.length ? null : (turned ? [...part.seen].reverse() : part.seen);
  return { axes, says, seen, open: own.length > 1 };
}

/** Axes on which what is said depends on the case. */
const OF_THE_CASE = ["refusal", "departure", "name-resolution"];

/** The axes on which two implementations follow other rules, defaults and refusals apart. */
function ownDifferences(one, other) {
  return Object.keys(one.rules).filter((axis) => !["refusal", "default-parameter"].includes(axis)
    && other.rules[axis] !== undefined && differ(axis, one, other));
}

function differ(axis, one, other) {
  const [left, right] = [ruleOf(one, axis), ruleOf(other, axis)];
  return !left || !right || axis === "departure" || left.says !== right.says;
}

/** The reasons for which two implementations part, the most frequent first, each with its cases by size. */
function reasonsOf(one, other, parting) {
  const found = new Map();
  for (const entry of parting) {
    const { axes, says, seen, open } = reason(entry, one, other);
    const key = `${open ? "one of " : ""}${axes.join(" + ")}`;
    if (!found.has(key)) found.set(key, { axes, open, cases: [] });
    found.get(key).cases.push({ entry, says, seen });
  }
  for (const value of found.values()) value.cases.sort((left, right) => bySize(left.entry, right.entry));
  return [...found.values()].sort((left, right) => right.cases.length - left.cases.length);
}

/** Smaller inputs first; a case without rows shows less than one with rows. */
function bySize(left, right) {
  return !left.columns.length - !right.columns.length || left.size - right.size;
}

/** How often each two implementations of a quantity agree, over all cases and over those where both give a value. */
function agreements(quantity) {
  agreements.known ??= new Map();
  if (agreements.known.has(quantity)) return agreements.known.get(quantity);
  const members = implementations.filter((entry) => entry.quantity === quantity);
  const place = new Map(members.map((entry, index) => [entry.index, index]));
  const common = members.map(() => new Uint16Array(members.length));
  const agreeing = members.map(() => new Uint16Array(members.length));
  const valued = members.map(() => new Uint16Array(members.length));
  const alike = members.map(() => new Uint16Array(members.length));
  for (const entry of cases) {
    const groups = entry.compared[quantity]?.groups ?? [];
    const placed = groups.map(([, , ...bundles]) => bundles.flatMap(([, ...numbers]) => numbers.map((number) => place.get(number))));
    const withValue = placed.filter((_, index) => data.records[groups[index][2][0]].kind === "value");
    countPairs(common, [placed.flat()]);
    countPairs(agreeing, placed);
    countPairs(valued, [withValue.flat()]);
    countPairs(alike, withValue);
  }
  const result = { members, common, agreeing, valued, alike };
  agreements.known.set(quantity, result);
  return result;
}

function countPairs(numbers, groups) {
  for (const group of groups) for (const left of group) for (const right of group) numbers[left][right] += 1;
}

/** The calls that match an implementation best, the best first. */
function matches(implementation) {
  const { members, common, agreeing, valued, alike } = agreements(implementation.quantity);
  const row = members.indexOf(implementation);
  return members
    .map((entry, column) => ({ entry, common: common[row][column], agreeing: agreeing[row][column], valued: valued[row][column], alike: alike[row][column] }))
    .filter((match) => match.entry !== implementation && match.common > 0)
    .sort((left, right) => merit(right) - merit(left));
}

/** Values that agree count most; two more cases, both of them misses, make 40 of 41 worth more than 1 of 1. */
function merit(match) {
  return match.alike / (match.valued + 2) + match.agreeing / (match.common + 2) / 2;
}
