// The page: it brings the parts together and answers the pointer, the keys and the address. The note in focus is the one the
// address names after #, so that a link to a note, and the browser's way back, work by themselves.

const by = (id) => document.getElementById(id);
const wantsStillness = window.matchMedia("(prefers-reduced-motion: reduce)");
const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");
const FRAME = 14; // milliseconds of a frame that the layout may take; more where drawing takes longer than that
const GLIDE = 350; // milliseconds in which the camera moves to where it is wanted
const A_DRAG = 5; // pixels a pointer moves before a press is no click any more

class Page {
  constructor(graph) {
    this.graph = graph;
    this.canvas = by("graph");
    this.panel = by("panel");
    this.tip = by("tip");
    const radii = Float64Array.from(graph.notes, (_, i) => Math.min(26, 4.5 + 1.7 * Math.sqrt(graph.around[i].length)));
    this.layout = new Layout(radii, graph.edges);
    this.showTheme(wantsDark.matches ? "dark" : "light");
    this.drawing = new Drawing(this.canvas, graph, this.layout);
    this.glide = null;
    this.isAutomatic = true; // the camera follows the layout until somebody moves it
    this.isWanted = false;
    this.cost = 0; // milliseconds that the last drawing took
    this.began = performance.now();
    this.search = new Search(graph, (i) => this.go(i), () => this.canvas.focus());
    this.describe();
    this.listen();
    this.followAddress();
    if (this.layout.isSettled) this.settled();
    this.redraw();
  }

  describe() {
    const { graph } = this;
    const size = `${counted(graph.notes.length, "note")}, ${counted(graph.links, "link")}`;
    by("about").textContent = `${graph.notebook} · ${size}`;
    this.canvas.setAttribute("aria-label", `The link graph of ${graph.notebook}: ${size}.`);
    by("legend").append(...legendOf(graph, (group) => this.chooseGroup(group)));
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
    if (!this.layout.isSettled) this.advance();
    // who wants no movement is shown the layout when it has settled
    if (this.layout.isSettled || !wantsStillness.matches) this.show(now);
    if (this.glide || !this.layout.isSettled) this.redraw();
  }

  advance() {
    const until = performance.now() + Math.max(FRAME, 2 * this.cost);
    do this.layout.step();
    while (!this.layout.isSettled && performance.now() < until);
    if (this.layout.isSettled) this.settled();
  }

  show(now) {
    this.moveCamera(now);
    const start = performance.now();
    this.drawing.draw();
    this.cost = performance.now() - start;
  }

  settled() {
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
    const { camera, focus } = this.drawing;
    const covered = { left: 30, right: 60, top: 70, bottom: 90 };
    if (focus < 0) return camera.lookAt(this.points(this.layout.radii.keys()), covered);
    const panel = this.panel.getBoundingClientRect();
    if (panel.width < camera.width - 100) covered.right = camera.width - panel.left + 20;
    else covered.bottom = camera.height - panel.top + 20;
    return camera.lookAt(this.points([focus, ...this.neighbours(focus)]), covered);
  }

  points(notes) {
    return Array.from(notes, (i) => [this.layout.x[i], this.layout.y[i]]);
  }

  glideTo(look) {
    this.isAutomatic = false;
    this.glide = { from: this.drawing.camera.look, to: look, start: performance.now() };
    this.redraw();
  }

  takeCamera() {
    this.isAutomatic = false;
    this.glide = null;
    this.redraw();
  }

  zoom(factor, x = this.drawing.camera.width / 2, y = this.drawing.camera.height / 2) {
    this.takeCamera();
    this.drawing.camera.zoomAt(x, y, factor);
  }

  // What is in focus

  neighbours(i) {
    return this.graph.around[i].map((edge) => seenFrom(i, edge).other);
  }

  go(i) {
    window.location.hash = i < 0 ? "" : encodeURIComponent(this.graph.name(i));
  }

  followAddress() {
    let name = window.location.hash.slice(1);
    try {
      name = decodeURIComponent(name);
    } catch {
      // not encoded as addresses are: taken as it stands
    }
    this.focus(name ? this.graph.byName.get(name) ?? -1 : -1);
  }

  focus(i) {
    const { drawing, graph, panel } = this;
    const hadFocus = drawing.focus >= 0;
    drawing.focus = i;
    drawing.hover = -1;
    this.light();
    this.hideTip();
    panel.hidden = i < 0;
    panel.replaceChildren(...(i < 0 ? [] : panelOf(graph, i, (other) => this.go(other), () => this.go(-1))));
    panel.scrollTop = 0;
    document.body.dataset.focus = i < 0 ? "" : graph.name(i);
    document.title = i < 0 ? graph.notebook : `${graph.notes[i].title} · ${graph.notebook}`;
    by("status").textContent = i < 0 ? (hadFocus ? "Back to all notes" : "") : `${graph.notes[i].title}, ${counted(graph.linkCount(i), "link")}`;
    if (!this.isAutomatic || this.layout.isSettled) this.glideTo(this.wantedLook());
    this.redraw();
  }

  chooseGroup(group) {
    this.drawing.group = this.drawing.group === group ? -1 : group;
    by("legend").childNodes.forEach((button) => button.setAttribute("aria-pressed", String(Number(button.dataset.group) === this.drawing.group)));
    this.light();
    this.redraw();
  }

  // Say which notes are not dimmed: those around the one in focus, else those of the chosen group.
  light() {
    const { focus, group } = this.drawing;
    if (focus < 0 && group < 0) {
      this.drawing.lit = null;
      return;
    }
    const lit = Uint8Array.from(this.graph.notes, (note) => Number(focus < 0 && note.group === group));
    if (focus >= 0) for (const i of [focus, ...this.neighbours(focus)]) lit[i] = 1;
    this.drawing.lit = lit;
  }

  // What is under the pointer

  point(i) {
    if (this.drawing.hover === i) return;
    this.drawing.hover = i;
    this.redraw();
  }

  onPanel(event) {
    const entry = event.target.closest("li[data-note]");
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

  showTip(x, y) {
    this.tip.hidden = false;
    const { width, height } = this.tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(x + 16, this.drawing.camera.width - width - 8));
    const top = y + 18 + height > this.drawing.camera.height ? Math.max(8, y - height - 12) : y + 18;
    this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hideTip() {
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
      if (this.drawing.focus >= 0) this.go(-1);
      else if (this.drawing.group >= 0) this.chooseGroup(this.drawing.group);
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

const page = new Page(new Graph(JSON.parse(by("data").textContent)));
