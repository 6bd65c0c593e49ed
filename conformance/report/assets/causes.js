// A short page for each cause: the rule, who follows which, an example, the smallest case, how to agree.

function causesView(current) {
  const axes = data.axes.filter((axis) => axis.cases > 0);
  const rest = data.axes.filter((axis) => !axis.cases);
  const chosen = axisNamed.get(current.cause);
  return h("section", null, h("h2", { tabindex: -1 }, "The causes"),
    h("p.lead", null, "A cause is computed, not written: the smallest sets of rules whose exchange removes the difference."),
    h("nav.tabs", { "aria-label": "Causes" }, axes.map((axis) => h("a", { href: href({ view: "causes", cause: axis.id }), "aria-current": axis === chosen ? "true" : null }, axis.id))),
    chosen ? causePage(chosen) : axes.map(causePage),
    !chosen && rest.length ? h("p.meta", null, "In no case of this run: ", rest.map((axis) => axis.title || axis.id).join(", "), ".") : null,
    chosen ? h("p", null, h("a", { href: href({ view: "causes" }) }, "All causes")) : null);
}

function causePage(axis) {
  const found = cases.filter((entry) => entry.causes.includes(axis.id)).sort(bySize);
  const example = exampleCase(axis, found);
  return h("article.card", { id: `cause:${axis.id}` },
    h("h3", null, axis.title || axis.id),
    h("p.meta", null, h("code", null, axis.id), h("span", null, found.length
      ? h("a", { href: href({ view: "cases", q: written("cause", axis.id) }) }, count(found.length, "case")) : "in no case of this run")),
    prose(axis.prose),
    axis.agree ? h("p.todo", null, h("b", null, "To make them agree: "), axis.agree) : null,
    exampleOfCause(axis, example),
    followers(axis));
}

const isAlone = (axis) => (part) => part.causes.length === 1 && part.causes[0].length === 1 && part.causes[0][0] === axis.id;

/** The smallest case with rows that this cause alone explains, better by two values than by an exception. */
function exampleCase(axis, found) {
  const alone = found.filter((entry) => entry.parts.some(isAlone(axis)));
  const values = (entry) => tellingPart(entry, isAlone(axis)).seen.every((number) => cellsOf(entry).get(number)?.record.kind === "value");
  const rows = alone.filter((entry) => entry.columns.length);
  return rows.find((entry) => axis.id !== "refusal" && values(entry)) ?? rows[0] ?? alone[0] ?? found[0];
}

function exampleOfCause(axis, entry) {
  if (!entry) return null;
  const part = tellingPart(entry, isAlone(axis)) ?? tellingPart(entry, (candidate) => candidate.causes.some((axes) => axes.includes(axis.id)));
  const cells = cellsOf(entry);
  const sides = (part?.seen ?? []).map((number, side) => {
    const cell = cells.get(number);
    return h("div", null, h("dt", null, letter(verdictOf(entry, cell.quantity), cell.group, cell.letter), " ", h("b.value", null, cell.record.brief), " ", implementationLink(implementations[number])),
      h("dd", null, part.says[axis.id] ? prose(data.sentences[part.says[axis.id][side]]) : null));
  });
  return h("div.smallest", null, h("div", null, h("p.meta", null, "A small case: ", caseLink(entry)), inputs(entry)), h("dl.versus", null, sides));
}

/** Who follows which rule on an axis. */
function followers(axis) {
  const rules = grouped(implementations.filter((entry) => ruleOf(entry, axis.id)), (entry) => ruleOf(entry, axis.id).says);
  if (!rules.size) return null;
  const lines = [...rules].sort((left, right) => right[1].length - left[1].length).map(([says, entries]) => {
    const rule = ruleOf(entries[0], axis.id);
    return h("li", null, h("p", null, says, " ", h("span.meta", null, rule.basis, ": ", linked(rule.source))), named(entries.map((entry) => entry.index)));
  });
  return h("details", null, h("summary", null, `Who follows which of ${count(rules.size, "rule")}`), h("ul.positions", null, lines));
}
