// The cases: filters, and the matrix of one quantity.

import { go, href, replaceAddress, state } from "./address.js";
import { cases, data, everything, implementations, origins, quantities, queries, store } from "./data.js";
import { coded, count, h } from "./dom.js";
import { folded } from "./fold.js";
import { Matrix } from "./matrix.js";
import { outcomesOf } from "./outcomes.js";
import { VERDICTS, isChosen, toggled, withoutWords, wordsOf } from "./query.js";
import { eachMember, verdictOf } from "./store.js";
import { alikeList, axisWords, letter, quantityTabs, verdictWords, grouped, statusWords } from "./words.js";

let shown = null;
let chipsOpen = false;

const TITLE = "Cases by implementations";

/** With at least this many cases, implementations that run on fewer than one of ten are hidden at first. */
export const MANY_LINES = 40;
export const FEW = 1 / 10;

export function casesView(current) {
  const quantity = quantities.includes(current.quantity) ? current.quantity : quantities[0];
  if (!quantity) return h("p", "Nothing was run: this document has no implementations.");
  shown?.matrix.observer.disconnect();
  const matrix = new Matrix(quantity);
  const chips = chipRows();
  const [tabs, line, elsewhere, outcomes] = [h("div"), h("p.meta", { role: "status" }), h("p.meta"), h("div")];
  const [title, apart] = [h("h2", { tabindex: -1 }, TITLE), h("div")];
  shown = { quantity, matrix, chips, title, tabs, line, elsewhere, outcomes, apart };
  const view = h(
    "section.cases",
    title,
    apart,
    tabs,
    h("div.chips", chips.rows),
    line,
    elsewhere,
    outcomes,
    matrix.element,
    legend(),
  );
  queueMicrotask(() => filter(box.value));
  return view;
}

/** Show the cases that fit a query; the matrix stays where it is. Where no quantity is chosen, the query does it. */
function filter(text, chosenQuantity = state().quantity) {
  if (!shown) return;
  const query = queries.parse(text);
  const words = query.isSentence ? everything.known(wordsOf(query)) : wordsOf(query);
  const exact = cases.filter(queries.compile(query, shown.quantity));
  // If no case has all words of a sentence, those that have most of them are shown.
  const found = exact.length ? exact : casesWithMost(words, query);
  show(quantities.includes(chosenQuantity) ? chosenQuantity : (everything.quantityIn(words) ?? mostIn(found)));
  const here = found.filter((entry) => entry.compared[shown.quantity] || store.lostIn(entry, shown.quantity));
  const chosen = queries.columnsOf(query).filter((entry) => entry.quantity === shown.quantity);
  const present = presentIn(here, chosen);
  const often = here.length < MANY_LINES ? present : present.filter(([, number]) => number >= here.length * FEW);
  const seldom = present.length - often.length;
  const all = state().columns === "all";
  const columns = (all ? present : often).map(([entry]) => entry);
  const lines = words.length ? everything.casesWith(words, byUrgency(here)) : byUrgency(here);
  shown.lines = lines;
  shown.chips.mark(query);
  // The address may not say yet what was just typed.
  const current = { ...state(), view: "cases", q: text, quantity: chosenQuantity };
  const byImplementation = current.by === "implementation";
  shown.tabs.replaceChildren(
    ...[
      quantityTabs(shown.quantity, (name) => href({ ...current, quantity: name })),
      waysToShow(byImplementation, current),
    ].filter(Boolean),
  );
  shown.line.replaceChildren(
    ...countLine(text, query, lines, !exact.length),
    ...(byImplementation ? [] : hiddenColumns(seldom, all, current)),
  );
  shown.elsewhere.replaceChildren(...otherQuantities(text, found, current));
  shown.title.textContent = words.length ? "Found" : TITLE;
  shown.apart.replaceChildren(...foundApart(words, found));
  shown.outcomes.replaceChildren(
    ...(byImplementation ? [outcomesOf(lines, inPlaces(present.map(([entry]) => entry)), text)].flat(2) : []),
  );
  const { columns: unfolded, folds } = folded(inPlaces(columns), current.open);
  shown.matrix.show(byImplementation ? [] : lines, unfolded, folds);
}

/** Show the cases in another quantity. */
function show(quantity) {
  if (quantity === shown.quantity) return;
  const matrix = new Matrix(quantity);
  shown.matrix.observer.disconnect();
  shown.matrix.element.replaceWith(matrix.element);
  Object.assign(shown, { quantity, matrix });
}

/** The first quantity if some of the cases have it, else the one that most of them have. */
function mostIn(found) {
  const [first, ...others] = quantities.map((name) => [name, found.filter((entry) => entry.compared[name]).length]);
  const [[most]] = [first, ...others].sort(([, one], [, other]) => other - one);
  return first[1] ? first[0] : most;
}

/** Tabs for the two ways in which cases are shown. */
function waysToShow(byImplementation, current) {
  const tab = (by, text) =>
    h(
      "a",
      { href: href({ ...current, by }), "aria-current": (by !== undefined) === byImplementation ? "true" : null },
      text,
    );
  return h(
    "nav.tabs",
    { "aria-label": "How to show the cases" },
    tab(undefined, "Case by case"),
    tab("implementation", "By implementation"),
  );
}

/** Cases that need attention come first, then those that diverge; otherwise they keep their order. */
function byUrgency(entries) {
  const heaps = [[], [], [], [], [], []];
  for (const entry of entries) {
    entry.urgent ??= store.isUrgent(entry);
    heaps[(entry.urgent ? 0 : 3) + VERDICTS.indexOf(verdictOf(entry, shown.quantity))].push(entry);
  }
  return heaps.flat();
}

function casesWithMost(words, query) {
  return everything.casesWith(words, cases.filter(queries.compile(withoutWords(query), shown.quantity)));
}

/** So many things of a kind are shown at first. */
const MOST_OF_A_KIND = 4;

/** What words find, by kind, above the matrix. */
function foundApart(words, among) {
  const found = everything.find(words, among);
  if (!found.length) return [];
  const links = (entries) =>
    h(
      "ul.clean",
      entries.map(({ title, place, of, answer }) =>
        h(
          "li",
          h("a", { href: href(place) }, h("bdi", coded(title))),
          of ? h("span.meta", h("span", of)) : null,
          answer ? h("p", coded(answer)) : null,
        ),
      ),
    );
  return [
    h(
      "dl.facts.apart",
      { "aria-label": "What the words find" },
      found.map(([kind, entries]) =>
        h(
          "div",
          h("dt", `${kind} (${entries.length})`),
          h(
            "dd",
            links(entries.slice(0, MOST_OF_A_KIND)),
            // All cases are in the matrix below.
            entries.length > MOST_OF_A_KIND && kind !== "Cases"
              ? h(
                  "details",
                  h("summary", `${entries.length - MOST_OF_A_KIND} more`),
                  links(entries.slice(MOST_OF_A_KIND)),
                )
              : null,
          ),
        ),
      ),
    ),
    h("h3", TITLE),
  ];
}

/** The columns that have a cell in any of the cases, each with the number of its cells. */
function presentIn(entries, columns) {
  const numbers = new Uint32Array(implementations.length);
  const counted = (number) => {
    numbers[number] += 1;
  };
  for (const entry of entries) eachMember(entry, shown.quantity, counted);
  return columns.map((entry) => [entry, numbers[entry.index]]).filter(([, number]) => number);
}

/** How many implementations run on few cases, and a link that shows or hides them. */
export function hiddenColumns(seldom, all, current) {
  if (!seldom) return [];
  const rest = { ...current, columns: undefined };
  const [run, are] = seldom === 1 ? ["runs", "is"] : ["run", "are"];
  return [
    ` ${count(seldom, "implementation")} that ${run} on few of these cases ${are} ${all ? "included" : "hidden"}. `,
    h("a", { href: href(all ? rest : { ...rest, columns: "all" }) }, all ? "Hide" : "Show all"),
  ];
}

/** Columns of one framework are adjacent. */
function inPlaces(columns) {
  return [...grouped(columns, (entry) => entry.origin).values()].flat();
}

/** Rows of buttons for terms of a query, and a function that marks those a query has. */
function chipRows() {
  const chips = [];
  const row = (label, key, values, words = (value) => value) =>
    h(
      "div.chiprow",
      { role: "group", "aria-label": label },
      h("span", label),
      values.map((value) => {
        const chip = h(
          "button.chip",
          { type: "button", onclick: () => search(toggled(box.value, key, value)) },
          words(value),
        );
        chips.push([chip, key, value]);
        return chip;
      }),
    );
  const causes = data.axes.filter((axis) => axis.cases > 0).map((axis) => axis.id);
  const families = queries.valuesOf("family");
  const contents = queries.valuesOf("input").filter((kind) => cases.some((entry) => entry.contents.includes(kind)));
  const changed = data.changes ? ["changed", "added", "removed"] : [];
  const rows = [
    row("Verdict", "is", [...VERDICTS, ...presentVerdicts(), ...changed], verdictChip),
    row("Framework", "framework", origins),
    h(
      "details",
      {
        open: chipsOpen,
        ontoggle: (event) => {
          chipsOpen = event.target.open;
        },
      },
      h("summary", "By cause, family or samples"),
      row("Cause", "cause", causes, axisWords),
      families.length > 1 ? row("Family", "family", families) : null,
      contents.length ? row("Samples", "input", contents, (kind) => data.contents[kind]) : null,
    ),
  ];
  const mark = (query) => {
    for (const [chip, key, value] of chips) chip.setAttribute("aria-pressed", String(isChosen(query, key, value)));
  };
  return { rows, mark };
}

function verdictChip(value) {
  return value === "null" ? "nothing to compare" : value.replaceAll("-", " ");
}

/** Statuses that occur and are worth filtering by. */
function presentVerdicts() {
  const found = new Set(data.records.map((record) => record.verdict));
  const present = Object.keys(data.words.cell).filter((verdict) => found.has(verdict) && verdict !== "as-defined");
  return present.map((verdict) => queries.names(verdict)[0]);
}

function countLine(text, query, here, isLoose) {
  const parts = [];
  for (const problem of query.problems) parts.push(h("strong.problem", problem), " ");
  if (!here.length) {
    parts.push(
      `No case${text.trim() ? " matches this search" : ""} in ${data.quantities[shown.quantity].toLowerCase()}. `,
    );
  } else {
    const verdicts = here.map((entry) => verdictOf(entry, shown.quantity));
    const numbers = VERDICTS.map((verdict) => [verdict, verdicts.filter((found) => found === verdict).length])
      .filter(([, number]) => number)
      .map(
        ([verdict, number]) =>
          `${number.toLocaleString("en")} ${verdict === "null" ? "with nothing to compare" : verdict}`,
      );
    if (isLoose) parts.push("No case has all of these words. Those that have most of them: ");
    parts.push(`${count(here.length, "case")}: ${numbers.join(", ")}. `);
  }
  if (text.trim()) parts.push(h("button.plain", { type: "button", onclick: () => search("") }, "Clear search"));
  return parts;
}

function otherQuantities(text, found, current) {
  if (!text.trim()) return [];
  const others = quantities
    .filter((name) => name !== shown.quantity)
    .map((name) => [name, found.filter((entry) => entry.compared[name]).length])
    .filter(([, number]) => number);
  if (!others.length) return [];
  return [
    "Also in ",
    others.map(([name, number], index) => [
      index ? ", " : "",
      h("a", { href: href({ ...current, quantity: name }) }, `${data.quantities[name].toLowerCase()} (${number})`),
    ]),
  ].flat(Infinity);
}

function legend() {
  const line = ([word, meaning]) =>
    h("div", h("dt", statusWords(word), word === "documented" ? " †" : ""), h("dd", meaning));
  return h(
    "details.legend",
    h("summary", "How to read this"),
    h(
      "p",
      "Each row is a case, each column an implementation. Equal outcomes of a case form a group with a letter and a ",
      "colour: ",
      letter("diverge", 0, "A"),
      " is the largest group, not the correct one. All exceptions form one group. Cases on which all agree are ",
      "uncoloured. An empty cell is not applicable or was not run; point at it to see the reason. Point at an outcome ",
      "to see the prediction and the definition; click it for all details.",
    ),
    h("p", "Only implementations of the same quantity are compared, so there is a matrix for each quantity."),
    h("h3", "What shares a word and is not the same"),
    alikeList(data.alike),
    h(
      "dl",
      Object.entries(data.words.cell).map(line),
      Object.entries(data.words.case).map(([word, meaning]) => line([verdictWords(word), meaning])),
    ),
    h("h3", "Keyboard"),
    h(
      "p",
      h("kbd", "/"),
      " search, ",
      h("kbd", "j"),
      " and ",
      h("kbd", "k"),
      " next and previous case, arrow keys to move between cases, ",
      h("kbd", "Enter"),
      " to open a case, ",
      h("kbd", "Esc"),
      " to go back.",
    ),
    h("h3", "Search"),
    h(
      "p",
      "Words and sentences are searched in questions, cases, implementations, causes, findings, laws, training logs ",
      "and compile() strings; words in quotes have to stand next to each other. ",
      h("code", "-term"),
      " excludes, ",
      h("code", "a,b"),
      " matches either, * and ? are wildcards.",
    ),
    h(
      "dl",
      queries.help().map(([example, says]) => h("div", h("dt", h("code", example)), h("dd", says))),
    ),
  );
}

/** The search box, at the top of every view. */
export const box = document.getElementById("query");

/** The address to which a search led from another view. */
let searched = null;

/** Search: write a query into the box and the address, and show what matches. */
export function search(text) {
  box.value = text;
  const current = state();
  if (current.view !== "cases") {
    go({ view: "cases", q: text });
    searched = location.hash;
    return;
  }
  // A quantity that was chosen stays, unless the text names another.
  const named = everything.quantityIn(wordsOf(queries.parse(text)));
  const quantity = named && named !== current.quantity ? null : (current.quantity ?? null);
  replaceAddress({ ...current, view: "cases", q: text, quantity });
  filter(text, quantity);
}

/** Whether a search led to this address; true once. */
export function wasSearched() {
  const found = location.hash === searched;
  searched = null;
  return found;
}

/** The matrix and its cases as they were last shown, or null. */
export function shownCases() {
  return shown;
}
