import { any, bool, bytes, int, message, oneOf, repeated, required } from './fields.ts';
import { containerInfo, ttyInfo } from './container.ts';
import { containerId, command, resource } from './messages.ts';
import type { Message } from './schema.ts';

// Calls about containers below that of a task. Source: include/mesos/v1/agent/agent.proto of Apache Mesos 1.11.

const ofContainer = message({ container_id: required(message(containerId)) });

const processIo: Message = {
  type: oneOf('UNKNOWN', 'DATA', 'CONTROL'),
  data: message({ type: oneOf('UNKNOWN', 'STDIN', 'STDOUT', 'STDERR'), data: bytes }),
  control: message({
    type: oneOf('UNKNOWN', 'TTY_INFO', 'HEARTBEAT'),
    tty_info: message(ttyInfo),
    heartbeat: message({ interval: message({ nanoseconds: required(int) }) }),
  }),
};

export const nestedCalls = {
  get_containers: message({ show_nested: bool, show_standalone: bool }),
  launch_container: message({
    container_id: required(message(containerId)),
    command: message(command),
    resources: repeated(message(resource)),
    container: message(containerInfo),
    limits: any,
  }),
  wait_container: ofContainer,
  kill_container: message({ container_id: required(message(containerId)), signal: int }),
  remove_container: ofContainer,
  wait_nested_container: ofContainer,
  kill_nested_container: message({ container_id: required(message(containerId)), signal: int }),
  remove_nested_container: ofContainer,
  launch_nested_container: message({
    container_id: required(message(containerId)),
    command: message(command),
    container: message(containerInfo),
  }),
  launch_nested_container_session: message({
    container_id: required(message(containerId)),
    command: message(command),
    container: message(containerInfo),
  }),
  attach_container_input: message({
    type: oneOf('UNKNOWN', 'CONTAINER_ID', 'PROCESS_IO'),
    container_id: message(containerId),
    process_io: message(processIo),
  }),
  attach_container_output: ofContainer,
} as const;
