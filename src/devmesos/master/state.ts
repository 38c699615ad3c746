import { randomUUID } from 'node:crypto';
import { advertised, hostAndPort, type Advertised } from '../address.ts';
import type { MasterInfo } from '../../mesos/types.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { ProtobufCodec } from '../protobuf/codec.ts';
import { versionInfo } from '../version.ts';
import type { Agent, RegisteredAgentInfo } from './agent.ts';
import type { Framework } from './framework.ts';
import type { MasterOptions } from './options.ts';
import { OperatorEvents } from './operatorEvents.ts';
import type { Registry } from './registry.ts';

/** Frameworks that are remembered after their end. */
const mostCompletedFrameworks = 50;

/** All that a master knows. Its parts (allocator, frameworks, agents, tasks) work on this one object. */
export class MasterState {
  readonly id = randomUUID();
  readonly options: MasterOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly startTime: number;
  readonly events: OperatorEvents;
  readonly frameworks = new Map<string, Framework>();
  /** Oldest first. */
  readonly completedFrameworks = new Map<string, Framework>();
  readonly agents = new Map<string, Agent>();
  readonly registry: Registry;
  /** Agents of the master before this one that have not come back yet, by id. */
  readonly recoveredAgents: Map<string, RegisteredAgentInfo>;
  #codec: ProtobufCodec | undefined;
  readonly #nextIds = { framework: 0, agent: 0, offer: 0 };
  /** Where it really listens. */
  port: number;
  /** As others know it. */
  address: Advertised;

  constructor(options: MasterOptions, registry: Registry, clock: Clock, log: Log) {
    this.options = options;
    this.registry = registry;
    this.recoveredAgents = new Map(registry.admitted);
    this.clock = clock;
    this.log = log;
    this.port = options.port;
    this.address = advertised(options);
    this.startTime = clock.now();
    this.events = new OperatorEvents(clock);
  }

  newFrameworkId(): string {
    return `${this.id}-${String(this.#nextIds.framework++).padStart(4, '0')}`;
  }

  newAgentId(): string {
    return `${this.id}-S${this.#nextIds.agent++}`;
  }

  newOfferId(): string {
    return `${this.id}-O${this.#nextIds.offer++}`;
  }

  /** Made when it is first needed. */
  get codec(): ProtobufCodec {
    this.#codec ??= new ProtobufCodec();
    return this.#codec;
  }

  complete(framework: Framework): void {
    this.frameworks.delete(framework.id);
    this.completedFrameworks.set(framework.id, framework);
    for (const oldest of this.completedFrameworks.keys()) {
      if (this.completedFrameworks.size <= mostCompletedFrameworks) break;
      this.completedFrameworks.delete(oldest);
    }
  }

  get pid(): string {
    return `master@${hostAndPort(this.address.ip, this.port)}`;
  }

  get info(): MasterInfo {
    const { ip, hostname } = this.address;
    return {
      id: this.id,
      ip: packedAddress(ip),
      port: this.port,
      pid: this.pid,
      hostname,
      version: versionInfo.version,
      address: { hostname, ip, port: this.port },
      // The last one is QUOTA_V2, which the v1 messages of 1.11 have no name for.
      capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, {}],
    };
  }
}

/** An IPv4 address as MasterInfo.ip has it: network byte order, read on a little-endian machine. */
function packedAddress(host: string): number {
  const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number) ?? [0, 0, 0, 0];
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}
