// The graph on its canvas: what is drawn how, and what is under the pointer.

const SHAPES = ["circle", "square", "diamond", "triangle", "hexagon", "wedge", "cross", "circle"];
// Edges or notes in one path. A path of all notes takes twice as long; and overlaps show only between the paths, where many
// faint edges add up to darker knots.
const AT_A_TIME = 200;
const FEW_EDGES = 700; // up to so many, arrowheads are drawn without a note in focus

class Drawing {
  constructor(canvas, graph, layout) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d", { alpha: false });
    this.graph = graph;
    this.layout = layout;
    this.camera = new Camera();
    this.screenX = new Float64Array(layout.count);
    this.screenY = new Float64Array(layout.count);
    this.focus = this.hover = this.group = -1;
    this.lit = null; // 1 for each note that is not dimmed; null: none is
    this.labels = new Labels(graph, this.pen, getComputedStyle(document.body).fontFamily);
    this.readColours();
    this.fitCanvas();
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    this.colours = Object.fromEntries(["ground", "text", "quiet", "edge", "out", "back"].map((name) => [name, colour(name)]));
    this.groupColours = SHAPES.map((_, i) => colour(`group-${i}`));
  }

  fitCanvas() {
    this.camera.fitWindow();
    this.density = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(this.camera.width * this.density);
    this.canvas.height = Math.round(this.camera.height * this.density);
  }

  // Where a note stands on the screen, as last drawn.
  place(i) {
    return [this.screenX[i], this.screenY[i]];
  }

  locate() {
    for (let i = 0; i < this.layout.count; i++) [this.screenX[i], this.screenY[i]] = this.camera.onScreen(this.layout.x[i], this.layout.y[i]);
  }

  // How large a note is on the screen; it grows more slowly than the distances as one zooms in.
  radius(i) {
    const { zoom } = this.camera;
    return Math.max(1.5, this.layout.radii[i] * Math.min(2, zoom ** (zoom < 1 ? 0.75 : 0.5)));
  }

  // What is under the pointer

  noteAt(screenX, screenY) {
    let best = -1, nearest = Infinity;
    for (let i = 0; i < this.layout.count; i++) {
      const [x, y] = this.place(i);
      const distance = Math.hypot(x - screenX, y - screenY) - this.radius(i);
      if (distance < 4 && distance < nearest && (!this.lit || this.lit[i])) [best, nearest] = [i, distance];
    }
    return best;
  }

  // The link under the pointer; null where there is none, or where several lie over each other and none can be meant.
  edgeAt(screenX, screenY) {
    const near = this.brightEdges().filter((edge) => {
      const [x, y] = this.place(edge.source), [toX, toY] = this.place(edge.target);
      return fromSegment(screenX, screenY, x, y, toX, toY) < 4;
    });
    return near.length === 1 ? near[0] : null;
  }

  // Drawing

  draw() {
    const { pen } = this;
    pen.setTransform(this.density, 0, 0, this.density, 0, 0);
    pen.fillStyle = this.colours.ground;
    pen.fillRect(0, 0, this.camera.width, this.camera.height);
    this.locate();
    this.drawEdges();
    this.drawNotes();
    this.drawLabels();
  }

  // The edges that are meant: those of the note in focus or under the pointer, else all between notes that are not dimmed.
  brightEdges() {
    const one = this.focus >= 0 ? this.focus : this.hover;
    if (one >= 0) return this.graph.around[one];
    if (this.lit) return this.graph.edges.filter(({ source, target }) => this.lit[source] && this.lit[target]);
    return this.graph.edges;
  }

  drawEdges() {
    const { graph, colours } = this;
    const bright = this.brightEdges();
    const one = this.focus >= 0 ? this.focus : this.hover;
    if (bright === graph.edges) {
      this.strokeEdges(bright, colours.edge, quietness(bright.length), 1);
      if (bright.length <= FEW_EDGES || this.camera.zoom > 1.2) this.drawHeads(bright, colours.edge, 0.55);
      return;
    }
    this.strokeEdges(graph.edges, colours.edge, quietness(graph.edges.length) * (this.lit ? 0.25 : 0.6), 1);
    if (one < 0) {
      this.strokeEdges(bright, colours.edge, 0.8, 1);
      return;
    }
    if (this.lit) {
      const between = graph.edges.filter((edge) => this.lit[edge.source] && this.lit[edge.target]);
      this.strokeEdges(between, colours.edge, quietness(between.length), 1);
    }
    const [out, back] = [true, false].map((isOut) => bright.filter((edge) => (seenFrom(one, edge).way !== "back") === isOut));
    for (const [edges, colour] of [[back, colours.back], [out, colours.out]]) {
      this.strokeEdges(edges, colour, edges.length > 120 ? 0.5 : 0.85, 1.5);
      this.drawHeads(edges, colour, 1);
    }
  }

  strokeEdges(edges, colour, alpha, width) {
    const { pen, screenX, screenY } = this;
    pen.strokeStyle = colour;
    pen.globalAlpha = alpha;
    pen.lineWidth = width;
    let drawn = 0;
    pen.beginPath();
    for (const { source, target } of edges) {
      const x = screenX[source], y = screenY[source], toX = screenX[target], toY = screenY[target];
      if (this.camera.isOutside(x, y, toX, toY)) continue;
      pen.moveTo(x, y);
      pen.lineTo(toX, toY);
      if (++drawn % AT_A_TIME === 0) {
        pen.stroke();
        pen.beginPath();
      }
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  // An arrowhead where a link enters the note it leads to.
  drawHeads(edges, colour, alpha) {
    const { pen } = this;
    pen.fillStyle = colour;
    pen.globalAlpha = alpha;
    pen.beginPath();
    for (const edge of edges) {
      if (edge.out.count) this.addHead(edge.source, edge.target);
      if (edge.back.count) this.addHead(edge.target, edge.source);
    }
    pen.fill();
    pen.globalAlpha = 1;
  }

  addHead(from, to) {
    const [x, y] = this.place(from), [toX, toY] = this.place(to);
    if (this.camera.isOutside(toX, toY, toX, toY)) return;
    const length = Math.hypot(toX - x, toY - y), gap = this.radius(to) + 1.5, size = 5.5;
    if (length < gap + size + this.radius(from)) return;
    const dx = (toX - x) / length, dy = (toY - y) / length;
    const tipX = toX - dx * gap, tipY = toY - dy * gap;
    this.pen.moveTo(tipX, tipY);
    this.pen.lineTo(tipX - dx * size - dy * size * 0.5, tipY - dy * size + dx * size * 0.5);
    this.pen.lineTo(tipX - dx * size + dy * size * 0.5, tipY - dy * size - dx * size * 0.5);
  }

  drawNotes() {
    const { pen, graph, lit } = this;
    pen.strokeStyle = this.colours.ground; // parts notes that lie over each other
    pen.lineWidth = 1.5;
    for (const isLit of lit ? [false, true] : [true]) {
      pen.globalAlpha = isLit ? 1 : 0.16;
      for (let group = 0; group < SHAPES.length; group++) {
        const notes = [...graph.notes.keys()].filter((i) => graph.notes[i].group === group && Boolean(!lit || lit[i]) === isLit);
        this.fillShapes(notes, SHAPES[group], this.groupColours[group]);
      }
    }
    pen.globalAlpha = 1;
    for (const i of [this.focus, this.hover]) if (i >= 0) this.ring(i);
  }

  fillShapes(notes, shape, colour) {
    const { pen } = this;
    const hasRim = this.camera.zoom > 0.3;
    pen.fillStyle = colour;
    for (let from = 0; from < notes.length; from += AT_A_TIME) {
      pen.beginPath();
      for (const i of notes.slice(from, from + AT_A_TIME)) {
        const [x, y] = this.place(i);
        if (!this.camera.isOutside(x, y, x, y)) addShape(pen, shape, x, y, this.radius(i));
      }
      if (hasRim) pen.stroke();
      pen.fill();
    }
  }

  ring(i) {
    const { pen } = this;
    const [x, y] = this.place(i);
    pen.beginPath();
    pen.arc(x, y, this.radius(i) + 4, 0, 2 * Math.PI);
    pen.strokeStyle = this.colours.text;
    pen.lineWidth = 2;
    pen.stroke();
  }

  drawLabels() {
    const { pen, camera } = this;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = this.colours.ground;
    pen.fillStyle = this.colours.text;
    for (const label of this.placedLabels()) {
      const [x, y] = this.place(label.i);
      if (!camera.isOutside(x, y, x, y)) this.drawLabel(label, x + label.dx, y + label.dy);
    }
  }

  // The labels, the most important last. They depend on the zoom, but not on where the camera is: while the drawing is moved
  // they neither come and go nor cost anything.
  placedLabels() {
    const { camera, layout, focus, hover, lit } = this;
    const state = [camera.zoom, layout.steps, focus, hover, this.group].join(" ");
    if (this.labels.state === state) return this.labels.last;
    const others = [...layout.radii.keys()].filter((i) => i !== focus && (!lit || lit[i] || i === hover));
    const spots = (focus < 0 ? others : [focus, ...others]).map((i) =>
      ({ i, x: layout.x[i] * camera.zoom, y: layout.y[i] * camera.zoom, radius: this.radius(i), importance: layout.radii[i] }));
    this.labels.state = state;
    this.labels.last = this.labels.placed(spots, focus < 0 ? 0 : 1, hover).reverse();
    return this.labels.last;
  }

  drawLabel({ i, size, lines, height }, x, y) {
    const { pen } = this;
    pen.font = `${i === this.focus ? "600 " : ""}${size}px ${this.labels.font}`;
    const top = y - height / 2 + size * 0.1;
    lines.forEach((line, at) => pen.strokeText(line, x, top + at * size * LEADING));
    lines.forEach((line, at) => pen.fillText(line, x, top + at * size * LEADING));
  }
}

// The more edges there are, the fainter each is.
function quietness(count) {
  return Math.max(0.1, Math.min(0.65, 14 / Math.sqrt(count + 1)));
}

function fromSegment(x, y, fromX, fromY, toX, toY) {
  const dx = toX - fromX, dy = toY - fromY;
  const along = Math.max(0, Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - fromX - along * dx, y - fromY - along * dy);
}

const CORNERS = { // of the shapes that are made of straight lines, for a radius of 1 and about the same area each
  square: [[-0.89, -0.89], [0.89, -0.89], [0.89, 0.89], [-0.89, 0.89]],
  diamond: [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]],
  triangle: [[0, -1.3], [1.25, 0.85], [-1.25, 0.85]],
  hexagon: [[-1.1, 0], [-0.55, -0.95], [0.55, -0.95], [1.1, 0], [0.55, 0.95], [-0.55, 0.95]],
  wedge: [[0, 1.3], [1.25, -0.85], [-1.25, -0.85]],
  cross: [[-0.4, -1.2], [0.4, -1.2], [0.4, -0.4], [1.2, -0.4], [1.2, 0.4], [0.4, 0.4], [0.4, 1.2], [-0.4, 1.2], [-0.4, 0.4], [-1.2, 0.4], [-1.2, -0.4], [-0.4, -0.4]],
};

function addShape(pen, shape, x, y, radius) {
  if (shape === "circle") {
    pen.moveTo(x + radius, y);
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  CORNERS[shape].forEach(([dx, dy], at) => (at ? pen.lineTo(x + dx * radius, y + dy * radius) : pen.moveTo(x + dx * radius, y + dy * radius)));
  pen.closePath();
}
