// Elements made of the text of notes. Only what is named here can come of it, and words only ever become the text of an element.

const TEXT_ELEMENTS = {
  p: "p", blockquote: "blockquote", pre: "pre", ul: "ul", ol: "ol", li: "li", footnote: "p", table: "table", tr: "tr", td: "td",
  em: "em", strong: "strong", del: "del", code: "code", sup: "sup", br: "br", hr: "hr", span: "span",
  h1: "h4", h2: "h4", h3: "h5", h4: "h5", h5: "h5", h6: "h5",
};
const WEB_ADDRESS = /^https?:\/\//i;

function element(tag, { class: name, ...properties } = {}, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  for (const [key, given] of Object.entries(properties)) {
    if (key in made) made[key] = given;
    else made.setAttribute(key, given);
  }
  made.append(...children); // strings become text
  return made;
}

// What a tree of `text_tree.py` stands for, as strings and elements.
function elementsOf(graph, tree) {
  return tree.map((node) => (typeof node === "string" ? node : elementOf(graph, node)));
}

function elementOf(graph, [kind, ...nodes]) {
  if (typeof kind === "number") return noteLink(graph, kind, ...elementsOf(graph, nodes));
  if (kind === "a") return webLink(...nodes.slice(0, 1), elementsOf(graph, nodes.slice(1)));
  const children = elementsOf(graph, nodes);
  if (kind === "img") return element("span", { class: "picture", title: "What is embedded here is not in this page" }, ...children);
  if (kind === "lost") return element("span", { class: "lost", title: "No note of this page" }, ...children);
  return element(Object.hasOwn(TEXT_ELEMENTS, kind) ? TEXT_ELEMENTS[kind] : "span", {}, ...children);
}

function noteLink(graph, i, ...children) {
  return element("a", { href: `#${encodeURIComponent(graph.name(i))}`, "data-note": i }, ...children);
}

function webLink(address, children) {
  if (!WEB_ADDRESS.test(address)) return element("span", {}, ...children);
  return element("a", { href: address, class: "web", target: "_blank", rel: "noopener noreferrer", title: address }, ...children);
}
