import { any, bool, int, message, oneOf, repeated, required, string } from './fields.ts';
import type { Message } from './schema.ts';

// ContainerInfo, as far as an agent here reads it. Source: include/mesos/v1/mesos.proto of Apache Mesos 1.11.

export const ttyInfo: Message = {
  window_size: message({ rows: required(int), columns: required(int) }),
};

const parameter: Message = { key: required(string), value: required(string) };

const portMapping: Message = {
  host_port: required(int),
  container_port: required(int),
  protocol: string,
};

const volume: Message = {
  container_path: required(string),
  host_path: string,
  mode: required(oneOf('RW', 'RO')),
  image: any,
  source: message({
    type: oneOf('UNKNOWN', 'DOCKER_VOLUME', 'SANDBOX_PATH', 'SECRET', 'HOST_PATH', 'CSI_VOLUME'),
    docker_volume: message({ driver: string, name: required(string), driver_options: any }),
    sandbox_path: any,
    secret: any,
    host_path: any,
    csi_volume: any,
  }),
};

const docker: Message = {
  image: required(string),
  network: oneOf('HOST', 'BRIDGE', 'NONE', 'USER'),
  port_mappings: repeated(message(portMapping)),
  privileged: bool,
  parameters: repeated(message(parameter)),
  force_pull_image: bool,
};

const networkInfo: Message = {
  groups: repeated(string),
  labels: any,
  ip_addresses: any,
  name: string,
  port_mappings: repeated(message(portMapping)),
};

export const containerInfo: Message = {
  type: required(oneOf('DOCKER', 'MESOS')),
  volumes: repeated(message(volume)),
  docker: message(docker),
  hostname: string,
  mesos: any,
  network_infos: repeated(message(networkInfo)),
  linux_info: any,
  rlimit_info: any,
  tty_info: message(ttyInfo),
};
