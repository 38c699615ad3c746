// An extension for the bench `activation`: tells how long ours took, by the marks that the extension host itself makes.
const { appendFileSync } = require('node:fs');
const vscode = require('vscode');

const id = 'mesos-airflow.mesos-airflow';

exports.activate = (context) => {
  const timer = setInterval(() => {
    if (!vscode.extensions.getExtension(id)?.isActive) return;
    clearInterval(timer);
    const marks = new Map(
      globalThis.MonacoPerformanceMarks.getMarks().map(({ name, startTime }) => [name, startTime]),
    );
    const between = (what) =>
      marks.get(`code/extHost/did${what}/${id}`) - marks.get(`code/extHost/will${what}/${id}`);
    const measured = { load: between('LoadExtensionCode'), activate: between('ActivateExtension') };
    appendFileSync(process.env.STOPWATCH_FILE, `${JSON.stringify(measured)}\n`);
  }, 50);
  context.subscriptions.push({ dispose: () => clearInterval(timer) });
};
