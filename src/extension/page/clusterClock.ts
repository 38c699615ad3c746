import type { PageClock } from '../../page/protocol.ts';

/**
 * Which time it is for a cluster. A living one has this machine's; of a recording that is served again, the service
 * will say how far it is, how fast it goes and from when to when it lasts.
 */
export type ClusterClock = () => PageClock;

export const livingClock: ClusterClock = () => ({
  now: Date.now(),
  rate: 1,
  offset: -new Date().getTimezoneOffset(),
});
