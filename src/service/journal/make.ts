import type { ClusterSpec } from '../../api/cluster.ts';
import { newestTasks } from '../../api/topics.ts';
import type { Framework } from '../../framework/framework.ts';
import { debugDeployment } from '../../framework/types.ts';
import type { ClusterFolder } from '../../host/folders.ts';
import { messageOf } from '../../host/errors.ts';
import { SegmentWriter, usualBounds } from '../../journal/writer.ts';
import type { TaskStates } from '../airflow/taskStates.ts';
import type { LiveViews } from '../liveViews.ts';
import type { Logger } from '../log.ts';
import { version } from '../version.ts';
import { taskRunOf } from '../views/taskRun.ts';
import { Journal } from './journal.ts';

/** The journal of a cluster; undefined where its cluster.json wants none. */
export function makeJournal(
  spec: ClusterSpec,
  folder: ClusterFolder,
  from: { readonly views: LiveViews; readonly framework: Framework; readonly states: TaskStates },
  log: Logger,
): Journal | undefined {
  const megabytes = spec.journal?.megabytes;
  if (megabytes === 0) return undefined;
  const bounds = megabytes === undefined ? usualBounds : { ...usualBounds, bytes: megabytes * 2 ** 20 };
  const { views, framework, states } = from;
  return new Journal({
    program: version,
    cluster: spec.name,
    writer: new SegmentWriter(folder.journal, bounds, (error) => {
      const why = `${folder.journal}: ${messageOf(error)}`;
      log.warn(`the journal cannot be written, and stops: what happens now cannot be replayed (${why})`);
    }),
    source: {
      present: (topic) => views.present(topic),
      // Not as shown to people: nobody is asked about old task runs because they are written down.
      task: (id) => {
        const found = framework.request(id);
        return found && found.deployment !== debugDeployment ? taskRunOf(found, states.of(id)) : undefined;
      },
      tasks: () => framework.tasks({}, newestTasks).map((task) => taskRunOf(task, states.of(task.id))),
    },
  });
}
