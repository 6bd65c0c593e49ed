// A field that hides what does not say some words.

import { h } from "./dom.js";
import { normal } from "./everything.js";

/** Elements below a field; those that match a selector are shown if their data-text has all words of the field. */
export function filtered(label, elements, selector) {
  const status = h("span.meta", { role: "status" });
  const body = h("div", elements);
  const field = h("input.filter", {
    ...{ type: "search", "aria-label": label, placeholder: `${label} …`, autocomplete: "off", spellcheck: "false" },
    oninput: () => {
      const words = normal(field.value).split(/\s+/).filter(Boolean);
      let left = 0;
      for (const element of body.querySelectorAll(selector)) {
        const text = normal(element.dataset.text);
        element.hidden = !words.every((word) => text.includes(word));
        left += element.hidden ? 0 : 1;
      }
      for (const section of body.querySelectorAll("section")) {
        section.hidden = !section.querySelector(`${selector}:not([hidden])`);
      }
      status.textContent = words.length ? `${left} left` : "";
    },
  });
  return h("div", h("p", field, " ", status), body);
}
