import { statfsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { ExplainedError } from '../host/errors.ts';
import type { Resource } from '../mesos/types.ts';
import { isLoopback, type AddressOptions } from './address.ts';
import {
  agentDefaults,
  containerizerNames,
  type AgentOptions,
  type ContainerizerName,
} from './agent/options.ts';
import {
  duration,
  optionalText,
  parse,
  size,
  text,
  wholeNumber,
  yesOrNo,
  type Values,
} from './argumentValues.ts';
import { parseCredentials, type Credentials } from './http/authentication.ts';
import { parseAttributes, parseResources } from './flagValues.ts';
import { masterDefaults, type MasterOptions } from './master/options.ts';

const common = {
  host: { type: 'string' },
  'advertise-ip': { type: 'string' },
  hostname: { type: 'string' },
  port: { type: 'string' },
  'work-dir': { type: 'string' },
  'secret-file': { type: 'string' },
  credentials: { type: 'string' },
  'without-login': { type: 'boolean' },
  'quit-with-stdin': { type: 'boolean' },
} as const;

const masterFlags = {
  ...common,
  'allocation-interval': { type: 'string' },
  'agent-ping-timeout': { type: 'string' },
  'max-agent-ping-timeouts': { type: 'string' },
  'agent-reregister-timeout': { type: 'string' },
  'offer-timeout': { type: 'string' },
} as const;

const agentFlags = {
  ...common,
  name: { type: 'string' },
  master: { type: 'string' },
  'switch-user': { type: 'string' },
  containerizers: { type: 'string' },
  'docker-socket': { type: 'string' },
  'terminal-python': { type: 'string' },
  resources: { type: 'string' },
  attributes: { type: 'string' },
  'status-update-retry': { type: 'string' },
  'kill-grace': { type: 'string' },
  'executor-registration-timeout': { type: 'string' },
  'executor-reregistration-timeout': { type: 'string' },
  'executor-shutdown-grace-period': { type: 'string' },
  'fetcher-cache-size': { type: 'string' },
  'fetcher-stall-timeout': { type: 'string' },
  'stop-grace': { type: 'string' },
} as const;

/** The options of `master`. Throws ExplainedError; `read` gives a file's text. */
export function masterArguments(argv: readonly string[], read: (file: string) => string): MasterOptions {
  const values = parse(argv, masterFlags);
  return {
    ...addressOf(values, masterDefaults),
    ...secretsOf(values, read),
    allocationInterval: duration(values, 'allocation-interval', masterDefaults.allocationInterval),
    agentPingTimeout: duration(values, 'agent-ping-timeout', masterDefaults.agentPingTimeout),
    maxAgentPingTimeouts: wholeNumber(
      values,
      'max-agent-ping-timeouts',
      masterDefaults.maxAgentPingTimeouts,
      1,
      1000,
    ),
    agentReregisterTimeout: duration(
      values,
      'agent-reregister-timeout',
      masterDefaults.agentReregisterTimeout,
    ),
    workDir: values['work-dir'] === undefined ? undefined : path.resolve(text(values, 'work-dir')),
    offerTimeout: values['offer-timeout'] === undefined ? undefined : duration(values, 'offer-timeout', 0),
  };
}

/** The options of `agent`. Throws ExplainedError; `read` gives a file's text. */
export function agentArguments(argv: readonly string[], read: (file: string) => string): AgentOptions {
  const values = parse(argv, agentFlags);
  const workDir = path.resolve(text(values, 'work-dir'));
  const master = text(values, 'master');
  if (!URL.canParse(master) || new URL(master).protocol !== 'http:') {
    throw new ExplainedError(`"${master}" is not a master's address`, {
      next: 'Give --master http://127.0.0.1:5050.',
    });
  }
  return {
    name: text(values, 'name', 'agent'),
    ...addressOf(values, agentDefaults),
    master,
    ...secretsOf(values, read),
    workDir,
    switchUser: yesOrNo(values, 'switch-user', agentDefaults.switchUser),
    containerizers: containerizersOf(values),
    dockerSocket: optionalText(values, 'docker-socket'),
    terminalPython: optionalText(values, 'terminal-python'),
    resources: withDefaults(parseResources(text(values, 'resources', '')), workDir),
    attributes: parseAttributes(text(values, 'attributes', '')),
    updateRetry: duration(values, 'status-update-retry', agentDefaults.updateRetry),
    longestUpdateRetry: agentDefaults.longestUpdateRetry,
    killGrace: duration(values, 'kill-grace', agentDefaults.killGrace),
    executorRegistrationTimeout: duration(
      values,
      'executor-registration-timeout',
      agentDefaults.executorRegistrationTimeout,
    ),
    executorReregistrationTimeout: duration(
      values,
      'executor-reregistration-timeout',
      agentDefaults.executorReregistrationTimeout,
    ),
    executorShutdownGrace: duration(
      values,
      'executor-shutdown-grace-period',
      agentDefaults.executorShutdownGrace,
    ),
    stopGrace: duration(values, 'stop-grace', agentDefaults.stopGrace),
    fetcherCacheSize: size(values, 'fetcher-cache-size', agentDefaults.fetcherCacheSize),
    fetcherStallTimeout: duration(values, 'fetcher-stall-timeout', agentDefaults.fetcherStallTimeout),
  };
}

function containerizersOf(values: Values): readonly ContainerizerName[] {
  const given = values.containerizers;
  if (given === undefined) return agentDefaults.containerizers;
  return String(given)
    .split(',')
    .map((name) => {
      const known = containerizerNames.find((one) => one === name.trim());
      if (known) return known;
      throw new ExplainedError(`There is no containerizer "${name}"`, {
        next: `Give --containerizers ${containerizerNames.join(',')}, or one of them.`,
      });
    });
}

/**
 * Who reaches a master's port can run commands on its agents, and who reaches an agent's can read what tasks wrote. So
 * others than this machine's users are let in with a login only, unless somebody says that all who can connect may.
 */
function addressOf(
  values: Values,
  defaults: { readonly host: string; readonly port: number },
): AddressOptions {
  const host = text(values, 'host', defaults.host);
  if (!isLoopback(host) && values.credentials === undefined && values['without-login'] !== true) {
    throw new ExplainedError(`Listening on ${host} needs a login`, {
      why: 'whoever can connect to a Mesos port can run commands on the agents and read what tasks wrote',
      next: 'Give --credentials FILE, or stay on --host 127.0.0.1. --without-login lets in everybody who can connect.',
    });
  }
  return {
    host,
    port: wholeNumber(values, 'port', defaults.port, 0, 65_535),
    advertiseIp: optionalText(values, 'advertise-ip'),
    hostname: optionalText(values, 'hostname'),
  };
}

function secretsOf(
  values: Values,
  read: (file: string) => string,
): { secret: string; credentials: Credentials | undefined } {
  const file = text(values, 'secret-file');
  const secret = read(file).trim();
  if (secret === '') {
    throw new ExplainedError(`${file} holds no secret`, {
      next: 'Write a long random text into it, readable by you only.',
    });
  }
  const { credentials } = values;
  return {
    secret,
    credentials: typeof credentials === 'string' ? parseCredentials(read(credentials)) : undefined,
  };
}

/** As Mesos does: what isn't named is added, disk by the size of the file system, ports 31000 to 32000. */
function withDefaults(resources: Resource[], workDir: string): Resource[] {
  const has = (name: string): boolean => resources.some((resource) => resource.name === name);
  const added: Resource[] = [];
  const scalar = (name: string, value: number): void => {
    if (!has(name)) added.push({ name, type: 'SCALAR', scalar: { value } });
  };
  scalar('cpus', 1);
  scalar('mem', 1024);
  if (!has('disk')) {
    mkdirSync(workDir, { recursive: true, mode: 0o700 });
    const { blocks, bsize } = statfsSync(workDir);
    scalar('disk', Math.floor((blocks * bsize) / 2 / 1024 / 1024));
  }
  if (!has('ports'))
    added.push({ name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] } });
  return [...resources, ...added];
}
