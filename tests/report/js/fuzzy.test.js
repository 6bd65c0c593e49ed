// Fuzzy search in the names of implementations.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { baseOf, ranked, score } from "../../../conformance/report/assets/fuzzy.js";

const entries = [
  "one.metrics.Accuracy",
  "one.metrics.BinaryAccuracy",
  "one.metrics.BinaryAccuracy@torch",
  "one.metrics.BinaryAccuracy[sharded]",
  "one.metrics.binary_accuracy",
  "one.Model.compile[accuracy]",
  "one.Model.compile[binary_accuracy]",
  "two.classification.MulticlassAccuracy",
  "two.classification.MulticlassAccuracy[average=micro]",
  "two.classification.MulticlassAccuracy[average=micro,gloo]",
].map((id) => ({ id }));

const first = (query) => ranked(query, entries)[0];
const ids = (found) => found.map(({ id }) => id);

describe("a query", () => {
  for (const [query, id] of [
    ["binacc", "one.metrics.BinaryAccuracy"],
    ["BINACC", "one.metrics.BinaryAccuracy"],
    ["binacc@", "one.metrics.BinaryAccuracy@torch"],
    ["mulmicro", "two.classification.MulticlassAccuracy[average=micro]"],
    ["micro two", "two.classification.MulticlassAccuracy[average=micro]"],
    ["gloo", "two.classification.MulticlassAccuracy[average=micro,gloo]"],
    ["mclacc", "two.classification.MulticlassAccuracy"],
    ["compile[acc", "one.Model.compile[accuracy]"],
    ["binary_acc", "one.metrics.binary_accuracy"],
    ["binary_accuracy(k=2)", "one.metrics.binary_accuracy"],
  ]) {
    test(`${query} finds ${id} first`, () => assert.equal(first(query).entries[0].id, id));
  }

  test("whose letters are in no name finds nothing", () => {
    assert.deepEqual(ranked("accbinx", entries), []);
    assert.deepEqual(ranked("binacc nowhere", entries), []);
  });

  test("counts letters at the start of words and letters in a row", () => {
    assert.ok(score("ba", "BinaryAccuracy") > score("ba", "bxxax"));
    assert.ok(score("acc", "accuracy") > score("acc", "a.xxcxc"));
    assert.equal(score("ca", "ac"), -Infinity);
    assert.equal(score("", "anything"), 0);
  });
});

describe("variants", () => {
  test("are folded under what they are variants of, and have its environment", () => {
    assert.equal(baseOf("a.B[c,d]@e"), "a.B@e");
    const { base, entries: shown, folded } = first("binacc");
    assert.equal(base, "one.metrics.BinaryAccuracy");
    assert.deepEqual(ids(shown), [base]);
    assert.deepEqual(ids(folded), ["one.metrics.BinaryAccuracy[sharded]"]);
  });

  test("are shown where the query asks for them", () => {
    const { entries: shown, folded } = first("micro");
    assert.equal(shown.length, 2);
    assert.deepEqual(folded, []);
  });

  test("are folded where nothing is asked, in the order of the report", () => {
    const all = ranked("", entries);
    assert.deepEqual(
      all.map(({ base, entries: shown, folded }) => [base, shown.length, folded.length]),
      [
        ["one.metrics.Accuracy", 1, 0],
        ["one.metrics.BinaryAccuracy", 1, 1],
        ["one.metrics.BinaryAccuracy@torch", 1, 0],
        ["one.metrics.binary_accuracy", 1, 0],
        ["one.Model.compile", 0, 2],
        ["two.classification.MulticlassAccuracy", 1, 2],
      ],
    );
  });

  test("that have no base in the report and are alone stand for themselves", () => {
    const [{ entries: shown, folded }] = ranked("", [{ id: "a.B[c]" }]);
    assert.deepEqual([ids(shown), folded], [["a.B[c]"], []]);
  });
});
