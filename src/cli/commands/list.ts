import { Command } from 'commander';
import { allClusters } from '../allClusters.ts';
import { jsonOption, type JsonOption, type MakeCommand } from '../command.ts';
import { count } from '../output/amounts.ts';
import { print } from '../output/print.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/text.ts';
import { stoppedItselfText } from '../../words/stoppedItself.ts';
import { clusterState } from '../views/cluster.ts';

export const list: MakeCommand = (context) =>
  new Command('list')
    .description('all clusters of yours, running or not, embedded and in Docker')
    .addOption(jsonOption())
    .action(async (options: JsonOption) => {
      const { clusters, docker } = await allClusters(context);
      const { colors } = context.out;
      print(context.out, options, clusters, () => {
        if (clusters.length === 0) return ['There is no cluster yet. Start one: mesos-airflow up'];
        const rows = clusters.map((cluster) => [
          cluster.name,
          clusterState(cluster.state, colors),
          cluster.engine ?? '',
          cluster.agents === null ? '' : count(cluster.agents, 'agent'),
          cluster.airflow_url ?? '',
          cluster.master_url ?? '',
          oneLine(cluster.problem ?? cluster.dags_folder ?? ''),
        ]);
        const lines = table(['NAME', 'STATE', 'ENGINE', 'AGENTS', 'AIRFLOW', 'MESOS', 'DAGS'], rows, colors);
        const idle = clusters.flatMap(({ name, stopped_itself: itself }) =>
          itself ? [`${name} ${stoppedItselfText(itself)}; its runs are kept.`] : [],
        );
        return idle.length === 0 ? lines : [...lines, '', ...idle];
      });
      if (docker !== undefined) {
        context.err.line(`Clusters in Docker are shown as this machine remembers them. ${oneLine(docker)}`);
      }
    });
