-- Run by test_neovim.py: opens a note in a real Neovim (0.7 or later), asks the server what a person would, and writes the answers to a file.
-- From 0.8 on, the server is started by what `zettel lsp --setup` prints.
local folder, answers = vim.env.ZETTEL_TEST_FOLDER, {}

local function finish(code)
  vim.fn.writefile({ vim.fn.json_encode(answers) }, vim.env.ZETTEL_TEST_ANSWERS)
  vim.cmd(code == 0 and "qall!" or "cquit " .. code)
end

local function count_units(line, bytes, encoding)
  if vim.lsp.util._str_utfindex_enc then
    return vim.lsp.util._str_utfindex_enc(line, bytes, encoding)
  end
  return vim.str_utfindex(line, encoding, bytes)
end

local function find_clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

local function start_client()
  if not vim.lsp.start then
    local id = vim.lsp.start_client({ name = "zettel", cmd = vim.fn.json_decode(vim.env.ZETTEL_TEST_COMMAND), root_dir = folder })
    vim.lsp.buf_attach_client(vim.api.nvim_get_current_buf(), id)
  end
  vim.wait(20000, function() return find_clients()[1] and find_clients()[1].initialized end)
  return find_clients()[1]
end

local function apply_item(list, buffer, encoding)
  local item = list.items[1]
  local span = item.textEdit and (item.textEdit.range or item.textEdit.replace) or list.itemDefaults.editRange.replace or list.itemDefaults.editRange
  local text = item.textEdit and item.textEdit.newText or item.textEditText
  vim.lsp.util.apply_text_edits({ { range = span, newText = text } }, buffer, encoding)
end

local function main()
  if vim.lsp.start then
    vim.cmd("luafile " .. vim.env[vim.lsp.config and "ZETTEL_TEST_SETUP_NVIM" or "ZETTEL_TEST_SETUP_NVIM_0_10"])
    vim.cmd("filetype on")
  end
  vim.cmd("edit " .. folder .. "/Own.md")
  local buffer = vim.api.nvim_get_current_buf()
  local client = start_client()
  assert(client and client.name == "zettel", "the server did not start")
  local id, encoding = client.id, client.offset_encoding
  answers.version = tostring(vim.version().major) .. "." .. vim.version().minor

  local function ask(method, bytes, more)
    local line = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]
    local position = { line = 2, character = count_units(line, bytes or #line, encoding) }
    local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = position }
    local answer = vim.lsp.buf_request_sync(buffer, method, vim.tbl_extend("force", params, more or {}), 20000)
    assert(answer and answer[id] and not answer[id].error and not answer[id].err, method .. vim.inspect(answer))
    return answer[id].result
  end

  -- a link behind an emoji, so that the units of places matter
  vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { "Über 😀 [[slow trust]]" })
  apply_item(ask("textDocument/completion", #"Über 😀 [[slow trust", { context = { triggerKind = 1 } }), buffer, encoding)
  answers.line = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]

  local inside = vim.fn.stridx(answers.line, "[[") + 3
  answers.hover = ask("textDocument/hover", inside).contents.value
  answers.references = #ask("textDocument/references", inside, { context = { includeDeclaration = false } })
  local edit = ask("textDocument/rename", inside, { newName = "Trust is earned" })
  if edit.documentChanges then -- the file is not renamed here, so that both buffers keep their names
    edit.documentChanges = vim.tbl_filter(function(change) return not change.kind end, edit.documentChanges)
  end
  vim.cmd("let &undolevels = &undolevels") -- ends the undo block of what was typed
  vim.lsp.util.apply_workspace_edit(edit, encoding)
  answers.after_rename = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]
  local other = vim.fn.bufnr(folder .. "/202401010001 Trust.md")
  answers.title_after_rename = vim.api.nvim_buf_get_lines(other, 1, 2, false)[1]
  vim.cmd("silent undo")
  answers.after_undo = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]

  local here = { line = 2, character = count_units(answers.after_undo, inside, encoding) }
  local actions = ask("textDocument/codeAction", inside, { range = { start = here, ["end"] = here }, context = { diagnostics = {} } })
  local action = vim.tbl_filter(function(one) return one.title:find("Markdown", 1, true) end, actions)[1]
  if not action.edit then
    action = vim.lsp.buf_request_sync(buffer, "codeAction/resolve", action, 20000)[id].result
  end
  vim.lsp.util.apply_workspace_edit(action.edit, encoding)
  answers.after_action = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]
  vim.cmd("silent undo")

  local target = ask("textDocument/definition", inside)[1]
  vim.api.nvim_buf_set_lines(buffer, 2, 3, false, { "[[Brand new]]" })
  here = { line = 2, character = 4 }
  actions = ask("textDocument/codeAction", 4, { range = { start = here, ["end"] = here }, context = { diagnostics = {} } })
  action = vim.tbl_filter(function(one) return one.title:find("^Create note") end, actions)[1]
  local made = vim.lsp.buf_request_sync(buffer, "workspace/executeCommand", action.command, 20000)[id]
  assert(not made.error and not made.err, vim.inspect(made))
  vim.cmd("edit! " .. vim.fn.fnameescape(vim.uri_to_fname(target.uri or target.targetUri)))
  answers.file = vim.fn.expand("%:t")
  answers.target = (target.range or target.targetSelectionRange).start.line
  vim.lsp.stop_client(id)
  vim.wait(5000, function() return #find_clients() == 0 end)
  answers.is_stopped = #find_clients() == 0
end

local done, problem = pcall(main)
answers.problem = not done and tostring(problem) or nil
finish(done and 0 or 1)
