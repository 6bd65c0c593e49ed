// A small report: three implementations of two frameworks, one of another quantity, and four cases.

import { Store } from "../../../conformance/report/assets/store.js";

const RECORDS = [
  { kind: "value", whole: "1.0", verdict: "as-defined" },
  { kind: "value", whole: "0.5", verdict: "documented", departures: ["rounds-up"] },
  { kind: "raises", whole: "ValueError", verdict: "as-defined", rules: { ties: 1 }, raised: "not-1d: two dimensions." },
  { kind: "crashed", whole: "SIGSEGV", verdict: "crashed" },
];

const implementation = (id, framework, quantity, rules, parameters = {}) => ({
  id,
  name: id.split(".").at(-1),
  framework,
  origin: framework,
  quantity,
  rules,
  parameters,
  programs: ["data = {data}\nprint(data)"],
});

const diverge = (...groups) => ({ accuracy: { verdict: "diverge", groups } });

export function smallStore() {
  return new Store({
    words: {
      cell: { "as-defined": "", documented: "", crashed: "", "not-applicable": "" },
      urgent: ["crashed"],
      shown: { documented: "known deviation" },
    },
    quantities: { accuracy: "Accuracy", "top-k": "Top-k" },
    axes: [{ id: "decision-rule" }, { id: "ties" }, { id: "refusal" }],
    findings: [{ id: "rounds-up" }],
    rules: [{ says: "The first of equal scores wins." }],
    sentences: ["Greater than.", "Equal."],
    records: RECORDS,
    absent: [[], [["no threshold", 2]]],
    programs: [[], [[0, 0, "list"]]],
    changes: null,
    since: [],
    causeSets: [[["ties"], ["name-resolution", "departure"]]],
    implementations: [
      implementation("one.Binary", "one", "accuracy", { ties: 0 }),
      implementation("one.Exact[a,b]", "one", "accuracy", {}, { k: "5", y_pred: "1", of: "2" }),
      implementation("two.accuracy", "two", "accuracy", { ties: 0 }, { k: "2", y_pred: "2", of: "2" }),
      implementation("two.top", "two", "top-k", {}),
    ],
    cases: [
      {
        id: "seed",
        title: "Scores and labels",
        task: "binary",
        family: "threshold",
        file: "cases/seed.yaml",
        because: "Two names, two rules.",
        tags: ["first"],
        yaml: "y_pred: [0.51, 1.0]",
        columns: ["y_true"],
        causes: ["decision-rule"],
        compared: diverge(["A", "1.0", [0, 0], [0, 2]], ["B", "0.5", [1, 1]]),
        parts: [
          {
            quantity: "accuracy",
            groups: ["A", "B"],
            seen: [0, 1],
            causes: [["decision-rule"]],
            says: { "decision-rule": [0, 1] },
          },
        ],
        pairs: { accuracy: [[[0], [2], [1]], [[1, 2, 0]]] },
        data: { list: "[0.51, 1.0]" },
        programs: 1,
      },
      {
        id: "tied",
        title: "A tie",
        task: "multiclass",
        family: "ties",
        yaml: "y_pred: [[0.5, 0.5]]",
        causes: ["ties"],
        compared: diverge(["A", "1.0", [0, 0]], ["B", "ValueError", [2, 1, 2]]),
      },
      {
        id: "plain",
        title: "Nothing special",
        task: "binary",
        family: "threshold",
        compared: { accuracy: { verdict: "agree", groups: [["A", "1.0", [0, 0, 1]]] } },
        absent: 1,
      },
      {
        id: "lost",
        title: "A crash",
        task: "binary",
        family: "threshold",
        compared: { "top-k": { verdict: "null", groups: [] } },
        lost: [[3, 3]],
      },
    ],
  });
}
