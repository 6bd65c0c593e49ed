// Questions of users, each with the view that answers it from the data of this run.

import { href } from "./address.js";
import { data } from "./data.js";
import { coded, h } from "./dom.js";
import { placeOf } from "./everything.js";

export function questionsList() {
  if (!data.questions.length) return null;
  return h(
    "section.asked",
    h("h2", "Questions"),
    h(
      "ul.clean",
      data.questions.map((question) => h("li", h("a", { href: href(placeOf(question)) }, coded(question.asks)))),
    ),
  );
}
