// Titles beside their notes, as many as there is room for: none lies on another one or on a note that is not dimmed. The best linked
// notes come first; the notes that are looked at come before all others, and their titles may stand farther away, at a leader.

const LABEL_WIDTH = 26, LABEL_LINES = 2; // characters a line, and lines
const LEADING = 1.2; // of lines, for letters of size 1
const RINGS = [0, 20, 44, 72]; // how much farther from its note a title may stand
const NAMED = 12; // the best linked notes, whose titles may stand that far away, too
const TRIED = 2000; // notes near the screen for which a place is looked for
const REACH = 1.3; // how far the corners of a shape are from its middle, for a radius of 1

class Labels {
  constructor(graph, pen, font) {
    this.graph = graph;
    this.pen = pen;
    this.font = font;
    this.texts = []; // by note: its title broken into lines, and their width for letters of size 1
  }

  // The labels of notes that stand at `spots` on the screen ({ i, x, y, radius, importance, isLit }), the most important first. They stay
  // within the screen and out of the boxes of `covered`. If some notes are lit, the others count as dimmed: they may lie under a lit note's
  // label, and keep theirs only where `before` has one and its place is still free.
  placed(spots, before, screen, covered) {
    const hasLit = spots.some(({ isLit }) => isLit);
    const notes = new Room(), lit = new Room(), labels = new Room(), controls = new Room();
    for (const box of covered) controls.take(box);
    for (const spot of spots) {
      notes.take(boxOf(spot));
      if (spot.isLit) lit.take(boxOf(spot));
    }
    const isSeen = ([left, top, right, bottom, ...rest]) =>
      left >= 2 && top >= 2 && right <= screen.width - 2 && bottom <= screen.height - 2 && controls.isFree([left, top, right, bottom, ...rest]);
    const isFree = (box) => labels.isFree(box) && notes.isFree(box) && isSeen(box);
    const found = [];
    const ordered = hasLit ? [...spots.filter(({ isLit }) => isLit), ...spots.filter(({ isLit }) => !isLit)] : spots.slice(0, TRIED);
    for (const spot of ordered) {
      const label = this.label(spot);
      const last = before?.get(spot.i);
      const kept = last ? [boxAt(spot, label, last)] : [];
      const rings = spot.isLit ? RINGS : hasLit ? [] : found.length < NAMED ? RINGS.slice(0, 2) : RINGS.slice(0, 1);
      const boxes = [...kept, ...boxesAround(spot, label, rings)];
      let box = boxes.find(isFree);
      if (!box && spot.isLit) {
        const isFreeOfLit = (one) => labels.isFree(one) && lit.isFree(one);
        box = boxes.find((one) => isFreeOfLit(one) && isSeen(one)) ?? (found.length ? undefined : boxes[0]); // the first is named in any case
      }
      if (!box) continue;
      labels.take(box);
      const [, , , , dx, dy] = box;
      found.push({ ...label, i: spot.i, dx, dy, isDim: hasLit && !spot.isLit });
    }
    return found;
  }

  // Those of some labels, the most important last, that do not lie on each other now that their notes are elsewhere.
  thinned(labels, place) {
    const room = new Room();
    return labels.toReversed().filter((label) => {
      const [x, y] = place(label.i);
      const box = boxAt({ x, y }, label, label);
      if (!room.isFree(box)) return false;
      room.take(box);
      return true;
    }).reverse();
  }

  label({ i, importance }) {
    const size = Math.round(11 + Math.min(3, importance / 6));
    const { lines, width } = (this.texts[i] ??= this.broken(this.graph.notes[i].title));
    return { size, lines, width: width * size, height: lines.length * size * LEADING };
  }

  broken(title) {
    const lines = brokenIntoLines(title, LABEL_WIDTH, LABEL_LINES);
    this.pen.font = `600 100px ${this.font}`; // as wide as they get
    return { lines, width: Math.max(...lines.map((line) => this.pen.measureText(line).width)) / 100 };
  }
}

function boxOf({ x, y, radius }) {
  const reach = radius * REACH + 1;
  return [x - reach, y - reach, x + reach, y + reach];
}

// Where the label of a note could be: below it, above it, at its sides and corners, near it or in one of the rings farther out.
function boxesAround(spot, label, rings) {
  const { width, height } = label;
  return rings.flatMap((ring) => {
    const away = spot.radius * REACH + 3 + ring;
    const up = away + height / 2, side = away + width / 2 + 1, slant = width / 2 + ring / 2;
    return [[0, up], [0, -up], [side, 0], [-side, 0], [slant, up - ring / 3], [-slant, up - ring / 3], [slant, -up + ring / 3], [-slant, -up + ring / 3]]
      .map(([dx, dy]) => boxAt(spot, label, { dx, dy }));
  });
}

// The box of a label whose middle is at (dx, dy), seen from the note: its sides, and the middle.
function boxAt({ x, y }, { width, height }, { dx, dy }) {
  return [x + dx - width / 2 - 2, y + dy - height / 2, x + dx + width / 2 + 2, y + dy + height / 2, dx, dy];
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
