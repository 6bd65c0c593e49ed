// Cases by implementations; only visible rows are drawn.

import { caseHref, go, href, implementationHref, state } from "./address.js";
import { cases, data, implementations, store } from "./data.js";
import { h } from "./dom.js";
import { differing } from "./fold.js";
import { verdictOf } from "./store.js";
import { hideTip, showTip, tipOf } from "./tip.js";
import { axisWords, breakable, broken, colour, grouped, letter, statusWords, verdictWords } from "./words.js";

/** So many lines fit into a row: of more groups the last line says how many. */
const MOST_LINES = 3;

/** Of so many implementations all are named. */
const FEW_NAMES = 2;

const MOST_PRINTED = 500;

/** Where a column for each implementation does not fit, a row has the groups of its case; see the style sheet. */
const SMALL = matchMedia("screen and (max-width: 48rem)");

/** How many rows are drawn above and below the visible ones. */
const MORE_ROWS = 3;

/** A matrix of one quantity. `show(lines, columns, folds)` gives it cases, implementations and what these fold. */
export class Matrix {
  constructor(quantity) {
    this.quantity = quantity;
    this.head = h("thead");
    this.body = h("tbody");
    this.widths = h("colgroup");
    this.table = h("table", this.widths, this.head, this.body);
    this.element = h(
      "div.scroll.matrix",
      {
        tabindex: 0,
        role: "region",
        "aria-label": `${data.quantities[quantity]}: cases by implementations`,
        onscroll: () => this.scrolled(),
        onkeydown: (event) => this.pressed(event),
        onpointerover: (event) => this.pointed(event),
        onpointerleave: hideTip,
        onclick: (event) => this.clicked(event),
      },
      this.table,
    );
    this.lines = [];
    this.columns = [];
    this.folds = new Map();
    this.drawn = [];
    this.height = 0;
    // Kept here, because reading them forces the browser to lay out the page.
    this.top = 0;
    this.seen = innerHeight;
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.element);
  }

  show(lines, columns, folds) {
    const nothing = !lines.length || !columns.length;
    // A hidden element ignores scrolling: it is shown first and hidden last.
    if (!nothing) this.element.hidden = false;
    const anew = !this.head.firstChild || !alike(columns, this.columns) || folds.size !== this.folds.size;
    this.lines = lines;
    this.columns = columns;
    this.folds = folds;
    this.open = state().open;
    if (anew) this.drawHeads();
    this.table.setAttribute("aria-rowcount", lines.length + 2);
    if (this.top) this.element.scrollTop = 0;
    this.top = 0;
    this.draw(anew);
    if (nothing) this.element.hidden = true;
  }

  /** Draw as many rows as fit now; if their height changed, the first visible row stays. */
  resized() {
    if (this.element.hidden) return;
    this.seen = parseFloat(getComputedStyle(this.element).maxHeight) || innerHeight;
    // Rows of another kind may happen to have the same height.
    const anew = this.small !== SMALL.matches;
    this.small = SMALL.matches;
    if (anew) this.body.replaceChildren();
    const height = this.measured();
    if (height === this.height && !anew) {
      this.draw();
      return;
    }
    this.top *= this.height ? height / this.height : 1;
    this.height = height;
    this.draw(true);
    this.element.scrollTop = this.top;
  }

  scrolled() {
    this.top = this.element.scrollTop;
    this.draw();
  }

  drawHeads() {
    this.head.replaceChildren(...this.heads());
    this.widths.replaceChildren(h("col.name"), ...this.columns.map(() => h("col.outcome")));
    // With fixed widths the browser need not measure every cell.
    this.table.style.setProperty("--columns", this.columns.length);
  }

  heads() {
    const byOrigin = grouped(this.columns, (entry) => this.place(entry));
    return [
      h(
        "tr",
        h("td.corner"),
        [...byOrigin].map(([origin, entries]) =>
          h("th.edge.origin", { scope: "colgroup", colspan: entries.length }, h("span", h("bdi", origin))),
        ),
      ),
      h(
        "tr",
        h("th.corner", { scope: "col" }, "Case"),
        this.columns.map((entry, index) =>
          h(
            `th.upright${this.edge(index)}`,
            { scope: "col", title: `${entry.id}: ${entry.definition}` },
            h("a", { href: implementationHref(entry) }, h("bdi", breakable(entry.name))),
            this.folds.has(entry) ? this.toggle(entry) : null,
          ),
        ),
      ),
    ];
  }

  /** A link that shows the other releases of a column, or hides them. */
  toggle(entry) {
    const number = this.folds.get(entry).length;
    const open = this.open === entry.id;
    return h(
      "a.fold",
      {
        href: href({ ...state(), open: open ? undefined : entry.id }),
        "aria-label": `${open ? "Hide" : "Show"} other releases of ${entry.id}`,
      },
      `${open ? "\u2212" : "+"}${number}`,
    );
  }

  /** Where a column stands: another release stands with the one that it is folded into. */
  place(entry) {
    return [...this.folds].find(([, others]) => others.includes(entry))?.[0].origin ?? entry.origin;
  }

  edge(index) {
    return index && this.place(this.columns[index]) === this.place(this.columns[index - 1]) ? "" : ".edge";
  }

  /** Draw the visible rows, between two spacers as high as all others. */
  draw(anew = false) {
    if (this.printed) return;
    this.height ||= this.measured();
    const top = Math.floor(this.top / this.height);
    const first = Math.max(0, top - MORE_ROWS);
    const last = Math.min(this.lines.length, top + Math.ceil(this.seen / this.height) + MORE_ROWS);
    // While a word is typed, most letters leave the rows as they are.
    if (!anew && first === this.first && alike(this.lines.slice(first, last), this.drawn)) this.fit(last);
    else this.fill(first, last);
  }

  /** For printing draw the first rows, afterwards the visible ones again. */
  print(printed) {
    this.printed = printed;
    if (printed) this.fill(0, Math.min(MOST_PRINTED, this.lines.length));
    else this.draw(true);
  }

  fill(first, last) {
    this.first = first;
    this.drawn = this.lines.slice(first, last);
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.case : undefined;
    this.body.replaceChildren(
      spacer(first * this.height, this.columns.length + 1),
      ...this.drawn.map((entry, index) => this.row(entry, first + index)),
      spacer(0, this.columns.length + 1),
    );
    this.fit(last);
    if (focused !== undefined) this.linkOf(focused)?.focus({ preventScroll: true });
  }

  /** Set the height of the spacer below the drawn rows. */
  fit(last) {
    this.body.lastChild.style.height = `${(this.lines.length - last) * this.height}px`;
  }

  measured() {
    if (!this.lines.length) return 0;
    const drawn = this.body.querySelector("tr:not(.spacer)");
    if (!drawn) this.body.replaceChildren(this.row(this.lines[0], 0));
    return (drawn ?? this.body.firstChild).getBoundingClientRect().height || 52;
  }

  row(entry, index) {
    const verdict = verdictOf(entry, this.quantity);
    const why = verdict === "diverge" ? entry.causes.map(axisWords).join(" · ") : verdictWords(verdict);
    const cells = store.cellsOf(entry);
    return h(
      "tr",
      { "aria-rowindex": index + 3 },
      h(
        "th",
        { scope: "row" },
        h("div", h("a", { href: caseHref(entry), "data-case": entry.id, "data-line": index }, h("bdi", entry.title))),
        h("span.why", { title: why }, why),
        SMALL.matches ? this.groups(verdict, cells) : null,
      ),
      SMALL.matches ? null : this.columns.map((column, place) => this.cell(entry, verdict, column, cells, place)),
    );
  }

  /** What the implementations shown returned, and which did or how many: group by group. */
  groups(verdict, cells) {
    const found = this.columns.flatMap((column) => {
      const cell = cells.get(column.index);
      return cell && [null, this.quantity].includes(cell.quantity) ? [{ column, ...cell }] : [];
    });
    const byGroup = [...grouped(found, ({ group, record }) => (group < 0 ? record.verdict : group)).values()];
    const sorted = byGroup.sort(([left], [right]) => left.group - right.group);
    const named = sorted.length > MOST_LINES ? MOST_LINES - 1 : sorted.length;
    return h(
      "span.groups",
      sorted.slice(0, named).map((members) => {
        const [{ letter: text, group, record }] = members;
        const urgent = members.some((member) => data.words.urgent.includes(member.record.verdict));
        return h(
          "span",
          text ? [letter(verdict, group, text), " "] : null,
          h("b.value", broken(record.brief)),
          " ",
          members.length > FEW_NAMES ? `${members.length} calls` : members.map(({ column }) => column.name).join(", "),
          urgent ? h("em", " needs attention") : null,
        );
      }),
      named < sorted.length ? h("span", `${sorted.length - named} more groups`) : null,
    );
  }

  cell(entry, verdict, column, cells, place) {
    const found = cells.get(column.index);
    const isUrgent = (cell) => data.words.urgent.includes(cell.record.verdict);
    const hidden = this.open === column.id ? [] : (this.folds.get(column) ?? []);
    const others = differing(column, hidden, cells, isUrgent);
    const folded = others.length
      ? h("small", { title: others.map((other) => other.id).join("\n") }, `\u2260 ${others.length}`)
      : null;
    const numbers = { "data-entry": entry.index, "data-column": column.index };
    if (!found || (found.quantity !== null && found.quantity !== this.quantity)) {
      return h(`td.none${this.edge(place)}`, numbers, folded);
    }
    const { record } = found;
    const urgent = isUrgent(found) || others.some((other) => isUrgent(cells.get(other.index)));
    const tint = found.group < 0 ? "plain" : colour(verdict, found.group);
    return h(
      `td.${tint}${this.edge(place)}${urgent ? ".urgent" : ""}`,
      numbers,
      verdict === "diverge" && found.letter ? h("i", found.letter, " ") : null,
      h("span", broken(record.brief), record.verdict === "documented" ? "†" : ""),
      isUrgent(found) ? h("em", statusWords(record.verdict)) : null,
      folded,
    );
  }

  linkOf(id) {
    return [...this.body.querySelectorAll("a[data-case]")].find((link) => link.dataset.case === id);
  }

  /** Move the focus from case to case with the arrow keys. */
  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    const line = document.activeElement?.dataset?.line;
    if (step === undefined || line === undefined) return;
    event.preventDefault();
    this.focus(Math.max(0, Math.min(this.lines.length - 1, Number(line) + step)));
  }

  focus(line) {
    const top = line * this.height;
    const seen = this.element.clientHeight - this.head.offsetHeight;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    if (top + this.height > this.element.scrollTop + seen) this.element.scrollTop = top + this.height - seen;
    this.scrolled();
    this.linkOf(this.lines[line].id)?.focus({ preventScroll: true });
  }

  pointed(event) {
    const cell = event.target.closest("td[data-entry]");
    if (cell) showTip(cell, tipOf(cases[cell.dataset.entry], implementations[cell.dataset.column]));
    else hideTip();
  }

  clicked(event) {
    const cell = event.target.closest("td[data-entry]");
    if (cell) go({ case: cases[cell.dataset.entry].id, implementation: implementations[cell.dataset.column].id });
  }
}

function alike(left, right) {
  return left.length === right.length && left.every((entry, index) => entry === right[index]);
}

function spacer(height, columns) {
  const row = h("tr.spacer", { "aria-hidden": "true" }, h("td", { colspan: columns }));
  row.style.height = `${Math.max(0, height)}px`;
  return row;
}
