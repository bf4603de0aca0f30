// Where the notes stand: links pull, notes push each other away, and a slight pull to the middle keeps everything together.
// Velocities and falling heat as in d3-force; the pushing by Barnes and Hut (Nature 324, 1986): seen from afar, a cell full of
// notes pushes as one. There is no chance in it: the same notebook gives the same drawing every time.

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const NEAR_ENOUGH_SQUARED = 1.2; // a cell counts as one where its size squared is below this times the distance squared
const LEAF = 10; // notes in a cell that is not split any further
const COLD = 0.005; // the heat at which the layout has settled
const FRICTION = 0.6; // what is left of a velocity after a step
const TO_THE_MIDDLE = 0.035;
const RIM = 45, APART = 28; // how far notes without links are from all others, and from each other
const LINK_LENGTH = 50;

class Layout {
  // `edges` are pairs of note numbers, `radii` the sizes of the notes. Notes without links have the highest numbers.
  // The drawing becomes about as wide, for its height, as `breadth` says.
  constructor(radii, edges, breadth = 1) {
    this.count = radii.length;
    this.radii = radii;
    this.x = new Float64Array(this.count);
    this.y = new Float64Array(this.count);
    this.speedX = new Float64Array(this.count);
    this.speedY = new Float64Array(this.count);
    this.isHeld = new Uint8Array(this.count);
    this.toTheMiddleX = TO_THE_MIDDLE / breadth ** 2;
    this.toTheMiddleY = TO_THE_MIDDLE * breadth ** 2;
    this.steps = 0; // grows with every movement
    // 300 steps up to 2,000 notes, and fewer the more there are, so that large notebooks settle in bearable time as well
    this.cooling = 1 - COLD ** (1 / Math.max(80, Math.min(300, 600_000 / Math.max(1, this.count))));
    this.push = Float64Array.from(radii, (radius) => 45 + 8 * radius);
    this.springs = springs(edges, this.count, radii);
    this.linked = edges.reduce((most, { source, target }) => Math.max(most, source + 1, target + 1), 0);
    this.tree = new Cells(this.linked);
    this.heat = this.linked ? 1 : 0;
    this.spread();
  }

  get isSettled() {
    return this.heat < COLD;
  }

  // Put the notes on a sunflower spiral, the best linked (those with the lowest numbers) in the middle.
  spread() {
    for (let i = 0; i < this.count; i++) {
      const radius = 14 * Math.sqrt(i + 0.5);
      this.x[i] = radius * Math.cos(i * GOLDEN_ANGLE);
      this.y[i] = radius * Math.sin(i * GOLDEN_ANGLE);
    }
  }

  // Lay the notes without links around all others, on the same spiral, drawn out as they are.
  surround() {
    let width = 1, height = 1, inner = 0;
    for (let i = 0; i < this.linked; i++) {
      if (this.isHeld[i]) continue;
      width = Math.max(width, Math.abs(this.x[i]));
      height = Math.max(height, Math.abs(this.y[i]));
    }
    const stretch = Math.sqrt(Math.max(0.3, Math.min(3, width / height)));
    for (let i = 0; i < this.linked; i++) if (!this.isHeld[i]) inner = Math.max(inner, Math.hypot(this.x[i] / stretch, this.y[i] * stretch));
    for (let i = this.linked; i < this.count; i++) {
      if (this.isHeld[i]) continue;
      const place = i - this.linked, radius = Math.sqrt((inner + RIM) ** 2 + (place * APART ** 2) / 2);
      this.x[i] = radius * stretch * Math.cos(place * GOLDEN_ANGLE);
      this.y[i] = (radius / stretch) * Math.sin(place * GOLDEN_ANGLE);
    }
  }

  // Make the notes move again, as after one of them was dragged.
  warm(heat = 0.25) {
    this.heat = Math.max(this.heat, heat);
  }

  // Put a note where somebody wants it; it stays there.
  hold(i, x, y) {
    [this.x[i], this.y[i]] = [x, y];
    this.isHeld[i] = 1;
    this.steps++;
  }

  step() {
    this.steps++;
    this.heat *= 1 - this.cooling;
    this.pull();
    this.tree.fill(this.x, this.y, this.push);
    for (let i = 0; i < this.linked; i++) this.pushAway(i);
    for (let i = 0; i < this.linked; i++) this.move(i);
    this.surround();
  }

  pull() {
    const { x, y, speedX, speedY, heat } = this;
    for (const { source, target, length, strength, share } of this.springs) {
      const dx = x[target] + speedX[target] - x[source] - speedX[source] || 1e-6;
      const dy = y[target] + speedY[target] - y[source] - speedY[source] || 1e-6;
      const distance = Math.sqrt(dx * dx + dy * dy);
      const force = ((distance - length) / distance) * heat * strength;
      speedX[target] -= dx * force * share;
      speedY[target] -= dy * force * share;
      speedX[source] += dx * force * (1 - share);
      speedY[source] += dy * force * (1 - share);
    }
  }

  // The innermost loop of all: plain numbers and local names keep it fast.
  pushAway(i) {
    const { x, y, push, heat, tree } = this;
    const { x: cellX, y: cellY, size, weight, begin, end, next, order } = tree;
    const ownX = x[i], ownY = y[i], cells = tree.count;
    let forceX = 0, forceY = 0, cell = 0;
    while (cell < cells) {
      const dx = cellX[cell] - ownX, dy = cellY[cell] - ownY, squared = dx * dx + dy * dy;
      if (size[cell] * size[cell] < NEAR_ENOUGH_SQUARED * squared) {
        const force = weight[cell] / Math.max(squared, 1);
        forceX -= dx * force;
        forceY -= dy * force;
        cell = next[cell];
      } else if (next[cell] === cell + 1) {
        for (let at = begin[cell]; at < end[cell]; at++) {
          const j = order[at];
          if (j === i) continue;
          const toX = x[j] - ownX || (j - i) * 1e-3, toY = y[j] - ownY || (i - j) * 1e-3; // notes on the same spot part by number
          const force = push[j] / Math.max(toX * toX + toY * toY, 1);
          forceX -= toX * force;
          forceY -= toY * force;
        }
        cell = next[cell];
      } else {
        cell++;
      }
    }
    this.speedX[i] += (forceX - ownX * this.toTheMiddleX) * heat;
    this.speedY[i] += (forceY - ownY * this.toTheMiddleY) * heat;
  }

  move(i) {
    if (this.isHeld[i]) {
      this.speedX[i] = this.speedY[i] = 0;
      return;
    }
    this.x[i] += this.speedX[i] *= FRICTION;
    this.y[i] += this.speedY[i] *= FRICTION;
  }
}

// The links as springs. The more links both ends have, the weaker a spring is, and the end with fewer gives way more (as in d3-force).
function springs(edges, count, radii) {
  const degree = new Int32Array(count);
  for (const { source, target } of edges) degree[source]++, degree[target]++;
  return edges.map(({ source, target }) => ({
    source,
    target,
    length: LINK_LENGTH + radii[source] + radii[target],
    strength: 1 / Math.min(degree[source], degree[target]),
    share: degree[source] / (degree[source] + degree[target]),
  }));
}

// A tree of cells, each split in the middle of its longer side. Cells stand in the order of a walk through the tree: the
// children of a cell follow it, and `next` is the first cell that is not below it, so that walking needs no stack. A leaf is followed by its own `next`.
class Cells {
  constructor(notes) {
    const most = Math.max(1, 2 * notes);
    for (const name of ["x", "y", "size", "weight"]) this[name] = new Float64Array(most);
    for (const name of ["begin", "end", "next"]) this[name] = new Int32Array(most);
    this.order = new Int32Array(notes);
    this.count = 0;
  }

  fill(x, y, weights) {
    this.count = 0;
    for (let i = 0; i < this.order.length; i++) this.order[i] = i;
    if (this.order.length) this.split(0, this.order.length, x, y, weights);
  }

  split(begin, end, x, y, weights) {
    const cell = this.count++;
    let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity, weight = 0, sumX = 0, sumY = 0;
    for (let at = begin; at < end; at++) {
      const i = this.order[at];
      if (x[i] < left) left = x[i];
      if (x[i] > right) right = x[i];
      if (y[i] < top) top = y[i];
      if (y[i] > bottom) bottom = y[i];
      weight += weights[i];
      sumX += x[i] * weights[i];
      sumY += y[i] * weights[i];
    }
    const width = right - left, height = bottom - top;
    this.x[cell] = sumX / weight;
    this.y[cell] = sumY / weight;
    this.weight[cell] = weight;
    this.size[cell] = Math.max(width, height);
    this.begin[cell] = begin;
    this.end[cell] = end;
    if (end - begin > LEAF && this.size[cell] > 1e-9) {
      const middle = width > height ? this.part(begin, end, x, left + width / 2) : this.part(begin, end, y, top + height / 2);
      this.split(begin, middle, x, y, weights);
      this.split(middle, end, x, y, weights);
    }
    this.next[cell] = this.count;
  }

  // Bring those whose coordinate is at most `limit` to the front of a stretch; returns where the others begin.
  part(begin, end, coordinate, limit) {
    const { order } = this;
    while (begin < end) {
      if (coordinate[order[begin]] <= limit) begin++;
      else [order[begin], order[end]] = [order[--end], order[begin]];
    }
    return begin;
  }
}

// In a worker of the page: lays out what the page sends, and sends back where the notes are, so that the page stays free to answer.
if (typeof document === "undefined") {
  let layout = null, isBusy = false;
  const AT_A_TIME = 30; // milliseconds between two answers

  const work = () => {
    const until = performance.now() + AT_A_TIME;
    do layout.step();
    while (!layout.isSettled && performance.now() < until);
    postMessage({ x: layout.x.slice(), y: layout.y.slice(), heat: layout.heat });
    isBusy = !layout.isSettled;
    if (isBusy) setTimeout(work, 0); // lets messages in
  };

  onmessage = ({ data }) => {
    if (data.radii) layout = new Layout(data.radii, data.edges, data.breadth);
    if (data.held) layout.hold(...data.held);
    if (data.heat) layout.warm(data.heat);
    if (isBusy || layout.isSettled) return;
    isBusy = true;
    work();
  };
}
