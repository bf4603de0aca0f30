// The best chain of links between two notes, by the rules of `zettel path`: the shortest, where a structure note on the way counts
// as one link more; of these, the one with the fewest links against their direction; then the one through the notes with the fewest
// links; then the one with the smallest IDs. The three counts make one number, so that Dijkstra's algorithm (Numerische Mathematik 1,
// 1959) can add them up.

const LENGTH = 2 ** 34, AGAINST = 2 ** 24; // what one more of each costs; a path uses hubs for less than the latter

// The numbers of the notes from one to another, or null if there is no path.
function findPath(graph, from, to) {
  const left = costsTo(graph, from, to);
  if (!Number.isFinite(left[from])) return null;
  const path = [from];
  for (let i = from; i !== to; path.push(i)) {
    const onward = graph.around[i]
      .map((edge) => viewFrom(i, edge))
      .filter(({ other, way }) => left[i] === hopCost(graph, other, to, way) + left[other])
      .sort((one, two) => graph.notes[one.other].order - graph.notes[two.other].order);
    i = onward[0].other;
  }
  return path;
}

// What the best path from each note to `to` costs; Infinity where none is known to be needed. Stops when `from` is reached.
function costsTo(graph, from, to) {
  const left = new Float64Array(graph.notes.length).fill(Infinity);
  const queue = new Queue();
  left[to] = 0;
  queue.push(0, to);
  while (queue.size) {
    const [cost, i] = queue.pop();
    if (cost > left[i]) continue; // a better one came before
    if (i === from) break;
    for (const edge of graph.around[i]) {
      const { other, way } = viewFrom(i, edge);
      if (graph.notes[other].saved && other !== from) continue; // a saved path would be a short cut
      const total = cost + hopCost(graph, i, to, { out: "back", back: "out", both: "both" }[way]);
      if (total >= left[other]) continue;
      left[other] = total;
      queue.push(total, other);
    }
  }
  return left;
}

// What a hop to `other` costs; `way` is the direction of the links, as the note before it sees them.
function hopCost(graph, other, to, way) {
  const against = way === "back" ? AGAINST : 0;
  if (other === to) return LENGTH + against;
  return LENGTH * (graph.notes[other].structure ? 2 : 1) + against + graph.around[other].length;
}

// A queue from which the smallest comes first: a binary heap.
class Queue {
  constructor() {
    this.heap = [];
  }

  get size() {
    return this.heap.length;
  }

  push(cost, i) {
    const { heap } = this;
    let at = heap.push([cost, i]) - 1;
    while (at && heap[(at - 1) >> 1][0] > heap[at][0]) at = this.swap(at, (at - 1) >> 1);
  }

  pop() {
    const { heap } = this;
    const [least] = heap, last = heap.pop();
    if (!heap.length) return least;
    heap[0] = last;
    for (let at = 0; ;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child++;
      if (child >= heap.length || heap[at][0] <= heap[child][0]) return least;
      at = this.swap(at, child);
    }
  }

  swap(at, other) {
    [this.heap[at], this.heap[other]] = [this.heap[other], this.heap[at]];
    return other;
  }
}
