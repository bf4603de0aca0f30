// Mouse, pen and fingers on the canvas: click and hover, drag a note, drag the ground, zoom by wheel or by two fingers.
class Pointer {
  constructor(page) {
    this.page = page;
    this.down = new Map(); // the pointers that are pressed, by ID
    this.held = -1; // the note that is dragged
    this.hasMoved = false;
    const { canvas } = page;
    canvas.addEventListener("pointerdown", (event) => this.onDown(event));
    canvas.addEventListener("pointermove", (event) => this.onMove(event));
    canvas.addEventListener("pointerup", (event) => this.onUp(event));
    canvas.addEventListener("pointercancel", (event) => this.letGo(event));
    canvas.addEventListener("pointerleave", () => this.onLeave());
    canvas.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
  }

  onDown(event) {
    if (event.button) return;
    this.page.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, { x: event.clientX, y: event.clientY, startX: event.clientX, startY: event.clientY });
    this.hasMoved = this.down.size > 1;
    this.held = this.down.size > 1 ? -1 : this.page.drawing.noteAt(event.clientX, event.clientY);
  }

  onMove(event) {
    const pressed = this.down.get(event.pointerId);
    if (!pressed) {
      this.page.hoverAt(event.clientX, event.clientY);
      return;
    }
    const before = this.spread();
    const [dx, dy] = [event.clientX - pressed.x, event.clientY - pressed.y];
    const far = Math.hypot(event.clientX - pressed.startX, event.clientY - pressed.startY);
    if (!this.hasMoved && far < A_DRAG) return;
    this.hasMoved = true;
    [pressed.x, pressed.y] = [event.clientX, event.clientY];
    this.page.hideTip();
    if (this.held >= 0) this.drag(event);
    else this.moveGround(dx, dy, before);
  }

  drag(event) {
    const { drawing, layout } = this.page;
    layout.hold(this.held, ...drawing.camera.inPlane(event.clientX, event.clientY));
    if (!wantsStillness.matches) layout.warm();
    this.page.worker?.postMessage({ held: [this.held, layout.x[this.held], layout.y[this.held]], heat: wantsStillness.matches ? 0 : 0.25 });
    this.page.takeCamera();
  }

  moveGround(dx, dy, before) {
    const { drawing, canvas } = this.page;
    canvas.classList.add("moved");
    this.page.takeCamera();
    drawing.camera.pan(dx / this.down.size, dy / this.down.size);
    const now = this.spread();
    if (before && now) drawing.camera.zoomAt(now.x, now.y, now.distance / before.distance);
  }

  // How far two fingers are apart, and the point between them.
  spread() {
    const [one, other] = [...this.down.values()];
    if (!other) return null;
    return { distance: Math.hypot(one.x - other.x, one.y - other.y) || 1, x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
  }

  onUp(event) {
    const wasClick = this.down.has(event.pointerId) && !this.hasMoved;
    const { held } = this;
    this.letGo(event);
    if (!wasClick) return;
    const { focus } = this.page.drawing;
    if (event.shiftKey && held >= 0 && focus >= 0 && held !== focus) this.page.goPath(focus, held);
    else this.page.go(held);
  }

  letGo(event) {
    this.down.delete(event.pointerId);
    this.held = -1;
    this.page.canvas.classList.remove("moved");
  }

  onLeave() {
    this.page.point(-1);
    this.page.hideTip();
  }

  onWheel(event) {
    event.preventDefault();
    const unit = event.deltaMode ? 20 : 1; // lines in some browsers, pixels in others
    this.page.zoom(Math.exp((-event.deltaY * unit) / (event.ctrlKey ? 120 : 500)), event.clientX, event.clientY);
  }
}
