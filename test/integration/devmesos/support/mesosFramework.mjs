// A framework made with the npm package mesos-framework: runs one command task and tells of each of its updates, a line of
// JSON each. A process of its own, since the package ends the one it runs in when it has had enough.
import { mkdirSync } from 'node:fs';
import mesosFramework from 'mesos-framework';

const [port, command] = process.argv.slice(2);
const { CommandInfo } = mesosFramework.Mesos.getMesos();
// It logs into a folder that it expects to be there.
mkdirSync('logs', { recursive: true });

const scheduler = new mesosFramework.Scheduler({
  masterUrl: '127.0.0.1',
  port,
  frameworkName: 'interop',
  restartStates: [],
  tasks: {
    interop: {
      instances: 1,
      commandInfo: new CommandInfo(null, null, true, command, null, null),
      resources: { cpus: 0.2, mem: 64, ports: 1, disk: 10 },
    },
  },
});

let isOver = false;
scheduler.on('ready', () => scheduler.subscribe());
scheduler.on('update', ({ status }) => {
  process.stdout.write(`${JSON.stringify({ update: status })}\n`);
  if (status.state !== 'TASK_FINISHED') return;
  isOver = true;
  // Its acknowledgement goes first.
  setTimeout(() => scheduler.teardown(), 100);
});
scheduler.on('sent_teardown', () => process.stdout.write('{"over":true}\n', () => process.exit(0)));
// The stream's end is an error to it, also when it asked for that end.
scheduler.on(
  'error',
  (error) => isOver || process.stdout.write(`${JSON.stringify({ error: error.message })}\n`),
);
