// The notes and links that stand in this page as JSON. All of it is text from notes, never markup.

const MOST_FOUND = 12; // notes that a search lists

class Graph {
  constructor(data, texts) {
    this.notebook = data.notebook;
    this.texts = texts ? texts.split("\n") : []; // a line of JSON for each note, parsed when it is looked at
    this.groups = data.groups;
    this.notes = data.notes;
    this.edges = pairLinks(data.links);
    this.around = this.notes.map(() => []); // of each note, its edges
    for (const edge of this.edges) {
      this.around[edge.source].push(edge);
      this.around[edge.target].push(edge);
    }
    this.links = data.links.reduce((sum, [, , count]) => sum + count, 0);
    this.byName = new Map();
    this.notes.forEach((note, i) => this.byName.set(note.path, i));
    this.notes.forEach((note, i) => note.id && !this.byName.has(note.id) && this.byName.set(note.id, i));
    this.folded = this.notes.map((note) => ({ title: fold(note.title), all: fold([note.title, note.id ?? note.path, ...note.tags].join(" ")) }));
  }

  // What stands after # in the address when a note is in focus: its ID, if that is its alone, else its path.
  name(i) {
    const { id, path } = this.notes[i];
    return this.byName.get(id) === i ? id : path;
  }

  // The look of a note's group.
  look(i) {
    return this.groups[this.notes[i].group][0];
  }

  // The text of a note as a tree, empty if the page does not have it.
  text(i) {
    return this.texts.length ? JSON.parse(this.texts[i]) : [];
  }

  linkCount(i) {
    return this.around[i].reduce((sum, edge) => sum + edge.out.count + edge.back.count, 0);
  }

  edgeBetween(i, other) {
    return this.around[i].find((edge) => edge.source === other || edge.target === other);
  }

  // The notes in which every word of `text` stands; titles that begin with it first, then those that hold it, the best linked before the others.
  search(text) {
    const whole = fold(text).trim();
    const words = whole.split(/\s+/);
    const rank = ({ title }) => (title.startsWith(whole) ? 0 : title.includes(whole) ? 1 : 2);
    return this.folded
      .map((folded, i) => ({ i, folded }))
      .filter(({ folded }) => words.every((word) => folded.all.includes(word)))
      .sort((one, other) => rank(one.folded) - rank(other.folded) || one.i - other.i)
      .map(({ i }) => i);
  }
}

// One edge for each pair of notes that are linked, with what stands in either direction: `out` is from `source` to `target`.
function pairLinks(links) {
  const edges = new Map();
  for (const [source, target, count, places] of links) {
    const [one, other] = source < target ? [source, target] : [target, source];
    const key = `${one} ${other}`;
    if (!edges.has(key)) edges.set(key, { source: one, target: other, out: { count: 0, places: [] }, back: { count: 0, places: [] } });
    edges.get(key)[source === one ? "out" : "back"] = { count, places };
  }
  return [...edges.values()];
}

// The edge as `i`, one of its two notes, sees it: the other note, and what each of them says of the other.
function viewFrom(i, edge) {
  const isSource = edge.source === i;
  const [out, back] = isSource ? [edge.out, edge.back] : [edge.back, edge.out];
  return { other: isSource ? edge.target : edge.source, out, back, way: out.count && back.count ? "both" : out.count ? "out" : "back" };
}

// Text as it is searched: letter case and accents do not count.
function fold(text) {
  return text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
}
