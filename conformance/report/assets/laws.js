// Laws: properties that should hold for any input, and where they do not.

import { href } from "./address.js";
import { caseNamed, data, implementations } from "./data.js";
import { copyable, count, h, prose } from "./dom.js";
import { filtered } from "./filter.js";
import { roving } from "./roving.js";
import { caseLink, fact, findingLink, grouped, implementationLink, named } from "./words.js";

const SIGNS = { holds: "·", "fails-as-defined": "D", "fails-undocumented": "U", stale: "S", "not-applicable": "" };

/** The sign of a law that fails as defined, but for no ordinary input that was tried. */
const SELDOM = "d";

export function lawTitle(id) {
  return data.laws.find(({ law }) => law === id)?.title || id;
}

function lawSign(verdict, cell) {
  const says = data.words.law[verdict] ?? verdict;
  if (cell && isSeldom(cell)) return { sign: SELDOM, says: `${says} ${SELDOM_SAYS}` };
  return { sign: SIGNS[verdict] ?? "?", says };
}

const SELDOM_SAYS = "No ordinary input that was tried shows it.";

/** A parameter, weights, batches or one unusual value: many calls are unusual in one way. */
const ORDINARY = 1;

/** Whether the plainest case that shows a failure has parameters or values that users seldom have. */
function isSeldom({ verdict, case: id }) {
  return verdict === "fails-as-defined" && oddOf({ case: id }) > ORDINARY;
}

function lawClass(verdict, cell) {
  if (cell && isSeldom(cell)) return "gG";
  return { holds: "plain", "fails-as-defined": "gB", "fails-undocumented": "gE", stale: "gF" }[verdict] ?? "none";
}

export function lawsView(current) {
  if (!data.laws.length) return h("section", h("h2", { tabindex: -1 }, "Laws"), h("p", "This run tried no laws."));
  const chosen = data.laws.find((law) => law.law === current.law);
  const places = new Map(data.laws.map((law) => [law, new Map(law.cells.map((cell) => [cell.implementation, cell]))]));
  const asked = implementations.filter((entry) => data.laws.some((law) => places.get(law).has(entry.index)));
  const members = asked.filter((entry) =>
    data.laws.some((law) => (places.get(law).get(entry.index)?.verdict ?? "not-applicable") !== "not-applicable"),
  );
  const filled = members.map((entry) => {
    const head = implementationLink(entry);
    const cells = data.laws.map((law) => lawCell(law, places.get(law).get(entry.index), entry));
    return {
      line: h("tr", { "data-text": entry.id }, h("th", { scope: "row" }, head), cells),
      stops: [head, ...cells],
    };
  });
  const corner = h("th", { scope: "col" }, "Implementation");
  const heads = data.laws.map((law) => h("a", { href: href({ view: "laws", law: law.law }) }, law.title || law.law));
  const grid = h(
    "table.laws",
    { role: "grid", "aria-label": "Laws by implementations" },
    h(
      "thead",
      h(
        "tr",
        corner,
        heads.map((head, index) => h("th.upright", { scope: "col", title: data.laws[index].says }, head)),
      ),
    ),
    h(
      "tbody",
      filled.map(({ line }) => line),
    ),
  );
  roving(grid, [
    [corner, ...heads],
    ...filled.map(({ stops }) => stops.map((stop) => stop.querySelector("a") ?? stop)),
  ]);
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Laws"),
    h(
      "p.lead",
      "Properties that should hold for any input, tried on small cases of all families and on generated inputs. Those ",
      "that fail as defined fail as the definition of the implementation or a finding says.",
      asked.length > members.length
        ? [
            ` Not shown: ${count(asked.length - members.length, "implementation")} to which no law applies, `,
            "or that run only when named.",
          ]
        : "",
    ),
    chosen ? lawPage(chosen, places.get(chosen), current.implementation) : contents(),
    key(),
    filtered("Filter by implementation", h("div.scroll", grid), "tbody tr"),
  );
}

/** The laws, each with how many implementations keep it. */
function contents() {
  return h(
    "ul.contents",
    { "aria-label": "All laws" },
    data.laws.map((law) => {
      const numbers = (verdict) => law.cells.filter((cell) => cell.verdict === verdict).length;
      const said = Object.keys(SIGNS).filter((verdict) => verdict !== "not-applicable" && numbers(verdict));
      return h(
        "li",
        h("a", { href: href({ view: "laws", law: law.law }) }, law.title || law.law),
        h(
          "span.meta",
          " ",
          said.map((verdict) => `${numbers(verdict)} ${data.words.lawCounted[verdict] ?? verdict}`).join(", "),
        ),
      );
    }),
  );
}

function key() {
  const present = Object.keys(SIGNS).filter((verdict) =>
    data.laws.some((law) => law.cells.some((cell) => cell.verdict === verdict)),
  );
  const line = (tint, sign, says) => h("div", h(`dt.${tint}`, sign || "empty"), h("dd", says));
  return h(
    "dl.key",
    present.map((verdict) => line(lawClass(verdict), ...Object.values(lawSign(verdict)))),
    data.laws.some((law) => law.cells.some(isSeldom))
      ? line("gG", SELDOM, `${data.words.law["fails-as-defined"]} ${SELDOM_SAYS}`)
      : null,
  );
}

function lawCell(law, cell, entry) {
  const { sign, says } = lawSign(cell?.verdict ?? "not-applicable", cell);
  const tried = cell?.tried ? `${count(cell.tried, "input")} tried.` : "";
  const title = `${law.title}: ${says} ${cell?.reason ?? ""}${tried}`;
  const link = cell?.case
    ? h("a", { href: href({ view: "laws", law: law.law, implementation: entry.id }), "aria-label": title }, sign)
    : sign;
  return h(`td.${lawClass(cell?.verdict, cell)}`, { title }, link);
}

function lawPage(law, cells, wanted) {
  const failing = [...cells.values()].filter(
    (cell) => cell.case && (!wanted || implementations[cell.implementation].id === wanted),
  );
  const [often, seldom] = [false, true].map((isWanted) => failing.filter((cell) => isSeldom(cell) === isWanted));
  const list = (found) => h("ul.clean.failures", alike(found).map(lawFailure));
  return h(
    "article.card",
    h("h3", law.title || law.law),
    prose(law.says),
    failing.length ? null : h("p", "No input tried refutes it."),
    often.length ? list(often) : null,
    seldom.length
      ? h(
          "details",
          { open: Boolean(wanted) },
          h("summary", `Fails only on inputs that users seldom have (${count(seldom.length, "implementation")})`),
          list(seldom),
        )
      : null,
    h("p", h("a", { href: href({ view: "laws" }) }, "All laws")),
  );
}

/** Failures on one case, in one way, each with all cells that have it. */
function alike(cells) {
  const same = ({ verdict, case: id, change, explanation, finding }) =>
    JSON.stringify([verdict, id, change, explanation, finding]);
  return [...grouped(cells, same).values()];
}

function oddOf(cell) {
  return caseNamed.get(cell.case)?.odd ?? 0;
}

/** Why a law fails for implementations that fail it on the same case in the same way. */
function lawFailure(cells) {
  const [cell] = cells;
  const { sign, says } = lawSign(cell.verdict, cell);
  const entry = caseNamed.get(cell.case);
  return h(
    "li",
    named(cells.map(({ implementation }) => implementation)),
    h(
      "p",
      h(`span.letter.${lawClass(cell.verdict, cell)}`, sign),
      " ",
      says,
      " Plainest case: ",
      entry ? caseLink(entry) : h("bdi", cell.case),
      cell.change ? [", ", cell.change] : "",
      ".",
    ),
    h(
      "dl.facts",
      fact("Observed", asText(cell.observed)),
      fact("Predicted", asText(cell.predicted)),
      cell.explanation && !cell.observed ? fact("Observed", cell.explanation) : null,
      cell.finding ? fact("Finding", findingLink(cell.finding)) : null,
    ),
    cells.flatMap(({ implementation, reproducers = {} }) =>
      Object.entries(reproducers).map(([name, text]) => {
        const title = `${implementations[implementation].id}, ${name}`;
        return h("details", h("summary", "Program: ", h("bdi", title)), copyable(text, `Program of ${title}`));
      }),
    ),
  );
}

/** An outcome as text, or several by name. */
function asText(value) {
  if (value === null || value === undefined || typeof value !== "object") return value ?? null;
  return Object.entries(value)
    .filter(([, text]) => text)
    .map(([name, text], index) => [index ? "; " : "", name, ": ", h("span.value", String(text))]);
}

export function lawsOf(entry) {
  const broken = data.laws.flatMap((law) =>
    law.cells.filter((cell) => cell.implementation === entry.index && cell.case).map((cell) => [law, cell]),
  );
  if (!broken.length) return null;
  return [
    h("h3", "Laws that fail for it"),
    h(
      "ul",
      broken.map(([law, cell]) =>
        h(
          "li",
          h("a", { href: href({ view: "laws", law: law.law, implementation: entry.id }) }, law.title || law.law),
          isSeldom(cell) ? `: ${SELDOM_SAYS}` : `: ${lawSign(cell.verdict).says}`,
        ),
      ),
    ),
  ];
}
