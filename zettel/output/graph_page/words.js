// What is said in words beside the drawing: the panel of the note in focus or of a path, the tip, the legend.

const ARROWS = { out: "→", back: "←", both: "↔" };
const LONG_TEXT = 2500; // characters of a tree
const WAYS = { out: "links to", back: "is linked from", both: "both link to each other:" };

function formatCount(number, one) {
  return `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
}

function noteFacts(graph, i) {
  const note = graph.notes[i];
  return [
    element("div", { class: "quiet" }, `${note.id ?? note.path} · ${formatCount(graph.linkCount(i), "link")}`),
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
  const { other, out, back, way } = viewFrom(from, edge);
  return [
    element("div", { class: "quiet title" }, `${graph.notes[from].title} `, element("span", { class: way }, ARROWS[way]), ` ${graph.notes[other].title}`),
    ...sentences(out, "out", 2),
    ...sentences(back, "back", 2),
  ];
}

// The note in focus with its text, and each note it is linked with, with what the two say of each other.
function panelOf(graph, i, page) {
  const edges = graph.around[i].map((edge) => viewFrom(i, edge));
  const groups = [["both", "Linked both ways"], ["out", "Links to"], ["back", "Linked from"]];
  return [
    closeButton(page),
    element("h2", {}, graph.notes[i].title),
    ...noteFacts(graph, i),
    element("p", { class: "tools" },
      element("button", { type: "button", class: "tool", onclick: () => page.startPath(i), title: "Then click the note to go to (p, or Shift and click)" }, "Path from here")),
    ...textOf(graph, i),
    ...groups.flatMap(([way, heading]) => {
      const found = edges.filter((edge) => edge.way === way).sort((one, other) => one.other - other.other);
      if (!found.length) return [];
      return [
        element("h3", {}, `${ARROWS[way]} ${heading} · ${found.length}`),
        element("ul", { class: "notes" }, ...found.map((edge) => neighbour(graph, edge, page))),
      ];
    }),
    ...(edges.length ? [] : [element("h3", {}, "No links to or from another note here")]),
  ];
}

function closeButton(page) {
  return element("button", { class: "close", type: "button", "aria-label": "Close", title: "Back (Escape)", onclick: () => page.go(-1) }, "✕");
}

// The text of a note; a long one is folded, with a button that unfolds it.
function textOf(graph, i) {
  const tree = graph.text(i);
  if (!tree.length) return [];
  const text = element("div", { class: "text" }, ...elementsOf(graph, tree));
  const isLong = JSON.stringify(tree).length > LONG_TEXT;
  if (!isLong) return [text];
  text.classList.add("folded");
  const unfold = (event) => {
    text.classList.remove("folded");
    event.target.remove();
  };
  return [text, element("button", { type: "button", class: "tool", onclick: unfold }, "Show the whole note")];
}

function neighbour(graph, { other, out, back, way }, page) {
  const label = `${WAYS[way]} ${graph.notes[other].title}`;
  return element("li", { "data-note": other },
    element("button", { type: "button", onclick: () => page.go(other), "aria-label": label },
      element("span", { class: way }, `${ARROWS[way]} `), element("span", { class: "title" }, graph.notes[other].title)),
    ...sentences(out, "out"), ...sentences(back, "back"));
}

// The notes of a path from top to bottom, and between each two of them what the one says of the other.
function pathPanelOf(graph, from, to, path, page) {
  const [start, end] = [graph.notes[from].title, graph.notes[to].title];
  const heading = [closeButton(page), element("h2", {}, path ? `A path of ${formatCount(path.length - 1, "link")}` : "No path")];
  const turn = element("p", { class: "tools" }, element("button", { type: "button", class: "tool", onclick: () => page.goPath(to, from) }, "Turn it around"));
  if (!path) return [...heading, element("p", {}, `No chain of links leads from “${start}” to “${end}”, in either direction.`)];
  return [
    ...heading, turn,
    element("ol", { class: "path" }, ...path.map((i, at) => element("li", { "data-note": i },
      element("button", { type: "button", onclick: () => page.go(i) }, element("span", { class: "title" }, graph.notes[i].title)),
      ...(at + 1 < path.length ? hop(graph, i, path[at + 1]) : [])))),
  ];
}

// The sentences that link a note of a path with the next one: those that point along the path, else those that point back.
function hop(graph, i, next) {
  const { out, back, way } = viewFrom(i, graph.edgeBetween(i, next));
  return way === "back" ? sentences(back, "back", 1) : sentences(out, "out", 1);
}

// A button for each group, the largest first, with its colour and shape; pressed, it lights the group's notes alone. Those beyond the
// first `most` are hidden until a last button is pressed.
function legendOf(graph, choose, most, onUnfold) {
  const hidden = graph.groups.length > most + 1 ? graph.groups.length - most : 0; // one more takes no more room than a button for it
  const buttons = graph.groups.map(([look, name, size], group) =>
    element("button", { type: "button", "aria-pressed": "false", "data-group": group, hidden: hidden > 0 && group >= most, onclick: () => choose(group) },
      shapeIcon(look), element("span", { title: name }, name), element("span", { class: "quiet" }, String(size))));
  if (!hidden) return buttons;
  const unfold = (event) => {
    buttons.forEach((button) => { button.hidden = false; });
    event.currentTarget.remove();
    buttons[most].focus();
    onUnfold();
  };
  return [...buttons, element("button", { type: "button", class: "more", onclick: unfold }, `${hidden} more`)];
}

function shapeIcon(look) {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  icon.setAttribute("viewBox", "-1.4 -1.4 2.8 2.8");
  icon.setAttribute("aria-hidden", "true");
  const corners = CORNERS[shapeOf(look)], colour = `var(--colour-${colourOf(look)})`, isRing = look === NO_GROUP;
  const shape = document.createElementNS(space, corners ? "polygon" : "circle");
  if (corners) shape.setAttribute("points", corners.map((corner) => corner.join(",")).join(" "));
  else shape.setAttribute("r", isRing ? String((1 + HOLE) / 2) : "1");
  shape.setAttribute("fill", isRing ? "none" : colour);
  if (isRing) {
    shape.setAttribute("stroke", colour);
    shape.setAttribute("stroke-width", String(1 - HOLE));
  }
  icon.append(shape);
  return icon;
}
