import type { PartView } from '../../api/people.ts';
import type { PartIncident } from '../commandLine/progress.ts';

/** The last thing that was told of each part, by its name. */
export type Incidents = ReadonlyMap<string, PartIncident>;

export const noIncidents: Incidents = new Map();

/** How a part stands: by the service's word, or by what Docker told since. */
export interface PartStanding {
  readonly state: PartView['state'] | 'exited';
  /** One line. */
  readonly detail: string;
  /** The last lines of its log, where it died. */
  readonly lastLines: readonly string[];
}

/** Whichever is newer counts: the service checks parts from time to time, Docker tells at once. */
export function standingOf(part: PartView, incident: PartIncident | undefined): PartStanding {
  const lastLines = incident && part.state !== 'ready' ? incident.lines : [];
  const own = { state: part.state, detail: firstLine(part.detail), lastLines };
  if (!incident || incident.state === 'running' || part.since > incident.at) return own;
  return { state: incident.state, detail: firstLine(incident.detail), lastLines: incident.lines };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
