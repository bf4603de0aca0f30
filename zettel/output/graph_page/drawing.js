// The graph on its canvas: what is drawn how, and what is under the pointer. All notes and links are first drawn on a canvas of their
// own, the base. It is dimmed where some notes are lit, which are drawn over it. Where drawing the base takes long, it is moved and
// scaled while the camera moves, and only drawn again when the camera rests.

// A group's look is a colour and a shape as one number: colour * SHAPES.length + shape. Behind them all comes the look of no group.
const SHAPES = ["circle", "square", "diamond", "triangle", "hexagon", "wedge", "cross"];
const COLOURS = 7, NO_GROUP = COLOURS * SHAPES.length;
const HOLE = 0.5; // in the notes of no group, for a radius of 1
// Edges or notes in one path. A path of all notes takes twice as long; and overlaps show only between the paths, where many
// faint edges add up to darker knots.
const AT_A_TIME = 200;
const SLOW = 1500; // links from which on the base takes long to draw
const BEYOND = 160; // pixels that the base of many notes reaches beyond the screen
const MANY = 1500; // notes
const DIM = 0.82; // how much of what is not lit vanishes
const FEW_EDGES = 700; // up to so many, arrowheads are drawn without a note in focus

class Drawing {
  constructor(canvas, graph, layout) {
    this.canvas = canvas;
    this.pen = this.screenPen = canvas.getContext("2d", { alpha: false });
    this.base = document.createElement("canvas");
    this.basePen = this.base.getContext("2d", { alpha: false });
    this.baseLook = null;
    this.baseState = "";
    this.graph = graph;
    this.layout = layout;
    this.camera = new Camera();
    this.screenX = new Float64Array(layout.count);
    this.screenY = new Float64Array(layout.count);
    this.byLook = new Map(); // the notes of each look
    for (const look of new Set(graph.groups.map(([look]) => look))) this.byLook.set(look, []);
    graph.notes.forEach((_, i) => this.byLook.get(graph.look(i)).push(i));
    this.focus = this.hover = this.group = -1;
    this.path = null; // the notes of a path, from one end to the other
    this.lit = null; // 1 for each note that is not dimmed; null: none is
    this.covered = []; // boxes of the screen that controls cover: left, top, right, bottom
    this.dimness = 0; // how far dimming has come, up to 1
    this.labels = new Labels(graph, this.screenPen, getComputedStyle(document.body).fontFamily);
    this.readColours();
    this.fitCanvas();
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    this.colours = Object.fromEntries(["ground", "text", "quiet", "edge", "out", "back"].map((name) => [name, colour(name)]));
    this.groupColours = Array.from({ length: COLOURS + 1 }, (_, i) => colour(`colour-${i}`));
    this.baseState = "";
  }

  fitCanvas() {
    this.camera.fitWindow();
    this.density = window.devicePixelRatio || 1;
    this.beyond = this.layout.count > MANY ? BEYOND : 0;
    const fit = (canvas, beyond) => {
      canvas.width = Math.round((this.camera.width + 2 * beyond) * this.density);
      canvas.height = Math.round((this.camera.height + 2 * beyond) * this.density);
    };
    fit(this.canvas, 0);
    fit(this.base, this.beyond);
    this.baseState = "";
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
    const { zoom, width } = this.camera;
    const share = width < NARROW ? 0.75 : 1; // leaves room for titles
    return Math.max(1.5, this.layout.radii[i] * share * Math.min(2, zoom ** (zoom < 1 ? 0.75 : 0.5)));
  }

  // What is under the pointer

  noteAt(screenX, screenY) {
    let best = -1, nearest = Infinity;
    for (let i = 0; i < this.layout.count; i++) {
      const [x, y] = this.place(i);
      const distance = Math.hypot(x - screenX, y - screenY) - this.radius(i);
      if (distance < (this.lit && !this.lit[i] ? -2 : 4) && distance < nearest) [best, nearest] = [i, distance]; // what is dimmed has to be hit
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

  // Draw everything. While the camera `isMoving`, a base that is slow to draw is only moved, and labels keep their places; returns whether that was so.
  draw(isMoving = false) {
    this.locate();
    const isRough = isMoving && this.isBaseMovable();
    if (!isRough) this.drawBase();
    this.pen = this.screenPen;
    this.pen.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.pen.fillStyle = this.colours.ground;
    this.pen.fillRect(0, 0, this.camera.width, this.camera.height);
    this.showBase();
    if (this.dimness > 0) this.drawLit();
    for (const i of new Set([this.focus, this.hover, ...(this.path ? [this.path[0], this.path.at(-1)] : [])])) if (i >= 0) this.ring(i);
    this.drawLabels(isMoving);
    return isRough;
  }

  stateOfBase() {
    return [this.layout.steps, this.colours.ground, this.base.width, this.base.height].join(" ");
  }

  isBaseMovable() {
    return this.graph.edges.length > SLOW && this.baseState === this.stateOfBase();
  }

  drawBase() {
    const { look } = this.camera;
    if (this.baseState === this.stateOfBase() && this.baseLook.x === look.x && this.baseLook.y === look.y && this.baseLook.zoom === look.zoom) return;
    const pen = this.pen = this.basePen, { density, beyond, colours, graph } = this;
    pen.setTransform(density, 0, 0, density, beyond * density, beyond * density);
    pen.fillStyle = colours.ground;
    pen.fillRect(-beyond, -beyond, this.camera.width + 2 * beyond, this.camera.height + 2 * beyond);
    this.strokeEdges(graph.edges, colours.edge, quietness(graph.edges.length), 1);
    if (graph.edges.length <= FEW_EDGES || this.camera.zoom > 1.2) this.drawHeads(graph.edges, colours.edge, 0.55);
    this.drawNotes(this.byLook);
    this.baseState = this.stateOfBase();
    this.baseLook = look;
  }

  showBase() {
    const { camera, beyond, baseLook, pen } = this;
    const scale = camera.zoom / baseLook.zoom;
    const [x, y] = camera.onScreen(baseLook.x, baseLook.y);
    pen.globalAlpha = 1 - DIM * this.dimness;
    pen.drawImage(this.base, x - (camera.width / 2 + beyond) * scale, y - (camera.height / 2 + beyond) * scale,
      (camera.width + 2 * beyond) * scale, (camera.height + 2 * beyond) * scale);
    pen.globalAlpha = 1;
  }

  // The note whose links are meant: the one in focus, else the one under the pointer, unless a path or a group is lit.
  get center() {
    if (this.focus >= 0) return this.focus;
    return this.path || this.group >= 0 ? -1 : this.hover;
  }

  // Whether a note is drawn over the dimmed base.
  isLit(i) {
    if (this.lit) return Boolean(this.lit[i]) || i === this.hover;
    return this.near?.has(i) ?? false;
  }

  // Say which note is under the pointer; it and its neighbours are lit if nothing else is.
  point(i) {
    this.hover = i;
    this.near = i < 0 || this.lit ? null : new Set([i, ...this.graph.around[i].map((edge) => viewFrom(i, edge).other)]);
  }

  // The edges that are meant: those of the note in focus or under the pointer, else those between notes that are not dimmed.
  brightEdges() {
    const { graph, center, path } = this;
    if (path) return path.slice(1).map((to, at) => graph.edgeBetween(path[at], to));
    if (center >= 0) return graph.around[center];
    if (this.lit) return graph.edges.filter(({ source, target }) => this.lit[source] && this.lit[target]);
    return graph.edges;
  }

  drawLit() {
    const { graph, colours, center, path } = this;
    const bright = this.brightEdges();
    if (bright !== graph.edges) {
      if (center < 0 && !path) {
        this.strokeEdges(bright, colours.edge, 0.8 * this.dimness, 1);
      } else {
        const isOut = (edge, at) => viewFrom(path ? path[at] : center, edge).way !== "back";
        const [out, back] = [bright.filter(isOut), bright.filter((edge, at) => !isOut(edge, at))];
        for (const [edges, colour] of [[back, colours.back], [out, colours.out]]) {
          this.strokeEdges(edges, colour, (edges.length > 120 ? 0.5 : 0.9) * this.dimness, path ? 3 : 1.5);
          this.drawHeads(edges, colour, this.dimness, path ? 9 : 6);
        }
      }
    }
    this.drawNotes([...this.byLook].map(([look, notes]) => [look, notes.filter((i) => this.isLit(i))]), this.dimness);
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
  drawHeads(edges, colour, alpha, size = 5.5) {
    const { pen } = this;
    pen.fillStyle = colour;
    pen.globalAlpha = alpha;
    pen.beginPath();
    for (const edge of edges) {
      if (edge.out.count) this.addHead(edge.source, edge.target, size);
      if (edge.back.count) this.addHead(edge.target, edge.source, size);
    }
    pen.fill();
    pen.globalAlpha = 1;
  }

  addHead(from, to, size) {
    const [x, y] = this.place(from), [toX, toY] = this.place(to);
    if (this.camera.isOutside(toX, toY, toX, toY)) return;
    const length = Math.hypot(toX - x, toY - y), gap = this.radius(to) + 1.5;
    if (length < gap + size + this.radius(from)) return;
    const dx = (toX - x) / length, dy = (toY - y) / length;
    const tipX = toX - dx * gap, tipY = toY - dy * gap;
    this.pen.moveTo(tipX, tipY);
    this.pen.lineTo(tipX - dx * size - dy * size * 0.5, tipY - dy * size + dx * size * 0.5);
    this.pen.lineTo(tipX - dx * size + dy * size * 0.5, tipY - dy * size - dx * size * 0.5);
  }

  drawNotes(byLook, alpha = 1) {
    const { pen } = this;
    pen.strokeStyle = this.colours.ground; // parts notes that lie over each other
    pen.lineWidth = 1.5;
    pen.globalAlpha = alpha;
    for (const [look, notes] of byLook) {
      this.fillShapes(notes, shapeOf(look), this.groupColours[colourOf(look)]);
      if (look === NO_GROUP) this.fillShapes(notes, "circle", this.colours.ground, HOLE);
    }
    pen.globalAlpha = 1;
  }

  fillShapes(notes, shape, colour, share = 1) {
    const { pen } = this;
    const hasRim = this.camera.zoom > 0.3;
    pen.fillStyle = colour;
    for (let from = 0; from < notes.length; from += AT_A_TIME) {
      pen.beginPath();
      for (const i of notes.slice(from, from + AT_A_TIME)) {
        const [x, y] = this.place(i);
        if (!this.camera.isOutside(x, y, x, y)) addShape(pen, shape, x, y, this.radius(i) * share);
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

  drawLabels(isMoving) {
    const { pen, camera } = this;
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    pen.lineWidth = 4;
    const labels = this.placeLabels(isMoving);
    const each = (draw) => {
      for (const label of labels) {
        const [x, y] = this.place(label.i);
        if (camera.isOutside(x, y, x, y)) continue;
        pen.globalAlpha = label.isDim ? 1 - DIM * this.dimness : 1;
        draw(label, x, y);
      }
    };
    each((label, x, y) => this.drawLeader(label, x, y)); // below all labels
    each((label, x, y) => this.drawLabel(label, x + label.dx, y + label.dy));
    pen.globalAlpha = 1;
  }

  // The labels, the most important last. While the camera or the notes move, they stay at their notes, and those that come to lie on others vanish.
  // Of many notes only those near the screen have labels.
  placeLabels(isMoving = false) {
    const { camera, layout, focus, hover, path, labels } = this;
    if (isMoving || !layout.isSettled) return labels.last ? labels.thin(labels.last, (i) => this.place(i)) : [];
    const isLarge = layout.count > MANY;
    const { x, y, zoom } = camera.look;
    const state = [x, y, zoom, layout.steps, focus, hover, this.group, path, camera.width, camera.height, this.covered].join(" ");
    if (labels.state === state) return labels.last;
    const isNear = (i) => !camera.isOutside(this.screenX[i], this.screenY[i], this.screenX[i], this.screenY[i]);
    const hasLit = Boolean(this.lit || this.near);
    const chosen = [...layout.radii.keys()].filter(isNear);
    const first = hasLit ? [focus, hover, ...(path ?? [])].filter((i) => i >= 0) : [];
    const spots = [...new Set([...first, ...chosen])].map((i) => ({
      i, x: this.screenX[i], y: this.screenY[i], radius: this.radius(i), importance: layout.radii[i], isLit: hasLit && this.isLit(i), isBold: i === focus,
    }));
    const isWanted = ({ i, isLit }) => isLit || (!this.lit && (!isLarge || labels.unlit?.has(i)));
    const shown = hasLit ? spots.filter(isWanted) : spots;
    const placed = labels.place(shown, hasLit ? labels.unlit : null, camera, this.covered);
    if (!hasLit) labels.unlit = new Map(placed.map((label) => [label.i, label]));
    labels.state = state;
    labels.last = placed.reverse();
    return labels.last;
  }

  // A thin line from a note to its label, if the label is not beside it.
  drawLeader(label, x, y) {
    const spot = { x, y, radius: this.radius(label.i) };
    const leader = leaderOf(spot, boxAt(spot, label, label));
    if (!leader) return;
    const [fromX, fromY, toX, toY] = leader, { pen } = this;
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
    pen.strokeStyle = this.colours.quiet;
    pen.lineWidth = 1;
    pen.stroke();
  }

  drawLabel({ i, size, lines, height }, x, y) {
    const { pen } = this;
    pen.font = `${i === this.focus ? "600 " : ""}${size}px ${this.labels.font}`;
    pen.lineWidth = 4;
    pen.strokeStyle = this.colours.ground;
    pen.fillStyle = this.colours.text;
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

function shapeOf(look) {
  return look === NO_GROUP ? "circle" : SHAPES[look % SHAPES.length];
}

function colourOf(look) {
  return Math.floor(look / SHAPES.length);
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
