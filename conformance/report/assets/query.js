// The query language of the search box: words and key:value terms, all of which have to hold.

const VERDICTS = ["diverge", "agree", "null"];

/** Key -> what it means, and what makes a test of cases out of a test of values. */
const KEYS = {
  framework: { says: "a framework takes the case", values: () => origins.concat(frameworks()), columns: true },
  implementation: { says: "an implementation takes the case", example: "*BinaryAccuracy*", columns: true },
  cause: { says: "a cause of the divergence", values: () => data.axes.map((axis) => axis.id),
    test: (fits) => (entry) => entry.causes.some(fits) },
  is: { says: "diverge, agree, null, or a status",
    values: () => [...VERDICTS, ...Object.keys(data.words.cell), "changed", "added", "removed"], test: isSo },
  differs: { says: "two implementations part", example: "A,B", pair: true, columns: true },
  agrees: { says: "two implementations agree", example: "A,B", pair: true, columns: true },
  id: { says: "the id of a case", example: "seed*", test: (fits) => (entry) => fits(entry.id) },
  tag: { says: "a tag of a case", values: () => all((entry) => entry.tags), test: (fits) => (entry) => entry.tags.some(fits) },
  family: { says: "a family of cases", values: () => all((entry) => [entry.family ?? ""]),
    test: (fits) => (entry) => fits(entry.family ?? "") },
  task: { says: "binary, multiclass or multilabel", values: () => all((entry) => [entry.task ?? ""]),
    test: (fits) => (entry) => fits(entry.task ?? "") },
  raises: { says: "an exception came back", example: "ValueError",
    test: (fits) => withRecord((record) => record.kind === "raises" && fits(record.whole)) },
  value: { says: "a value came back", example: "0.5",
    test: (fits) => withRecord((record) => record.kind === "value" && fits(record.whole)) },
  finding: { says: "an outcome shows a finding", values: () => data.findings.map((finding) => finding.id),
    test: (fits) => withRecord((record) => (record.departures ?? []).some(fits)) },
  file: { says: "the file of a case", example: "cases/ties/ties.yaml", test: (fits) => (entry) => fits(entry.file ?? "") },
};

function frameworks() {
  return [...new Set(implementations.map((entry) => entry.framework))];
}

const valuesKnown = new Map();

/** The values that a key can have, looked up once. */
function valuesOf(key) {
  if (!valuesKnown.has(key)) valuesKnown.set(key, [...new Set(KEYS[key].values?.() ?? [])]);
  return valuesKnown.get(key);
}

function all(of) {
  return [...new Set(cases.flatMap(of))].filter(Boolean).sort();
}

/** A test for a cell of which something holds; each record is looked at once, however many cells have it. */
function withRecord(holds) {
  const numbers = recordsThat(holds);
  return (entry) => hasRecord(entry, numbers);
}

function isSo(fits, quantity) {
  const verdicts = new Set(VERDICTS.filter(fits));
  const changed = new Set(changesThat(fits));
  const absent = fits("not-applicable");
  const recorded = withRecord((record) => fits(record.verdict));
  return (entry) => verdicts.has(verdictOf(entry, quantity)) || changed.has(entry.id)
    || (absent && data.absent[entry.absent]?.length > 0) || recorded(entry);
}

/** The ids of cases that are changed, added or removed, where a value asks for these. */
function changesThat(fits) {
  if (!data.changes) return [];
  const { added, removed, changed } = data.changes;
  return [...(fits("added") ? Object.keys(added) : []), ...(fits("removed") ? Object.keys(removed) : []),
    ...(fits("changed") ? changed.map((cell) => cell.case) : [])];
}

/** A test for a value in which * and ? are wild. */
function glob(pattern) {
  const text = pattern.toLowerCase();
  if (!/[*?]/.test(text)) return (value) => value.toLowerCase() === text;
  const wild = text.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
  const fits = new RegExp(`^${wild}$`, "s");
  return (value) => fits.test(value.toLowerCase());
}

/** Split at commas, but not at those inside brackets: compile[accuracy,dataset] is one name. */
function alternatives(text) {
  return text.split(/,(?![^[]*\])/).map((part) => part.trim()).filter(Boolean);
}

/** Take a query apart: terms, and what is wrong with it in words. */
function parsed(text) {
  const terms = [];
  const problems = [];
  for (const [, minus, key, quoted, bare] of text.matchAll(/(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi)) {
    const value = quoted ?? bare;
    const name = key?.toLowerCase();
    if (name === undefined && /^[a-z]+:$/i.test(bare ?? "")) continue; // a key whose value is still to come
    if (name === undefined) {
      if (value) terms.push({ not: minus === "-", word: value.toLowerCase() });
    } else if (!Object.hasOwn(KEYS, name)) {
      problems.push(`There is no ${name}: in a query. There is ${Object.keys(KEYS).join(", ")}.`);
    } else {
      const values = alternatives(value);
      problems.push(...problemsOf(name, values));
      terms.push({ not: minus === "-", key: name, values, fits: values.map(glob) });
    }
  }
  const dangling = /(^|\s)-?([a-z]+):(?=\s|$)/i.exec(text);
  if (dangling) problems.push(`${dangling[2]}: needs a value, such as ${dangling[2]}:${exampleOf(dangling[2])}.`);
  return { terms: terms.filter((term) => !term.key || term.values.length), problems };
}

function exampleOf(key) {
  const known = KEYS[key.toLowerCase()];
  return known?.example ?? (known ? valuesOf(key.toLowerCase())[0] : undefined) ?? "…";
}

function problemsOf(key, values) {
  const entry = KEYS[key];
  if (entry.pair) {
    if (values.length !== 2) return [`${key}: needs two implementations with a comma between them.`];
    return values.filter((value) => !implementations.some(memberTest(value)))
      .map((value) => `No implementation is called ${value}.`);
  }
  if (key === "implementation") {
    return values.filter((value) => !implementations.some(memberTest(value)))
      .map((value) => `No implementation is called ${value}; * stands for anything.`);
  }
  if (!entry.values) return [];
  const known = valuesOf(key);
  return values.filter((value) => !known.some(glob(value)))
    .map((value) => `No ${key} is called ${value}. There is ${known.join(", ")}.`);
}

/** An implementation by its id, by its short name, or by a pattern. */
function memberTest(value) {
  const fits = glob(value);
  return (entry) => fits(entry.id) || fits(entry.name);
}

function membersOf(value) {
  return implementations.filter(memberTest(value));
}

/** The implementations that a query is about; all of them where it names none. */
function columnsOf(query) {
  const chosen = query.terms.filter((term) => term.key && KEYS[term.key].columns && !term.not);
  if (!chosen.length) return implementations;
  return implementations.filter((entry) => chosen.some((term) =>
    (term.key === "framework" ? term.fits.some((fits) => fits(entry.framework) || fits(entry.origin))
      : term.values.some((value) => memberTest(value)(entry)))));
}

/** A test of cases for a whole query. */
function compiled(query, quantity) {
  const tests = query.terms.map((term) => {
    const test = testOf(term, quantity);
    return term.not ? (entry) => !test(entry) : test;
  });
  return (entry) => tests.every((test) => test(entry));
}

function testOf(term, quantity) {
  if (term.word !== undefined) return (entry) => haystack(entry).includes(term.word);
  if (term.key === "differs" || term.key === "agrees") {
    const [left, right] = term.values.map(membersOf);
    return (entry) => parted(entry, left, right ?? [], term.key === "differs");
  }
  if (term.key === "framework" || term.key === "implementation") {
    const numbers = new Set(columnsOf({ terms: [{ ...term, not: false }] }).map((entry) => entry.index));
    return (entry) => {
      let takes = entry.lost.some(([, number]) => numbers.has(number));
      for (const name in entry.compared) eachMember(entry, name, (number) => { takes ||= numbers.has(number); });
      return takes;
    };
  }
  const tests = term.fits.map((fits) => KEYS[term.key].test(fits, quantity));
  return (entry) => tests.some((test) => test(entry));
}

function parted(entry, left, right, apart) {
  const cells = cellsOf(entry);
  const [one, other] = [left, right].map((side) => side.map((member) => cells.get(member.index)).find(Boolean));
  if (!one || !other || one.group < 0 || other.group < 0 || one.quantity !== other.quantity) return false;
  return (one.group !== other.group) === apart;
}

function haystack(entry) {
  entry.haystack ??= [entry.id, entry.title, entry.because ?? "", entry.yaml, ...entry.tags, ...entry.causes]
    .join("\n").toLowerCase();
  return entry.haystack;
}

/** A term as it is written in a query: `key:value`, in quotes where it has blanks. */
function written(key, ...values) {
  const joined = values.join(",");
  return `${key}:${/\s/.test(joined) ? `"${joined}"` : joined}`;
}

/** The query with a term switched on or off; other values of the same key stay, joined by a comma. */
function toggled(text, key, value) {
  const terms = text.split(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/).filter(Boolean);
  const at = terms.findIndex((term) => term.startsWith(`${key}:`));
  if (at < 0) return [...terms, written(key, value)].join(" ");
  const values = alternatives(terms[at].slice(key.length + 1).replaceAll('"', ""));
  const left = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  if (left.length) terms[at] = written(key, ...left);
  else terms.splice(at, 1);
  return terms.join(" ");
}

function isChosen(query, key, value) {
  return query.terms.some((term) => term.key === key && !term.not && term.values.includes(value));
}
