import type { MakeCommand } from './command.ts';
import { agents } from './commands/agents.ts';
import { clear } from './commands/clear.ts';
import { dags } from './commands/dags.ts';
import { debug } from './commands/debug.ts';
import { deleteCommand } from './commands/delete.ts';
import { devMesos } from './commands/devMesos.ts';
import { doctor } from './commands/doctor.ts';
import { down } from './commands/down.ts';
import { frameworks } from './commands/frameworks.ts';
import { kill } from './commands/kill.ts';
import { list } from './commands/list.ts';
import { logs } from './commands/logs.ts';
import { offers } from './commands/offers.ts';
import { open } from './commands/open.ts';
import { pause, unpause } from './commands/pause.ts';
import { purge } from './commands/purge.ts';
import { record } from './commands/record.ts';
import { replay } from './commands/replay.ts';
import { sandbox } from './commands/sandbox.ts';
import { shell } from './commands/shell.ts';
import { status } from './commands/status.ts';
import { tasks } from './commands/tasks.ts';
import { trigger } from './commands/trigger.ts';
import { up } from './commands/up.ts';
import { watch } from './commands/watch.ts';

/** Every command, in the groups and the order of the help. */
export const commandTable: readonly { readonly group: string; readonly commands: readonly MakeCommand[] }[] =
  [
    { group: 'Clusters:', commands: [up, down, deleteCommand, list, status, watch, open] },
    {
      group: 'DAGs and task runs:',
      commands: [dags, trigger, pause, unpause, tasks, logs, sandbox, shell, kill, clear, debug],
    },
    { group: 'Recordings:', commands: [record, replay] },
    { group: 'Mesos:', commands: [agents, frameworks, offers, devMesos] },
    { group: 'This machine:', commands: [doctor, purge] },
  ];
