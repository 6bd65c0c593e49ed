// Which columns of other releases are folded, and which of their outcomes differ.

import assert from "node:assert/strict";
import { test } from "node:test";

import { differing, folded } from "../../../conformance/report/assets/fold.js";

const ONE = { id: "one.accuracy", index: 0 };
const OTHER = { id: "other.accuracy", index: 1 };
const OLD = { id: "one.accuracy@1.0", base: "one.accuracy", index: 2 };
const OLDER = { id: "one.accuracy@0.9", base: "one.accuracy", index: 3 };

test("other releases are folded into the column of the installed one", () => {
  const { columns, folds } = folded([ONE, OTHER, OLD, OLDER], undefined);
  assert.deepEqual(columns, [ONE, OTHER]);
  assert.deepEqual([...folds], [[ONE, [OLD, OLDER]]]);
});

test("the column that is open shows them", () => {
  assert.deepEqual(folded([ONE, OTHER, OLD], "one.accuracy").columns, [ONE, OLD, OTHER]);
  assert.deepEqual(folded([ONE, OTHER, OLD], "other.accuracy").columns, [ONE, OTHER]);
});

test("without the installed release they are columns of their own", () => {
  const { columns, folds } = folded([OTHER, OLD], undefined);
  assert.deepEqual([columns, folds.size], [[OTHER, OLD], 0]);
});

test("a release differs in another group, where it needs attention, or where the installed one has no outcome", () => {
  const groups = (...all) => new Map(all.map((group, index) => [index, { group, urgent: group === 7 }]));
  const isUrgent = (cell) => cell.urgent;
  assert.deepEqual(differing(ONE, [OLD, OLDER], groups(0, 0, 0, 1), isUrgent), [OLDER]);
  assert.deepEqual(differing(ONE, [OLD, OLDER], groups(7, 0, 7, 7), isUrgent), [OLD, OLDER]);
  assert.deepEqual(differing(ONE, [OLD], new Map([[2, { group: 0 }]]), isUrgent), [OLD]);
  assert.deepEqual(differing(ONE, [OLD], groups(0), isUrgent), []);
});
