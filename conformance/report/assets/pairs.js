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
  const found = [one, other].map((implementation) => ({ implementation, ...cells.get(implementation.index) }));
  const part = entry.parts.find((candidate) => candidate.quantity === found[0].quantity
    && found.every(({ letter }) => candidate.groups.includes(letter)));
  if (!part || !part.causes.length) return { axes: [], says: () => null };
  const turned = part.groups[0] !== found[0].letter;
  const seen = turned ? [...part.seen].reverse() : part.seen;
  const recorded = (axis, side) => data.sentences[part.says[axis]?.[turned ? 1 - side : side]];
  if (found.every(({ implementation }, side) => implementation.index === seen[side])) return { axes: part.causes[0], says: recorded };
  // The causes were found on one pair of the two groups. What is true of it need not be true of these two: their
  // outcomes may tell, else the first set whose rules these two differ in, else all rules in which they do.
  const says = (axis, side) => sentenceOf(axis, found[side]);
  const certain = toldByOutcomes(...found);
  if (certain) return { axes: certain, says };
  const axes = part.causes.find((set) => set.every((axis) => differ(axis, ...found)));
  if (axes) return { axes, says, foundOn: seen.length === 2 ? seen : null };
  const own = ownDifferences(...found);
  return own.length ? { axes: own, says, open: own.length > 1 } : { axes: part.causes[0], says: recorded, seen };
}

/** The reason that two outcomes tell by themselves: one departs and would agree if it did not, or one refuses. */
function toldByOutcomes({ record: left }, { record: right }) {
  const [one, other] = [left, right].map((record) => record.claimed ?? record.predicted);
  const departs = left.departures || right.departures;
  const refuses = (text) => /^raises /.test(text ?? "");
  if (departs && one !== undefined && (one === other || (refuses(one) && refuses(other)))) return ["departure"];
  return left.kind !== right.kind ? ["refusal"] : null;
}

/** What one implementation does on an axis in a case. */
function sentenceOf(axis, { implementation, record }) {
  const departures = record.departures?.join(", ");
  if (axis === "refusal") return record.kind === "raises" ? `Raises: ${record.why || record.whole}.` : "Computes a value.";
  if (axis === "departure") return departures ? `Leaves its documentation here: ${departures}.` : "Follows its documentation here.";
  if (axis === "name-resolution") return record.resolved ? `Stands for ${record.resolved}.` : "Stands for itself.";
  const rule = ruleHere(axis, implementation, record);
  return rule && (departures && !record.rules?.[axis] ? `${rule.says} Here it leaves its documentation: ${departures}.` : rule.says);
}

/** The rule that holds for an implementation in a case: where that is not the general one, its record says which. */
function ruleHere(axis, implementation, { rules }) {
  return rules?.[axis] === undefined ? ruleOf(implementation, axis) : { says: data.sentences[rules[axis]] };
}

/** The axes on which two implementations follow other rules, defaults and refusals apart. */
function ownDifferences(one, other) {
  return Object.keys({ ...one.implementation.rules, ...one.record.rules })
    .filter((axis) => !["refusal", "default-parameter", "departure", "name-resolution"].includes(axis) && differ(axis, one, other));
}

function differ(axis, one, other) {
  if (axis === "refusal") return false; // both compute
  if (axis === "departure") return Boolean(one.record.departures || other.record.departures);
  if (axis === "name-resolution") {
    return Boolean(one.record.resolved || other.record.resolved) && sentenceOf(axis, one) !== sentenceOf(axis, other);
  }
  const [left, right] = [one, other].map(({ implementation, record }) => ruleHere(axis, implementation, record));
  return Boolean(left && right) && left.says !== right.says;
}

/** The reasons for which two implementations part, the most frequent first, each with its cases by size. */
function reasonsOf(one, other, parting) {
  const found = new Map();
  for (const entry of parting) {
    const { axes, says, seen, foundOn, open } = reason(entry, one, other);
    const key = `${open ? "one of " : ""}${axes.join(" + ")}`;
    if (!found.has(key)) found.set(key, { axes, open, cases: [] });
    found.get(key).cases.push({ entry, says, seen, foundOn });
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
