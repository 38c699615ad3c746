import { Command, Option } from 'commander';
import { ranges } from '../../engines/settings.ts';
import { jsonOption, withExamples, type JsonOption, type MakeCommand } from '../command.ts';
import { numberIn } from '../options.ts';

interface Options extends JsonOption {
  readonly agents: number;
  readonly port: number;
  readonly cpus: number;
  readonly mem: number;
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
      .addOption(jsonOption())
      .action(async (options: Options) => {
        await Promise.reject(new Error(JSON.stringify([options, context.cwd])));
      }),
    [
      ['mesos-airflow dev-mesos', 'a master on port 5050 with two agents'],
      ['mesos-airflow dev-mesos --agents 1 --port 0 --json', 'for tests: free ports, addresses as JSON'],
    ],
  );
