// A search field that chooses an implementation: the pattern "editable combobox with list" of ARIA.

import { implementations } from "./data.js";
import { count, h } from "./dom.js";
import { ranked } from "./fuzzy.js";
import { breakable } from "./words.js";

/** So many options are drawn; type to find another one. */
const MOST_OPTIONS = 250;

/** A field for one of some implementations; `onchoose` gets the one that is chosen. */
export function implementationField(id, label, chosen, onchoose, entries = implementations) {
  return new Combobox(id, label, chosen, onchoose, entries).element;
}

class Combobox {
  constructor(id, label, chosen, onchoose, entries) {
    Object.assign(this, { id, chosen, onchoose, entries, options: [], active: -1, unfolded: new Set() });
    this.input = h("input", {
      ...{ id, type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", autocapitalize: "off" },
      ...{ "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list` },
      placeholder: "Type a part of a name",
      value: chosen?.id ?? "",
      onfocus: () => this.input.select(),
      oninput: () => this.open(),
      onclick: () => this.isOpen || this.open(""),
      onkeydown: (event) => this.pressed(event),
      onblur: () => this.close(),
    });
    this.list = h("ul.options", {
      ...{ id: `${id}-list`, role: "listbox", "aria-label": label, hidden: true },
      // The field keeps the focus.
      onmousedown: (event) => event.preventDefault(),
      onclick: (event) => this.clicked(event),
    });
    this.element = h("div.picker", h("label", { for: id }, label), this.input, this.list);
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** Show what fits a query: by default what was typed. */
  open(query = this.input.value) {
    this.query = query;
    this.options = this.optionsFor(query).slice(0, MOST_OPTIONS);
    const place = query.trim() ? 0 : this.options.findIndex(({ entry }) => entry && entry === this.chosen);
    this.list.replaceChildren(
      ...(this.options.length
        ? this.options.map((option, index) => this.line(option, index))
        : [h("li.nothing", { role: "option", "aria-disabled": "true" }, "No implementation has such a name.")]),
    );
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.activate(this.options.length ? place : -1);
  }

  close() {
    this.list.hidden = true;
    this.unfolded.clear();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.input.value = this.chosen?.id ?? "";
  }

  /** Implementations, and for each that has variants a line that shows them. */
  optionsFor(query) {
    return ranked(query, this.entries).flatMap(({ base, entries, folded }) => [
      ...entries.map((entry) => ({ entry })),
      ...(folded.length && !this.isUnfolded(base, folded)
        ? [{ base, folded }]
        : folded.map((entry) => ({ entry, isVariant: true }))),
    ]);
  }

  isUnfolded(base, folded) {
    return this.unfolded.has(base) || (!this.query?.trim() && folded.includes(this.chosen));
  }

  line({ entry, base, folded, isVariant }, index) {
    const text = entry
      ? h("bdi", breakable(entry.id))
      : h("span.fold", h("bdi", breakable(base)), `: ${count(folded.length, "variant")} …`);
    return h(
      `li${isVariant ? ".variant" : ""}`,
      {
        id: `${this.id}-${index}`,
        role: "option",
        "aria-selected": String(entry === this.chosen),
        "data-index": index,
        title: entry?.definition,
      },
      text,
    );
  }

  activate(index) {
    this.list.querySelector(".active")?.classList.remove("active");
    this.active = index;
    const option = this.list.children[index];
    if (index < 0 || !option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.classList.add("active");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      if (!this.isOpen) this.open("");
      else this.move(step);
    } else if (event.key === "Enter" && this.isOpen) {
      event.preventDefault();
      this.choose(this.options[this.active]);
    } else if (event.key === "Escape" && this.isOpen) {
      event.stopPropagation();
      this.close();
      this.input.select();
    }
  }

  /** One step goes round at the ends, more stop there. */
  move(step) {
    const last = this.options.length - 1;
    const next = this.active + step;
    if (Math.abs(step) === 1) this.activate(next < 0 ? last : next > last ? 0 : next);
    else this.activate(Math.max(0, Math.min(last, next)));
  }

  clicked(event) {
    const index = event.target.closest("[data-index]")?.dataset.index;
    if (index !== undefined) this.choose(this.options[index]);
    this.input.focus({ preventScroll: true });
  }

  choose(option) {
    if (!option) return;
    if (option.entry) {
      this.chosen = option.entry;
      this.close();
      this.onchoose(option.entry);
      return;
    }
    const first = this.options.indexOf(option);
    this.unfolded.add(option.base);
    this.open(this.query);
    this.activate(first);
  }
}
