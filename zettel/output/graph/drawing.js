// The graph on its canvas: where the camera is, what is drawn how, and what is under the pointer.

const SHAPES = ["circle", "square", "diamond", "triangle", "hexagon", "wedge", "cross", "circle"];
const SMALLEST_ZOOM = 0.02, LARGEST_ZOOM = 8;
const AT_A_TIME = 200; // lines or shapes in one path: a path of all of them takes many times longer
const LABEL_WIDTH = 26, LABEL_LINES = 2; // characters a line, and lines
const LEADING = 1.2; // of label lines
const ALWAYS_NAMED = 16; // the best linked notes, whose labels may hide other notes
const FEW_EDGES = 700; // up to so many, arrowheads are drawn without a note in focus

class Drawing {
  constructor(canvas, graph, layout) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
    this.graph = graph;
    this.layout = layout;
    this.camera = { x: 0, y: 0, zoom: 1 };
    this.focus = this.hover = this.group = -1;
    this.lit = null; // 1 for each note that is not dimmed; null: none is
    this.texts = [];
    this.readColours();
    this.fitCanvas();
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    this.colours = Object.fromEntries(["ground", "text", "quiet", "edge", "out", "back"].map((name) => [name, colour(name)]));
    this.groupColours = SHAPES.map((_, i) => colour(`group-${i}`));
    this.font = getComputedStyle(document.body).fontFamily;
  }

  fitCanvas() {
    const density = window.devicePixelRatio || 1;
    this.width = window.innerWidth;
    this.height = window.innerHeight;
    this.canvas.width = Math.round(this.width * density);
    this.canvas.height = Math.round(this.height * density);
    this.density = density;
  }

  // The camera

  onScreen(x, y) {
    const { camera } = this;
    return [(x - camera.x) * camera.zoom + this.width / 2, (y - camera.y) * camera.zoom + this.height / 2];
  }

  inWorld(screenX, screenY) {
    const { camera } = this;
    return [(screenX - this.width / 2) / camera.zoom + camera.x, (screenY - this.height / 2) / camera.zoom + camera.y];
  }

  // Where a note stands on the screen.
  place(i) {
    return this.onScreen(this.layout.x[i], this.layout.y[i]);
  }

  // How large a note is on the screen; it grows more slowly than the distances as one zooms in.
  radius(i) {
    return Math.max(1.5, this.layout.radii[i] * Math.min(2, this.camera.zoom ** (this.camera.zoom < 1 ? 0.75 : 0.5)));
  }

  pan(dx, dy) {
    this.camera.x -= dx / this.camera.zoom;
    this.camera.y -= dy / this.camera.zoom;
  }

  // Zoom so that what is under a point of the screen stays there.
  zoomAt(screenX, screenY, factor) {
    const [x, y] = this.inWorld(screenX, screenY);
    this.camera.zoom = Math.max(SMALLEST_ZOOM, Math.min(LARGEST_ZOOM, this.camera.zoom * factor));
    const [nowX, nowY] = this.inWorld(screenX, screenY);
    this.camera.x += x - nowX;
    this.camera.y += y - nowY;
  }

  // The camera that shows these notes, in what `covered` pixels at the edges of the screen leave free.
  cameraFor(notes, covered, largest = 1.6) {
    const { x, y } = this.layout;
    let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
    for (const i of notes) {
      left = Math.min(left, x[i]);
      right = Math.max(right, x[i]);
      top = Math.min(top, y[i]);
      bottom = Math.max(bottom, y[i]);
    }
    if (left > right) return { x: 0, y: 0, zoom: 1 };
    const freeWidth = Math.max(80, this.width - covered.left - covered.right);
    const freeHeight = Math.max(80, this.height - covered.top - covered.bottom);
    const zoom = Math.max(SMALLEST_ZOOM, Math.min(largest, freeWidth / (right - left + 60), freeHeight / (bottom - top + 60)));
    return {
      x: (left + right) / 2 + (covered.right - covered.left) / 2 / zoom,
      y: (top + bottom) / 2 + (covered.bottom - covered.top) / 2 / zoom,
      zoom,
    };
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
    pen.fillRect(0, 0, this.width, this.height);
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
    const { pen } = this;
    pen.strokeStyle = colour;
    pen.globalAlpha = alpha;
    pen.lineWidth = width;
    let drawn = 0;
    pen.beginPath();
    for (const { source, target } of edges) {
      const [x, y] = this.place(source), [toX, toY] = this.place(target);
      if (this.isOutside(x, y, toX, toY)) continue;
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
    if (this.isOutside(toX, toY, toX, toY)) return;
    const length = Math.hypot(toX - x, toY - y), gap = this.radius(to) + 1.5, size = 5.5;
    if (length < gap + size + this.radius(from)) return;
    const dx = (toX - x) / length, dy = (toY - y) / length;
    const tipX = toX - dx * gap, tipY = toY - dy * gap;
    this.pen.moveTo(tipX, tipY);
    this.pen.lineTo(tipX - dx * size - dy * size * 0.5, tipY - dy * size + dx * size * 0.5);
    this.pen.lineTo(tipX - dx * size + dy * size * 0.5, tipY - dy * size - dx * size * 0.5);
  }

  isOutside(x, y, toX, toY) {
    const edge = 40;
    return (x < -edge && toX < -edge) || (y < -edge && toY < -edge) || (x > this.width + edge && toX > this.width + edge) || (y > this.height + edge && toY > this.height + edge);
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
        if (!this.isOutside(x, y, x, y)) addShape(pen, shape, x, y, this.radius(i));
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

  // Labels

  drawLabels() {
    const { pen } = this;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    pen.strokeStyle = this.colours.ground;
    pen.fillStyle = this.colours.text;
    for (const { i, size, lines, height, dx, dy } of this.labels()) {
      const [x, y] = this.place(i);
      if (this.isOutside(x, y, x, y)) continue;
      pen.font = this.labelFont(i, size);
      const top = y + dy - height / 2 + size * 0.1;
      lines.forEach((line, at) => pen.strokeText(line, x + dx, top + at * size * LEADING));
      lines.forEach((line, at) => pen.fillText(line, x + dx, top + at * size * LEADING));
    }
  }

  labelFont(i, size) {
    return `${i === this.focus ? "600 " : ""}${size}px ${this.font}`;
  }

  // The labels there is room for, the note in focus first, then by number of links. It depends on the zoom, but not on where
  // the camera is, so that labels do not come and go while the drawing is moved.
  labels() {
    const first = [this.focus, this.hover].filter((i, at, all) => i >= 0 && all.indexOf(i) === at);
    const others = [...this.layout.radii.keys()].filter((i) => (!this.lit || this.lit[i]) && !first.includes(i));
    const notes = new Room(90), labels = new Room(90);
    for (const i of [...first, ...others]) notes.take(this.noteBox(i));
    const found = [];
    for (const [rank, i] of [...first, ...others].entries()) {
      const label = this.label(i);
      const isFirst = rank < ALWAYS_NAMED;
      const places = this.boxes(i, label);
      let place = places.findIndex((box) => labels.isFree(box) && notes.isFree(box));
      if (place < 0 && isFirst && (rank < first.length || labels.isFree(places[0]))) place = 0;
      if (place < 0) continue;
      labels.take(places[place]);
      found.push({ ...label, i, dx: places[place][4], dy: places[place][5] });
    }
    return found.reverse(); // the most important are drawn over the others
  }

  label(i) {
    const size = Math.round(11 + Math.min(3, this.layout.radii[i] / 6));
    const { lines, width } = this.text(i);
    return { size, lines, width: width * size, height: lines.length * size * LEADING };
  }

  noteBox(i) {
    const x = this.layout.x[i] * this.camera.zoom, y = this.layout.y[i] * this.camera.zoom, radius = this.radius(i);
    return [x - radius, y - radius, x + radius, y + radius];
  }

  // Where the label of a note could be: below it, above it, to its right or left; each with the place of its middle, seen from the note.
  boxes(i, { width, height }) {
    const x = this.layout.x[i] * this.camera.zoom, y = this.layout.y[i] * this.camera.zoom;
    const away = this.radius(i) + 4;
    const middles = [[0, away + height / 2], [0, -away - height / 2], [away + width / 2 + 1, 0], [-away - width / 2 - 1, 0]];
    return middles.map(([dx, dy]) => [x + dx - width / 2 - 1, y + dy - height / 2, x + dx + width / 2 + 1, y + dy + height / 2, dx, dy]);
  }

  // The title of a note broken into lines, and their width for letters of size 1.
  text(i) {
    return (this.texts[i] ??= this.broken(this.graph.notes[i].title));
  }

  broken(title) {
    const lines = brokenIntoLines(title, LABEL_WIDTH, LABEL_LINES);
    this.pen.font = `100px ${this.font}`;
    return { lines, width: Math.max(...lines.map((line) => this.pen.measureText(line).width)) / 100 };
  }
}

// Which parts of the plane are taken, by a grid of squares that name the boxes in them.
class Room {
  constructor(side) {
    this.side = side;
    this.squares = new Map();
  }

  take(box) {
    for (const key of this.keys(box)) {
      if (!this.squares.has(key)) this.squares.set(key, []);
      this.squares.get(key).push(box);
    }
  }

  isFree(box) {
    const [left, top, right, bottom] = box;
    return !this.keys(box).some((key) =>
      this.squares.get(key)?.some((other) => left < other[2] && right > other[0] && top < other[3] && bottom > other[1]));
  }

  keys([left, top, right, bottom]) {
    const keys = [], { side } = this;
    for (let column = Math.floor(left / side); column <= right / side; column++) {
      for (let row = Math.floor(top / side); row <= bottom / side; row++) keys.push(column * 1_000_003 + row);
    }
    return keys;
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

// Text in at most `most` lines of about `width` characters, broken between words where it has any, cut with an ellipsis.
function brokenIntoLines(text, width, most) {
  const lines = [];
  let rest = text.trim();
  while (rest && lines.length < most) {
    const isLast = lines.length === most - 1;
    const letters = [...rest];
    if (letters.length <= width) {
      lines.push(rest);
      break;
    }
    const start = letters.slice(0, width + 1).join("");
    const blank = start.lastIndexOf(" ");
    const line = blank > width / 3 ? start.slice(0, blank) : letters.slice(0, width).join("");
    rest = rest.slice(line.length).trim();
    lines.push(isLast ? line + "…" : line);
  }
  return lines.length ? lines : ["—"];
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
