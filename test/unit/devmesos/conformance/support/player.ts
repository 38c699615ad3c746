import assert from 'node:assert/strict';
import type { Json, JsonObject } from '../../../../../src/devmesos/json.ts';
import { until } from '../../../../support/until.ts';
import { AcceptedDifferences } from './accepted.ts';
import { Correspondence, type Difference } from './correspondence.ts';
import { kindOf } from './events.ts';
import { missingKeys } from './jsonText.ts';
import type { OperatorSide } from './operatorSide.ts';
import type { SchedulerSide } from './schedulerSide.ts';
import type { Step } from './transcript.ts';

/** Milliseconds for what was recorded to come: under the load of other suites, too. */
const patience = 20_000;

/** Does what a recorded step did; returns the answer in the recording's form, or undefined where it kept none. */
export type Action = () => Promise<unknown>;

/** This machine can't do it. */
class NotHere extends Error {}

/** An action for a step that can't be taken on this machine: the test is skipped, saying why. */
export function notHere(why: string): Action {
  return () => Promise.reject(new NotHere(why));
}

/** Takes the steps of a recording one by one and compares what comes with what was recorded. */
export class Player {
  readonly accepted: AcceptedDifferences;
  readonly correspondence: Correspondence;
  /** Whose events the steps tell. */
  watched: SchedulerSide[] = [];
  /** The operator whose events the recording tells now and then. */
  operator: OperatorSide | undefined;
  readonly #collected: JsonObject[] = [];
  readonly #ofOperator: JsonObject[] = [];

  constructor(recording: string, correspondence = new Correspondence()) {
    this.accepted = new AcceptedDifferences(recording);
    this.correspondence = correspondence;
  }

  async take(step: Step, action: Action): Promise<void> {
    const result = await action();
    const differences = this.#compareResult(step, result);
    const events = await this.#events(this.#expected(step, step.events));
    differences.push(...this.compareEvents(step.events, events));
    if (step.operatorEvents.length > 0) {
      const ofOperator = await this.#operatorEvents(this.#expected(step, step.operatorEvents));
      differences.push(...this.compareEvents(step.operatorEvents, ofOperator));
    }
    this.accepted.assertNone(step.label, differences);
  }

  /** Pairs events of one kind, about one task, in their order; those about different tasks can come in any order. */
  compareEvents(recorded: readonly JsonObject[], ours: readonly JsonObject[]): Difference[] {
    const left = [...ours];
    const differences = recorded.flatMap((event) => {
      const alike = left.filter((other) => kindOf(other) === kindOf(event));
      const partner = alike.find((other) => !this.correspondence.wouldDiffer(event, other)) ?? alike[0];
      if (!partner) return [{ at: `missing ${kindOf(event)}`, recorded: event, ours: undefined }];
      left.splice(left.indexOf(partner), 1);
      return this.correspondence.differences(event, partner);
    });
    const further = left.map((event) => ({
      at: `further ${kindOf(event)}`,
      recorded: undefined,
      ours: event,
    }));
    return [...differences, ...further];
  }

  #compareResult({ result: recorded }: Step, ours: unknown): Difference[] {
    if (ours === undefined) return [];
    return this.compare(recorded as Json, ours as Json);
  }

  /** How many of the recorded events should come here, too. */
  #expected({ label }: Step, recorded: readonly JsonObject[]): number {
    return recorded.filter((event) => !this.accepted.isMissing(label, kindOf(event))).length;
  }

  /** Answers whose bodies were cut are compared by the keys that are left. */
  compare(recorded: Json, ours: Json): Difference[] {
    const [theirs, own] = [bodyOf(recorded), bodyOf(ours)];
    if (typeof theirs !== 'string' || !theirs.startsWith('{"') || typeof own === 'string')
      return this.correspondence.differences(recorded, ours);
    const rest = this.correspondence.differences(
      { ...(recorded as JsonObject), body: null },
      { ...(ours as JsonObject), body: null },
    );
    return [...rest, ...missingKeys(theirs, JSON.stringify(own))];
  }

  async #operatorEvents(count: number): Promise<JsonObject[]> {
    const collect = (): boolean => {
      this.#ofOperator.push(...(this.operator?.take() ?? []));
      return this.#ofOperator.length >= count;
    };
    await until(collect, { limitMs: patience, everyMs: 2 }).catch(() => undefined);
    return this.#ofOperator.splice(0);
  }

  /** What came, as soon as it is as much as was recorded; less, if the rest doesn't come. */
  async #events(count: number): Promise<JsonObject[]> {
    const collect = async (): Promise<boolean> => {
      for (const scheduler of this.watched) {
        this.#collected.push(...scheduler.take());
        await scheduler.acknowledgeAll();
      }
      return this.#collected.length >= count;
    };
    await until(collect, { limitMs: patience, everyMs: 2 }).catch(() => undefined);
    return this.#collected.splice(0);
  }
}

function bodyOf(answer: Json | undefined): Json | undefined {
  return typeof answer === 'object' && answer !== null ? (answer as JsonObject).body : undefined;
}

/** A mocha test for each step of a recording; `script` has an action for each, by label, or a list where it repeats. */
export function playTests(
  steps: readonly Step[],
  player: () => Player,
  script: Readonly<Record<string, Action | readonly Action[]>>,
): void {
  const taken = new Map<string, number>();
  for (const step of steps) {
    const count = taken.get(step.label) ?? 0;
    taken.set(step.label, count + 1);
    const actions = script[step.label];
    const action = typeof actions === 'function' ? actions : actions?.[count];
    it(`${step.section}: ${step.label}`, async function () {
      const why = player().accepted.untakable(step.label);
      if (why !== undefined) return;
      assert.ok(action, `nothing does what the recording calls ${step.label}`);
      await player()
        .take(step, action)
        .catch((error: unknown) => {
          if (error instanceof NotHere) this.skip();
          throw error;
        });
    });
  }
  it('has no difference on the list that is gone', () => player().accepted.assertAllUsed());
}
