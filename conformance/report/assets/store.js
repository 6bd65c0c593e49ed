// The data of the page, and what is looked up in them again and again.

const LISTS = ["causes", "tags", "see", "rows", "columns", "traced", "lost", "parts", "contents"];

/** Data of the page: base64 of deflated JSON. */
export async function inflated(text) {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let index = 0; index < packed.length; index += 1) bytes[index] = packed.charCodeAt(index);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

/** Cases, implementations, axes and findings by name, and the cells of each case. */
export class Store {
  constructor(data) {
    this.data = data;
    this.implementations = data.implementations.map((entry, index) => Object.assign(entry, { index }));
    this.cases = data.cases.map((entry, index) => {
      for (const key of LISTS) entry[key] ??= [];
      entry.compared ??= {};
      entry.yaml ??= "";
      return Object.assign(entry, { index, size: entry.yaml.length });
    });
    this.implementationNamed = new Map(this.implementations.map((entry) => [entry.id, entry]));
    this.caseNamed = new Map(this.cases.map((entry) => [entry.id, entry]));
    this.axisNamed = new Map(data.axes.map((axis) => [axis.id, axis]));
    this.findingNamed = new Map(data.findings.map((finding) => [finding.id, finding]));
    this.quantities = Object.keys(data.quantities);
    this.origins = [...new Set(this.implementations.map((entry) => entry.origin))];
    this.urgent = this.recordsThat((record) => data.words.urgent.includes(record.verdict));
  }

  /** The cells of a case: implementation number -> {record, letter, group, quantity}. */
  cellsOf(entry) {
    if (entry.cells) return entry.cells;
    const { records } = this.data;
    const cells = new Map();
    for (const [quantity, comparison] of Object.entries(entry.compared)) {
      comparison.groups.forEach(([letter, , ...bundles], group) => {
        for (const [record, ...members] of bundles) {
          for (const member of members) cells.set(member, { record: records[record], letter, group, quantity });
        }
      });
    }
    for (const [record, member] of entry.lost) {
      cells.set(member, { record: records[record], letter: "", group: -1, quantity: null });
    }
    entry.cells = cells;
    return cells;
  }

  /** The rule of an implementation on an axis, or undefined. */
  ruleOf(implementation, axis) {
    return this.data.rules[implementation.rules[axis]];
  }

  /** What an implementation does on an axis in a case: its record says so where it is not the general rule. */
  ruleHere(axis, implementation, { rules }) {
    const own = rules?.[axis];
    return own === undefined ? this.ruleOf(implementation, axis)?.says : this.data.sentences[own];
  }

  /** What an implementation does in some cases instead of its rule on an axis: sentences. */
  ruleElsewhere(axis, implementation) {
    const records = this.cases.map((entry) => this.cellsOf(entry).get(implementation.index)?.record);
    const own = new Set(records.map((record) => record?.rules?.[axis]).filter((says) => says !== undefined));
    return [...own].map((says) => this.data.sentences[says]);
  }

  /** What an implementation does on any axis in a case, in a sentence. */
  saysHere(axis, implementation, record) {
    const { kind, raised = "", departures, resolved, becomes } = record;
    if (axis === "refusal") return kind === "raises" ? `Raises: ${raised.replace(/\.$/, "")}.` : "Computes a value.";
    if (axis === "departure" && !departures) return "Follows its documentation here.";
    if (axis === "departure") return `Deviates from its documentation here: ${departures.join(", ")}.`;
    if (axis !== "name-resolution") return this.ruleHere(axis, implementation, record);
    const becoming = resolved ?? becomes;
    return becoming ? `Becomes ${becoming}.` : `Is ${implementation.name} itself.`;
  }

  /** Those defaults of an implementation that differ from those of another, and that the case is silent on. */
  defaultsHere(entry, implementation, other, record) {
    const theirs = other.parameters ?? {};
    const found = Object.entries(implementation.parameters ?? {})
      .filter(([name, value]) => name in theirs && theirs[name] !== value && !isNamed(entry, name))
      .map(([name, value]) => `${name}=${value}`);
    return found.length
      ? `By default ${found.join(" and ")}.`
      : this.saysHere("default-parameter", implementation, record);
  }

  /** Why an implementation has no cell in a case. */
  reasonAbsent(entry, number) {
    const found = this.data.absent[entry.absent]?.find(([, ...members]) => members.includes(number));
    return found ? `Not applicable: ${found[0]}` : "Not run.";
  }

  /** The program that gives a cell: a template of the implementation, filled with the data of the case. */
  programOf(entry, number) {
    const found = this.data.programs[entry.programs]?.find(([member]) => member === number);
    if (!found) return "";
    const [, template, kind] = found;
    const text = this.implementations[number].programs[template];
    const at = text.indexOf("{data}");
    return text.slice(0, at) + entry.data[kind] + text.slice(at + 6);
  }

  // A search looks at every case at every key: it goes over numbers and makes no objects.

  /** The numbers of the records of which something holds. */
  recordsThat(holds) {
    return new Set(this.data.records.flatMap((record, number) => (holds(record) ? [number] : [])));
  }

  /** Whether a case has a cell that fails a run. */
  isUrgent(entry) {
    return hasRecord(entry, this.urgent);
  }

  /** Whether a case has a cell in a quantity that was lost: crashed or timed out. */
  lostIn(entry, quantity) {
    return entry.lost.some(([, number]) => this.implementations[number].quantity === quantity);
  }
}

/** Of a sentence with a clause for each value of a parameter, which starts with it, those that hold on a case. */
export function inForce(text, entry, { parameters = {} }) {
  const named = [...(entry.yaml ?? "").matchAll(/^(?!task:)(\w+): (\w+)$/gm)].map(([, name, value]) => [name, value]);
  const values = { ...parameters, ...Object.fromEntries(named) };
  const word = (name) => (values[name] === "True" ? name : values[name]);
  const words = new Set(Object.keys(values).map(word));
  if (/^(None|null|none)$/.test(values.average ?? "")) words.add("none");
  const clauses = text.replace(/\.$/, "").split("; ");
  const found = clauses.filter((clause) => /^[A-Z]/.test(clause) || words.has(clause.split(" ")[0]));
  return `${(found.length ? found : clauses).join("; ")}.`;
}

/** Whether a case names a parameter. */
export function isNamed(entry, name) {
  return new RegExp(`^${name}:`, "m").test(entry.yaml ?? "");
}

/** Whether a case has a cell with one of these records. */
export function hasRecord(entry, numbers) {
  if (!numbers.size) return false;
  for (const quantity in entry.compared) {
    for (const group of entry.compared[quantity].groups) {
      for (let bundle = 2; bundle < group.length; bundle += 1) if (numbers.has(group[bundle][0])) return true;
    }
  }
  return entry.lost.some(([record]) => numbers.has(record));
}

/** Call `visit` with the number of each implementation of a case within a quantity, and of those that are lost. */
export function eachMember(entry, quantity, visit) {
  for (const group of entry.compared[quantity]?.groups ?? []) {
    for (let bundle = 2; bundle < group.length; bundle += 1) {
      for (let place = 1; place < group[bundle].length; place += 1) visit(group[bundle][place]);
    }
  }
  for (const [, member] of entry.lost) visit(member);
}

/** The verdict of a case over all quantities, or within one. */
export function verdictOf(entry, quantity) {
  if (quantity) return entry.compared[quantity]?.verdict ?? "null";
  const found = Object.values(entry.compared).map((comparison) => comparison.verdict);
  return ["diverge", "agree"].find((verdict) => found.includes(verdict)) ?? "null";
}
