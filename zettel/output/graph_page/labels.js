// Titles beside their notes, as many as there is room for: none lies on another one or on a note that is not dimmed. The best linked
// notes come first; the notes that are looked at come before all others. The titles of both are never cut, and may stand far away, at
// a leader.

const LABEL_WIDTH = 26, NARROW_WIDTH = 18; // characters a line at most, on a wide screen and on a narrow one
const NARROW = 760; // pixels; narrower screens are narrow (as in style.css)
const LABEL_LINES = 3, MOST_LINES = 10; // of a title, and of one that is not to be cut
const LEADING = 1.2; // of lines, for letters of size 1
const NEAR = [0, 8], FAR = [0, 8, 16, 26, 38, 52, 70, 90, 115, 145, 180, 220, 260]; // how much farther from its note a title may stand
const NAMED = 12, NAMED_NARROW = 8; // the best linked notes, whose titles may stand far away, too, on a wide screen and on a narrow one
const NAMED_LIT = 60; // and of the notes that are looked at
const THROUGH_NOTE = 120, THROUGH_LABEL = 30; // how many pixels longer a leader may be that avoids a note, or a piece of a title
const DIRECTIONS = 32; // in which a place far away is looked for
const GRID = 11; // pixels between the places that are tried where those in all directions are taken
const TRIED = 2000; // notes near the screen for which a place is looked for
const REACH = 1.3; // how far the corners of a shape are from its middle, for a radius of 1

class Labels {
  constructor(graph, pen, font) {
    this.graph = graph;
    this.pen = pen;
    this.font = font;
    this.texts = new Map(); // by note, width, number of lines and weight: its title broken into lines, and their width for letters of size 1
  }

  // The labels of notes that stand at `spots` on the screen ({ i, x, y, radius, importance, isLit, isBold }), the most important first. They stay
  // within the screen and out of the boxes of `covered`. If some notes are lit, the others count as dimmed: they may lie under a lit note's
  // label, and keep theirs only where `before` has one and its place is still free.
  place(spots, before, screen, covered) {
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
    const most = screen.width < NARROW ? NAMED_NARROW : NAMED;
    ordered.forEach((spot, at) => {
      const isMeant = hasLit ? spot.isLit : at < most;
      const last = before?.get(spot.i);
      const kept = last ? [boxAt(spot, last, last)] : [];
      const rings = isMeant && at < NAMED_LIT ? FAR : hasLit && !spot.isLit ? [] : NEAR;
      const shapes = this.shapes(spot, screen, isMeant);
      const boxes = [...kept, ...boxesAround(spot, shapes, rings)];
      const others = spots.filter((other) => other !== spot && (!hasLit || other.isLit));
      const best = (found) => cheapest(found.filter(isFree), (one, most) => leaderCost(leaderOf(spot, one), others, labels, most));
      let box = boxes.find((one) => !leaderOf(spot, one) && isFree(one)) ?? best(boxes);
      if (!box && isMeant && at < most) box = best(boxesWithin(spot, shapes, FAR.at(-1)));
      if (!box && spot.isLit) {
        const isFreeOfLit = (one) => labels.isFree(one) && lit.isFree(one);
        box = boxes.find((one) => isFreeOfLit(one) && isSeen(one)) ?? (found.length ? undefined : boxes[0]); // the first is named in any case
      }
      if (!box) return;
      labels.take(box);
      for (const one of boxesAlong(leaderOf(spot, box))) labels.take(one);
      const [, , , , dx, dy, { size, lines, width, height }] = box;
      found.push({ size, lines, width, height, i: spot.i, dx, dy, isDim: hasLit && !spot.isLit });
    });
    return found;
  }

  // Those of some labels, the most important last, that do not lie on each other now that their notes are elsewhere.
  thin(labels, place) {
    const room = new Room();
    return labels.toReversed().filter((label) => {
      const [x, y] = place(label.i);
      const box = boxAt({ x, y }, label, label);
      if (!room.isFree(box)) return false;
      room.take(box);
      return true;
    }).reverse();
  }

  // The shapes that the label of a note may have: wide, or narrow with more lines. `isWhole`: it is not to be cut.
  shapes({ i, importance, isBold }, screen, isWhole) {
    const isNarrow = screen.width < NARROW, most = isNarrow ? NARROW_WIDTH : LABEL_WIDTH;
    const size = Math.round(11 + Math.min(isNarrow ? 1 : 3, importance / 6));
    const mostLines = isWhole ? MOST_LINES : isNarrow ? LABEL_LINES + 1 : LABEL_LINES;
    const [wide, narrow] = [most, Math.round(most * 0.65)].map((letters) => {
      const { lines, width } = this.breakTitle(i, letters, mostLines, isBold);
      return { size, lines, width: width * size, height: lines.length * size * LEADING };
    });
    return narrow.lines.at(-1).endsWith("…") ? [wide] : [wide, narrow]; // it is cut
  }

  breakTitle(i, letters, most, isBold) {
    const key = `${i} ${letters} ${most} ${isBold}`;
    if (!this.texts.has(key)) {
      const lines = breakEvenly(this.graph.notes[i].title, letters, most);
      this.pen.font = `${isBold ? "600 " : ""}100px ${this.font}`;
      this.texts.set(key, { lines, width: Math.max(...lines.map((line) => this.pen.measureText(line).width)) / 100 });
    }
    return this.texts.get(key);
  }
}

function boxOf({ x, y, radius }) {
  const reach = radius * REACH + 1;
  return [x - reach, y - reach, x + reach, y + reach];
}

// Where the label of a note could be: below it, above it, at its sides and corners, near it or in one of the rings farther out.
function boxesAround(spot, labels, rings) {
  return rings.flatMap((ring) => labels.flatMap((label) => {
    const { width, height } = label;
    const away = spot.radius * REACH + 3 + ring;
    const up = away + height / 2, side = away + width / 2 + 1, slant = width / 2 + ring / 2;
    const middles = ring <= NEAR.at(-1)
      ? [[0, up], [0, -up], [side, 0], [-side, 0], [slant, up], [-slant, up], [slant, -up], [-slant, -up]]
      : Array.from({ length: DIRECTIONS }, (_, at) => (2 * Math.PI * at) / DIRECTIONS).map((angle) => [side * Math.cos(angle), up * Math.sin(angle)]);
    return middles.map(([dx, dy]) => boxAt(spot, label, { dx, dy }));
  }));
}

// All places of a label whose middle is at most so far from its note in either direction, by a grid.
function boxesWithin(spot, labels, distance) {
  const steps = Array.from({ length: 2 * Math.ceil(distance / GRID) + 1 }, (_, at) => at * GRID - distance);
  return labels.flatMap((label) => steps.flatMap((dx) => steps.map((dy) => boxAt(spot, label, { dx, dy }))));
}

// The box of a label whose middle is at (dx, dy), seen from the note: its sides, the middle, and the label.
function boxAt({ x, y }, label, { dx, dy }) {
  const { width, height } = label;
  return [x + dx - width / 2 - 2, y + dy - height / 2 - 1, x + dx + width / 2 + 2, y + dy + height / 2 + 1, dx, dy, label];
}

// The line from a note's rim to its label: [x, y, to x, to y]; null if the label is beside the note.
function leaderOf({ x, y, radius }, [left, top, right, bottom]) {
  const toX = Math.max(left + 2, Math.min(right - 2, x)), toY = Math.max(top, Math.min(bottom, y));
  const distance = Math.hypot(toX - x, toY - y), rim = radius * REACH;
  return distance < rim + 12 ? null : [x + ((toX - x) * rim) / distance, y + ((toY - y) * rim) / distance, toX, toY];
}

// How unwelcome a leader is: by its length, the notes that it goes through and the titles that it strikes; Infinity if more than `most`.
function leaderCost(leader, spots, labels, most) {
  if (!leader) return 0;
  const [x, y, toX, toY] = leader, length = Math.hypot(toX - x, toY - y);
  if (length >= most) return Infinity;
  const crossed = spots.filter((spot) => fromSegment(spot.x, spot.y, ...leader) < spot.radius + 3).length;
  const struck = boxesAlong(leader).filter((one) => !labels.isFree(one)).length;
  return length + THROUGH_NOTE * crossed + THROUGH_LABEL * struck;
}

// The one of some things that costs least, undefined if there are none. `costOf` is also given the least cost so far.
function cheapest(things, costOf) {
  let best, least = Infinity;
  for (const thing of things) {
    const cost = costOf(thing, least);
    if (cost < least) [best, least] = [thing, cost];
  }
  return best;
}

// Small boxes on a leader, which no title is to cover; none beside its own label.
function boxesAlong(leader) {
  if (!leader) return [];
  const [x, y, toX, toY] = leader, steps = Math.floor(Math.hypot(toX - x, toY - y) / 5);
  return Array.from({ length: Math.max(0, steps - 1) }, (_, at) => {
    const share = at / steps, middleX = x + (toX - x) * share, middleY = y + (toY - y) * share;
    return [middleX - 2, middleY - 2, middleX + 2, middleY + 2];
  });
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

// Text in as few lines as its words allow, of about the same length.
function breakEvenly(text, most, mostLines) {
  const lines = breakIntoLines(text, most, mostLines);
  const longestWord = Math.max(...text.split(" ").map((word) => [...word].length));
  for (let width = Math.max(longestWord, Math.ceil([...text].length / lines.length)); width < most; width++) {
    const even = breakIntoLines(text, width, mostLines + 1);
    if (even.length === lines.length) return even;
  }
  return lines;
}

// Text in at most `most` lines of about `width` characters, broken between words where it has any, cut with an ellipsis.
function breakIntoLines(text, width, most) {
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
    const line = blank > 0 ? start.slice(0, blank) : letters.slice(0, width).join("");
    rest = rest.slice(line.length).trim();
    lines.push(isLast ? line + "…" : line);
  }
  return lines.length ? lines : ["—"];
}
