// What is said in words beside the drawing: the list of notes found, the panel of the note in focus, the tip, the legend.
// Text from notes only ever becomes the text of an element.

const ARROWS = { out: "→", back: "←", both: "↔" };
const WAYS = { out: "links to", back: "is linked from", both: "both link to each other:" };

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

function counted(number, one) {
  return `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
}

function noteFacts(graph, i) {
  const note = graph.notes[i];
  return [
    element("div", { class: "quiet" }, `${note.id ?? note.path} · ${counted(graph.linkCount(i), "link")}`),
    ...(note.tags.length ? [element("div", { class: "tags" }, note.tags.map((tag) => `#${tag}`).join(" "))] : []),
  ];
}

// The sentences in which one note speaks of another; `count` tells when not all of them are here.
function sentences({ count, places }, arrow, most = Infinity) {
  const shown = places.slice(0, most).map(([before, mark, after]) =>
    element("p", { class: "sentence" }, element("span", { class: arrow }, `${ARROWS[arrow]} `), before, element("mark", {}, mark), after));
  if (count > shown.length && shown.length) shown.push(element("p", { class: "quiet" }, `and ${count - shown.length} more`));
  return shown;
}

function noteTip(graph, i) {
  return [element("div", { class: "title" }, graph.notes[i].title), ...noteFacts(graph, i)];
}

function edgeTip(graph, edge, focus) {
  const from = focus === edge.target ? edge.target : edge.source;
  const { other, out, back, way } = seenFrom(from, edge);
  return [
    element("div", { class: "quiet title" }, `${graph.notes[from].title} `, element("span", { class: way }, ARROWS[way]), ` ${graph.notes[other].title}`),
    ...sentences(out, "out", 2),
    ...sentences(back, "back", 2),
  ];
}

// The note in focus, and each note it is linked with, with what the two say of each other; `choose(i)` is called for a click.
function panelOf(graph, i, choose, close) {
  const edges = graph.around[i].map((edge) => seenFrom(i, edge));
  const groups = [["both", "Linked both ways"], ["out", "Links to"], ["back", "Linked from"]];
  return [
    element("button", { class: "close", type: "button", "aria-label": "Close", title: "Back (Escape)", onclick: close }, "✕"),
    element("h2", {}, graph.notes[i].title),
    ...noteFacts(graph, i),
    ...groups.flatMap(([way, heading]) => {
      const found = edges.filter((edge) => edge.way === way).sort((one, other) => one.other - other.other);
      if (!found.length) return [];
      return [
        element("h3", {}, `${ARROWS[way]} ${heading} · ${found.length}`),
        element("ul", {}, ...found.map((edge) => neighbour(graph, edge, choose))),
      ];
    }),
    ...(edges.length ? [] : [element("h3", {}, "No links to or from another note here")]),
  ];
}

function neighbour(graph, { other, out, back, way }, choose) {
  const label = `${WAYS[way]} ${graph.notes[other].title}`;
  return element("li", { "data-note": other },
    element("button", { type: "button", onclick: () => choose(other), "aria-label": label },
      element("span", { class: way }, `${ARROWS[way]} `), element("span", { class: "title" }, graph.notes[other].title)),
    ...sentences(out, "out"), ...sentences(back, "back"));
}

// A button for each group, with its colour and shape; pressed, it lights the group's notes alone.
function legendOf(graph, choose) {
  return graph.groups.map(([group, name, size]) =>
    element("button", { type: "button", "aria-pressed": "false", "data-group": group, onclick: () => choose(group) },
      shapeIcon(group), element("span", { title: name }, name), element("span", { class: "quiet" }, String(size))));
}

function shapeIcon(group) {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  icon.setAttribute("viewBox", "-1.4 -1.4 2.8 2.8");
  icon.setAttribute("aria-hidden", "true");
  const corners = CORNERS[SHAPES[group]];
  const shape = document.createElementNS(space, corners ? "polygon" : "circle");
  if (corners) shape.setAttribute("points", corners.map((corner) => corner.join(",")).join(" "));
  else shape.setAttribute("r", "1");
  shape.setAttribute("fill", `var(--group-${group})`);
  icon.append(shape);
  return icon;
}
