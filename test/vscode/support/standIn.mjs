// Stands in for the Node that runs the command line (the setting mesosAirflow.nodePath names a script that runs this):
// plays what a test wrote for each command into `$STAND_IN/<command>.json`, and notes each call in `$STAND_IN/calls.jsonl`.
//   [{ "out": {…} | "text" }, { "error": … }, { "waitMs": 50 }, { "live": true }, { "exit": 6 }]
// `live` goes on with the lines of `<command>.live` as they are written to it, until SIGINT.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const folder = process.env.STAND_IN;
const [, , , ...args] = process.argv;
const [command] = args;
const note = (what) => fs.appendFileSync(path.join(folder, 'calls.jsonl'), `${JSON.stringify(what)}\n`);
const text = (said) => (typeof said === 'string' ? said : JSON.stringify(said));
const own = Object.entries(process.env).filter(([name]) => /^MESOS_AIRFLOW_(MESOS|TASKS|BUILD)/.test(name));
note({ command, args, variables: Object.fromEntries(own), cwd: process.cwd() });

process.on('SIGINT', () => {
  note({ command, interrupted: true });
  process.exit(130);
});
const play = path.join(folder, `${command}.json`);
const steps = fs.existsSync(play) ? JSON.parse(fs.readFileSync(play, 'utf8')) : [{ exit: 1 }];
for (const { out, error, waitMs, live, exit } of steps) {
  if (out !== undefined) console.log(text(out));
  if (error !== undefined) console.error(text(error));
  if (waitMs !== undefined) await delay(waitMs);
  if (live) await follow(path.join(folder, `${command}.live`));
  if (exit !== undefined) process.exitCode = exit;
}

async function follow(file) {
  for (let told = 0; ; await delay(20)) {
    const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(told)) console.log(line);
    told = lines.length;
  }
}
