// Laws: properties that should hold for any input, and where they do not.

import { href } from "./address.js";
import { caseNamed, data, implementations } from "./data.js";
import { copyable, count, h, prose, scrolled } from "./dom.js";
import { caseLink, fact, findingLink, implementationLink } from "./words.js";

const SIGNS = { holds: "·", "fails-as-defined": "D", "fails-undocumented": "U", stale: "S", "not-applicable": "" };

export function lawTitle(id) {
  return data.laws.find(({ law }) => law === id)?.title || id;
}

function lawSign(verdict) {
  return { sign: SIGNS[verdict] ?? "?", says: data.words.law[verdict] ?? verdict };
}

function lawClass(verdict) {
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
  const lines = members.map((entry) =>
    h(
      "tr",
      h("th", { scope: "row" }, implementationLink(entry)),
      data.laws.map((law) => {
        const cell = places.get(law).get(entry.index);
        const { sign, says } = lawSign(cell?.verdict ?? "not-applicable");
        const tried = cell?.tried ? `${count(cell.tried, "input")} tried.` : "";
        const title = `${law.title}: ${says} ${cell?.reason ?? ""}${tried}`;
        const link = cell?.case
          ? h("a", { href: href({ view: "laws", law: law.law, implementation: entry.id }), "aria-label": title }, sign)
          : sign;
        return h(`td.${lawClass(cell?.verdict)}`, { title }, link);
      }),
    ),
  );
  return h(
    "section",
    h("h2", { tabindex: -1 }, "Laws"),
    h(
      "p.lead",
      "Properties that should hold for any input, tried on small cases of all families and on generated inputs.",
      asked.length > members.length
        ? [
            ` Not shown: ${count(asked.length - members.length, "implementation")} to which no law applies, `,
            "or that run only when named.",
          ]
        : "",
    ),
    chosen ? lawPage(chosen, places.get(chosen), current.implementation) : null,
    h(
      "dl.key",
      Object.keys(SIGNS)
        .filter((verdict) => data.laws.some((law) => law.cells.some((cell) => cell.verdict === verdict)))
        .map((verdict) => [verdict, lawSign(verdict)])
        .map(([verdict, { sign, says }]) => h("div", h(`dt.${lawClass(verdict)}`, sign || "empty"), h("dd", says))),
    ),
    scrolled(
      "Laws by implementations",
      h(
        "table.laws",
        h(
          "thead",
          h(
            "tr",
            h("th", { scope: "col" }, "Implementation"),
            data.laws.map((law) =>
              h(
                "th.upright",
                { scope: "col", title: law.says },
                h("a", { href: href({ view: "laws", law: law.law }) }, law.title || law.law),
              ),
            ),
          ),
        ),
        h("tbody", lines),
      ),
    ),
  );
}

function lawPage(law, cells, wanted) {
  const failing = [...cells.values()].filter(
    (cell) => cell.case && (!wanted || implementations[cell.implementation].id === wanted),
  );
  return h(
    "article.card",
    h("h3", law.title || law.law),
    prose(law.says),
    failing.length ? h("ul.clean", failing.map(lawFailure)) : h("p", "No input tried refutes it."),
    h("p", h("a", { href: href({ view: "laws" }) }, "All laws")),
  );
}

function lawFailure(cell) {
  const { sign, says } = lawSign(cell.verdict);
  const entry = caseNamed.get(cell.case);
  return h(
    "li",
    h(
      "p",
      h(`span.letter.${lawClass(cell.verdict)}`, sign),
      " ",
      implementationLink(implementations[cell.implementation]),
      ". ",
      says,
      " Smallest case: ",
      entry ? caseLink(entry) : h("bdi", cell.case),
      cell.change ? [", ", cell.change] : "",
      ".",
    ),
    h(
      "dl.facts",
      fact("Observed", asText(cell.observed)),
      fact("Predicted", asText(cell.predicted)),
      cell.explanation ? fact("Why", cell.explanation) : null,
      cell.finding ? fact("Finding", findingLink(cell.finding)) : null,
    ),
    Object.entries(cell.reproducers ?? {}).map(([name, text]) =>
      h("details", h("summary", `Program: ${name}`), copyable(text, `Program, ${name}`)),
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
          `: ${lawSign(cell.verdict).says}`,
        ),
      ),
    ),
  ];
}
