// What a search for words finds apart from cases: questions, implementations, causes, findings, laws and names.

import { ranked, score } from "./fuzzy.js";

/** Text in which words are searched: - and _ within words are blanks, so that top-1, top_1 and top 1 are the same. */
export function normal(text) {
  return text.toLowerCase().replace(/(?<=[a-z0-9])[-_]+(?=[a-z0-9])/g, " ");
}

/** A word without the ending of a plural: "positions" finds "position", and a singular is found within its plural. */
export function stem(word) {
  return word.replace(/(?<=[a-z]{4})ies$|(?<=[a-z]{2}(?:ss|x|ch|sh))es$|(?<=[a-z]{2}[a-rtv-z])s$/, "");
}

/** How far from the start of what matters each word is: the lower the better; Infinity if one is nowhere. */
export function distance(words, texts) {
  return words.reduce((sum, word) => {
    const place = texts.findIndex((text) => text.includes(word));
    if (place < 0) return Infinity;
    const starts = texts[place].startsWith(word) || texts[place].includes(` ${word}`);
    return sum + 2 * place + (starts ? 0 : 1);
  }, 0);
}

/** A word finds a name with so many points for each of its letters: most of them are next to each other. */
const CLOSE = 3.5;

/** An index of all that has a view of its own. */
export class Everything {
  constructor(store) {
    this.store = store;
  }

  /** Kinds of things with their entries: [kind, [{title, place, texts}]], where `place` is the state of a view. */
  get kinds() {
    this.known ??= [...this.listed()].map(([kind, entries]) => [
      kind,
      entries.map(({ title, place, more = [] }) => ({ title, place, texts: [title, more.join("\n")].map(normal) })),
    ]);
    return this.known;
  }

  *listed() {
    const { data } = this.store;
    yield ["Questions", data.questions.map((question) => ({ title: question.asks, place: placeOf(question) }))];
    yield [
      "Causes",
      data.axes
        .filter((axis) => axis.cases)
        .map(({ id, title, prose, agree, frameworks }) => ({
          title: title || id,
          place: { view: "causes", cause: id },
          more: [id, prose, agree, ...frameworks.map(([, says]) => says)],
        })),
    ];
    yield [
      "Findings",
      data.findings.map(({ id, title, says, condition, claims }) => ({
        title: title ?? id,
        place: { view: "findings", finding: id },
        more: [id, says, condition, claims].filter(Boolean),
      })),
    ];
    yield [
      "Changes between releases",
      data.since.map(({ distribution, release, says, given, axis }) => ({
        title: `${distribution} ${release}: ${says}`,
        place: { view: "since", release: `${distribution} ${release}` },
        more: [axis, given, "since when"],
      })),
    ];
    yield [
      "Laws",
      data.laws.map(({ law, title, says }) => ({
        title: title || law,
        place: { view: "laws", law },
        more: [law, says],
      })),
    ];
    yield ["compile() strings", this.strings()];
    yield ["Families", this.values("family", (entry) => [entry.family])];
    yield ["Tags", this.values("tag", (entry) => entry.tags)];
  }

  /** The strings given to compile(), each with what it becomes. */
  strings() {
    const found = new Map();
    for (const [, string, , , , became] of this.store.data.resolutions) {
      if (!found.has(string)) found.set(string, new Set());
      found.get(string).add(became);
    }
    return [...found].map(([string, became]) => ({
      title: string,
      place: { view: "names", string },
      more: [...became],
    }));
  }

  values(key, of) {
    const names = new Set(this.store.cases.flatMap(of).filter(Boolean));
    return [...names].sort().map((name) => ({ title: name, place: { view: "cases", q: `${key}:"${name}"` } }));
  }

  /** What words find: [[kind, [{title, place}]]], the best first; implementations also by letters of their names. */
  find(words) {
    if (!words.some((word) => word.length > 1)) return [];
    const found = this.kinds.map(([kind, entries]) => [
      kind,
      entries
        .map((entry) => ({ ...entry, rank: distance(words, entry.texts) }))
        .filter(({ rank }) => rank < Infinity)
        .sort((left, right) => left.rank - right.rank || left.title.length - right.title.length),
    ]);
    return [["Implementations", this.implementations(words)], ...found].filter(([, entries]) => entries.length);
  }

  implementations(words) {
    const query = words.join(" ").replaceAll(" ", "");
    if (query.length < 3) return [];
    const isClose = ({ id }) =>
      words.every((word) => score(word, normal(id)) >= CLOSE * word.replaceAll(" ", "").length);
    return ranked(words.join(" "), this.store.implementations.filter(isClose))
      .flatMap(({ entries, folded }) => (entries.length ? entries : folded))
      .map(({ id }) => ({ title: id, place: { view: "implementations", implementation: id } }));
  }
}

/** The view that answers a question. */
export function placeOf({ implementations = [], strings = [], contents, law, log, view, case: id }) {
  if (id) return { case: id };
  if (log) return { view: "logs", run: log[0], log: log[1], a: log[2], b: log[3] };
  const [one, other] = implementations;
  if (other) return { view: "start", a: one, b: other };
  if (one) return { view: "start", match: one };
  if (strings.length) return { view: "names", string: strings[0], with: strings[1] };
  if (contents) return { view: "cases", q: `input:${contents.join(",")}`, by: "implementation" };
  return law ? { view: "laws", law } : { view };
}
