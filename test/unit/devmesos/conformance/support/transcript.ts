import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '../../../../../src/devmesos/json.ts';

/** What was done at a moment of a recording, and what came back until the next thing was done. */
export interface Step {
  /** The heading that it stands under. */
  readonly section: string;
  readonly label: string;
  /** The answer of a call, or the first event of a subscription, or what was asked; undefined: none was kept. */
  readonly result: unknown;
  /** Events that schedulers got. Offers and heartbeats, which the recording abridges, are left out. */
  readonly events: JsonObject[];
  /** Events that operators got. */
  readonly operatorEvents: JsonObject[];
}

const folder = path.resolve(import.meta.dirname, '../../../../fixtures/mesos');

/** Reads a recording of the form `seconds what`. */
export function transcript(file: string): Step[] {
  const steps: Step[] = [];
  let section = '';
  for (const line of readFileSync(path.join(folder, file), 'utf8').split('\n')) {
    const text = /^[\d.]+ (.*)$/.exec(line)?.[1];
    if (text === undefined) continue;
    const event = /^(?: {2}\S* ?)?(EV|OPEV) (\{.*\})$/.exec(text);
    if (text.startsWith('===== ')) section = text.slice(6);
    else if (event) addEvent(steps, event[1] ?? '', JSON.parse(event[2] ?? '') as JsonObject);
    else if (!/^ *(?:OFFERS|HEARTBEAT|CH)\b/.test(text)) steps.push(stepOf(section, text));
  }
  return steps;
}

function addEvent(steps: Step[], kind: string, event: JsonObject): void {
  // The recorder abridged these.
  if (event.n !== undefined || event.type === 'HEARTBEAT') return;
  const step = steps.at(-1);
  // How an operator's subscription begins depends on all that was before.
  if (kind === 'OPEV' && event.type === 'SUBSCRIBED') return;
  if (kind === 'OPEV') step?.operatorEvents.push(event);
  else step?.events.push(event);
}

/** `label HTTP/1.1 200 OK {first event}`, `label {answer}`, `label [what was asked]`, or a label alone. */
function stepOf(section: string, text: string): Step {
  const [, label = text, json] = /^(.*?) ?(?:HTTP\/1\.1 200 OK )?([{[].*)$/.exec(text) ?? [];
  return { section, label, result: parsed(json), events: [], operatorEvents: [] };
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : (JSON.parse(json) as unknown);
  } catch {
    // Part of the label, or cut.
    return json;
  }
}
