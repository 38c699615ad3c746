import type { Texts } from './protocol.ts';
import { filled } from './layout/format.ts';

/** The words that the page needs. */
export type PageTextName =
  | 'accepted'
  | 'accessibleTable'
  | 'agent'
  | 'agents'
  | 'agentsOf'
  | 'attribute'
  | 'began'
  | 'byName'
  | 'byUse'
  | 'cpus'
  | 'cpusFree'
  | 'declined'
  | 'disconnected'
  | 'free'
  | 'idle'
  | 'keys'
  | 'lasted'
  | 'live'
  | 'memory'
  | 'memoryOf'
  | 'more'
  | 'moreTasks'
  | 'noAgents'
  | 'noAttribute'
  | 'noCluster'
  | 'none'
  | 'nothingYet'
  | 'offered'
  | 'offersOut'
  | 'oneAgent'
  | 'opens'
  | 'order'
  | 'otherUse'
  | 'ours'
  | 'pause'
  | 'pausedAt'
  | 'place'
  | 'queuedFor'
  | 'rescinded'
  | 'resume'
  | 'running'
  | 'seenFor'
  | 'someAgents'
  | 'start'
  | 'state'
  | 'suppressed'
  | 'task'
  | 'timeline'
  | 'timelineOf'
  | 'used'
  | 'usedOf'
  | 'waiting'
  | 'waitingLane'
  | 'zoomHours'
  | 'zoomIn'
  | 'zoomMinutes'
  | 'zoomOut';

/** A word by its name, with its places filled in. */
export type Say = (name: PageTextName, ...values: readonly (string | number)[]) => string;

export function sayIn(texts: Texts): Say {
  return (name, ...values) => filled(texts[name] ?? name, ...values);
}
