"""Exports of other tools, made by hand in the formats that these tools write, with a few notes each that name each other and a picture."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(64))

Files = Mapping[str, str | bytes]


def make_zip(files: Files) -> bytes:
    """Return a zip archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, (2024, 5, 3, 9, 0, 0)), content)
    return buffer.getvalue()


def make_tar(files: Files) -> bytes:
    """Return a tar archive of files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


HOME, TABLE, DELEGATION, FEEDBACK, RHYTHM = (digit * 32 for digit in "1a2b3")

NOTION: Files = {
    f"Team handbook {HOME}.md": f"""# Team handbook

We write down how we work, so that nobody has to ask twice.

<aside>
💡 Start with [Meeting rhythm](Team%20handbook%20{HOME}/Meeting%20rhythm%20{RHYTHM}.md).

</aside>

- [x]  Agree on goals
- [ ]  Agree on habits

[Ideas](Team%20handbook%20{HOME}/Ideas%20{TABLE}.csv)
""",
    f"Team handbook {HOME}/Meeting rhythm {RHYTHM}.md": f"""# Meeting rhythm

Weekly, short, and never without a question.

![whiteboard](Meeting%20rhythm%20{RHYTHM}/white%20board.png)

Up to the [handbook](../Team%20handbook%20{HOME}.md).
""",
    f"Team handbook {HOME}/Meeting rhythm {RHYTHM}/white board.png": PICTURE,
    f"Team handbook {HOME}/Ideas {TABLE}.csv": '\ufeffName,Created,Status,Tags\nDelegation,"May 3, 2024 9:14 AM",Done,"trust, growth"\n',
    f"Team handbook {HOME}/Ideas {TABLE}_all.csv": (
        "\ufeffName,Created,Status,Tags,Author,URL,Related\n"
        'Delegation,"May 3, 2024 9:14 AM",Done,"trust, growth",Ada Example,https://example.org/delegation,'
        f"Feedback (Ideas%20{TABLE}/Feedback%20{FEEDBACK}.md)\n"
        'Feedback,"June 1, 2024",Open,,,,\n'
    ),
    f"Team handbook {HOME}/Ideas {TABLE}/Delegation {DELEGATION}.md": f"""# Delegation

Created: May 3, 2024 9:14 AM
Status: Done
Tags: trust, growth
Author: Ada Example
URL: https://example.org/delegation
Related: Feedback (Feedback%20{FEEDBACK}.md)

Hand over the outcome, not the steps.

Note: a step that is handed over comes back.
""",
    f"Team handbook {HOME}/Ideas {TABLE}/Feedback {FEEDBACK}.md": f"""# Feedback

Created: June 1, 2024
Status: Open

Say it while it is small. It follows [Delegation](Delegation%20{DELEGATION}.md).
""",
}

NOTION_HTML: Files = {
    f"Delegation {DELEGATION}.html": f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"/><title>Delegation</title>
<style>body {{ margin: 2em }}</style></head><body><article id="{DELEGATION}" class="page sans"><header><h1 class="page-title">Delegation</h1>
<p class="page-description"></p><table class="properties"><tbody>
<tr class="property-row property-row-created_time"><th><span class="icon property-icon"></span>Angelegt</th><td><time>@May 3, 2024 9:14 AM</time></td></tr>
<tr class="property-row property-row-multi_select"><th>Tags</th><td><span class="selected-value">trust</span><span class="selected-value">growth</span></td></tr>
<tr class="property-row property-row-select"><th>Status</th><td><span class="selected-value">Done</span></td></tr>
<tr class="property-row property-row-checkbox"><th>Shared</th><td><div class="checkbox checkbox-on"></div></td></tr>
<tr class="property-row property-row-relation"><th>Related</th><td><a href="Feedback%20{FEEDBACK}.html">Feedback</a></td></tr>
</tbody></table></header><div class="page-body"><p>Hand over the outcome, not the steps.</p>
<ul class="to-do-list"><li><div class="checkbox checkbox-on"></div> <span class="to-do-children-checked">Ask first</span><div class="indented"></div></li></ul>
<ul class="to-do-list"><li><div class="checkbox checkbox-off"></div> <span class="to-do-children-unchecked">Ask again</span></li></ul>
<figure class="image"><a href="Delegation%20{DELEGATION}/map.png"><img style="width:96px" src="Delegation%20{DELEGATION}/map.png"/></a></figure>
</div></article></body></html>""",
    f"Delegation {DELEGATION}/map.png": PICTURE,
    f"Feedback {FEEDBACK}.html": f"""<html><head><title>Feedback</title></head><body><article id="{FEEDBACK}" class="page sans"><header>
<h1 class="page-title">Feedback</h1></header><div class="page-body"><p>Say it while it is small.
It follows <a href="Delegation%20{DELEGATION}.html">Delegation</a>.</p></div></article></body></html>""",
}


def make_notion_zip(files: Files) -> bytes:
    """Return an export as Notion sends a large one: a zip file of zip files."""
    return make_zip({"ExportBlock-7c1e0f5a-0000-4000-8000-5b1d2c3e4f5a-Part-1.zip": make_zip(files)})


def _make_item(title: str, body: str, fields: dict[str, object]) -> str:
    head = f"{title}\n\n{body}\n\n" if body else f"{title}\n\n" if title else ""
    return head + "\n".join(f"{key}: {value}" for key, value in fields.items())


NOTE_A, NOTE_B, NOTE_C, FOLDER, SUBFOLDER, RESOURCE, TAG, NOTE_TAG = (digit * 32 for digit in "abcdef01")


def _make_note(number: str, title: str, body: str, **more: object) -> dict[str, str]:
    fields: dict[str, object] = {
        "id": number,
        "parent_id": SUBFOLDER,
        "created_time": "2023-02-01T08:30:00.000Z",
        "updated_time": "2024-02-01T08:30:00.000Z",
        "is_conflict": 0,
        "latitude": "0.00000000",
        "author": "",
        "source_url": "",
        "is_todo": 0,
        "todo_due": 0,
        "todo_completed": 0,
        "source": "joplin-desktop",
        "user_created_time": "2023-02-01T08:30:00.000Z",
        "encryption_applied": 0,
        "markup_language": 1,
        **more,
        "type_": 1,
    }
    return {f"{number}.md": _make_item(title, body, fields)}


JOPLIN: Files = {
    **_make_note(
        NOTE_A,
        "Value delivery",
        f"Value is what arrives. See [Flow](:/{NOTE_B}) and [its end](:/{NOTE_B}#the-end).\n\n![curve](:/{RESOURCE})\n\nkey: value in the text",
        author="Ada Example",
        source_url="https://example.org/value",
    ),
    **_make_note(NOTE_B, "Flow", f"Back to [value](:/{NOTE_A}).\n\n## The end\n\nIt flows.", is_todo=1, todo_completed=1706776200000),
    **_make_note(NOTE_C, "Page", "<h2>Part</h2><p>Kept as <b>HTML</b>, for once.</p>", markup_language=2),
    f"{FOLDER}.md": _make_item("Work", "", {"id": FOLDER, "parent_id": "", "type_": 2}),
    f"{SUBFOLDER}.md": _make_item("Strategy", "", {"id": SUBFOLDER, "parent_id": FOLDER, "type_": 2}),
    f"{RESOURCE}.md": _make_item(
        "learning curve.png", "", {"id": RESOURCE, "mime": "image/png", "filename": "", "file_extension": "png", "type_": 4}
    ),
    f"{TAG}.md": _make_item("lead time", "", {"id": TAG, "parent_id": "", "type_": 5}),
    f"{NOTE_TAG}.md": _make_item("", "", {"id": NOTE_TAG, "note_id": NOTE_A, "tag_id": TAG, "type_": 6}),
    f"resources/{RESOURCE}.png": PICTURE,
}


def _make_bundle(name: str, text: str, **bear: object) -> dict[str, str | bytes]:
    own = {"creationDate": "2022-07-05T10:20:00Z", "modificationDate": "2022-07-06T10:20:00Z", "trashed": 0, "archived": 0, **bear}
    info = {"type": "net.daringfireball.markdown", "version": 2, "creatorIdentifier": "net.shinyfrog.bear", "net.shinyfrog.bear": own}
    return {f"{name}.textbundle/text.markdown": text, f"{name}.textbundle/info.json": json.dumps(info)}


BEAR: Files = {
    **_make_bundle(
        "Listening",
        "# Listening\n#people/coaching #one on one#\n\nListen ==before== you speak, as in [[Silence]] and [[Silence/Why]].\n\n![](assets/ear.png)\n",
    ),
    "Listening.textbundle/assets/ear.png": PICTURE,
    **_make_bundle("Silence", "# Silence\n\nNobody fills it in #two minutes# or so.\n\n## Why\n\n- [ ] Try it.\n"),
    **_make_bundle("Gone", "# Gone\n\nThrown away.\n", trashed=1),
}

OBSIDIAN: Files = {
    ".obsidian/app.json": "{}",
    "Ideas/Small batches.md": "---\naliases: [batches]\ntags: [flow]\n---\nSmall batches buy cheap lessons: [[Queues#Cost|what queues cost]].\n\n![[batch.png|300]]\n",
    "Queues.md": "# Queues\n\nSee [[batches]].\n\n## Cost\n\nThey cost time. ^cost\n",
    "files/batch.png": PICTURE,
    "Map.canvas": '{"nodes":[],"edges":[]}',
}

KEEP: Files = {
    "Takeout/Keep/Shopping.json": json.dumps(
        {
            "color": "DEFAULT",
            "isTrashed": False,
            "isPinned": True,
            "isArchived": False,
            "title": "Questions for Monday",
            "listContent": [{"text": "Who decides?", "isChecked": True}, {"text": "By when?", "isChecked": False}],
            "labels": [{"name": "one on one"}],
            "annotations": [{"title": "Deciding", "url": "https://example.org/deciding", "source": "WEBLINK"}],
            "attachments": [{"filePath": "desk.jpeg", "mimetype": "image/jpeg"}],
            "createdTimestampUsec": 1651314600000000,
            "userEditedTimestampUsec": 1651401000000000,
        }
    ),
    "Takeout/Keep/Shopping.html": "<html><head><title>Questions for Monday</title></head><body>The same once more.</body></html>",
    "Takeout/Keep/desk.jpg": b"\xff\xd8\xff\xe0" + bytes(50),
    "Takeout/Keep/Old.json": json.dumps(
        {"isTrashed": True, "title": "Old", "textContent": "Old.", "userEditedTimestampUsec": 1651401000000000}
    ),
}

LOGSEQ: Files = {
    "logseq/config.edn": "{:meta/version 1}",
    "pages/Teams___Trust.md": "tags:: people, trust\nalias:: confidence\nowner:: Ada\n\n- Trust is slow.\n  collapsed:: true\n\t- See [[2024_05_03]].\n",
    "journals/2024_05_03.md": "- Talked about [[Teams/Trust]].\n",
}
