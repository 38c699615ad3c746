import { Command } from 'commander';
import * as z from 'zod/mini';
import { ClusterLink } from '../cluster.ts';
import {
  jsonOption,
  nameOption,
  withExamples,
  type JsonOption,
  type MakeCommand,
  type NameOption,
} from '../command.ts';
import { CommandError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { followRun } from '../followRun.ts';
import { print } from '../output/print.ts';
import { resultLines, runRecord } from '../views/run.ts';

interface Options extends NameOption, JsonOption {
  readonly wait?: true;
  readonly conf?: Record<string, unknown>;
  readonly runId?: string;
}

const confSchema = z.record(z.string(), z.unknown());

/** Reads the value of `--conf`. */
export function parseConf(text: string): Record<string, unknown> {
  let value: unknown;
  let why = 'it must be a JSON object';
  try {
    value = JSON.parse(text);
  } catch (error) {
    why = `it is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = confSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new CommandError(exitCodes.usage, `--conf cannot be ${text}`, {
    why,
    next: `For example: --conf '{"city": "Köln"}'`,
  });
}

export const trigger: MakeCommand = (context) =>
  withExamples(
    new Command('trigger')
      .description('run a DAG now; a paused one is unpaused')
      .argument('<dag>', 'its id')
      .option('-w, --wait', 'follow the run to its end; the exit status says whether it succeeded')
      .option('--conf <json>', "the run's parameters, a JSON object", parseConf)
      .option('--run-id <id>', "the run's id; without it Airflow makes one")
      .addOption(nameOption())
      .addOption(jsonOption())
      .action(async (dag: string, options: Options) => {
        const link = await ClusterLink.to(context, options.name);
        const started = await link.client.trigger(dag, {
          ...(options.conf ? { conf: options.conf } : {}),
          ...(options.runId === undefined ? {} : { run_id: options.runId }),
        });
        if (!options.wait) {
          print(context.out, options, runRecord(started), () => [
            `${started.dag_id} runs as ${started.run_id}.`,
            `Follow it: mesos-airflow tasks --dag ${started.dag_id}`,
          ]);
          return;
        }
        // Standard output belongs to the result, so what happens meanwhile is shown on standard error.
        const begun = Date.now();
        const run = await followRun(link, started, context.err, context.interrupts.signal);
        if (options.json) context.out.line(JSON.stringify(runRecord(run)));
        else {
          for (const line of resultLines(run, context.out.colors)) context.out.line(line);
          context.out.line(`${run.state} in ${((Date.now() - begun) / 1000).toFixed(1)} s`);
        }
        if (run.state !== 'success') context.endWith(exitCodes.runFailed);
      }),
    [
      ['mesos-airflow trigger weather_report --wait', ''],
      [`mesos-airflow trigger my_dag --conf '{"day": "2026-01-31"}' --wait --json`, ''],
    ],
  );
