// What words find apart from cases.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Everything, distance, normal, stem } from "../../../conformance/report/assets/everything.js";
import { smallStore } from "./small_store.js";

const store = smallStore();
Object.assign(store.data, {
  questions: [{ asks: "Why is my `val_accuracy` another?", implementations: ["one.Binary", "two.accuracy"] }],
  axes: [
    { id: "ties", title: "Ties between scores", prose: "Equal scores.", agree: "", frameworks: [], cases: 2 },
    {
      id: "shape",
      title: "Shapes",
      prose: "Ties of shapes.",
      agree: "",
      frameworks: [["one", "It squeezes."]],
      cases: 1,
    },
    { id: "unused", title: "Ties nowhere", prose: "", agree: "", frameworks: [], cases: 0 },
  ],
  findings: [{ id: "rounds-up", title: "It rounds up", says: "Top-1 is rounded." }],
  laws: [{ law: "pickle", title: "Pickling", says: "A pickled metric is the same." }],
  resolutions: [["one", "acc", "mse", "(N,)", "(N,)", "BinaryAccuracy", false, true]],
});
const everything = new Everything(store);
const found = (...words) =>
  everything.find(words.map(normal)).map(([kind, entries]) => [kind, entries.map(({ title }) => title)]);

describe("words find", () => {
  for (const [words, expected] of [
    [
      ["ties"],
      [
        ["Causes", ["Ties between scores", "Shapes"]],
        ["Families", ["ties"]],
      ],
    ],
    [["shapes", "squeezes"], [["Causes", ["Shapes"]]]],
    [["shapes", "pickled"], []],
    [["pickle"], [["Laws", ["Pickling"]]]],
    [["top_1"], [["Findings", ["It rounds up"]]]],
    [["val_accuracy"], [["Questions", ["Why is my `val_accuracy` another?"]]]],
    [["oneexact"], [["Implementations", ["one.Exact[a,b]"]]]],
    [["first"], [["Tags", ["first"]]]],
    [["a"], []],
    [[], []],
  ]) {
    test(`${words.join(" ")}: ${expected.map(([kind]) => kind).join(", ") || "nothing"}`, () => {
      assert.deepEqual(found(...words), expected);
    });
  }

  test("what a string of compile() becomes", () => {
    const [[, [entry]]] = everything.find(["binaryaccuracy"]).filter(([kind]) => kind === "compile() strings");
    assert.deepEqual([entry.title, entry.place], ["acc", { view: "names", string: "acc" }]);
  });
});

describe("the distance of words", () => {
  test("is less in the text that matters most, and at the start of a word", () => {
    const texts = ["big tie", "a tie", "untied"];
    const distances = ["tie", "ie", "a", "untied"].map((word) => distance([word], texts));
    assert.deepEqual(distances, [0, 1, 2, 4]);
    assert.equal(distance(["tie", "nowhere"], texts), Infinity);
    assert.equal(distance([], texts), 0);
  });

  test("takes hyphens and underscores within words for blanks", () => {
    assert.equal(normal("Top-1 top_k"), "top 1 top k");
    assert.equal(normal("-1 x-"), "-1 x-");
  });
});

describe("a stem", () => {
  for (const [word, expected] of [
    ["positions", "position"],
    ["classes", "class"],
    ["batches", "batch"],
    ["entries", "entr"],
    ["ties", "tie"],
    ["axes", "axe"],
    ["loss", "loss"],
    ["is", "is"],
    ["keras.metrics.accuracy", "keras.metrics.accuracy"],
    ["-100", "-100"],
  ]) {
    test(`of ${word} is ${expected}`, () => assert.equal(stem(word), expected));
  }
});
