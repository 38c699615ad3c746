import path from 'node:path';
import { Command, Option } from 'commander';
import { startDevMesos, type DevMesos } from '../../devmesos/cluster.ts';
import { programFiles } from '../../engines/program.ts';
import { ranges } from '../../engines/settings.ts';
import { jsonOption, withExamples, type JsonOption, type MakeCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { numberIn } from '../options.ts';
import { amounts } from '../output/amounts.ts';

interface Options extends JsonOption {
  readonly agents: number;
  readonly port: number;
  readonly cpus: number;
  readonly mem: number;
  readonly docker?: boolean;
}

const portRange = { least: 0, most: 65_535, whole: true, unit: 'a port; 0: any free one', usual: 5050 };
const agentRange = { ...ranges.agents, least: 0 };

export const devMesos: MakeCommand = (context) =>
  withExamples(
    new Command('dev-mesos')
      .description('a small Mesos master with agents for development, without Airflow; ends with Ctrl-C')
      .addOption(
        new Option('--agents <n>', 'how many agents')
          .default(agentRange.usual)
          .argParser(numberIn('--agents', agentRange)),
      )
      .addOption(
        new Option('--port <port>', "the master's port; 0 picks free ports for all")
          .default(portRange.usual)
          .argParser(numberIn('--port', portRange)),
      )
      .addOption(
        new Option('--cpus <n>', 'cores of each agent')
          .default(ranges.cpus.usual)
          .argParser(numberIn('--cpus', ranges.cpus)),
      )
      .addOption(
        new Option('--mem <mb>', 'memory of each agent, in megabytes')
          .default(ranges.mem.usual)
          .argParser(numberIn('--mem', ranges.mem)),
      )
      .addOption(new Option('--docker', 'run tasks that ask for it in Docker containers'))
      .addOption(jsonOption())
      .action((options: Options) => run(options, context)),
    [
      ['mesos-airflow dev-mesos', 'a master on port 5050 with two agents'],
      ['mesos-airflow dev-mesos --agents 1 --port 0 --json', 'for tests: free ports, addresses as JSON'],
    ],
  );

async function run(options: Options, context: Context): Promise<void> {
  const { out, interrupts } = context;
  const { signal } = interrupts;
  // Killed outright, the parts end by themselves: they notice that this process is gone.
  interrupts.guard({ force: () => Promise.resolve() });
  const mesos = await startDevMesos({
    program: path.join(programFiles(context.entry).bundles, 'devmesos.cjs'),
    agents: options.agents,
    port: options.port,
    cpus: options.cpus,
    mem: options.mem,
    docker: options.docker ?? false,
  });
  try {
    for (const line of options.json ? [JSON.stringify(record(mesos))] : lines(mesos, options)) out.line(line);
    const interrupted = new Promise<undefined>((resolve) => {
      if (signal.aborted) resolve(undefined);
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    const failed = await Promise.race([interrupted, mesos.failed]);
    if (failed) {
      throw new CommandError(exitCodes.failed, `${failed.name} ended by itself`, {
        why: [`with ${failed.signal ?? `exit status ${failed.code ?? '?'}`}`, ...failed.lastLines].join('\n'),
      });
    }
  } finally {
    await mesos.stop();
  }
}

function record({ master, agents }: DevMesos): Readonly<Record<string, unknown>> {
  return {
    ready: true,
    master: master.url,
    agents: agents.map(({ name, id, url }) => ({ name, id, url })),
    pid: process.pid,
  };
}

function lines({ master, agents }: DevMesos, { port, cpus, mem }: Options): string[] {
  const other = port !== 0 && port !== master.port ? `   (port ${port} is in use)` : '';
  return [
    `Master    ${master.url}${other}`,
    ...agents.map(({ name, url }) => `${name.padEnd(8)}  ${url}   ${amounts({ cpus, mem })}`),
    'Stop with Ctrl-C.',
  ];
}
