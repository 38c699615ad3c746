import path from 'node:path';
import { advertised, hostAndPort, type Advertised } from '../address.ts';
import type { Id } from '../../mesos/types.ts';
import type { Clock } from '../clock.ts';
import type { ToMaster } from '../link/messages.ts';
import type { Log } from '../log.ts';
import type { AgentTask } from './agentTask.ts';
import type { Executor } from './executors/executor.ts';
import { Fetcher } from './fetcher/fetcher.ts';
import { executorLedger, type ExecutorLedger } from './executors/executorLedger.ts';
import { GroupMarks } from './groupMarks.ts';
import { History } from './history.ts';
import { Ledger } from './ledger.ts';
import type { AgentOptions } from './options.ts';
import { ProcessTable } from './processTable.ts';
import { UserSwitch } from './userSwitch.ts';

/** All that an agent knows. Its parts (launcher, reporter, link, endpoints) work on this one object. */
export class AgentState {
  readonly options: AgentOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly startTime: number;
  readonly ledger: Ledger;
  readonly executorLedger: ExecutorLedger;
  readonly fetcher: Fetcher;
  readonly users: UserSwitch;
  readonly processes: ProcessTable;
  /** Undefined where none are needed: processes are known by their environment then. */
  readonly marks: GroupMarks | undefined;
  readonly history = new History();
  /** By `taskKey`: those that are not over for their scheduler. */
  readonly tasks = new Map<string, AgentTask>();
  /** By `executorKey`: custom executors that live, or whose tasks' ends are not acknowledged. */
  readonly executors = new Map<string, Executor>();
  /** Given by the master at the first registration, the same ever after. */
  id: Id | undefined;
  /** Executors of an earlier agent process may come back. */
  isRecovering = true;
  /** Whether the master knows it now: `send` is lost else. */
  isRegistered = false;
  /** Where it really listens. */
  port: number;
  /** As others know it; its address can change with the network. */
  address: Advertised;
  /** Hands a message to the master, if it is there. */
  send: (message: ToMaster) => void = () => undefined;

  constructor(options: AgentOptions, clock: Clock, log: Log) {
    this.options = options;
    this.clock = clock;
    this.log = log;
    this.port = options.port;
    this.address = advertised(options);
    this.startTime = clock.now();
    this.users = new UserSwitch(options.switchUser, log);
    this.marks = this.users.needsMarks ? new GroupMarks() : undefined;
    this.processes = new ProcessTable(this.users.needsMarks);
    this.ledger = new Ledger(options.workDir);
    this.executorLedger = executorLedger(options.workDir);
    this.fetcher = new Fetcher({
      cacheFolder: path.join(options.workDir, 'fetch'),
      cacheSize: options.fetcherCacheSize,
      stallTimeout: options.fetcherStallTimeout,
      now: () => clock.now(),
    });
  }

  /** As libprocess names it. */
  get pid(): string {
    return `slave(1)@${hostAndPort(this.address.ip, this.port)}`;
  }
}
