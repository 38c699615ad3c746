// Starts a dev Mesos as the command line does, prints where, and waits to be killed.
import { startDevMesos } from '../../../../src/devmesos/cluster.ts';

const mesos = await startDevMesos({ program: process.argv[2] ?? '', agents: 1, port: 0 });
process.stdout.write(
  `${JSON.stringify({ url: mesos.master.url, pids: [mesos.master.pid, mesos.agents[0]?.pid], workDir: mesos.workDir })}\n`,
);
setInterval(() => undefined, 1000);
