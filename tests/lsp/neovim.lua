-- Run by test_neovim.py: opens a note in a real Neovim (0.7 or later), asks the server what a person would, and writes the answers to a file.
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

local function main()
  local command = vim.fn.json_decode(vim.env.ZETTEL_TEST_COMMAND)
  local id = vim.lsp.start_client({ name = "zettel", cmd = command, root_dir = folder })
  vim.cmd("edit " .. folder .. "/Own.md")
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, id)
  vim.wait(20000, function() return vim.lsp.get_client_by_id(id).initialized end)
  local encoding = vim.lsp.get_client_by_id(id).offset_encoding

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
  local item = ask("textDocument/completion", #"Über 😀 [[slow trust", { context = { triggerKind = 1 } }).items[1]
  local edit = item.textEdit
  vim.lsp.util.apply_text_edits({ { range = edit.range or edit.replace, newText = edit.newText } }, buffer, encoding)
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

  local target = ask("textDocument/definition", inside)[1]
  vim.cmd("edit! " .. vim.fn.fnameescape(vim.uri_to_fname(target.uri or target.targetUri)))
  answers.file = vim.fn.expand("%:t")
  answers.target = (target.range or target.targetSelectionRange).start.line
  vim.lsp.stop_client(id)
end

local done, problem = pcall(main)
answers.problem = not done and tostring(problem) or nil
finish(done and 0 or 1)
