// Questions of users, each with the view that answers it from the data of this run.

import { href } from "./address.js";
import { data } from "./data.js";
import { coded, h } from "./dom.js";

/** The address of the view that answers a question. */
export function answerHref({ implementations = [], strings = [], contents, view }) {
  const [one, other] = implementations;
  if (other) return href({ view: "start", a: one, b: other });
  if (one) return href({ view: "start", match: one });
  if (strings.length) return href({ view: "names", string: strings[0], with: strings[1] });
  if (contents) return href({ view: "cases", q: `input:${contents}`, by: "implementation" });
  return href({ view });
}

export function questionsList() {
  if (!data.questions.length) return null;
  return h(
    "section.asked",
    h("h2", "Questions"),
    h(
      "ul.clean",
      data.questions.map((question) => h("li", h("a", { href: answerHref(question) }, coded(question.asks)))),
    ),
  );
}
