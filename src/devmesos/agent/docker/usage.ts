import type { Container, ContainerStats } from 'dockerode';
import { bodyOf, daemonOf, openAnswer } from '../../../docker/call.ts';
import type { ContainerUsage } from '../container.ts';

/** Milliseconds for the Docker Engine to tell. */
const answerWithin = 2000;

/** Asks the Docker Engine what a container uses. Rejects where it doesn't tell, as of one that has ended. */
export async function readUsage(container: Container): Promise<ContainerUsage> {
  const signal = AbortSignal.timeout(answerWithin);
  const path = `/containers/${container.id}/stats`;
  const query = { stream: false, 'one-shot': true };
  const [answer, { HostConfig }] = await Promise.all([
    openAnswer(daemonOf(container), { method: 'GET', path, query, signal }).then(bodyOf),
    container.inspect(),
  ]);
  const { cpu_stats: cpu, memory_stats: memory, read } = JSON.parse(answer.toString()) as ContainerStats;
  // cgroup v1 calls it rss, v2 anon.
  const detail: { rss?: number; anon?: number } = memory.stats;
  return {
    timestamp: Date.parse(read) / 1000,
    cpus_user_time_secs: cpu.cpu_usage.usage_in_usermode / 1e9,
    cpus_system_time_secs: cpu.cpu_usage.usage_in_kernelmode / 1e9,
    cpus_limit: (HostConfig.CpuShares ?? 0) / 1024,
    mem_limit_bytes: memory.limit,
    mem_rss_bytes: detail.rss ?? detail.anon ?? memory.usage,
    mem_total_bytes: memory.usage,
  };
}
