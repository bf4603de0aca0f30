// Which part of the plane the screen shows: `look` is the point in its middle and how large things are there.

const SMALLEST_ZOOM = 0.02, LARGEST_ZOOM = 8;
const MARGIN = 60; // around what is to be seen, for the labels

class Camera {
  constructor() {
    this.look = { x: 0, y: 0, zoom: 1 };
    this.fitWindow();
  }

  get zoom() {
    return this.look.zoom;
  }

  fitWindow() {
    this.width = window.innerWidth;
    this.height = window.innerHeight;
  }

  onScreen(x, y) {
    const { look } = this;
    return [(x - look.x) * look.zoom + this.width / 2, (y - look.y) * look.zoom + this.height / 2];
  }

  inPlane(screenX, screenY) {
    const { look } = this;
    return [(screenX - this.width / 2) / look.zoom + look.x, (screenY - this.height / 2) / look.zoom + look.y];
  }

  // Whether all of a line between two points of the screen is beyond one of its sides, by more than a label's height or what the base has there.
  isOutside(x, y, toX, toY) {
    const beyond = BEYOND, right = this.width + beyond, bottom = this.height + beyond;
    return (x < -beyond && toX < -beyond) || (y < -beyond && toY < -beyond) || (x > right && toX > right) || (y > bottom && toY > bottom);
  }

  pan(dx, dy) {
    const { x, y, zoom } = this.look;
    this.look = { x: x - dx / zoom, y: y - dy / zoom, zoom };
  }

  // Zoom so that what is under a point of the screen stays there.
  zoomAt(screenX, screenY, factor) {
    const [x, y] = this.inPlane(screenX, screenY);
    this.look = { ...this.look, zoom: Math.max(SMALLEST_ZOOM, Math.min(LARGEST_ZOOM, this.look.zoom * factor)) };
    const [nowX, nowY] = this.inPlane(screenX, screenY);
    this.look = { ...this.look, x: this.look.x + x - nowX, y: this.look.y + y - nowY };
  }

  // The look at these points, in what `covered` pixels at the edges of the screen leave free; at most as large as `largest`.
  lookAt(points, covered, largest = 2.2) {
    let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
    for (const [x, y] of points) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    if (left > right) return { x: 0, y: 0, zoom: 1 };
    const freeWidth = Math.max(80, this.width - covered.left - covered.right);
    const freeHeight = Math.max(80, this.height - covered.top - covered.bottom);
    const zoom = Math.max(SMALLEST_ZOOM, Math.min(largest, freeWidth / (right - left + MARGIN), freeHeight / (bottom - top + MARGIN)));
    return {
      x: (left + right) / 2 + (covered.right - covered.left) / 2 / zoom,
      y: (top + bottom) / 2 + (covered.bottom - covered.top) / 2 / zoom,
      zoom,
    };
  }
}
