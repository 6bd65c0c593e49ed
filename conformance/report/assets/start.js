// The first screen: two questions as controls, and where to begin.

function startView(current) {
  const [one, other] = [implementationNamed.get(current.a), implementationNamed.get(current.b)];
  const example = one || other ? [one, other] : seedPair();
  const answer = h("div.answer", { "aria-live": "polite" });
  const set = (parts) => go({ view: "start", a: example[0]?.id, b: example[1]?.id, match: current.match, ...parts });
  answer.append(pairAnswer(example[0], example[1]));
  const matched = implementationNamed.get(current.match);
  return h("section.start", null,
    attention(),
    h("div.questions", null,
      h("div.question", null, h("h2", null, "Why do my two numbers differ?"),
        h("div.pickers", null, picker("a", "One is", example[0]?.id, (id) => set({ a: id })), picker("b", "the other is", example[1]?.id, (id) => set({ b: id })))),
      h("div.question", null, h("h2", null, "Which call matches mine?"),
        picker("match", "Mine is", matched?.id, (id) => set({ match: id })))),
    matched ? h("section.answer", { id: "match-answer" }, h("h3", null, "Calls that match ", h("bdi.name", null, matched.id)), equivalents(matched)) : null,
    answer,
    begin());
}

/** The two implementations with which the first seed case makes its point. */
function seedPair() {
  const entry = caseNamed.get(data.seeds[0]) ?? cases.find((candidate) => candidate.parts.length);
  const part = tellingPart(entry);
  if (!part) return [undefined, undefined];
  // The first of each group, in the order of the report, stand for it as well as those the causes were found on.
  const { groups } = entry.compared[part.quantity];
  return part.groups.map((name) => {
    const [, , ...bundles] = groups.find(([text]) => text === name);
    return implementations[Math.min(...bundles.flatMap(([, ...members]) => members))];
  });
}

/** The parting of a case that tells most: of two values, if there is one. */
function tellingPart(entry, holds = () => true) {
  const parts = (entry?.parts ?? []).filter((part) => part.seen.length === 2 && holds(part));
  const cells = entry && cellsOf(entry);
  return parts.find((part) => part.seen.every((number) => cells.get(number)?.record.kind === "value")) ?? parts[0];
}

function pairAnswer(one, other) {
  if (!one || !other) return h("p", null, "Choose two implementations, and the reasons for which they part stand here.");
  if (one === other) return h("p", null, "These are the same implementation.");
  const names = [h("bdi.name", null, one.id), " and ", h("bdi.name", null, other.id)];
  const { common, parting } = pair(one, other);
  if (one.quantity !== other.quantity) {
    return h("p.lead", null, names, ` promise different things, ${data.quantities[one.quantity].toLowerCase()} and ${data.quantities[other.quantity].toLowerCase()}, and are not compared.`);
  }
  if (!common.length) return h("p.lead", null, "There is no case that both ", names, " take.");
  const reasons = reasonsOf(one, other, parting);
  const agree = common.length - parting.length;
  const sentence = parting.length
    ? ` agree on ${agree} of ${count(common.length, "case")}; they part for ${count(reasons.length, "reason")}:`
    : ` agree on ${common.length === 1 ? "the only case" : `all ${common.length} cases`} that both take.`;
  return h("div", null, h("p.lead", null, names, sentence), h("ol.reasons", null, reasons.map((found) => reasonCard(one, other, found))));
}

/** More rules than these, any of which may be the reason, are named and not told. */
const MOST_OPEN = 3;

function reasonCard(one, other, { axes, open, cases: found }) {
  const [{ entry, says, seen, foundOn }] = found;
  const cells = cellsOf(entry);
  const explained = open && axes.length > MOST_OPEN ? [] : axes;
  const side = (implementation, place) => {
    const cell = cells.get(implementation.index);
    const named = seen ? implementations[seen[place]] : implementation;
    return h("div", null, h("dt", null, h("bdi.name", null, named.id)),
      h("dd", null, h("p", null, letter("diverge", cell.group, cell.letter), " ", h("b.value", null, cell.record.brief)),
        explained.map((axis) => { const text = says(axis, place); return text ? prose(text) : null; })));
  };
  const query = [written("differs", one.id, other.id), ...(open ? [] : axes).map((axis) => written("cause", axis))].join(" ");
  const titles = axes.map((axis) => axisNamed.get(axis)?.title || axis);
  const heading = open ? (explained.length ? `One of these: ${titles.join("; ")}` : `One of ${axes.length} rules`) : titles.join(", together with ");
  return h("li", null,
    h("h3", null, axes.length ? heading : "No cause is recorded",
      " ", h("a.meta", { href: href({ view: "cases", quantity: one.quantity, q: query }) }, count(found.length, "case"))),
    h("div.smallest", null, h("div", null, h("p.meta", null, "The smallest: ", caseLink(entry)), inputs(entry)), h("dl.versus", null, side(one, 0), side(other, 1))),
    open ? h("p.meta", null, "Rules were exchanged between other members of the two groups here; these are the rules in which these two differ: ",
      axes.map((axis, index) => [index ? " " : "", causeLink(axis)])) : null,
    seen ? h("p.meta", null, "Found on these two, which stand for the groups of yours.") : null,
    foundOn ? h("p.meta", null, "Found on ", implementationLink(implementations[foundOn[0]]), " and ", implementationLink(implementations[foundOn[1]]),
      ", which came to the same as these two; these differ in that as well, and may differ in more.") : null,
    (open ? [] : axes).filter((axis) => axisNamed.get(axis)?.agree).map((axis) => h("p.todo", null, h("b", null, "What to do: "), axisNamed.get(axis).agree)));
}

const MOST_MATTERS = 20;

/** What turns a run red: outcomes, laws and names, each with what to do. */
function attention() {
  const { matters } = data;
  if (!matters.length) return null;
  return h("section.attention", null, h("h2", null, "What needs a look"),
    h("ul.clean", null, matters.slice(0, MOST_MATTERS).map((matter) => {
      const implementation = implementationNamed.get(matter.implementation);
      const meaning = matter.of === "law" ? LAW[matter.verdict]?.says : data.words.cell[matter.verdict];
      return h("li", null, h("p", null, h("span.status.urgent", { title: meaning }, matter.verdict.replaceAll("-", " ")), " ", subjectLink(matter, implementation), ", ",
        implementation ? implementationLink(implementation) : h("bdi.name", null, matter.implementation)),
      matter.says && h("p.note", null, matter.says),
      h("p.note", null, h("b", null, "What to do: "), coded(matter.advice)));
    })),
    matters.length > MOST_MATTERS ? h("p", null, `And ${matters.length - MOST_MATTERS} more. See `, places(matters), ".") : null);
}

/** Links to where all matters of each kind are. */
function places(matters) {
  const found = [["outcome", "all such cases", { view: "cases", q: `is:${data.words.urgent.join(",")}` }],
    ["law", "all laws", { view: "laws" }], ["name", "all names", { view: "names" }]].filter(([kind]) => matters.some(({ of }) => of === kind));
  return found.map(([, text, place], index) => [index ? ", " : "", h("a", { href: href(place) }, text)]);
}

/** A link to what a matter is about: a case, a law, or the table of names. */
function subjectLink({ of, subject, implementation: name }, implementation) {
  if (of === "outcome") return caseLink(caseNamed.get(subject));
  if (of === "law") {
    return h("a", { href: href({ view: "laws", law: subject, implementation: implementation?.id }) }, h("bdi", null, lawTitle(subject)));
  }
  const [place, string] = name.split(": ");
  return h("a", { href: href({ view: "names", place, string }) }, h("bdi", null, subject));
}

/** The causes by number of cases, and the cases to begin with. */
function begin() {
  const causes = data.axes.filter((axis) => axis.cases > 0);
  const most = Math.max(1, ...causes.map((axis) => axis.cases));
  const seeds = data.seeds.map((id) => caseNamed.get(id)).filter(Boolean);
  return h("section.begin", null, h("h2", null, "Why frameworks part"),
    h("ol.bars", null, causes.map((axis) => h("li", null, h("a", { href: href({ view: "causes", cause: axis.id }) }, axis.title || axis.id),
      bar(axis.cases / most), h("span.value", null, count(axis.cases, "case"))))),
    seeds.length ? h("p", null, "Begin with the question that started it: ", seeds.map((entry, index) => [index ? ", " : "", caseLink(entry)]), ".") : null,
    h("p.meta", null, "There is no specification of accuracy, so nobody here is graded. Each implementation is held to what it says it computes; implementations are compared with each other, and each divergence is traced to its causes."));
}

function bar(share) {
  return svg("svg", { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { width: Math.max(0.8, 100 * share), height: 8 }));
}
