// Questions of users, each with the view that answers it from the data of this run.

import { href } from "./address.js";
import { data, store } from "./data.js";
import { coded, h } from "./dom.js";
import { answerOf, placeOf } from "./everything.js";

export function questionsList() {
  if (!data.questions.length) return null;
  return h(
    "section.asked",
    h("h2", "Questions"),
    h(
      "ul.clean",
      data.questions.map((question) => h("li", answered(question))),
    ),
  );
}

function answered(question) {
  const [answer, place] = [answerOf(question, store), href(placeOf(question))];
  if (!answer) return h("a", { href: place }, coded(question.asks));
  return h(
    "details",
    h("summary", coded(question.asks)),
    h("p", coded(answer), " ", h("a", { href: place }, "What was run")),
  );
}
