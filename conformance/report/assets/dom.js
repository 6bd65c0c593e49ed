// Elements are built from text and attributes, never from markup, so that any text is shown literally.

const SVG_SPACE = "http://www.w3.org/2000/svg";

/** Attributes come first, if there are any: an object that is neither a list nor a node. */
function made(element, [first, ...rest]) {
  const isAttributes = first !== null && typeof first === "object" && !Array.isArray(first) && !(first instanceof Node);
  for (const [name, value] of Object.entries(isAttributes ? first : {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  const children = isAttributes ? rest : [first, ...rest];
  const shown = children.flat(Infinity);
  element.append(...shown.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Make an element: `h("p.meta", { id: "x" }, "text", h("b", "bold"))`. */
export function h(name, ...content) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  return made(element, content);
}

/** Make an element of a picture. */
export function svg(name, ...content) {
  return made(document.createElementNS(SVG_SPACE, name), content);
}

/** Text in which words between backticks are code, in paragraphs. */
export function prose(text) {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => h("p", coded(paragraph)));
}

/** Text in which words between backticks are code. */
export function coded(text) {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 ? h("code", part) : part));
}

/** A link where the text is an address on the web, else the text. */
export function linked(text) {
  const [address] = /^https?:\/\/[^\s/]\S*$/.exec(text) ?? [];
  if (!address || !URL.canParse(address)) return h("bdi", text);
  return h("a", { href: address, rel: "noopener noreferrer" }, address);
}

/** A table; on a small screen, where its heads are out of sight, cells may show them as labels. */
export function table(heads, lines, options = {}) {
  const label = (index) => (typeof heads[index] === "string" ? heads[index] : null);
  const head = h(
    "thead",
    h(
      "tr",
      heads.map((cell) => h("th", { scope: "col" }, cell)),
    ),
  );
  const body = h(
    "tbody",
    lines.map((line) =>
      h(
        "tr",
        line.map((cell, index) =>
          index || cell === "" ? h("td", { "data-label": label(index) }, cell) : h("th", { scope: "row" }, cell),
        ),
      ),
    ),
  );
  return scrolled(options.label ?? "Table", h(`table${options.class ? `.${options.class}` : ""}`, null, head, body));
}

/** Mark a region of which there is more to the right: a touch screen shows no scroll bars. */
function mark(region) {
  region.classList.toggle("more", region.scrollLeft + region.clientWidth < region.scrollWidth - 1);
}

const sizes = new ResizeObserver((found) => found.forEach(({ target }) => mark(target)));

/** A region that scrolls on its own, also with the keyboard. */
export function scrolled(label, ...children) {
  const attributes = { tabindex: 0, role: "region", "aria-label": label, onscroll: ({ target }) => mark(target) };
  const region = h("div.scroll", attributes, children);
  sizes.observe(region);
  return region;
}

export function count(number, singular, plural = `${singular}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? singular : plural}`;
}

/** Text that can be copied with one click. */
export function copyable(text, label) {
  const block = h("pre", { tabindex: 0, "aria-label": label }, h("code", text));
  const button = h("button.copy", { type: "button", onclick: () => copy(text, block, button) }, "Copy");
  return h("div.copyable", button, block);
}

async function copy(text, block, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page opened from a file may have no clipboard access: copy the selection instead.
    getSelection().selectAllChildren(block);
    document.execCommand("copy");
  }
  button.textContent = "Copied";
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1500);
}

/** A copy of text and elements, to be shown in another place. */
export function copied(content) {
  return [content].flat().map((part) => (part instanceof Node ? part.cloneNode(true) : part));
}
