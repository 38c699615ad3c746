import { Command } from 'commander';
import { clustersOf } from '../../engines/list.ts';
import { jsonOption, type JsonOption, type MakeCommand } from '../command.ts';
import { count } from '../output/amounts.ts';
import { print } from '../output/print.ts';
import { table } from '../output/table.ts';
import { clusterState } from '../views/cluster.ts';

export const list: MakeCommand = (context) =>
  new Command('list')
    .description('all clusters of yours, running or not')
    .addOption(jsonOption())
    .action(async (options: JsonOption) => {
      const clusters = await clustersOf(context.folders);
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
          cluster.dags_folder ?? cluster.problem ?? '',
        ]);
        return table(['NAME', 'STATE', 'ENGINE', 'AGENTS', 'AIRFLOW', 'MESOS', 'DAGS'], rows, colors);
      });
    });
