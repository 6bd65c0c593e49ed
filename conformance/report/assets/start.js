// The first screen: two questions, and where to start.

import { go, href } from "./address.js";
import { apartAnswer } from "./apart.js";
import { implementationField } from "./combobox.js";
import { axisNamed, caseNamed, cases, data, implementationNamed, implementations, pairs, store } from "./data.js";
import { coded, copyable, count, h, svg, table } from "./dom.js";
import { otherParameters } from "./equals.js";
import { equivalents } from "./implementations.js";
import { lawTitle } from "./laws.js";
import { written } from "./query.js";
import { questionsList } from "./questions.js";
import { breakable, caseLink, causeLink, implementationLink, inputs, letter, statusWords, told } from "./words.js";

export function startView(current) {
  const [one, other] = [implementationNamed.get(current.a), implementationNamed.get(current.b)];
  const example = one || other ? [one, other] : seedPair();
  const answer = h("div.answer", { "aria-live": "polite" });
  // A pair that nobody chose is an example: what is chosen next to it takes its place if they cannot be compared.
  const partner = (chosen, kept) => (one || other || kept?.quantity === chosen.quantity ? kept?.id : undefined);
  const matched = implementationNamed.get(current.match);
  const isAsked = Boolean(one || other || matched);
  if (one || other || !matched) answer.append(pairAnswer(example[0], example[1]));
  return h(
    "section.start",
    attention(),
    h(
      "div.questions",
      h(
        "div.question",
        h("h2", "Why do my two numbers differ?"),
        h(
          "div.pickers",
          implementationField("a", "First implementation", example[0], (chosen) =>
            go({ view: "start", a: chosen.id, b: partner(chosen, example[1]) }),
          ),
          implementationField("b", "Second implementation", example[1], (chosen) =>
            go({ view: "start", a: partner(chosen, example[0]), b: chosen.id }),
          ),
        ),
      ),
      h(
        "div.question",
        h("h2", "Which call matches mine?"),
        implementationField("match", "My implementation", matched, ({ id }) => go({ view: "start", match: id })),
      ),
    ),
    aboutNames(),
    isAsked ? null : questionsList(),
    matched
      ? h(
          "section.answer",
          { id: "match-answer" },
          h("h3", "Calls that match ", implementationLink(matched)),
          equivalents(matched),
        )
      : null,
    answer,
    isAsked ? questionsList() : null,
    begin(),
  );
}

/** What brackets and @ in names stand for, if there are any. */
function aboutNames() {
  if (!implementations.some(({ id }) => id.includes("["))) return null;
  const examples = [
    ["[average=micro]", "with this parameter"],
    ["[argmax]", "on the class with the highest score"],
    ["compile[accuracy]", "a model compiled with this string"],
    ["@", "with this backend or release"],
  ];
  return h(
    "p.meta",
    "Names are import paths; brackets say how the call is used: ",
    examples.map(([name, says], index) => [index ? ", " : "", h("code", name), ` ${says}`]),
    ". Point at a name to read what it computes.",
  );
}

/** Two implementations of the first seed case whose divergence has a computed cause. */
function seedPair() {
  const entry = caseNamed.get(data.seeds[0]) ?? cases.find((candidate) => candidate.parts.length);
  const part = pairs.clearest(entry);
  return part ? part.seen.map((number) => implementations[number]) : [undefined, undefined];
}

function pairAnswer(one, other) {
  if (!one || !other) return h("p", "Choose two implementations to see where they diverge, and why.");
  if (one === other) return h("p", "These are the same implementation.");
  const names = [implementationLink(one), " and ", implementationLink(other)];
  const { common, diverging } = pairs.compare(one, other);
  if (!common.length) return apartAnswer(one, other);
  if (!diverging.length) {
    return h(
      "p.lead",
      names,
      common.length === 1 ? " agree on the only" : ` agree on all ${common.length}`,
      " common ",
      common.length === 1 ? "case." : "cases.",
    );
  }
  const agree = common.length - diverging.length;
  const reasons = pairs.reasons(one, other, diverging);
  const computed = reasons.filter((reason) => reason.own);
  const others = reasons.filter((reason) => !reason.own);
  const all = href({ view: "cases", quantity: one.quantity, q: written("differs", one.id, other.id) });
  return h(
    "div",
    h(
      "p.lead",
      names,
      ` agree on ${agree} of ${count(common.length, "case")} and differ on `,
      h("a", { href: all }, `${diverging.length} of them`),
      ".",
    ),
    h(
      "p.meta",
      "The cases target known differences: two calls that differ on half of them can agree on all ordinary input.",
    ),
    otherParameters(one, other),
    computed.length
      ? h(
          "ol.reasons",
          computed.map((reason) => reasonCard(one, other, reason)),
        )
      : null,
    notComputed(one, other, others),
  );
}

/** Why these two implementations differ, with the smallest case that shows it. */
function reasonCard(one, other, { sets, cases: found }) {
  const [{ entry, cause }] = found;
  const axes = [...new Set(sets.flat())];
  const query = [written("differs", one.id, other.id), ...axes.map((axis) => written("cause", axis))].join(" ");
  const side = (implementation, place) => {
    const cell = store.cellsOf(entry).get(implementation.index);
    const says = axes.map((axis) => cause.says(axis, place)).filter(Boolean);
    return h(
      "div",
      h("dt", h("bdi.name", breakable(implementation.id))),
      h("dd", h("p", letter("diverge", cell.group, cell.letter), " ", h("b.value", cell.record.brief)), says.map(told)),
    );
  };
  return h(
    "li",
    h(
      "h3",
      sets.map((set, index) => [index ? ", or " : "", titleOf(set)]),
      sets.length ? " " : "No cause computed ",
      h("a.meta", { href: href({ view: "cases", quantity: one.quantity, q: query }) }, count(found.length, "case")),
    ),
    sets.length ? null : h("p", "An outcome is not the predicted one, or follows from no definition."),
    h(
      "div.smallest",
      h("div", h("p.meta", "The plainest case: ", caseLink(entry)), inputs(entry)),
      h("dl.versus", side(one, 0), side(other, 1)),
    ),
    axes
      .filter((axis) => axisNamed.get(axis)?.agree)
      .map((axis) => h("p.todo", h("b", "What to do: "), coded(axisNamed.get(axis).agree))),
  );
}

/** The cases for which an older document has causes of other implementations only. */
function notComputed(one, other, reasons) {
  if (!reasons.length) return null;
  const number = reasons.reduce((sum, reason) => sum + reason.cases.length, 0);
  const [{ entry }] = reasons[0].cases;
  const lines = reasons.map(({ sets: [axes = []], cases: found }) => [
    axes.length ? axes.map((axis, index) => [index ? " with " : "", causeLink(axis)]) : "none found",
    String(found.length),
    caseLink(found[0].entry),
    (found[0].cause?.computedFor ?? []).map((member, index) => [index ? " and " : "", implementationLink(member)]),
  ]);
  return h(
    "section.uncomputed",
    h("h3", `Causes of other implementations: ${count(number, "case")}`),
    h("p", "This document is older: it has causes of one representative of each group only. For these two, run:"),
    copyable(runCommand(entry, one, other), "Command that computes the causes for these two"),
    h("p.meta", "Those of the representatives, which have the same outcomes and may differ for another reason:"),
    table(["Cause", "Cases", "Smallest case", "Computed for"], lines, { label: "Causes computed for other pairs" }),
  );
}

function runCommand(entry, ...members) {
  const quoted = members.map(({ id }) => ` --implementation '${id}'`);
  return `conformance run --case ${entry.id}${quoted.join("")}`;
}

function titleOf(axes) {
  return axes.map((axis) => axisNamed.get(axis)?.title || axis).join(", with ") || "No cause was found";
}

const MOST_MATTERS = 20;

/** What fails a run: frameworks that cannot be started, outcomes, laws and compile() strings, each with what to do. */
function attention() {
  const { matters } = data;
  if (!matters.length) return null;
  return h(
    "section.attention",
    h("h2", "Needs attention"),
    h(
      "ul.clean",
      matters.slice(0, MOST_MATTERS).map((matter) => {
        const implementation = implementationNamed.get(matter.implementation);
        const meaning = data.words[matter.of === "law" ? "law" : "cell"][matter.verdict];
        return h(
          "li",
          h(
            "p",
            h("span.status.urgent", { title: meaning }, statusWords(matter.verdict)),
            " ",
            subjectLink(matter, implementation),
            matter.implementation && [
              ", ",
              implementation ? implementationLink(implementation) : h("bdi.name", matter.implementation),
            ],
          ),
          matter.says && h("p.note", matter.says),
          h("p.note", h("b", "What to do: "), coded(matter.advice)),
        );
      }),
    ),
    matters.length > MOST_MATTERS
      ? h("p", `And ${matters.length - MOST_MATTERS} more. See `, places(matters), ".")
      : null,
  );
}

/** Links to where all matters of each kind are. */
function places(matters) {
  const found = [
    ["outcome", "all such cases", { view: "cases", q: `is:${data.words.urgent.join(",")}` }],
    ["law", "all laws", { view: "laws" }],
    ["name", "all compile() strings", { view: "names" }],
  ].filter(([kind]) => matters.some(({ of }) => of === kind));
  return found.map(([, text, place], index) => [index ? ", " : "", h("a", { href: href(place) }, text)]);
}

/** A link to what needs attention: a case, a law, or the table of compile() strings; the name of a framework. */
function subjectLink({ of, subject, implementation: name }, implementation) {
  if (of === "framework") return h("bdi", subject);
  if (of === "outcome") return caseLink(caseNamed.get(subject));
  if (of === "law") {
    return h(
      "a",
      { href: href({ view: "laws", law: subject, implementation: implementation?.id }) },
      h("bdi", lawTitle(subject)),
    );
  }
  const [place, string] = name.split(": ");
  return h("a", { href: href({ view: "names", place, string }) }, h("bdi", subject));
}

/** The causes by number of cases, and the cases that started the project. */
function begin() {
  const causes = data.axes.filter((axis) => axis.cases > 0);
  const most = Math.max(1, ...causes.map((axis) => axis.cases));
  const seeds = data.seeds.map((id) => caseNamed.get(id)).filter(Boolean);
  return h(
    "section.begin",
    h("h2", "Why frameworks differ"),
    h(
      "ol.bars",
      causes.map((axis) =>
        h(
          "li",
          h("a", { href: href({ view: "causes", cause: axis.id }) }, axis.title || axis.id),
          bar(axis.cases / most),
          h("span.value", count(axis.cases, "case")),
        ),
      ),
    ),
    seeds.length
      ? h(
          "p",
          "The question that started this project: ",
          seeds.map((entry, index) => [index ? ", " : "", caseLink(entry)]),
          ".",
        )
      : null,
    h(
      "p.meta",
      "There is no specification of these metrics, so no implementation is graded. Each is checked against its own ",
      "definition, implementations are compared with each other, and each divergence has computed causes.",
    ),
  );
}

function bar(share) {
  return svg(
    "svg",
    { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { width: Math.max(0.8, 100 * share), height: 8 }),
  );
}
