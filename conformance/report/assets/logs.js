// Training logs: which samples and weights went into two numbers of a log, and why they differ.

import { go, href } from "./address.js";
import { axisNamed, data, implementations } from "./data.js";
import { coded, copyable, count, h, svg, table } from "./dom.js";
import { causeLink, fact, implementationLink } from "./words.js";

const WEIGHTS = { moving: "as they were at each batch, before its step", final: "those after the epoch" };
const MODE = {
  training: "training: dropout drops, batch normalization uses the statistics of the batch",
  inference: "inference",
};
const DATA = { training: "training data", validation: "validation data" };

/** The first two numbers that differ for one reason alone, and are no running values, if there are any. */
function firstPair(log) {
  const isWhole = (number) => log.numbers[number].batch === null;
  const whole = log.differences.filter(([one, other]) => isWhole(one) && isWhole(other));
  const found = whole.find(([, , sets]) => sets.length === 1 && sets[0].length === 1) ?? whole[0];
  return found ?? log.differences[0] ?? [0, log.numbers.length - 1];
}

export function logsView(current) {
  const run = data.runs.find(({ id }) => id === current.run) ?? data.runs[0];
  const log = run.logs.find(({ origin }) => origin === current.log) ?? run.logs[0];
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Training logs"),
    h(
      "p.lead",
      "Why is the number in the log not the one that you compute afterwards? These small models were trained in every ",
      "framework that can. Choose what your log shows: you see which samples and which weights went into it.",
    ),
    causesOfLogs(Boolean(current.a ?? current.run)),
    h("h3", { id: "log" }, run.title),
    run.because ? h("p", coded(run.because)) : null,
    h(
      "div.pickers",
      picker(
        "Model",
        data.runs,
        run,
        ({ title }) => title,
        ({ id }) => ({ run: id, log: log.origin }),
      ),
      picker(
        "Framework",
        run.logs,
        log,
        ({ origin }) => origin,
        ({ origin }) => ({ run: run.id, log: origin }),
      ),
    ),
    log.numbers.length ? numbersOf(run, log, current) : h("p", log.raised, " ", log.explanation),
    run.absent.map(([reason, origins]) => h("p.meta", `Not in ${origins.join(", ")}: ${reason}.`)),
    h("details", h("summary", "The run as it is written"), copyable(run.yaml, "The run in YAML")),
  );
}

/** Every cause that the runs show, each with links to pairs of numbers that differ for it. */
function causesOfLogs(isChosen) {
  const shown = new Map();
  for (const run of data.runs) {
    for (const log of run.logs) {
      for (const [one, other, sets] of log.differences) {
        // A pair with a single cause shows it best.
        if (sets.length !== 1 || sets[0].length !== 1) continue;
        const [cause] = sets[0];
        if (!shown.has(cause)) shown.set(cause, new Map());
        const runs = shown.get(cause);
        if (!runs.has(run)) runs.set(run, new Map());
        if (!runs.get(run).has(log)) runs.get(run).set(log, [one, other]);
      }
    }
  }
  return h(
    "details",
    // A link to a run, or to two of its numbers, leads there, and not to the other questions.
    { open: !isChosen },
    h("summary", "Why two numbers of a log differ"),
    h(
      "dl.whys",
      [...shown].map(([cause, runs]) => [
        h("dt", h("b", coded(data.logCauses[cause]?.asks ?? titleOf(cause)))),
        h(
          "dd",
          saysOf(cause),
          " ",
          h(
            "ul.clean",
            [...runs].slice(0, 2).map(([run, logs]) => h("li", pairLinks(run, logs))),
          ),
        ),
      ]),
    ),
  );
}

function pairLinks(run, logs) {
  return [
    h("span", run.title, ": "),
    [...logs].map(([log, [one, other]], index) => [
      index ? ", " : "",
      h("a", { href: place(run, log, log.numbers[one], log.numbers[other]) }, log.origin),
    ]),
  ];
}

function place(run, log, one, other) {
  return href({ view: "logs", run: run.id, log: log.origin, a: one.name, b: other.name });
}

function titleOf(cause) {
  return data.logCauses[cause]?.title ?? axisNamed.get(cause)?.title ?? cause;
}

function saysOf(cause) {
  const says = data.logCauses[cause]?.says;
  return says ? coded(says) : ["The two numbers follow different rules on ", causeLink(cause), "."];
}

function picker(label, entries, chosen, title, parts) {
  const select = h(
    "select",
    { onchange: () => go({ view: "logs", ...parts(entries[select.selectedIndex]) }) },
    entries.map((entry) => h("option", { selected: entry === chosen }, title(entry))),
  );
  return h("label.picker", h("span", label), select);
}

function numbersOf(run, log, current) {
  const [first, second] = firstPair(log);
  const one = log.numbers.find(({ name }) => name === current.a) ?? log.numbers[first];
  const other = log.numbers.find(({ name }) => name === current.b) ?? log.numbers[second];
  const parts = (a, b) => ({ run: run.id, log: log.origin, a: a.name, b: b.name });
  const title = (number) => `${number.title}: ${number.brief}`;
  return h(
    "div",
    h(
      "div.pickers",
      picker("My log shows", log.numbers, one, title, (chosen) => parts(chosen, other)),
      picker("I compare it with", log.numbers, other, title, (chosen) => parts(one, chosen)),
    ),
    h("div.answer", { "aria-live": "polite" }, answer(log, one, other)),
    figure(log, one, other),
    h("h4", "All numbers of this log"),
    allNumbers(run, log),
    h("h4", "The code"),
    copyable(log.code, `The program in ${log.origin}`),
  );
}

function answer(log, one, other) {
  return [why(log, one, other), h("dl.versus", [one, other].map(side)), samplesTable(one, other)];
}

function why(log, one, other) {
  if (one === other) return h("p.lead", "This is one number.");
  const [left, right] = [log.numbers.indexOf(one), log.numbers.indexOf(other)];
  const found = log.differences.find(([a, b]) => (a === left && b === right) || (a === right && b === left));
  if (!found && one.whole === other.whole) return h("p.lead", "Both are ", h("b.value", one.brief), ".");
  if (!found) {
    return h(
      "p.lead",
      "Why these two differ was not computed: compare numbers of one epoch, and a running value with the epoch's.",
    );
  }
  const sets = found[2];
  return [
    h("p.lead", h("b.value", one.brief), " and ", h("b.value", other.brief), " differ. Why:"),
    h(
      "ul.reasons",
      sets.map((set, index) =>
        h(
          "li",
          index ? h("p.meta", "Or, which also explains it:") : null,
          set.map((cause) => [h("h4", titleOf(cause)), h("p", saysOf(cause)), instead(cause)]),
        ),
      ),
    ),
  ];
}

function instead(cause) {
  const todo = data.logCauses[cause]?.instead ?? axisNamed.get(cause)?.agree;
  return todo ? h("p.todo", h("b", "What to do: "), coded(todo)) : null;
}

function side(number) {
  const implementation = implementations[number.implementation];
  return h(
    "div",
    h("dt", number.title),
    h("dd", h("p", h("b.value", number.whole), " ", h("span.meta", `predicted ${number.predicted}`))),
    h("dd", h("p", h("code", number.shownAs))),
    h(
      "dd",
      h(
        "dl.facts",
        fact("Samples", `${count(number.samples.length, "sample")} of the ${DATA[number.data] ?? number.data}`),
        fact("Model weights", WEIGHTS[number.weights] ?? number.weights),
        fact("Mode", MODE[number.mode] ?? number.mode),
        fact("Sample weights", number.weighted ? "used" : "not used"),
        number.parameters.length ? fact("Parameters", h("code", number.parameters.join(", "))) : null,
        implementation ? fact("Computed as", implementationLink(implementation)) : null,
      ),
    ),
    number.explanation ? h("dd", h("p.note", number.explanation)) : null,
  );
}

/** The samples of both numbers: those of one data set in one line each, with what the model gave for both. */
function samplesTable(one, other) {
  const both = one.data === other.data;
  const all = [...one.samples, ...other.samples];
  // Name, column in a sample, and what holds for a sample of a number without it.
  const more = [
    ["weight", 4, "1"],
    ["mask", 5, "none"],
  ].filter(([, column]) => all.some((sample) => (sample[column] ?? null) !== null));
  const cells = (sample) => {
    const shown = sample ? h("span.value", sample[3]) : h("span.meta", "not in it");
    return [shown, ...more.map(([, column, absent]) => (sample ? (sample[column] ?? absent) : ""))];
  };
  const heads = (number) => [`y_pred in: ${number.title}`, ...more.map(([name]) => name)];
  if (!both || one === other) {
    return [one, other].slice(0, one === other ? 1 : 2).map((number) =>
      details(
        `Samples of: ${number.title}`,
        ["Batch", "Sample", "y_true", ...heads(number)],
        number.samples.map((sample) => [String(sample[0]), String(sample[1]), sample[2], ...cells(sample)]),
      ),
    );
  }
  const byNumber = (number) => Map.groupBy(number.samples, (sample) => sample[1]);
  const [left, right] = [byNumber(one), byNumber(other)];
  const lines = [...new Set([...left.keys(), ...right.keys()])]
    .sort((a, b) => a - b)
    .flatMap((sample) => {
      const [mine, theirs] = [left.get(sample) ?? [], right.get(sample) ?? []];
      return Array.from({ length: Math.max(mine.length, theirs.length) }, (_, index) => {
        const known = mine[index] ?? theirs[index];
        return [String(sample), known[2], ...cells(mine[index]), ...cells(theirs[index])];
      });
    });
  return details("The samples of both", ["Sample", "y_true", ...heads(one), ...heads(other)], lines);
}

function details(title, heads, lines) {
  return h("details", { open: lines.length <= 12 }, h("summary", title), table(heads, lines, { label: title }));
}

function allNumbers(run, log) {
  const lines = log.numbers.map((number) => [
    number.title,
    h("span.value", number.brief),
    h("code", number.shownAs),
    count(number.samples.length, "sample"),
    WEIGHTS[number.weights] ?? number.weights,
  ]);
  return table(["Number", "Value", "In the log as", "Made of", "Model weights"], lines, {
    label: "All numbers of this log",
  });
}

const SIZE = { width: 560, height: 220, left: 44, right: 150, top: 14, bottom: 36 };

/** The running values over the batches, with what is logged after each epoch. */
function figure(log, one, other) {
  const metric = one.metric;
  const ofMetric = (number) => number.metric === metric && number.output === one.output && number.at !== null;
  const running = log.numbers.filter((number) => number.kind === "running" && ofMetric(number));
  if (running.length < 2) return null;
  const x = (index) => SIZE.left + (index / Math.max(1, running.length - 1)) * (SIZE.width - SIZE.left - SIZE.right);
  const y = (value) => SIZE.height - SIZE.bottom - value * (SIZE.height - SIZE.top - SIZE.bottom);
  const epochs = [...Map.groupBy(running, ({ epoch }) => epoch).values()];
  const lines = [one, other].filter((number, index, all) => number.at !== null && all.indexOf(number) === index);
  const picture = svg(
    "svg",
    {
      class: "curves running",
      viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
      role: "img",
      "aria-label": `Running ${metric} over ${count(running.length, "batch", "batches")}`,
    },
    svg(
      "g",
      { class: "axes" },
      [0, 0.5, 1].map((value) => [
        svg("line", { x1: x(0), x2: x(running.length - 1), y1: y(value), y2: y(value), class: "grid" }),
        svg("text", { x: SIZE.left - 8, y: y(value) + 4, "text-anchor": "end" }, String(value)),
      ]),
      svg(
        "text",
        { x: x((running.length - 1) / 2), y: SIZE.height - 6, "text-anchor": "middle" },
        "batches, epoch after epoch",
      ),
    ),
    epochs.map((numbers) =>
      svg(
        "g",
        { class: "curve s0" },
        numbers.slice(1).map((number, index) => {
          const [from, to] = [running.indexOf(numbers[index]), running.indexOf(number)];
          return svg("line", { x1: x(from), x2: x(to), y1: y(numbers[index].at), y2: y(number.at) });
        }),
        numbers.map((number) =>
          svg("circle", { cx: x(running.indexOf(number)), cy: y(number.at), r: 4, class: "closed" }),
        ),
      ),
    ),
    lines.map((number, index) =>
      svg(
        "g",
        { class: `curve s${index + 1}` },
        svg("line", { x1: x(0), x2: x(running.length - 1), y1: y(number.at), y2: y(number.at) }),
        svg(
          "text",
          { x: x(running.length - 1) + 8, y: y(number.at) + (index ? 14 : -4) },
          `${index ? "B" : "A"} ${number.brief}`,
        ),
      ),
    ),
  );
  return h(
    "figure",
    picture,
    h(
      "figcaption",
      `Dots: the running ${metric} after each batch, which starts anew with each epoch. Lines: `,
      lines.map((number, index) => [index ? "; " : "", h("b", index ? "B" : "A"), ` ${number.title}, ${number.brief}`]),
      ".",
    ),
  );
}
