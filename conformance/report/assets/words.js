// Small pieces that many parts show.

const LETTERS = "ABCDEFGH";

/** The class that colours a group; where all agree there is nothing to tell apart. */
function colour(verdict, group) {
  return verdict === "diverge" && group >= 0 ? `g${LETTERS[group % LETTERS.length]}` : "plain";
}

function letter(verdict, group, text) {
  return h(`span.letter.${colour(verdict, group)}`, null, text);
}

function status(verdict) {
  const urgent = data.words.urgent.includes(verdict) ? ".urgent" : "";
  return h(`span.status${urgent}`, { title: data.words.cell[verdict] }, verdict.replaceAll("-", " "));
}

function verdictWords(verdict) {
  return verdict === "null" ? "nothing to compare" : verdict;
}

function causeLink(axis) {
  return h("a.cause", { href: href({ view: "causes", cause: axis }), title: axisNamed.get(axis)?.title },
    h("bdi", null, axis));
}

function caseLink(entry) {
  return h("a", { href: caseHref(entry) }, h("bdi", null, entry.title));
}

function implementationLink(entry, text = breakable(entry.id)) {
  return h("a.name", { href: implementationHref(entry), title: `${entry.id}: ${entry.definition}` },
    h("bdi", null, text));
}

/** Implementations by framework, in short names. */
function named(numbers, most = Infinity) {
  const shown = numbers.slice(0, most).map((number) => implementations[number]);
  const byOrigin = Map.groupBy ? Map.groupBy(shown, (entry) => entry.origin) : grouped(shown, (entry) => entry.origin);
  const more = numbers.length - shown.length;
  return h("ul.names", null,
    [...byOrigin].map(([origin, entries]) => h("li", null, h("b", null, h("bdi", null, origin)), " ",
      entries.map((entry, index) => [index ? ", " : "", implementationLink(entry, entry.name)]))),
    more > 0 && h("li", null, `and ${more} more`));
}

function grouped(entries, key) {
  const groups = new Map();
  for (const entry of entries) {
    const name = key(entry);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(entry);
  }
  return groups;
}

/** A menu of all implementations, by framework. */
function picker(id, label, chosen, onchange) {
  const groups = grouped(implementations, (entry) => entry.origin);
  return h("label.picker", { for: id }, h("span", null, label),
    h("select", { id, onchange: (event) => onchange(event.target.value) },
      h("option", { value: "" }, "Choose an implementation"),
      [...groups].map(([origin, entries]) => h("optgroup", { label: origin }, entries.map((entry) =>
        h("option", { value: entry.id, selected: entry.id === chosen }, entry.id))))));
}

/** The input of a case in the lines of its file. */
function inputs(entry) {
  return entry.yaml ? h("pre", { tabindex: 0, "aria-label": "Input" }, h("code", null, entry.yaml)) : null;
}

/** Menu of the quantities that there are; nothing where there is one. */
function quantityTabs(chosen, address) {
  if (quantities.length < 2) return null;
  return h("nav.tabs", { "aria-label": "Quantity" }, quantities.map((quantity) =>
    h("a", { href: address(quantity), "aria-current": quantity === chosen ? "true" : null },
      data.quantities[quantity])));
}
