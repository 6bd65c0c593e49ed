// Comparisons of two implementations: each has causes of its own.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Pairs, byOrdinariness } from "../../../conformance/report/assets/pairs.js";
import { inForce } from "../../../conformance/report/assets/store.js";
import { smallStore } from "./small_store.js";

const store = smallStore();
const pairs = new Pairs(store);
const [binary, exact, accuracy, top] = store.implementations;
const [seed, tied] = store.cases;
const ids = (entries) => entries.map((entry) => entry.id);

describe("two implementations", () => {
  test("are compared on the cases that run on both", () => {
    const { common, diverging } = pairs.compare(binary, accuracy);
    assert.deepEqual(ids(common), ["seed", "tied"]);
    assert.deepEqual(ids(diverging), ["tied"]);
  });

  test("of two quantities have no common case", () => {
    assert.deepEqual(pairs.compare(binary, top).common, []);
  });

  test("are counted once per case, and apart where both give a value", () => {
    const match = pairs.matches(binary).find(({ entry }) => entry === exact);
    assert.deepEqual([match.agreeing, match.common], [1, 3]);
    assert.deepEqual([match.alike, match.valued], [1, 2]);
  });

  test("the call with the most equal values comes first", () => {
    assert.deepEqual(ids(pairs.matches(exact).map(({ entry }) => entry)), ["one.Binary", "two.accuracy"]);
  });
});

describe("a cause", () => {
  test("is the pair's own, in either order", () => {
    const cause = pairs.cause(seed, accuracy, exact);
    assert.deepEqual(cause.sets, [["ties"], ["name-resolution", "departure"]]);
    assert.deepEqual([cause.own, cause.computedFor], [true, [accuracy, exact]]);
    const turned = pairs.cause(seed, exact, accuracy);
    assert.deepEqual(turned.sets, cause.sets);
    for (const axis of ["ties", "departure", "name-resolution"])
      assert.deepEqual([turned.says(axis, 1), turned.says(axis, 0)], [cause.says(axis, 0), cause.says(axis, 1)]);
  });

  test("says what each does on every axis", () => {
    const { says } = pairs.cause(seed, accuracy, exact);
    assert.equal(says("ties", 0), "The first of equal scores wins.");
    assert.equal(says("departure", 0), "Follows its documentation here.");
    assert.equal(says("departure", 1), "Deviates from its documentation here: rounds-up.");
    assert.equal(says("name-resolution", 0), "Is accuracy itself.");
  });

  test("says of the defaults those that differ and that the case is silent on", () => {
    const { says } = pairs.cause(seed, accuracy, exact);
    assert.deepEqual(
      [says("default-parameter", 0), says("default-parameter", 1)],
      ["By default k=2.", "By default k=5."],
    );
  });

  test("says of the clauses on the values of a parameter the one in force", () => {
    const says = "All count; micro pools; macro averages, not none; none gives each.";
    const here = (yaml, average) => inForce(says, { yaml }, { parameters: { average } });
    assert.equal(here("average: macro", "micro"), "All count; macro averages, not none.");
    assert.equal(here("task: micro", "None"), "All count; none gives each.");
    assert.equal(here("average: null", "micro"), "All count; none gives each.");
    assert.equal(inForce(says, {}, { parameters: { average: "macro", labels: "None" } }), here("average: macro"));
    assert.equal(inForce("It pools.", {}, {}), "It pools.");
  });

  test("says what holds in some cases instead of a rule", () => {
    assert.deepEqual(store.ruleElsewhere("ties", accuracy), ["Equal."]);
    assert.deepEqual(store.ruleElsewhere("ties", binary), []);
  });

  test("of one that raises is its reason", () => {
    const cause = pairs.cause(tied, binary, accuracy);
    assert.deepEqual(cause.sets, [["refusal"]]);
    assert.equal(cause.says("refusal", 0), "Computes a value.");
    assert.equal(cause.says("refusal", 1), "Raises: not-1d: two dimensions.");
  });

  test("is not taken from two others in the same groups", () => {
    assert.deepEqual(pairs.cause(seed, binary, exact).sets, []);
  });
});

describe("the causes between two groups", () => {
  test("are those of all their implementations, each with those between which they are", () => {
    const part = { quantity: "accuracy", groups: ["A", "B"] };
    assert.deepEqual(pairs.ways(seed, part), [
      { sets: [["ties"], ["name-resolution", "departure"]], sides: [[2], [1]] },
      { sets: [], sides: [[0], [1]] },
    ]);
    assert.deepEqual(pairs.ways(tied, part), [{ sets: [["refusal"]], sides: [[0], [1, 2]] }]);
  });
});

describe("a document with causes of representatives only", () => {
  const older = new Pairs(smallStore());
  older.store.data.causeSets = null;
  const [one, other, third] = older.store.implementations;
  const [entry, without] = older.store.cases;

  test("has the pair's own where these two represent their groups", () => {
    const cause = older.cause(entry, other, one);
    assert.deepEqual([cause.sets, cause.own, cause.computedFor], [[["decision-rule"]], true, [other, one]]);
    assert.deepEqual([cause.says("decision-rule", 0), cause.says("decision-rule", 1)], ["Equal.", "Greater than."]);
  });

  test("names the representatives for other pairs, and makes nothing up", () => {
    const cause = older.cause(entry, third, other);
    assert.deepEqual([cause.own, cause.computedFor], [false, [one, other]]);
    assert.equal(older.cause(without, one, third), undefined);
  });

  test("lists what was computed for the pair first", () => {
    const reasons = older.reasons(one, other, [without, entry]);
    assert.deepEqual(
      reasons.map(({ own, sets }) => [own, sets]),
      [
        [true, [["decision-rule"]]],
        [false, []],
      ],
    );
  });
});

describe("reasons", () => {
  test("the most ordinary case comes first, then the smallest, and one without samples last", () => {
    const entry = (columns, size, odd) => ({ columns, size, odd });
    const [odd, large, small, empty] = [entry(["y"], 1, 2), entry(["y"], 9), entry(["y"], 2), entry([], 1)];
    assert.deepEqual([odd, large, empty, small].sort(byOrdinariness), [small, large, odd, empty]);
  });

  test("a documented difference comes before a known deviation, if both are as ordinary", () => {
    const cause = ({ id }) => ({ own: true, sets: [[id === "seed" ? "departure" : "ties"]] });
    const known = Object.assign(new Pairs(store), { cause });
    assert.deepEqual(
      known.reasons(binary, exact, [seed, tied]).map(({ sets }) => sets),
      [[["ties"]], [["departure"]]],
    );
  });

  test("the clearest divergence is one between two values", () => {
    assert.equal(pairs.clearest(seed), seed.parts[0]);
    assert.equal(pairs.clearest(tied), undefined);
    assert.equal(pairs.clearest(undefined), undefined);
    assert.equal(
      pairs.clearest(seed, () => false),
      undefined,
    );
  });
});
