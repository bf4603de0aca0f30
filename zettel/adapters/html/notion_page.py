"""Take the properties out of a page of Notion's HTML export, and write its tick boxes and callouts as HTML does."""

from __future__ import annotations

import lxml.etree

from zettel.adapters.html.tree import Element, parse_tree

ICONS = "https://www.notion.so/icons/"


def split_page(html: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Return a page without its title and properties, and these as names and values, the title as `title`. None if it is not a page of Notion.

    Properties that refer to other pages stay on the page, as a list above its text.
    """
    if 'class="page-title"' not in html:
        return None
    tree = parse_tree(html)
    heading = next(tree.iterfind(".//h1[@class='page-title']"), None)
    if heading is None:
        return None
    properties = [("title", _read_text(heading))]
    for table in list(tree.iterfind(".//table[@class='properties']")):
        references: list[Element] = []
        for row in table.iter("tr"):
            name, value = row.find("th"), row.find("td")
            if name is None or value is None:
                continue
            if any(not (link.get("href") or "").startswith(("http:", "https:", "mailto:")) for link in value.iter("a")):
                references.append(_build_item(_read_text(name), value))
            elif text := _read_value(value):
                properties.append((_read_name(row, _read_text(name)), text))
        _replace(table, references)
    for callout in tree.iterfind(".//figure[@class]"):
        if "callout" in callout.get("class").split():
            callout.tag = "blockquote"
    for icon in [image for image in tree.iter("img") if (image.get("src") or "").startswith(ICONS)]:
        icon.drop_tree()
    for box in list(tree.iterfind(".//div[@class]")):
        classes = box.get("class").split()
        if "checkbox" in classes:
            box.tag = "input"
            box.attrib.clear()
            box.set("type", "checkbox")
            if "checkbox-on" in classes:
                box.set("checked", "checked")
    return lxml.etree.tostring(tree, encoding="unicode", method="html"), properties


def _read_text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _read_name(row: Element, name: str) -> str:
    """Return the name of a property in English if its type says what it is, whatever language the page is in."""
    for kind, known in (("created_time", "created"), ("created_by", "created by")):
        if f"property-row-{kind}" in (row.get("class") or "").split():
            return known
    return name


def _read_value(value: Element) -> str:
    boxes = [box for box in value.iter("div", "span") if "checkbox" in (box.get("class") or "").split()]
    if boxes:
        return "yes" if any("checkbox-on" in box.get("class").split() for box in boxes) else "no"
    parts = [_read_text(part) for part in value.iter("span") if {"selected-value", "user"} & set((part.get("class") or "").split())]
    return ", ".join(parts) if parts else _read_text(value)


def _build_item(name: str, value: Element) -> Element:
    """Return a list item with the name of a property and its links."""
    item = lxml.etree.Element("li")
    item.text = f"{name}: "
    for child in list(value):
        item.append(child)
    return item


def _replace(table: Element, items: list[Element]) -> None:
    """Replace a table by a list of items, or remove it if there are none. Keeps the text behind it."""
    parent = table.getparent()
    if items:
        listed = lxml.etree.Element("ul")
        listed.extend(items)
        listed.tail = table.tail
        parent.replace(table, listed)
    else:
        table.drop_tree()
