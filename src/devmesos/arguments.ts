import { statfsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ExplainedError, messageOf } from '../host/errors.ts';
import type { Resource } from '../mesos/types.ts';
import { agentDefaults, type AgentOptions } from './agent/options.ts';
import { parseDuration } from './duration.ts';
import { parseCredentials, type Credentials } from './http/authentication.ts';
import { parseAttributes, parseResources } from './flagValues.ts';
import { masterDefaults, type MasterOptions } from './master/options.ts';

type Values = Readonly<Record<string, string | boolean | undefined>>;

const common = {
  host: { type: 'string' },
  port: { type: 'string' },
  'work-dir': { type: 'string' },
  'secret-file': { type: 'string' },
  credentials: { type: 'string' },
  'quit-with-stdin': { type: 'boolean' },
} as const;

const masterFlags = {
  ...common,
  'allocation-interval': { type: 'string' },
  'agent-ping-timeout': { type: 'string' },
  'max-agent-ping-timeouts': { type: 'string' },
  'offer-timeout': { type: 'string' },
} as const;

const agentFlags = {
  ...common,
  name: { type: 'string' },
  master: { type: 'string' },
  resources: { type: 'string' },
  attributes: { type: 'string' },
  'status-update-retry': { type: 'string' },
  'kill-grace': { type: 'string' },
  'stop-grace': { type: 'string' },
} as const;

/** The options of `master`. Throws ExplainedError; `read` gives a file's text. */
export function masterArguments(argv: readonly string[], read: (file: string) => string): MasterOptions {
  const values = parse(argv, masterFlags);
  return {
    host: text(values, 'host', masterDefaults.host),
    port: wholeNumber(values, 'port', masterDefaults.port, 0, 65_535),
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
    host: text(values, 'host', agentDefaults.host),
    port: wholeNumber(values, 'port', agentDefaults.port, 0, 65_535),
    master,
    ...secretsOf(values, read),
    workDir,
    resources: withDefaults(parseResources(text(values, 'resources', '')), workDir),
    attributes: parseAttributes(text(values, 'attributes', '')),
    updateRetry: duration(values, 'status-update-retry', agentDefaults.updateRetry),
    longestUpdateRetry: agentDefaults.longestUpdateRetry,
    killGrace: duration(values, 'kill-grace', agentDefaults.killGrace),
    stopGrace: duration(values, 'stop-grace', agentDefaults.stopGrace),
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

function parse(argv: readonly string[], options: Record<string, { type: 'string' | 'boolean' }>): Values {
  try {
    return parseArgs({ args: [...argv], options, strict: true }).values;
  } catch (error) {
    throw new ExplainedError(messageOf(error), {
      next: `Known options: ${Object.keys(options)
        .map((name) => `--${name}`)
        .join(' ')}`,
    });
  }
}

function text(values: Values, name: string, otherwise?: string): string {
  const value = values[name] ?? otherwise;
  if (typeof value === 'string' && (value !== '' || otherwise === '')) return value;
  throw new ExplainedError(`--${name} is missing`, { next: `Give --${name} VALUE.` });
}

function wholeNumber(values: Values, name: string, otherwise: number, least: number, most: number): number {
  const number = Number(values[name] ?? otherwise);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new ExplainedError(`--${name} is ${String(values[name])}`, {
    next: `Give a whole number from ${least} to ${most}.`,
  });
}

function duration(values: Values, name: string, otherwise: number): number {
  const value = values[name];
  if (value === undefined) return otherwise;
  const milliseconds = parseDuration(String(value));
  if (milliseconds !== undefined) return milliseconds;
  throw new ExplainedError(`--${name} is ${String(value)}`, {
    next: 'Give a time such as 500ms, 10secs or 2mins.',
  });
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
