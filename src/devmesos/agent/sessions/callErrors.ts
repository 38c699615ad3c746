import type { ContainerId } from '../../../mesos/types.ts';
import type { OperatorCall } from '../../http/operatorEndpoint.ts';
import { containerIdError } from './containerIds.ts';

/** Calls about one container. */
const ofContainer: ReadonlySet<string> = new Set([
  ...['LAUNCH_CONTAINER', 'WAIT_CONTAINER', 'KILL_CONTAINER', 'REMOVE_CONTAINER'],
  ...['LAUNCH_NESTED_CONTAINER', 'WAIT_NESTED_CONTAINER', 'KILL_NESTED_CONTAINER', 'REMOVE_NESTED_CONTAINER'],
  ...['LAUNCH_NESTED_CONTAINER_SESSION', 'ATTACH_CONTAINER_OUTPUT'],
]);

/** What is wrong with a call about a container, in Mesos' words. */
export function nestedCallError(call: OperatorCall): string | undefined {
  const name = call.type.toLowerCase();
  if (call.type === 'ATTACH_CONTAINER_INPUT') return inputError(name, call[name] as AttachInput);
  if (!ofContainer.has(call.type)) return undefined;
  const { container_id: id } = call[name] as { readonly container_id: ContainerId };
  const wrong = containerIdError(id);
  if (wrong !== undefined) return `'${name}.container_id' is invalid: ${wrong}`;
  if (!call.type.includes('NESTED') || id.parent) return undefined;
  return `Expecting '${name}.container_id.parent' to be present`;
}

interface AttachInput {
  readonly type?: string;
  readonly container_id?: ContainerId;
}

function inputError(
  name: string,
  { type, container_id: id = { value: '' } }: AttachInput,
): string | undefined {
  if (type === undefined) return `Expecting '${name}.type' to be present`;
  if (type === 'UNKNOWN') return `'${name}.type' is unknown`;
  const wrong = type === 'CONTAINER_ID' ? containerIdError(id) : undefined;
  return wrong === undefined ? undefined : `'${name}.container_id' is invalid: ${wrong}`;
}
