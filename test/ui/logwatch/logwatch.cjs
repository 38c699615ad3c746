// An extension for the bench `log-editor`: opens a task's log as its first line of a file says, and tells how old the newest
// line in the document is, again and again, and what the extension host took. Lines end with `@<milliseconds since 1970>`.
const { appendFileSync, existsSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const vscode = require('vscode');

const id = 'mesos-airflow.mesos-airflow';
const everyMs = 50;
const { LOG_WATCH_FILE: file, LOG_WATCH_TASK: task, LOG_WATCH_GO: go } = process.env;

exports.activate = (context) => {
  const starting = setInterval(() => {
    if (!vscode.extensions.getExtension(id)?.isActive || !existsSync(go)) return;
    clearInterval(starting);
    watch(context);
  }, 100);
  context.subscriptions.push({ dispose: () => clearInterval(starting) });
};

async function watch(context) {
  await vscode.commands.executeCommand('mesosAirflow.showTaskLog', { task });
  const { document } = vscode.window.activeTextEditor;
  let changes = 0;
  let ages = [];
  let from = performance.now();
  let before = process.cpuUsage();
  const listening = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document === document && event.contentChanges.length > 0) changes += 1;
  });
  const looking = setInterval(() => {
    const newest = newestOf(document);
    if (newest !== undefined) ages.push(Date.now() - newest);
  }, everyMs);
  const telling = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - from) / 1000;
    const { visibleRanges } = vscode.window.activeTextEditor;
    const atEnd = visibleRanges.at(-1).end.line >= document.lineCount - 2;
    const told = {
      ages,
      changes,
      seconds,
      cpu: (user + system) / 1e6 / seconds,
      lines: document.lineCount,
      atEnd,
    };
    appendFileSync(file, `${JSON.stringify(told)}\n`);
    [ages, changes, from, before] = [[], 0, performance.now(), process.cpuUsage()];
  }, 5000);
  const dispose = () => [looking, telling].forEach(clearInterval);
  context.subscriptions.push(listening, { dispose });
}

function newestOf(document) {
  for (let line = document.lineCount - 1; line >= Math.max(0, document.lineCount - 4); line -= 1) {
    const [, at] = /@(\d+)$/.exec(document.lineAt(line).text) ?? [];
    if (at !== undefined) return Number(at);
  }
  return undefined;
}
