import type { AttemptRecord, TaskRecord } from '../../framework/types.ts';
import type { CommandInfo } from '../../mesos/types.ts';

/**
 * The person's shell where they have one in there: bash if it can be found. Mesos gives no HOME, without which their profile
 * finds nothing; bash asks the system whose home it is.
 */
const script = [
  'if command -v bash >/dev/null 2>&1; then',
  ': "${HOME:=$(bash -c "echo ~")}"; export HOME; exec bash -l;',
  'else exec sh -l; fi',
].join(' ');

/**
 * Run by bash before its first prompt, when the person's own files have been read: puts the task before their prompt, and has
 * the sandbox's long path in it as `sandbox`. Names are expanded by the prompt itself, which does not look into them.
 */
const shortPrompt = `
if [ -z "$mesos_airflow_path" ]; then
  mesos_airflow_path='\${PWD/#"$MESOS_SANDBOX"/sandbox}'
  mesos_airflow_whole='\\w'
  if [ "$PS1" = '\\s-\\v\\$ ' ]; then PS1='\\w\\$ '; fi
  PS1='($MESOS_AIRFLOW_TASK on $MESOS_AIRFLOW_AGENT) '"\${PS1//"$mesos_airflow_whole"/$mesos_airflow_path}"
fi`;

/** A shell in a sandbox; `hasTerminal`: that somebody types into. */
export function shellCommand(
  { key }: Pick<TaskRecord, 'key'>,
  { agent }: Pick<AttemptRecord, 'agent'>,
  hasTerminal: boolean,
): CommandInfo {
  const task = key.map_index < 0 ? key.task_id : `${key.task_id}[${key.map_index}]`;
  const named = { MESOS_AIRFLOW_TASK: task, MESOS_AIRFLOW_AGENT: agent, PROMPT_COMMAND: shortPrompt };
  const variables = Object.entries(hasTerminal ? named : {}).map(([name, value]) => ({ name, value }));
  return { shell: true, value: script, environment: { variables } };
}
