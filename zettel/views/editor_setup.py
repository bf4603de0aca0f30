"""Lay out what to paste into the config of an editor, so that it starts the language server. `docs/editors.md` has the same blocks."""

from __future__ import annotations

import json
from string import Template

from zettel.model.base.answer import Document
from zettel.model.base.value import value


@value
class EditorSetup:
    """The block for an editor, and where it goes.

    In the block, `$command` is the whole command line as a list, `$program` its first word and `$arguments` a list of the others. `separator`
    stands between the words of a list.
    """

    place: str
    block: str
    separator: str = ", "

    def fill_in(self, words: list[str]) -> str:
        """Return the block with a command line, whose words are quoted as Lua, TOML, JSON and Lisp all read them."""
        quoted = [json.dumps(word, ensure_ascii=False) for word in words]
        return Template(self.block).substitute(
            command=self.separator.join(quoted), program=quoted[0], arguments=self.separator.join(quoted[1:])
        )


SETUPS = {
    "nvim": EditorSetup(
        "init.lua of Neovim 0.11 or later",
        """\
vim.lsp.config.zettel = {
  cmd = { $command },
  filetypes = { "markdown" },
  root_markers = { ".zettel" },
  workspace_required = true,
  on_attach = function(client, buffer) -- leave this out if a plugin completes
    vim.bo[buffer].completeopt = "menuone,noselect,popup"
    vim.lsp.completion.enable(true, client.id, buffer, {
      autotrigger = true,
      convert = function(item) return { word = item.textEdit and item.textEdit.newText } end,
    })
    vim.api.nvim_create_autocmd("TextChangedI", {
      buffer = buffer,
      callback = function()
        local before = vim.api.nvim_get_current_line():sub(1, vim.fn.col(".") - 1)
        if before:find("[%[%]][%[(][^%])]*$$") then
          vim.lsp.completion.get()
        end
      end,
    })
    vim.api.nvim_create_autocmd("CompleteDone", {
      buffer = buffer,
      callback = function()
        local written = vim.v.completed_item.word or ""
        local line, at = vim.api.nvim_get_current_line(), vim.fn.col(".") - 1
        local closing = line:sub(at + 1):match(written:find("^!?%[") and "^%]%]?" or written:find("^%(") and "^>?%)" or "^$$")
        if closing and closing ~= "" then
          local row = vim.fn.line(".") - 1
          vim.api.nvim_buf_set_text(buffer, row, at, row, at + #closing, {})
        end
      end,
    })
  end,
}
vim.lsp.enable("zettel")
""",
    ),
    "nvim-0.10": EditorSetup(
        "init.lua of Neovim 0.8 to 0.10",
        """\
vim.api.nvim_create_autocmd("FileType", {
  pattern = "markdown",
  callback = function(event)
    local marker = vim.fs.find(".zettel", { upward = true, type = "directory", path = vim.fs.dirname(event.match) })[1]
    if marker then
      vim.lsp.start({ name = "zettel", cmd = { $command }, root_dir = vim.fs.dirname(marker) })
    end
  end,
})
""",
    ),
    "helix": EditorSetup(
        "languages.toml of Helix, in ~/.config/helix",
        """\
[language-server.zettel]
command = $program
args = [$arguments]

[[language]]
name = "markdown"
language-servers = ["zettel"]
roots = [".zettel"]
""",
    ),
    "emacs": EditorSetup(
        "init.el of Emacs, with markdown-mode and Eglot, which is a part of Emacs 29",
        """\
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(markdown-mode . ($command))))
(add-hook 'markdown-mode-hook #'eglot-ensure)
""",
        separator=" ",
    ),
    "vscode": EditorSetup(
        "settings.json of VS Code, with the extension zsol.vscode-glspc",
        """\
{
  "glspc.server.command": $program,
  "glspc.server.commandArguments": [$arguments],
  "glspc.server.languageId": ["markdown"]
}
""",
    ),
    "kate": EditorSetup(
        "Settings > Configure Kate > LSP Client > User Server Settings",
        """\
{
  "servers": {
    "markdown": {
      "command": [$command],
      "rootIndicationFileNames": [".zettel"],
      "highlightingModeRegex": "^Markdown$$"
    }
  }
}
""",
    ),
    "kakoune": EditorSetup(
        "kakrc of Kakoune, with kakoune-lsp",
        """\
hook -group lsp-filetype-markdown global BufSetOption filetype=markdown %{
    set-option buffer lsp_servers %{
        [zettel]
        root_globs = [".zettel"]
        command = $program
        args = [$arguments]
    }
}
""",
    ),
    "sublime": EditorSetup(
        "LSP.sublime-settings of Sublime Text, with the package LSP",
        """\
{
  "clients": {
    "zettel": {
      "enabled": true,
      "command": [$command],
      "selector": "text.html.markdown"
    }
  }
}
""",
    ),
}
"""What to paste, by the name of the editor in `zettel lsp --setup`."""


def show_setup(editor: str, command: list[str]) -> Document:
    """Return the block for an editor that starts the server by `command`, and above it where it goes, on stderr."""
    setup = SETUPS[editor]
    return Document(text=setup.fill_in(command), remarks=(f"this goes into {setup.place}; docs/editors.md says what it gives",))
