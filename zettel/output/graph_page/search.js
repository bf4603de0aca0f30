// The search field and the list below it, as the combobox pattern of WAI-ARIA describes them.
class Search {
  constructor(graph, choose, leave) {
    this.graph = graph;
    this.choose = choose;
    this.leave = leave;
    this.field = by("search");
    this.list = by("results");
    this.found = [];
    this.at = 0;
    this.field.addEventListener("input", () => this.show());
    this.field.addEventListener("focus", () => this.show());
    this.field.addEventListener("blur", () => this.close());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the field
    this.list.addEventListener("click", (event) => this.onClick(event));
  }

  show() {
    const all = this.field.value.trim() ? this.graph.search(this.field.value) : [];
    this.found = all.slice(0, MOST_FOUND);
    this.at = 0;
    const more = all.length - this.found.length;
    const rest = this.field.value.trim() && !all.length ? "nothing found" : more ? `and ${more} more` : "";
    this.list.replaceChildren(...this.found.map((i, at) => this.entry(i, at)), ...(rest ? [element("li", { class: "more quiet", role: "presentation" }, rest)] : []));
    this.list.hidden = !this.list.childElementCount;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.mark();
  }

  entry(i, at) {
    const note = this.graph.notes[i];
    return element("li", { id: `result-${at}`, role: "option", "data-at": at }, element("div", { class: "title" }, note.title), element("div", { class: "quiet" }, note.id ?? note.path));
  }

  mark() {
    [...this.list.children].forEach((entry, at) => entry.setAttribute("aria-selected", String(at === this.at && at < this.found.length)));
    if (this.found.length) this.field.setAttribute("aria-activedescendant", `result-${this.at}`);
    else this.field.removeAttribute("aria-activedescendant");
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.mark();
    } else if (event.key === "Enter" && this.found.length) {
      this.take(this.at);
    } else return;
    event.preventDefault();
  }

  onClick(event) {
    const entry = event.target.closest("li[data-at]");
    if (entry) this.take(Number(entry.dataset.at));
  }

  take(at) {
    const i = this.found[at];
    this.field.value = "";
    this.close();
    this.choose(i);
    this.leave();
  }

  // Close the list and empty the field; returns whether there was anything to close.
  close() {
    const wasOpen = !this.list.hidden;
    this.found = [];
    this.list.replaceChildren();
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    return wasOpen;
  }
}
