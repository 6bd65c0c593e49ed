// The query language of the search box: words and key:value terms, all of which have to hold.

import { isTelling, normal, stem, textsOf, trimmed } from "./everything.js";
import { eachMember, hasRecord, verdictOf } from "./store.js";

export const VERDICTS = ["diverge", "agree", "null"];

/** Key -> what it means; `columns` says that it chooses implementations, `pair` that it needs two of them. */
const KEYS = {
  framework: { says: "cases that run on a framework", columns: true },
  implementation: { says: "cases that run on an implementation", example: "*[average=macro]", columns: true },
  cause: { says: "a cause of the divergence" },
  is: { says: "diverge, agree, null, or the status of an outcome" },
  differs: { says: "two implementations diverge", example: "A,B", pair: true, columns: true },
  agrees: { says: "two implementations agree", example: "A,B", pair: true, columns: true },
  id: { says: "the id of a case", example: "seed*" },
  tag: { says: "a tag of a case" },
  family: { says: "a family of cases" },
  input: { says: "what the samples contain: nan, infinity or no-samples" },
  task: { says: "binary, multiclass or multilabel" },
  raises: { says: "an exception", example: "ValueError" },
  value: { says: "a value", example: "0.5" },
  finding: { says: "an outcome that shows a finding" },
  file: { says: "the file of a case", example: "cases/ties/*" },
};

/** The names in code that holds text: those of metrics=["accuracy"] are two words. Anything else is one. */
function partsOf(word) {
  return /[=([,]["']|^\W?\]/.test(word) ? word.split(/[^\w.-]+/) : [word];
}

/** Queries over the cases of a store. */
export class Search {
  constructor(store, pairs) {
    this.store = store;
    this.pairs = pairs;
    this.known = new Map();
  }

  /** Every key with a query that uses it and what it means. */
  help() {
    return Object.entries(KEYS).map(([key, entry]) => [`${key}:${this.exampleOf(key)}`, entry.says]);
  }

  /** The values that a key can have, looked up once; none where any text will do. */
  valuesOf(key) {
    if (!this.known.has(key)) this.known.set(key, [...new Set(this.listed(key))]);
    return this.known.get(key);
  }

  listed(key) {
    const { data, cases, implementations, origins } = this.store;
    const all = (of) => cases.flatMap(of).filter(Boolean).sort();
    switch (key) {
      case "framework":
        return [...origins, ...implementations.map((entry) => entry.framework)];
      case "cause":
        return data.axes.map((axis) => axis.id);
      case "is":
        return [...VERDICTS, ...Object.keys(data.words.cell).flatMap(this.names), "changed", "added", "removed"];
      case "finding":
        return data.findings.map((finding) => finding.id);
      case "tag":
        return all((entry) => entry.tags);
      case "input":
        return Object.keys(data.contents ?? {});
      case "family":
      case "task":
        return all((entry) => [entry[key]]);
      default:
        return [];
    }
  }

  /** The names of a status: as it is shown, and as results documents have it. */
  names = (verdict) => [
    ...new Set([(this.store.data.words.shown?.[verdict] ?? verdict).replaceAll(" ", "-"), verdict]),
  ];

  /** Split a query into terms, and say what is wrong with it in words. */
  parse(text) {
    const terms = [];
    const problems = [];
    // A minus before a digit belongs to the number: -100 is a label that people look for.
    for (const [, minus, key, quoted, bare] of text.matchAll(/((?:-(?!\d))?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)) {
      const value = quoted ?? bare;
      const name = key?.toLowerCase();
      if (name === undefined && /^[a-z]+:$/i.test(bare ?? "")) continue; // a key whose value is still to come
      if (name === undefined) {
        for (const part of quoted === undefined ? partsOf(bare) : [quoted]) {
          const word = normal(quoted ?? trimmed(part));
          if (word) terms.push({ not: minus === "-", word: quoted === undefined ? stem(word) : word, said: word });
        }
      } else if (!Object.hasOwn(KEYS, name)) {
        problems.push(`There is no ${name}: in a query. Known are ${Object.keys(KEYS).join(", ")}.`);
      } else {
        const values = alternatives(value);
        problems.push(...this.problemsOf(name, values));
        if (values.length) terms.push({ not: minus === "-", key: name, values, fits: values.map(glob) });
      }
    }
    const [, dangling] = /(?:^|\s)-?([a-z]+):(?=\s|$)/i.exec(text) ?? [];
    if (dangling) problems.push(`${dangling}: needs a value, such as ${dangling}:${this.exampleOf(dangling)}.`);
    const isSentence = wordsOf({ terms }).length > FEW_WORDS;
    return { terms: isSentence ? withoutEmptyWords(terms) : terms, problems, isSentence };
  }

  exampleOf(key) {
    const name = key.toLowerCase();
    return KEYS[name]?.example ?? this.valuesOf(name)[0] ?? "…";
  }

  problemsOf(key, values) {
    const { implementations } = this.store;
    if (KEYS[key].pair && values.length !== 2) return [`${key}: needs two implementations, separated by a comma.`];
    if (KEYS[key].pair || key === "implementation") {
      return values
        .filter((value) => !implementations.some(memberTest(value)))
        .map((value) => `No implementation is called ${value}; * matches anything.`);
    }
    if (KEYS[key].example) return []; // any text will do
    const known = this.valuesOf(key);
    return values
      .filter((value) => !known.some(glob(value)))
      .map((value) => `${key}:${value} is unknown. Known are ${known.join(", ") || "none"}.`);
  }

  membersOf(value) {
    return this.store.implementations.filter(memberTest(value));
  }

  /** The implementations that a query is about; all of them where it names none. */
  columnsOf(query) {
    const { implementations } = this.store;
    const chosen = query.terms.filter((term) => term.key && KEYS[term.key].columns && !term.not);
    if (!chosen.length) return implementations;
    const isIn = (term, entry) =>
      term.key === "framework"
        ? term.fits.some((fits) => fits(entry.framework) || fits(entry.origin))
        : term.values.some((value) => memberTest(value)(entry));
    return implementations.filter((entry) => chosen.some((term) => isIn(term, entry)));
  }

  /** A test of cases for a whole query, within a quantity or over all of them. */
  compile(query, quantity) {
    const between = query.terms.find((term) => term.key === "differs" && !term.not);
    const tests = query.terms.map((term) => {
      const test = term.key === "cause" && between ? this.ownCauseTest(term, between) : this.testOf(term, quantity);
      return term.not ? (entry) => !test(entry) : test;
    });
    return (entry) => tests.every((test) => test(entry));
  }

  testOf(term, quantity) {
    if (term.word !== undefined) return (entry) => textsOf(entry).some((text) => text.includes(term.word));
    if (KEYS[term.key].pair) return this.pairTest(term);
    if (KEYS[term.key].columns) return this.memberTest(term);
    const tests = term.fits.map((fits) => this.valueTest(term.key, fits, quantity));
    return (entry) => tests.some((test) => test(entry));
  }

  /** A test of cases for one value of a key. */
  valueTest(key, fits, quantity) {
    switch (key) {
      case "is":
        return this.statusTest(fits, quantity);
      case "cause":
        return (entry) => entry.causes.some(fits);
      case "tag":
        return (entry) => entry.tags.some(fits);
      case "input":
        return (entry) => entry.contents.some(fits);
      case "raises":
      case "value":
        return this.withRecord((record) => record.kind === key && fits(record.whole));
      case "finding":
        return this.withRecord((record) => (record.departures ?? []).some(fits));
      default:
        return (entry) => fits(entry[key] ?? "");
    }
  }

  /** A test for a cell of which something holds; each record is looked at once, however many cells have it. */
  withRecord(holds) {
    const numbers = this.store.recordsThat(holds);
    return (entry) => hasRecord(entry, numbers);
  }

  statusTest(fits, quantity) {
    const { absent } = this.store.data;
    const verdicts = new Set(VERDICTS.filter(fits));
    const changed = new Set(this.changesThat(fits));
    const isAbsent = fits("not-applicable");
    const recorded = this.withRecord((record) => this.names(record.verdict).some(fits));
    return (entry) =>
      verdicts.has(verdictOf(entry, quantity)) ||
      changed.has(entry.id) ||
      (isAbsent && absent[entry.absent]?.length > 0) ||
      recorded(entry);
  }

  /** The ids of cases that are changed, added or removed, where a value asks for these. */
  changesThat(fits) {
    const { added = {}, removed = {}, changed = [] } = this.store.data.changes ?? {};
    return [
      ...(fits("added") ? Object.keys(added) : []),
      ...(fits("removed") ? Object.keys(removed) : []),
      ...(fits("changed") ? changed.map((cell) => cell.case) : []),
    ];
  }

  /** A test for cases that run on any of the implementations of a term. */
  memberTest(term) {
    const numbers = new Set(this.columnsOf({ terms: [{ ...term, not: false }] }).map((entry) => entry.index));
    return (entry) => {
      let runs = entry.lost.some(([, number]) => numbers.has(number));
      for (const quantity in entry.compared) {
        eachMember(entry, quantity, (number) => {
          runs ||= numbers.has(number);
        });
      }
      return runs;
    };
  }

  /** A function of a case: the first implementations of two patterns that run on it. */
  bothOf(term) {
    const [left, right = []] = term.values.map((value) => this.membersOf(value));
    return (entry) => {
      const cells = this.store.cellsOf(entry);
      return [left, right].map((side) => side.find((member) => cells.has(member.index)));
    };
  }

  /** A test for a cause of two implementations, which need not be a cause of any others. */
  ownCauseTest(term, between) {
    const both = this.bothOf(between);
    return (entry) => {
      const [one, other] = both(entry);
      const sets = one && other ? this.pairs.cause(entry, one, other)?.sets : [];
      return (sets ?? [entry.causes]).flat().some((axis) => term.fits.some((fits) => fits(axis)));
    };
  }

  /** A test for cases on which the first implementations of two patterns that run on it diverge, or agree. */
  pairTest(term) {
    const both = this.bothOf(term);
    return (entry) => {
      const cells = this.store.cellsOf(entry);
      const [one, other] = both(entry).map((member) => member && cells.get(member.index));
      if (!one || !other || one.group < 0 || other.group < 0 || one.quantity !== other.quantity) return false;
      return (one.group !== other.group) === (term.key === "differs");
    };
  }
}

/** A test for a value in which * and ? are wildcards. */
export function glob(pattern) {
  const text = pattern.toLowerCase();
  if (!/[*?]/.test(text)) return (value) => value.toLowerCase() === text;
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  const fits = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
  return (value) => fits.test(value.toLowerCase());
}

/** Split at commas, but not at those inside brackets: compile[a,b] is one name. */
export function alternatives(text) {
  return text
    .split(/,(?![^[]*\])/)
    .map((part) => part.trim())
    .filter(Boolean);
}

/** A test of an implementation by its id, by its short name, or by a pattern. */
function memberTest(value) {
  const fits = glob(value);
  return (entry) => fits(entry.id) || fits(entry.name);
}

/** With more words than these a query is a sentence, in which some words say nothing. */
const FEW_WORDS = 2;

function withoutEmptyWords(terms) {
  const isEmpty = ({ word, said, not }) => word !== undefined && !not && !isTelling(said);
  const left = terms.filter((term) => !isEmpty(term));
  return wordsOf({ terms: left }).length ? left : terms;
}

/** A query without its words. */
export function withoutWords(query) {
  return { ...query, terms: query.terms.filter(({ word, not }) => word === undefined || not) };
}

/** The words that a query asks for. */
export function wordsOf(query) {
  return query.terms.filter(({ word, not }) => word !== undefined && !not).map(({ word }) => word);
}

/** A term as it is written in a query: `key:value`, in quotes where it has blanks. */
export function written(key, ...values) {
  const joined = values.join(",");
  return `${key}:${/\s/.test(joined) ? `"${joined}"` : joined}`;
}

/** The query with a term switched on or off; other values of the same key stay, joined by a comma. */
export function toggled(text, key, value) {
  const terms = text.split(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/).filter(Boolean);
  const at = terms.findIndex((term) => term.startsWith(`${key}:`));
  if (at < 0) return [...terms, written(key, value)].join(" ");
  const values = alternatives(terms[at].slice(key.length + 1).replaceAll('"', ""));
  const left = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  if (left.length) terms[at] = written(key, ...left);
  else terms.splice(at, 1);
  return terms.join(" ");
}

/** Whether a query has a term with this value. */
export function isChosen(query, key, value) {
  return query.terms.some((term) => term.key === key && !term.not && term.values.includes(value));
}
