// Comparisons of two implementations: what was computed is shown for the pair it was computed for, and nothing else.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Pairs, bySize } from "../../../conformance/report/assets/pairs.js";
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
  test("is the pair's own where it was computed for these two", () => {
    const cause = pairs.cause(seed, binary, exact);
    assert.equal(cause.own, true);
    assert.deepEqual(cause.axes, ["decision-rule"]);
    assert.deepEqual(cause.computedFor, [binary, exact]);
    assert.equal(cause.says("decision-rule", 0), "Greater than.");
    assert.equal(cause.says("decision-rule", 1), "Equal.");
    assert.equal(cause.says("ties", 0), undefined);
  });

  test("changes sides with the pair", () => {
    const cause = pairs.cause(seed, exact, binary);
    assert.equal(cause.own, true);
    assert.deepEqual(cause.computedFor, [exact, binary]);
    assert.equal(cause.says("decision-rule", 0), "Equal.");
  });

  test("of two others in the same groups is not the pair's own", () => {
    const cause = pairs.cause(seed, accuracy, exact);
    assert.equal(cause.own, false);
    assert.deepEqual(cause.computedFor, [binary, exact]);
  });

  test("that the document does not record is not made up", () => {
    assert.equal(pairs.cause(tied, binary, accuracy), undefined);
    const [reason] = pairs.reasons(binary, accuracy, [tied]);
    assert.deepEqual([reason.axes, reason.own, reason.cases[0].cause], [[], false, undefined]);
  });
});

describe("reasons", () => {
  test("that were computed for the pair come before those that were not", () => {
    const reasons = pairs.reasons(binary, exact, [tied, seed]);
    assert.deepEqual(
      reasons.map(({ own }) => own),
      [true, false],
    );
    assert.deepEqual(
      reasons.map(({ axes }) => axes),
      [["decision-rule"], []],
    );
  });

  test("the smallest case comes first, and one without samples last", () => {
    const entry = (columns, size) => ({ columns, size });
    const [large, small, empty] = [entry(["y"], 9), entry(["y"], 2), entry([], 1)];
    assert.deepEqual([large, empty, small].sort(bySize), [small, large, empty]);
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
