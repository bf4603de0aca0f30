// The page: it brings the parts together and answers the pointer, the keys and the address. The note in focus is the one the
// address names after #, so that a link to a note, and the browser's way back, work by themselves.

const by = (id) => document.getElementById(id);
const wantsStillness = window.matchMedia("(prefers-reduced-motion: reduce)");
const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
const FRAME = 14; // milliseconds of a frame that the layout may take; more where drawing takes longer than that
const GLIDE = 350; // milliseconds in which the camera moves to where it is wanted
const CLOSEST = 3.2; // the zoom at most at which all notes are shown
const TIP = 500; // milliseconds after which a tip appears
const REST = 120; // milliseconds without a movement after which everything is drawn anew
const FADE = 140; // milliseconds in which the notes that are not lit are dimmed
const WORKER_NOTES = 300; // from so many on, a worker lays them out, so that the page answers meanwhile
const A_DRAG = 5; // pixels a pointer moves before a press is no click any more

class Page {
  constructor(graph) {
    this.graph = graph;
    this.canvas = by("graph");
    this.panel = by("panel");
    this.tip = by("tip");
    const radii = Float64Array.from(graph.notes, (_, i) => Math.min(26, 4.5 + 1.7 * Math.sqrt(graph.around[i].length)));
    this.breadth = Math.max(0.4, Math.min(1.6, (window.innerWidth - 90) / (window.innerHeight - 160))); // of what controls leave free
    this.layout = new Layout(radii, graph.edges, this.breadth);
    this.showTheme(wantsDark.matches ? "dark" : "light");
    this.drawing = new Drawing(this.canvas, graph, this.layout);
    this.worker = this.layout.isSettled || graph.notes.length < WORKER_NOTES ? null : this.startWorker(radii);
    this.start = -1; // the note from which a path begins, while its end is still to be chosen
    this.path = null; // the ends of the path that is shown: { from, to }
    this.movedAt = -Infinity;
    this.shownAt = 0;
    this.glide = null;
    this.isAutomatic = true; // the camera follows the layout until somebody moves it
    this.isWanted = false;
    this.cost = 0; // milliseconds that the last drawing took
    this.began = performance.now();
    this.search = new Search(graph, (i) => this.go(i), () => this.canvas.focus());
    this.describe();
    this.listen();
    this.followAddress();
    if (this.layout.isSettled) this.reportSettled();
    this.redraw();
  }

  describe() {
    const { graph } = this;
    const size = `${formatCount(graph.notes.length, "note")}, ${formatCount(graph.links, "link")}`;
    by("about").textContent = `${graph.notebook} · ${size}`;
    this.canvas.setAttribute("aria-label", `The link graph of ${graph.notebook}: ${size}.`);
    by("legend").append(...legendOf(graph, (group) => this.chooseGroup(group), window.innerWidth < NARROW ? 5 : 10, () => this.redraw()));
    if (!graph.notes.length) document.body.append(element("p", { class: "empty" }, "There are no notes to draw."));
  }

  listen() {
    new Pointer(this);
    document.addEventListener("keydown", (event) => this.onKey(event));
    window.addEventListener("hashchange", () => this.followAddress());
    window.addEventListener("resize", () => {
      this.drawing.fitCanvas();
      this.redraw();
    });
    wantsDark.addEventListener("change", () => this.turnTo(wantsDark.matches ? "dark" : "light"));
    by("theme").addEventListener("click", () => this.turnTo(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
    by("closer").addEventListener("click", () => this.zoom(1.4));
    by("farther").addEventListener("click", () => this.zoom(1 / 1.4));
    by("whole").addEventListener("click", () => this.glideTo(this.wantedLook()));
    this.panel.addEventListener("click", (event) => this.onLink(event));
    this.panel.addEventListener("pointerover", (event) => this.onPanel(event));
    this.panel.addEventListener("pointerleave", () => this.point(-1));
  }

  // Frames

  redraw() {
    if (this.isWanted) return;
    this.isWanted = true;
    requestAnimationFrame((now) => this.frame(now));
  }

  frame(now) {
    this.isWanted = false;
    if (!this.layout.isSettled && !this.worker) this.advance();
    // who wants no movement is shown the layout when it has settled
    if (this.layout.isSettled || !wantsStillness.matches) this.show(now);
    if (this.glide || this.isFading() || (!this.layout.isSettled && !this.worker)) this.redraw();
  }

  // Move the notes for as long as a frame may take.
  advance() {
    const until = performance.now() + Math.max(FRAME, 2 * this.cost);
    do this.layout.step();
    while (!this.layout.isSettled && performance.now() < until);
    if (this.layout.isSettled) this.reportSettled();
  }

  // Let a worker lay out the notes; null if the browser has none for a page like this, so that the page does it itself.
  startWorker(radii) {
    try {
      const worker = new Worker(URL.createObjectURL(new Blob([by("layout").textContent], { type: "text/javascript" })));
      worker.onmessage = ({ data }) => this.onMoved(data);
      worker.onerror = () => {
        this.worker = null;
        this.redraw();
      };
      worker.postMessage({ radii, breadth: this.breadth, edges: this.graph.edges.map(({ source, target }) => ({ source, target })) });
      return worker;
    } catch {
      return null;
    }
  }

  // Take the places that the worker has found. They are shown only as often as leaves the page time to answer.
  onMoved({ x, y, heat }) {
    const { layout } = this;
    for (let i = 0; i < layout.count; i++) if (!layout.isHeld[i]) [layout.x[i], layout.y[i]] = [x[i], y[i]];
    layout.heat = heat;
    layout.steps++;
    if (layout.isSettled) this.reportSettled();
    if (layout.isSettled || performance.now() - this.shownAt > 4 * this.cost) this.redraw();
  }

  show(now) {
    this.moveCamera(now);
    this.fade(now);
    const start = performance.now();
    const isMoving = Boolean(this.glide) || now - this.movedAt < REST;
    if (!isMoving) this.drawing.covered = this.coveredBoxes();
    const isRough = this.drawing.draw(isMoving);
    if (isMoving) {
      clearTimeout(this.rest);
      this.rest = setTimeout(() => this.redraw(), REST + 10);
    }
    if (!isRough) this.cost = performance.now() - start;
    this.shownAt = performance.now();
  }

  // The boxes of what lies over the drawing.
  coveredBoxes() {
    const parts = ["search", "about", "panel", "start"].map(by).concat(...document.querySelectorAll("nav, #legend button"));
    return parts.filter((part) => part.offsetWidth).map((part) => part.getBoundingClientRect()).map((box) => [box.left - 4, box.top - 4, box.right + 4, box.bottom + 4]);
  }

  // Dim what is not lit, or light everything again.
  fade(now) {
    const { drawing } = this;
    const share = wantsStillness.matches ? 1 : Math.min(1, (now - (this.fadedAt ?? now)) / FADE);
    drawing.dimness = this.isDimmed() ? Math.min(1, drawing.dimness + share) : Math.max(0, drawing.dimness - share);
    this.fadedAt = this.isFading() ? now : undefined;
  }

  isDimmed() {
    return Boolean(this.drawing.lit || this.drawing.near);
  }

  isFading() {
    return this.drawing.dimness !== Number(this.isDimmed());
  }

  reportSettled() {
    document.body.dataset.layout = "settled";
    document.body.dataset.settledAfter = String(Math.round(performance.now() - this.began));
  }

  moveCamera(now) {
    if (this.isAutomatic) {
      this.drawing.camera.look = this.wantedLook();
    } else if (this.glide) {
      const { from, to, start } = this.glide;
      const share = wantsStillness.matches ? 1 : Math.min(1, (now - start) / GLIDE);
      const eased = 1 - (1 - share) ** 3;
      this.drawing.camera.look = {
        x: from.x + (to.x - from.x) * eased,
        y: from.y + (to.y - from.y) * eased,
        zoom: from.zoom * (to.zoom / from.zoom) ** eased,
      };
      if (share >= 1) this.glide = null;
    }
  }

  wantedLook() {
    const { camera, focus, path } = this.drawing;
    const isNarrow = camera.width < NARROW;
    const covered = { left: isNarrow ? 10 : 30, right: isNarrow ? 10 : 60, top: 70, bottom: 90 };
    if (by("legend").offsetHeight) covered.bottom = Math.max(40, camera.height - by("legend").getBoundingClientRect().top + 20);
    if (this.panel.hidden) return camera.lookAt(this.points(this.layout.radii.keys()), covered, CLOSEST);
    const panel = this.panel.getBoundingClientRect();
    const top = by("start").getBoundingClientRect().bottom;
    covered.top = Math.max(covered.top, isNarrow ? top + 30 : 0);
    if (panel.width && panel.width < camera.width - 100) covered.right = camera.width - panel.left + 20;
    else if (panel.width) covered.bottom = camera.height - panel.top + 20;
    if (path) return camera.lookAt(this.points(path), covered);
    if (this.start >= 0) return camera.lookAt(this.points(this.layout.radii.keys()), covered);
    return camera.lookAt(this.points(focus < 0 ? [this.path.from, this.path.to] : [focus, ...this.neighbours(focus)]), covered);
  }

  points(notes) {
    return Array.from(notes, (i) => [this.layout.x[i], this.layout.y[i]]);
  }

  glideTo(look) {
    this.isAutomatic = false;
    this.movedAt = -Infinity;
    this.glide = { from: this.drawing.camera.look, to: look, start: performance.now() };
    this.redraw();
  }

  takeCamera() {
    this.isAutomatic = false;
    this.movedAt = performance.now();
    this.glide = null;
    this.redraw();
  }

  zoom(factor, x = this.drawing.camera.width / 2, y = this.drawing.camera.height / 2) {
    this.takeCamera();
    this.drawing.camera.zoomAt(x, y, factor);
  }

  // What is in focus

  neighbours(i) {
    return this.graph.around[i].map((edge) => viewFrom(i, edge).other);
  }

  go(i) {
    if (i >= 0 && this.start >= 0 && i !== this.start) this.goPath(this.start, i);
    else window.location.hash = i < 0 ? "" : encodeURIComponent(this.graph.name(i));
  }

  goPath(from, to) {
    window.location.hash = [from, to].map((i) => encodeURIComponent(this.graph.name(i))).join(",");
  }

  // Show what the address names: a note, the two ends of a path, or nothing.
  followAddress() {
    const numbers = window.location.hash.slice(1).split(",").map((part) => this.graph.byName.get(decodePart(part)) ?? -1);
    if (numbers.length === 2 && Math.min(...numbers) >= 0 && numbers[0] !== numbers[1]) this.showPath(...numbers);
    else this.focus(numbers[0]);
  }

  focus(i) {
    const { drawing, graph } = this;
    const hadFocus = !this.panel.hidden;
    this.path = drawing.path = null;
    drawing.focus = i;
    document.body.dataset.focus = i < 0 ? "" : graph.name(i);
    document.title = i < 0 ? graph.notebook : `${graph.notes[i].title} · ${graph.notebook}`;
    by("status").textContent = i < 0 ? (hadFocus ? "Back to all notes" : "") : `${graph.notes[i].title}, ${formatCount(graph.linkCount(i), "link")}`;
    this.fillPanel(i < 0 ? [] : panelOf(graph, i, this));
  }

  showPath(from, to) {
    const { drawing, graph } = this;
    const path = findPath(graph, from, to);
    this.path = { from, to };
    drawing.focus = -1;
    drawing.path = path;
    document.body.dataset.focus = `${graph.name(from)},${graph.name(to)}`;
    document.title = `${graph.notes[from].title} → ${graph.notes[to].title} · ${graph.notebook}`;
    by("status").textContent = path ? `A path of ${formatCount(path.length - 1, "link")}` : "There is no path";
    this.fillPanel(pathPanelOf(graph, from, to, path, this));
  }

  fillPanel(content) {
    const { panel } = this;
    this.endPathChoice();
    this.drawing.point(-1);
    this.light();
    this.hideTip();
    panel.hidden = !content.length;
    panel.replaceChildren(...content);
    panel.scrollTop = 0;
    if (!this.isAutomatic || this.layout.isSettled) this.glideTo(this.wantedLook());
    this.redraw();
  }

  // Let the next note that is chosen be the end of a path that begins here.
  startPath(i) {
    this.start = i;
    by("start").hidden = false;
    by("start").replaceChildren("Path from ", element("strong", {}, this.graph.notes[i].title), ": click or search the note to go to. Escape ends this.");
    by("status").textContent = by("start").textContent;
    document.body.dataset.start = this.graph.name(i);
    this.light();
    this.glideTo(this.wantedLook());
  }

  // Give up the choice of a path's end; returns whether there was one to be made.
  endPathChoice() {
    const wasOpen = this.start >= 0;
    this.start = -1;
    by("start").hidden = true;
    delete document.body.dataset.start;
    this.light();
    return wasOpen;
  }

  // A click on a link in a note's text is a choice like any other.
  onLink(event) {
    const link = event.target.closest("a[data-note]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.go(Number(link.dataset.note));
  }

  chooseGroup(group) {
    this.drawing.group = this.drawing.group === group ? -1 : group;
    document.querySelectorAll("#legend [data-group]").forEach((button) => button.setAttribute("aria-pressed", String(Number(button.dataset.group) === this.drawing.group)));
    this.light();
    this.redraw();
  }

  // Say which notes are not dimmed: those around the one in focus, or of the path, else those of the chosen group.
  light() {
    const { focus, group } = this.drawing;
    if (this.start >= 0 || (focus < 0 && !this.path && group < 0)) {
      this.drawing.lit = null;
      return;
    }
    const isWhole = focus < 0 && !this.path;
    const lit = Uint8Array.from(this.graph.notes, (note) => Number(isWhole && note.group === group));
    if (focus >= 0) for (const i of [focus, ...this.neighbours(focus)]) lit[i] = 1;
    if (this.path) for (const i of this.drawing.path ?? [this.path.from, this.path.to]) lit[i] = 1;
    this.drawing.lit = lit;
  }

  // What is under the pointer

  point(i) {
    if (this.drawing.hover === i) return;
    this.drawing.point(i);
    this.redraw();
  }

  onPanel(event) {
    const entry = event.target.closest("[data-note]");
    this.point(entry ? Number(entry.dataset.note) : -1);
  }

  hoverAt(x, y) {
    const { drawing, graph } = this;
    const i = drawing.noteAt(x, y);
    const before = drawing.hover;
    this.point(i);
    this.canvas.classList.toggle("on-note", i >= 0);
    const edge = i < 0 ? drawing.edgeAt(x, y) : null;
    if (i >= 0) {
      if (i !== before || this.tip.hidden) this.tip.replaceChildren(...noteTip(graph, i));
    } else if (edge) {
      this.tip.replaceChildren(...edgeTip(graph, edge, drawing.focus));
    } else {
      this.hideTip();
      return;
    }
    this.showTip(x, y);
  }

  // Show the tip once the pointer has rested, since it covers what is beside a note.
  showTip(x, y) {
    clearTimeout(this.tipTimer);
    if (this.tip.hidden) this.tipTimer = setTimeout(() => this.placeTip(x, y), TIP);
    else this.placeTip(x, y);
  }

  placeTip(x, y) {
    this.tip.hidden = false;
    const { width, height } = this.tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(x + 16, this.drawing.camera.width - width - 8));
    const top = y + 18 + height > this.drawing.camera.height ? Math.max(8, y - height - 12) : y + 18;
    this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hideTip() {
    clearTimeout(this.tipTimer);
    this.tip.hidden = true;
  }

  // Keys

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target === this.search.field;
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      this.search.field.focus();
      this.search.field.select();
    } else if (event.key === "Escape" && !(isTyping && this.search.close())) {
      this.hideTip();
      if (this.endPathChoice()) this.glideTo(this.wantedLook());
      else if (!this.panel.hidden) this.go(-1);
      else if (this.drawing.group >= 0) this.chooseGroup(this.drawing.group);
    } else if (event.key === "p" && !isTyping && this.drawing.focus >= 0) {
      this.startPath(this.drawing.focus);
    } else if (event.target === this.canvas || event.target === document.body) {
      this.onCanvasKey(event);
    }
  }

  onCanvasKey(event) {
    const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (moves[event.key]) {
      this.takeCamera();
      this.drawing.camera.pan(...moves[event.key]);
    } else if (event.key === "+" || event.key === "=") this.zoom(1.25);
    else if (event.key === "-") this.zoom(0.8);
    else if (event.key === "0") this.glideTo(this.wantedLook());
    else return;
    event.preventDefault();
  }

  // Light and dark

  showTheme(theme) {
    document.documentElement.dataset.theme = theme;
  }

  turnTo(theme) {
    this.showTheme(theme);
    this.drawing.readColours();
    this.redraw();
  }
}

// A part of an address, or the part as it stands if it is not encoded as addresses are.
function decodePart(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const page = new Page(new Graph(JSON.parse(by("data").textContent), by("texts").textContent));
