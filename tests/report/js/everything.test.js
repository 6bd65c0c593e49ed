// What words and sentences find.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Everything, trimmed, distance, normal, stem } from "../../../conformance/report/assets/everything.js";
import { smallStore } from "./small_store.js";

const store = smallStore();
Object.assign(store.data, {
  questions: [
    { asks: "Why is my `val_accuracy` another?", implementations: ["one.Binary", "two.accuracy"] },
    { asks: "Do names matter in the seed?", case: "seed" },
    { asks: "Why is training lower than `evaluate()`?", of: "moving", log: ["run", "one", "a", "b"] },
  ],
  logCauses: { moving: { title: "Weights move", says: "Each batch has the weights of its moment." } },
  runs: [{ id: "run", title: "A dropped batch", because: "It has a remainder." }],
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
  findings: [
    { id: "rounds-up", title: "It rounds up", says: "Top-1 is rounded.", implementations: ["one.Binary"] },
    { id: "rounds-too", title: "It rounds up", says: "Top-2.", implementations: ["two.accuracy", "two.top"] },
  ],
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
        ["Cases", ["A tie"]],
      ],
    ],
    [["shapes", "squeezes"], [["Causes", ["Shapes"]]]],
    [["shapes", "pickled"], []],
    [["pickle"], [["Laws", ["Pickling"]]]],
    [["top_1"], [["Findings", ["It rounds up"]]]],
    [["val_accuracy"], [["Questions", ["Why is my `val_accuracy` another?"]]]],
    [["remainder"], [["Training logs", ["A dropped batch"]]]],
    [["moment"], [["Questions", ["Why is training lower than `evaluate()`?"]]]],
    [["oneexact"], [["Implementations", ["one.Exact[a,b]"]]]],
    [
      ["first"],
      [
        ["Tags", ["first"]],
        ["Cases", ["Scores and labels"]],
      ],
    ],
    [["a"], []],
    [[], []],
  ]) {
    test(`${words.join(" ")}: ${expected.map(([kind]) => kind).join(", ") || "nothing"}`, () => {
      assert.deepEqual(found(...words), expected);
    });
  }

  test("of a sentence what has most of them, the most first", () => {
    const [[kind, titles], ...others] = found("training", "lower", "evaluate", "batch");
    assert.deepEqual([kind, titles], ["Questions", ["Why is training lower than `evaluate()`?"]]);
    assert.ok(
      others.every(([other]) => other !== "Training logs"),
      "one word of four is not enough",
    );
  });

  test("of which framework each of two findings with one title is", () => {
    const [[, entries]] = everything.find(["rounds"]);
    assert.deepEqual(
      entries.map(({ title, of }) => [title, of]),
      [
        ["It rounds up", "one"],
        ["It rounds up", "two"],
      ],
    );
    assert.deepEqual(found("rounds", "two"), [["Findings", ["It rounds up"]]]);
  });

  test("of which metric and task a case is", () => {
    const [[, [entry]]] = everything.find(["tie"]).filter(([kind]) => kind === "Cases");
    assert.equal(entry.of, "accuracy, multiclass");
  });

  test("names of implementations after what a sentence is about", () => {
    const kinds = (...words) => found(...words).map(([kind]) => kind);
    assert.equal(kinds("two", "accuracy")[0], "Implementations");
    assert.equal(
      kinds("two", "accuracy", "acc").indexOf("Implementations"),
      kinds("two", "accuracy", "acc").length - 1,
    );
    assert.ok(kinds("two", "accuracy", "acc").length > 1);
  });

  test("an answer of a case where a question has none", () => {
    const [[, [entry]]] = everything.find(["names", "two", "seed"]).filter(([kind]) => kind === "Questions");
    assert.equal(entry.answer, "Two names, two rules.");
  });

  test("the quantity that they name, the longest name first", () => {
    const named = [["top k"], ["the", "accuracy"], ["top", "k", "accuracy"], ["accuracies"], []];
    assert.deepEqual(
      named.map((words) => everything.quantityIn(words)),
      ["top-k", "accuracy", "accuracy", undefined, undefined],
    );
  });

  test("only words that are anywhere", () => {
    assert.deepEqual(everything.known(["happens", "tie", "nowhere", "tie"]), ["tie"]);
  });

  test("what a string of compile() becomes", () => {
    const [[, [entry]]] = everything.find(["binaryaccuracy"]).filter(([kind]) => kind === "compile() strings");
    assert.deepEqual([entry.title, entry.place], ["acc", { view: "names", string: "acc" }]);
  });
});

describe("the distance of a word", () => {
  test("is less in the text that matters most, and at the start of a word", () => {
    const texts = ["big tie", "a tie", "untied"];
    const distances = ["tie", "ie", "a", "untied", "nowhere"].map((word) => distance(word, texts));
    assert.deepEqual(distances, [0, 1, 2, 4, Infinity]);
  });

  test("takes hyphens and underscores within words for blanks", () => {
    assert.equal(normal("Top-1 top_k"), "top 1 top k");
    assert.equal(normal("-1 x-"), "-1 x-");
  });
});

test("a word is searched without the marks around it", () => {
  const words = ["`compute()`?", "lightning's", '("acc",', "-100", "f1.", "?"].map(trimmed);
  assert.deepEqual(words, ["compute", "lightning", "acc", "-100", "f1", ""]);
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
