// The tooltip of a cell.

import { data, store } from "./data.js";
import { h } from "./dom.js";
import { statusWords } from "./words.js";

/** The tooltip of a cell. */
export function tipOf(entry, implementation) {
  const found = store.cellsOf(entry).get(implementation.index);
  const title = h("b", h("bdi", implementation.id));
  const definition = implementation.definition && h("p", "Definition: ", implementation.definition);
  if (!found) return [title, h("p", store.reasonAbsent(entry, implementation.index)), definition];
  const { record } = found;
  return [
    title,
    h("p.value", record.whole, record.dtype ? ` (${record.dtype})` : ""),
    record.predicted && h("p", "Predicted: ", h("span.value", record.predicted)),
    h("p", statusWords(record.verdict), ". ", data.words.cell[record.verdict]),
    definition,
  ];
}

export const tip = h("div.tip", { role: "tooltip", hidden: true });

export function showTip(anchor, content) {
  tip.replaceChildren(...content.filter(Boolean));
  tip.hidden = false;
  const box = anchor.getBoundingClientRect();
  const left = Math.min(box.left, innerWidth - tip.offsetWidth - 12);
  const above = box.bottom + tip.offsetHeight + 12 > innerHeight;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${above ? Math.max(8, box.top - tip.offsetHeight - 8) : box.bottom + 8}px`;
}

export function hideTip() {
  tip.hidden = true;
}
