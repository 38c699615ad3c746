import type { Json, JsonObject } from '../../../../../src/devmesos/json.ts';

/** Where ours differs from what was recorded. */
export interface Difference {
  /** The way to it, `update.status.message`; of items of a list: `offers[0].id`. */
  readonly at: string;
  readonly recorded: unknown;
  readonly ours: unknown;
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** Ids of masters, containers and streams; of frameworks, agents and offers; ports behind this machine's address. */
const ids = new RegExp(`(${uuid}(?:-S\\d+|-O\\d+|-\\d{4})?|(?<=127\\.0\\.0\\.1:)\\d+)`);
/** Fields whose whole value is an id. */
const idFields: ReadonlySet<string> = new Set(['uuid', 'status_update_uuid', 'executor_pid', 'port']);

/** Seconds and nanoseconds of our days: of moments, not of spans. */
const isMoment = (value: number): boolean =>
  (value > 1.5e9 && value < 3e9) || (value > 1.5e18 && value < 3e18);

/**
 * Compares what was recorded with what ours says. Moments, ids and addresses are those of that day: a moment stands for any
 * moment, an id for one of ours, always the same one, and no two for the same.
 */
export class Correspondence {
  readonly #oursOf = new Map<string, string>();
  readonly #recordedOf = new Map<string, string>();
  readonly #texts: readonly (readonly [recorded: string, ours: string])[];

  /** `texts` of the recording that are another text here, wherever they stand: folders. */
  constructor(texts: readonly (readonly [recorded: string, ours: string])[] = []) {
    this.#texts = texts;
  }

  /** Ours for a recorded id. Throws if nothing that came so far says which. */
  ours(recorded: string): string {
    const found = this.#oursOf.get(recorded);
    if (found === undefined) throw new Error(`nothing of ours corresponds to ${recorded} so far`);
    return found;
  }

  /** Says that a recorded id is this one of ours. */
  add(recorded: string, ours: string): void {
    this.#oursOf.set(recorded, ours);
    this.#recordedOf.set(ours, recorded);
  }

  /** A recorded text with our ids in it; those that are not known stay. */
  translate(recorded: string): string {
    const text = this.#texts.reduce((so_far, [theirs, ours]) => so_far.replaceAll(theirs, ours), recorded);
    return text
      .split(ids)
      .map((part) => this.#oursOf.get(part) ?? part)
      .join('');
  }

  /** Learns which ids correspond; where nothing differs, or only what is accepted. */
  differences(recorded: Json | undefined, ours: Json | undefined): Difference[] {
    return this.#compare('', recorded, ours);
  }

  /** The same, but learns nothing. */
  wouldDiffer(recorded: Json, ours: Json): boolean {
    const trial = new Correspondence(this.#texts);
    for (const [theirs, own] of this.#oursOf) trial.add(theirs, own);
    return trial.differences(recorded, ours).length > 0;
  }

  #compare(at: string, recorded: Json | undefined, ours: Json | undefined): Difference[] {
    if (at.endsWith('resources') && isList(recorded) && isList(ours))
      return this.#compareSets(at, recorded, ours);
    if (isList(recorded) && isList(ours)) {
      const length = Math.max(recorded.length, ours.length);
      return Array.from({ length }, (_, index) =>
        this.#compare(`${at}[${index}]`, recorded[index], ours[index]),
      ).flat();
    }
    if (isObject(recorded) && isObject(ours)) {
      const names = new Set([...Object.keys(recorded), ...Object.keys(ours)]);
      return [...names].flatMap((name) =>
        this.#compare(at === '' ? name : `${at}.${name}`, recorded[name], ours[name]),
      );
    }
    return this.#isSame(at, recorded, ours) ? [] : [{ at, recorded, ours }];
  }

  /** Resources come in the order that Mesos' arithmetic left them in. */
  #compareSets(at: string, recorded: readonly Json[], ours: readonly Json[]): Difference[] {
    const left = [...ours];
    const differences = recorded.flatMap((item, index) => {
      const found = left.findIndex((other) => !this.wouldDiffer(item, other));
      const [partner] = found < 0 ? [] : left.splice(found, 1);
      return this.#compare(`${at}[${index}]`, item, partner);
    });
    return [
      ...differences,
      ...left.map((item) => ({ at: `${at}: further`, recorded: undefined, ours: item })),
    ];
  }

  #isSame(at: string, recorded: Json | undefined, ours: Json | undefined): boolean {
    if (typeof recorded !== typeof ours) return false;
    const field = at.slice(at.lastIndexOf('.') + 1);
    if (idFields.has(field)) return this.#corresponds(textOf(recorded), textOf(ours));
    if (typeof recorded === 'string' && typeof ours === 'string') return this.#isSameText(recorded, ours);
    if (typeof recorded === 'number' && typeof ours === 'number' && isMoment(recorded)) return isMoment(ours);
    return recorded === ours;
  }

  #isSameText(recorded: string, ours: string): boolean {
    const text = this.#texts.reduce((so_far, [theirs, own]) => so_far.replaceAll(theirs, own), recorded);
    const [theirs, own] = [text.split(ids), ours.split(ids)];
    if (theirs.length !== own.length) return false;
    // Each second part is an id.
    return theirs.every((part, index) => {
      const other = own[index] ?? '';
      return index % 2 === 0 ? part === other : this.#corresponds(part, other);
    });
  }

  #corresponds(recorded: string, ours: string): boolean {
    const [own, theirs] = [this.#oursOf.get(recorded), this.#recordedOf.get(ours)];
    if (own === undefined && theirs === undefined) {
      this.add(recorded, ours);
      return true;
    }
    return own === ours && theirs === recorded;
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
