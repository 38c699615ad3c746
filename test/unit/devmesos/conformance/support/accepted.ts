import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Difference } from './correspondence.ts';

/** A difference between ours and Mesos that is meant, or not mended yet. */
interface AcceptedDifference {
  /** The recording: its file's name. */
  readonly in: string;
  /** The step of it, as the recording names it; default: any. */
  readonly step?: string;
  /** The way to what differs, as a failure prints it; `*` stands for anything; `*` alone: the step can't be taken here. */
  readonly at: string;
  readonly reason: string;
}

const all = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../acceptedDifferences.json'), 'utf8'),
) as AcceptedDifference[];

/** The accepted differences of one recording; what is on the list and doesn't come up fails. */
export class AcceptedDifferences {
  readonly #list: readonly AcceptedDifference[];
  readonly #used = new Set<AcceptedDifference>();

  constructor(recording: string) {
    this.#list = all.filter((one) => one.in === recording);
  }

  /** Why a step can't be taken here, if it can't. */
  untakable(step: string): string | undefined {
    const found = this.#list.find((one) => one.step === step && one.at === '*');
    if (found) this.#used.add(found);
    return found?.reason;
  }

  /** Those of the differences that nobody accepted. */
  others(step: string, differences: readonly Difference[]): Difference[] {
    return differences.filter(({ at }) => {
      const found = this.#list.find(
        (one) => (one.step === undefined || one.step === step) && one.at !== '*' && fits(one.at, at),
      );
      if (found) this.#used.add(found);
      return !found;
    });
  }

  /** Whether it is accepted that an event does not come. */
  isMissing(step: string, kind: string): boolean {
    return this.others(step, [{ at: `missing ${kind}`, recorded: kind, ours: undefined }]).length === 0;
  }

  assertNone(step: string, differences: readonly Difference[]): void {
    const text = this.others(step, differences).map(
      ({ at, recorded, ours }) =>
        `${at}\n    Mesos: ${JSON.stringify(recorded)}\n    here:  ${JSON.stringify(ours)}`,
    );
    if (text.length > 0) assert.fail(`${step} differs at\n  ${text.join('\n  ')}`);
  }

  assertAllUsed(): void {
    const unused = this.#list.filter((one) => !this.#used.has(one));
    assert.deepEqual(unused, [], 'these differences are gone: take them off acceptedDifferences.json');
  }
}

function fits(pattern: string, at: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.[\]()^$|?+\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(at);
}
