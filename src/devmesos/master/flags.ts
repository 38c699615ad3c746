import type { MasterState } from './state.ts';

/** The master's settings under the names of Mesos's flags, as text. The secret is none of them. */
export function masterFlags({ options, port, address }: MasterState): { name: string; value: string }[] {
  const withLogin = String(options.credentials !== undefined);
  const flags: Record<string, string> = {
    agent_ping_timeout: durationText(options.agentPingTimeout),
    agent_reregister_timeout: durationText(options.agentReregisterTimeout),
    allocation_interval: durationText(options.allocationInterval),
    allocator: 'hierarchical',
    authenticate_agents: 'false',
    authenticate_frameworks: 'false',
    authenticate_http_frameworks: withLogin,
    authenticate_http_readonly: withLogin,
    authenticate_http_readwrite: withLogin,
    hostname: address.hostname,
    ip: options.host,
    ...(options.advertiseIp === undefined ? {} : { advertise_ip: options.advertiseIp }),
    max_agent_ping_timeouts: String(options.maxAgentPingTimeouts),
    max_completed_frameworks: '50',
    max_completed_tasks_per_framework: '1000',
    ...(options.offerTimeout === undefined ? {} : { offer_timeout: durationText(options.offerTimeout) }),
    port: String(port),
    // Mesos' name for one that outlives the master.
    registry: options.workDir === undefined ? 'in_memory' : 'replicated_log',
    ...(options.workDir === undefined ? {} : { work_dir: options.workDir }),
  };
  return Object.entries(flags).map(([name, value]) => ({ name, value }));
}

/** Milliseconds as Mesos prints a duration. */
function durationText(milliseconds: number): string {
  if (milliseconds % 60_000 === 0 && milliseconds > 0) return `${milliseconds / 60_000}mins`;
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}secs` : `${milliseconds}ms`;
}
