// The query language of the search box.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Pairs } from "../../../conformance/report/assets/pairs.js";
import {
  Search,
  alternatives,
  glob,
  isChosen,
  toggled,
  wordsOf,
  written,
} from "../../../conformance/report/assets/query.js";
import { smallStore } from "./small_store.js";

const store = smallStore();
const search = new Search(store, new Pairs(store));

/** The ids of the cases that match a query, in a quantity or over all. */
function found(text, quantity) {
  const query = search.parse(text);
  assert.deepEqual(query.problems, []);
  return store.cases.filter(search.compile(query, quantity)).map((entry) => entry.id);
}

describe("a query", () => {
  for (const [text, expected] of [
    ["", ["seed", "tied", "plain", "lost"]],
    ["SCORES", ["seed"]],
    ['"two names"', ["seed"]],
    ["scores tie", []],
    ["why are there two names?", ["seed"]],
    ["why", []],
    ["seeds", ["seed"]],
    ['"seeds"', []],
    ["-scores", ["tied", "plain", "lost"]],
    ["-100", []],
    ["is:diverge", ["seed", "tied"]],
    ["is:diverge,agree -task:multiclass", ["seed", "plain"]],
    ["is:documented", ["seed"]],
    ["is:known-deviation", ["seed"]],
    ["is:crashed", ["lost"]],
    ["is:not-applicable", ["plain"]],
    ["cause:decision-*", ["seed"]],
    ["-cause:*", ["plain", "lost"]],
    ["family:threshold task:binary", ["seed", "plain", "lost"]],
    ["tag:first", ["seed"]],
    ["id:?????", ["plain"]],
    ["file:*seed.yaml", ["seed"]],
    ["raises:ValueError", ["tied"]],
    ["value:0.5", ["seed"]],
    ["value:ValueError", []],
    ["finding:rounds-up", ["seed"]],
    ["framework:two", ["seed", "tied", "lost"]],
    ["implementation:Binary", ["seed", "tied", "plain"]],
    ["implementation:one.Exact[a,b]", ["seed", "tied", "plain"]],
    ["-implementation:*", []],
    ["differs:Binary,two.accuracy", ["tied"]],
    ["agrees:Binary,two.accuracy", ["seed"]],
    ["differs:Binary,one.Exact[a,b]", ["seed", "tied"]],
    ["differs:Binary,two.top", []],
    ["differs:Binary,two.accuracy cause:ties", []],
    ["differs:Binary,two.accuracy cause:refusal", ["tied"]],
    ["differs:one.Exact[a,b],two.accuracy cause:ties", ["seed"]],
    ["differs:one.Exact[a,b],two.accuracy -cause:decision-rule", ["seed"]],
  ]) {
    test(`${JSON.stringify(text)} matches ${expected.join(", ") || "nothing"}`, () => {
      assert.deepEqual(found(text), expected);
    });
  }

  test("of a sentence has the words that say something, unless none does", () => {
    const words = (text) => wordsOf(search.parse(text));
    assert.deepEqual(words("Why does the value differ for two names?"), ["two", "name"]);
    assert.deepEqual(words("why does it differ"), ["why", "doe", "it", "differ"]);
    assert.deepEqual(words("does differ"), ["doe", "differ"]);
  });

  test("has the names in code that is pasted", () => {
    const words = (text) => wordsOf(search.parse(text));
    assert.deepEqual(words('metrics=["accuracy", "binary_accuracy"]'), ["accuracy", "binary accuracy"]);
    assert.deepEqual(words("f1_score(average='macro')"), ["f1 score", "average", "macro"]);
    assert.deepEqual(words("one.Exact[a,b]"), ["one.exact[a,b]"]);
  });

  test("asks for verdicts within a quantity where one is given", () => {
    assert.deepEqual(found("is:null", "top-k"), ["seed", "tied", "plain", "lost"]);
    assert.deepEqual(found("is:null", "accuracy"), ["lost"]);
  });

  test("chooses the implementations that it names, and all where it names none", () => {
    const chosen = (text) => search.columnsOf(search.parse(text)).map((entry) => entry.id);
    assert.equal(chosen("scores").length, 4);
    assert.equal(chosen("-framework:two").length, 4);
    assert.deepEqual(chosen("framework:two"), ["two.accuracy", "two.top"]);
    assert.deepEqual(chosen("implementation:Binary framework:two"), ["one.Binary", "two.accuracy", "two.top"]);
  });
});

describe("what is wrong with a query is said", () => {
  for (const [text, problem] of [
    ["colour:red", /^There is no colour: in a query\. Known are framework, implementation, /],
    ["cause:tie", /^cause:tie is unknown\. Known are decision-rule, ties, refusal\.$/],
    ["is:red", /^is:red is unknown\. Known are diverge, agree, null, /],
    ["implementation:x", /^No implementation is called x; \* matches anything\.$/],
    ["differs:Binary", /^differs: needs two implementations, separated by a comma\.$/],
    ["differs:Binary,x", /^No implementation is called x; /],
    ["is:", /^is: needs a value, such as is:diverge\.$/],
    ["colour: red", /^colour: needs a value, such as colour:…\.$/],
  ]) {
    test(text, () => {
      const { problems } = search.parse(text);
      assert.equal(problems.length, 1);
      assert.match(problems[0], problem);
    });
  }

  test("a word, or a key that takes any text, is never wrong", () => {
    assert.deepEqual(search.parse("raises:Nothing value:7 id:x file:y word").problems, []);
  });

  test("every example of the help is a query without a problem", () => {
    for (const [example] of search.help()) {
      if (!/:(…|A,B|\*\[)/.test(example)) assert.deepEqual(search.parse(example).problems, [], example);
    }
  });
});

describe("terms", () => {
  test("split at commas outside of brackets", () => {
    assert.deepEqual(alternatives("a, b[c,d],,e"), ["a", "b[c,d]", "e"]);
  });

  test("match as a whole, whatever the case, with * and ? as wildcards", () => {
    assert.ok(glob("A*C")("abbc"));
    assert.ok(glob("a.c")("A.C"));
    assert.ok(!glob("a.c")("abc"));
    assert.ok(!glob("a")("ab"));
    assert.ok(glob("a?c*")("abc\nd"));
  });

  test("are quoted where they have blanks", () => {
    assert.equal(written("id", "a", "b"), "id:a,b");
    assert.equal(written("id", "a b"), 'id:"a b"');
  });

  test("are switched on and off without losing the others", () => {
    let text = toggled("word", "is", "diverge");
    assert.equal(text, "word is:diverge");
    text = toggled(text, "is", "agree");
    assert.equal(text, "word is:diverge,agree");
    assert.ok(isChosen(search.parse(text), "is", "agree"));
    text = toggled(text, "is", "diverge");
    assert.equal(toggled(text, "is", "agree"), "word");
    assert.ok(!isChosen(search.parse("-is:agree"), "is", "agree"));
  });
});
