// The data of the page, inflated from its island, and what is looked up in them again and again.

async function inflated(text) {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let index = 0; index < packed.length; index += 1) bytes[index] = packed.charCodeAt(index);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

const data = await inflated(document.getElementById("island").textContent.trim());
const { implementations, cases } = data;
const implementationNamed = new Map();
const caseNamed = new Map();

implementations.forEach((entry, index) => {
  entry.index = index;
  implementationNamed.set(entry.id, entry);
});
cases.forEach((entry, index) => {
  entry.index = index;
  for (const key of ["causes", "tags", "see", "rows", "columns", "traced", "lost", "parts"]) entry[key] ??= [];
  entry.compared ??= {};
  entry.yaml ??= "";
  entry.size = entry.yaml.length;
  caseNamed.set(entry.id, entry);
});

const axisNamed = new Map(data.axes.map((axis) => [axis.id, axis]));
const findingNamed = new Map(data.findings.map((finding) => [finding.id, finding]));
const quantities = Object.keys(data.quantities);
const origins = [...new Set(implementations.map((entry) => entry.origin))];

/** The cells of a case: implementation number -> {record, letter, group, quantity}. */
function cellsOf(entry) {
  if (entry.cells) return entry.cells;
  const cells = new Map();
  for (const [quantity, comparison] of Object.entries(entry.compared)) {
    comparison.groups.forEach(([letter, , ...bundles], group) => {
      for (const [record, ...members] of bundles) {
        for (const member of members) cells.set(member, { record: data.records[record], letter, group, quantity });
      }
    });
  }
  for (const [record, member] of entry.lost) {
    cells.set(member, { record: data.records[record], letter: "", group: -1, quantity: null });
  }
  entry.cells = cells;
  return cells;
}

/** The rule of an implementation on an axis, or undefined. */
function ruleOf(implementation, axis) {
  const number = implementation.rules[axis];
  return number === undefined ? undefined : data.rules[number];
}

/** Why an implementation has no cell in a case. */
function reasonAbsent(entry, number) {
  const found = data.absent[entry.absent]?.find(([, ...members]) => members.includes(number));
  return found ? `Not applicable: ${found[0]}` : "Not asked.";
}

/** The program that gives a cell: a template of the implementation, filled with the data of the case. */
function programOf(entry, number) {
  const [, template, kind] = data.programs[entry.programs]?.find(([member]) => member === number) ?? [];
  if (template === undefined) return "";
  const text = implementations[number].programs[template];
  const at = text.indexOf("{data}");
  return text.slice(0, at) + entry.data[kind] + text.slice(at + 6);
}

// What a search asks of every case at every key goes over the numbers of a case, without making anything of them.

/** The numbers of the records of which something holds. */
function recordsThat(holds) {
  return new Set(data.records.flatMap((record, number) => (holds(record) ? [number] : [])));
}

/** Whether a case has a cell with one of these records. */
function hasRecord(entry, numbers) {
  if (!numbers.size) return false;
  for (const quantity in entry.compared) {
    for (const group of entry.compared[quantity].groups) {
      for (let bundle = 2; bundle < group.length; bundle += 1) if (numbers.has(group[bundle][0])) return true;
    }
  }
  return entry.lost.some(([record]) => numbers.has(record));
}

/** Call `visit` with the number of each implementation of a case within a quantity, and of those that are lost. */
function eachMember(entry, quantity, visit) {
  for (const group of entry.compared[quantity]?.groups ?? []) {
    for (let bundle = 2; bundle < group.length; bundle += 1) {
      for (let place = 1; place < group[bundle].length; place += 1) visit(group[bundle][place]);
    }
  }
  for (const [, member] of entry.lost) visit(member);
}

const urgentRecords = recordsThat((record) => data.words.urgent.includes(record.verdict));

/** Whether a case has a cell that turns a run red. */
function isUrgent(entry) {
  return hasRecord(entry, urgentRecords);
}

/** The verdict of a case over all quantities, or within one. */
function verdictOf(entry, quantity) {
  if (quantity) return entry.compared[quantity]?.verdict ?? "null";
  const found = Object.values(entry.compared).map((comparison) => comparison.verdict);
  return ["diverge", "agree"].find((verdict) => found.includes(verdict)) ?? "null";
}
