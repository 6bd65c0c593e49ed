// Where the arrow keys lead in a grid.

import assert from "node:assert/strict";
import { test } from "node:test";

import { moved } from "../../../conformance/report/assets/roving.js";

const SIZE = [30, 4];

for (const [key, from, to, ctrlKey] of [
  ["ArrowDown", [0, 1], [1, 1]],
  ["ArrowDown", [29, 1], [29, 1]],
  ["ArrowUp", [0, 0], [0, 0]],
  ["ArrowLeft", [3, 0], [3, 0]],
  ["ArrowRight", [3, 0], [3, 1]],
  ["PageDown", [3, 2], [13, 2]],
  ["PageUp", [3, 2], [0, 2]],
  ["Home", [3, 2], [3, 0]],
  ["End", [3, 0], [3, 3]],
  ["Home", [3, 2], [0, 0], true],
  ["End", [3, 2], [29, 3], true],
  ["Enter", [3, 2], null],
]) {
  test(`${ctrlKey ? "Ctrl+" : ""}${key} leads from ${from} to ${to}`, () => {
    assert.deepEqual(moved({ key, ctrlKey }, from, SIZE), to);
  });
}
