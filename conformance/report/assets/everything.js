// What words find: questions, cases, implementations, causes, findings, laws, training logs and names.

import { ranked, score } from "./fuzzy.js";

/** Text in which words are searched: - and _ within words are blanks, so that top-1, top_1 and top 1 are the same. */
export function normal(text) {
  return text.toLowerCase().replace(/(?<=[a-z0-9])[-_]+(?=[a-z0-9])/g, " ");
}

/** A word without the ending of a plural: "positions" finds "position", and a singular is found within its plural. */
export function stem(word) {
  return word.replace(/(?<=[a-z]{4})ies$|(?<=[a-z]{2}(?:ss|x|ch|sh))es$|(?<=[a-z]{2}[a-rtv-z])s$/, "");
}

/** Words that any sentence has, and those that any question about metrics has. */
const EMPTY = new Set(
  `a all am an and any are as at be been between both but by can cannot could did do does doesn't don't each for from
  get gets give gives giving got happen happens has have having here how i if in into is isn't it its just like make
  makes me mean means my no not of on one only or other our returned returns return should so some than that the their
  them then there these they this those to use used using us want was we were what when where which who why will with
  would you your
  compare compared differ difference different differs expect expected metric metrics number
  numbers problem result results same show shown shows value values wrong`.split(/\s+/),
);

/** A word without the marks around it: of "compute()?" it is "compute". */
export function trimmed(word) {
  return word.replace(/^[("'`]+|[()"'`?!.,;]+$/g, "").replace(/['\u2019]s$/, "");
}

/** Whether a word says what is searched for. */
export function isTelling(word) {
  return !EMPTY.has(word);
}

/** How far from the start of what matters a word is: the lower the better; Infinity if it is nowhere. */
export function distance(word, texts) {
  const place = texts.findIndex((text) => text.includes(word));
  if (place < 0) return Infinity;
  const starts = texts[place].startsWith(word) || texts[place].includes(` ${word}`);
  return 2 * place + (starts ? 0 : 1);
}

/** The texts of a case in which words are searched, those that say most of it first. */
export function textsOf(entry) {
  entry.texts ??= [
    `${entry.title} ${entry.id}`,
    [entry.family ?? "", ...entry.tags, ...entry.causes, ...entry.contents, ...Object.keys(entry.compared)].join(" "),
    entry.because ?? "",
    `${entry.yaml}\n${entry.file ?? ""}`,
  ].map(normal);
  return entry.texts;
}

/** So many words are a sentence: what has most of them is found, too. */
const SENTENCE = 3;

/** Of the words of a sentence, weighted by how rare they are, so large a share has to be found. */
const SHARE = 0.5;

/** Of a sentence nothing is listed that says less than this share of what the best says. */
const NEAR_BEST = 0.65;

/** A question that has as many words of a sentence as something else goes before it: it leads to an answer. */
const ASKED = 1.25;

/** What has a word far from the start of what matters counts for it less by this much, at most about a half. */
const FARTHER = 1 / 14;

/** A word finds a name with so many points for each of its letters: most of them are next to each other. */
const CLOSE = 3.5;

/** An index of all that has a view of its own. */
export class Everything {
  constructor(store) {
    this.store = store;
    this.weights = new Map();
  }

  /** Kinds of things: [kind, [{title, place, of, answer, texts}]], where `place` is the state of a view. */
  get kinds() {
    this.listing ??= [...this.listed()].map(([kind, entries]) => [
      kind,
      entries.map(({ title, place, of = "", answer, more = [] }) => ({
        ...{ title, place, of, answer },
        texts: [title, [...more, of].join("\n")].map(normal),
      })),
    ]);
    return this.listing;
  }

  *listed() {
    const { data } = this.store;
    yield [
      "Questions",
      data.questions.map((question) => {
        const { title = "", instead = "" } = data.logCauses[question.of] ?? {};
        const answer = answerOf(question, this.store);
        return { title: question.asks, place: placeOf(question), answer, more: [title, answer, instead] };
      }),
    ];
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
      data.findings.map(({ id, title, says, condition, claims, implementations = [] }) => ({
        title: title ?? id,
        of: this.origins(implementations),
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
    yield [
      "Training logs",
      data.runs.map(({ id, title, because }) => ({ title, place: { view: "logs", run: id }, more: [because ?? ""] })),
    ];
    yield ["compile() strings", this.strings()];
    yield ["Families", this.values("family", (entry) => [entry.family])];
    yield ["Tags", this.values("tag", (entry) => entry.tags)];
  }

  /** The frameworks of some implementations; an environment is that of its framework. */
  origins(ids) {
    const found = ids.map((id) => this.store.implementationNamed.get(id)?.framework).filter(Boolean);
    return [...new Set(found)].join(", ");
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

  /**
   * How well texts say some words: 0 if they do not, and more for more of the words, for rarer ones, and for words that
   * stand where they matter most. Of a sentence some words may be missing.
   */
  rank(words, texts) {
    let [all, found, rank] = [0, 0, 0];
    for (const word of words) {
      const weight = this.weight(word);
      const far = distance(word, texts);
      all += weight;
      if (far === Infinity) continue;
      found += weight;
      rank += weight * (1 - FARTHER * far);
    }
    return found >= all || (words.length >= SENTENCE && found >= SHARE * all) ? rank : 0;
  }

  /** How much a word says: the fewer things have it, the more; nothing if none has it. */
  weight(word) {
    if (!this.weights.has(word)) {
      const listed = this.kinds.flatMap(([, entries]) => entries.map(({ texts }) => texts));
      const all = [...listed, ...this.store.cases.map(textsOf)];
      const having = all.filter((texts) => texts.some((text) => text.includes(word))).length;
      this.weights.set(word, having && Math.log(2 + all.length / having));
    }
    return this.weights.get(word);
  }

  /** The words of a sentence that anything has, each once. */
  known(words) {
    return [...new Set(words)].filter((word) => this.weight(word));
  }

  /** Cases that say words, the best first. */
  casesWith(words, cases) {
    return ordered(cases.map((entry) => ({ entry, rank: this.rank(words, textsOf(entry)) }))).map(({ entry }) => entry);
  }

  /** What words find: [[kind, [{title, place}]]], the best first; implementations also by letters of their names. */
  find(words, cases = this.store.cases) {
    if (!words.some((word) => word.length > 1)) return [];
    const isSentence = words.length >= SENTENCE;
    const rankOf = (kind, texts) => (isSentence && kind === "Questions" ? ASKED : 1) * this.rank(words, texts);
    const asCases = cases.map((entry) => ({ ...this.asCase(entry), texts: textsOf(entry) }));
    const ranking = [...this.kinds, ["Cases", asCases]].map(([kind, entries]) => [
      kind,
      ordered(entries.map((entry) => ({ ...entry, rank: rankOf(kind, entry.texts) }))),
    ]);
    const least = isSentence ? NEAR_BEST * Math.max(...ranking.map(([, [best]]) => best?.rank ?? 0)) : 0;
    const found = ranking
      .map(([kind, entries]) => [kind, entries.filter(({ rank }) => rank >= least)])
      .filter(([, entries]) => entries.length)
      .sort(([, [one]], [, [other]]) => other.rank - one.rank);
    const named = this.implementations(words);
    if (!named.length) return found;
    // A sentence asks for more than a name.
    return isSentence ? [...found, ["Implementations", named]] : [["Implementations", named], ...found];
  }

  /** A case, with the metric that it is about and its task. */
  asCase({ id, title, task, compared }) {
    const [quantity] = this.store.quantities.filter((name) => compared[name]);
    const of = [this.store.data.quantities[quantity]?.toLowerCase(), task].filter(Boolean).join(", ");
    return { title, of, place: { case: id } };
  }

  /** The quantity that words name, the longest name first; undefined if they name none. */
  quantityIn(words) {
    const text = ` ${words.join(" ")} `;
    const { quantities, data } = this.store;
    const names = quantities.flatMap((quantity) =>
      [quantity, data.quantities[quantity]].map((name) => [normal(name), quantity]),
    );
    const named = names.filter(([name]) => text.includes(` ${name} `));
    return named.sort(([one], [other]) => other.length - one.length)[0]?.[1];
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

/** What has a rank, the best first; of equal ones the shorter title. */
function ordered(entries) {
  const length = ({ title = "" }) => title.length;
  return entries.filter(({ rank }) => rank).sort((one, other) => other.rank - one.rank || length(one) - length(other));
}

/** The short answer to a question: its own, of a cause in a log, or the sentence of its case. */
export function answerOf(question, { data, caseNamed }) {
  return question.answer ?? (data.logCauses[question.of]?.says || caseNamed.get(question.case)?.because);
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
