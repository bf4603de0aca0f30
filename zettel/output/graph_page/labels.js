// Titles beside their notes: as many as there is room for, those of the best linked notes before the others.

const LABEL_WIDTH = 26, LABEL_LINES = 2; // characters a line, and lines
const LEADING = 1.2; // of lines, for letters of size 1
const ALWAYS_NAMED = 16; // the best linked notes, whose titles may hide other notes

class Labels {
  constructor(graph, pen, font) {
    this.graph = graph;
    this.pen = pen;
    this.font = font;
    this.texts = []; // by note: its title broken into lines, and their width for letters of size 1
  }

  // The labels of notes that stand at `spots` ({ i, x, y, radius }), the most important first. The first `certain` are named
  // whatever they hide, and so is `hover`, which comes first in the answer and changes nothing about the others.
  placed(spots, certain, hover) {
    const notes = new Room(), labels = new Room();
    for (const { x, y, radius } of spots) notes.take([x - radius, y - radius, x + radius, y + radius]);
    const found = [];
    spots.forEach((spot, rank) => {
      const label = this.label(spot);
      const boxes = boxesOf(spot, label);
      let box = boxes.find((box) => labels.isFree(box) && notes.isFree(box));
      if (!box && rank < ALWAYS_NAMED && (rank < certain || labels.isFree(boxes[0]))) box = boxes[0];
      if (!box && spot.i !== hover) return;
      if (box) labels.take(box);
      const [, , , , dx, dy] = box ?? boxes[0];
      found.push({ ...label, i: spot.i, dx, dy });
    });
    return found.sort((one, other) => (other.i === hover) - (one.i === hover));
  }

  label({ i, importance }) {
    const size = Math.round(11 + Math.min(3, importance / 6));
    const { lines, width } = (this.texts[i] ??= this.broken(this.graph.notes[i].title));
    return { size, lines, width: width * size, height: lines.length * size * LEADING };
  }

  broken(title) {
    const lines = brokenIntoLines(title, LABEL_WIDTH, LABEL_LINES);
    this.pen.font = `100px ${this.font}`;
    return { lines, width: Math.max(...lines.map((line) => this.pen.measureText(line).width)) / 100 };
  }
}

// Where the label of a note could be: below it, above it, to its right or left. After the sides of a box stands where its
// middle is, seen from the note.
function boxesOf({ x, y, radius }, { width, height }) {
  const away = radius + 4;
  const middles = [[0, away + height / 2], [0, -away - height / 2], [away + width / 2 + 1, 0], [-away - width / 2 - 1, 0]];
  return middles.map(([dx, dy]) => [x + dx - width / 2 - 1, y + dy - height / 2, x + dx + width / 2 + 1, y + dy + height / 2, dx, dy]);
}

// Which parts of the plane are taken, by a grid of squares that name the boxes in them.
class Room {
  constructor() {
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
    const keys = [], side = 90; // about a label
    for (let column = Math.floor(left / side); column <= right / side; column++) {
      for (let row = Math.floor(top / side); row <= bottom / side; row++) keys.push(column * 1_000_003 + row);
    }
    return keys;
  }
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
