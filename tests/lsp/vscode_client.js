// Run by test_node_client.py: speaks with the server through VS Code's own protocol library, and prints what it answers as JSON.
const { spawn } = require("child_process");
const rpc = require("vscode-languageserver-protocol/node");
const fs = require("fs");
const url = require("url");

const folder = process.env.ZETTEL_TEST_FOLDER;
const capabilities = JSON.parse(fs.readFileSync(process.env.ZETTEL_TEST_CAPABILITIES, "utf8"));
const [program, ...words] = JSON.parse(process.env.ZETTEL_TEST_COMMAND);
const uri = (name) => url.pathToFileURL(`${folder}/${name}`).toString();

async function main() {
  const server = spawn(program, words, { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const connection = rpc.createProtocolConnection(
    new rpc.StreamMessageReader(server.stdout),
    new rpc.StreamMessageWriter(server.stdin),
    { error: console.error, warn() {}, info() {}, log() {} },
  );
  const asked = [];
  connection.onRequest((method) => { asked.push(method); return null; });
  connection.onRequest(rpc.ConfigurationRequest.type, (params) => { asked.push("workspace/configuration"); return params.items.map(() => null); });
  connection.listen();

  const answers = {};
  const initialized = await connection.sendRequest(rpc.InitializeRequest.type, {
    processId: process.pid, rootUri: uri(""), capabilities, clientInfo: { name: "Visual Studio Code" },
    workspaceFolders: [{ uri: uri(""), name: "notes" }],
  });
  answers.encoding = initialized.capabilities.positionEncoding;
  await connection.sendNotification(rpc.InitializedNotification.type, {});

  const text = "# Own\n\nÜber 😀 [[slow tru\n";
  const textDocument = { uri: uri("Own.md") };
  const place = (character) => ({ textDocument, position: { line: 2, character } });
  await connection.sendNotification(rpc.DidOpenTextDocumentNotification.type, { textDocument: { ...textDocument, languageId: "markdown", version: 1, text } });
  const list = await connection.sendRequest(rpc.CompletionRequest.type, place("Über 😀 [[slow tru".length));
  const edit = list.items[0].textEdit || { range: list.itemDefaults.editRange, newText: list.items[0].textEditText };
  await connection.sendNotification(rpc.DidChangeTextDocumentNotification.type, {
    textDocument: { ...textDocument, version: 2 }, contentChanges: [{ range: edit.range, text: edit.newText }],
  });
  answers.written = edit.newText;
  answers.column = edit.range.start.character;
  answers.hover = (await connection.sendRequest(rpc.HoverRequest.type, place(12))).contents.value;
  const definition = await connection.sendRequest(rpc.DefinitionRequest.type, place(12));
  answers.definition = definition[0].targetUri || definition[0].uri;
  answers.references = (await connection.sendRequest(rpc.ReferencesRequest.type, { ...place(12), context: { includeDeclaration: false } })).length;
  const renamed = await connection.sendRequest(rpc.RenameRequest.type, { ...place(12), newName: "Trust is earned" });
  answers.renamed = renamed.documentChanges.map((change) => change.kind || change.edits.length);
  const report = await connection.sendRequest(rpc.DocumentDiagnosticRequest.type, { textDocument: { uri: uri("Own.md") } });
  answers.problems = report.items.map((item) => item.code);
  answers.actions = (await connection.sendRequest(rpc.CodeActionRequest.type, {
    textDocument, range: { start: { line: 2, character: 12 }, end: { line: 2, character: 12 } }, context: { diagnostics: [] },
  })).map((action) => action.kind);
  answers.unknown = await connection.sendRequest("textDocument/formatting", { textDocument, options: { tabSize: 2, insertSpaces: true } }).catch((error) => error.code);
  answers.asked = asked;
  await connection.sendRequest(rpc.ShutdownRequest.type);
  await connection.sendNotification(rpc.ExitNotification.type);
  answers.code = await ended;
  console.log(JSON.stringify(answers));
  process.exit(0);
}

main().catch((error) => { console.error(error); process.exit(1); });
