import { settle } from './fakeClock.ts';
import { Model, randomOf } from './model.ts';
import type { Fault } from './model.ts';

const seeds = Number(process.env.MODEL_SEEDS ?? 12);
const steps = Number(process.env.MODEL_STEPS ?? 120);
const firstSeed = Number(process.env.MODEL_FIRST_SEED ?? 1);

/** What may happen, and how often. */
function operations(model: Model): [number, () => void | Promise<void>][] {
  const { world } = model;
  const faults: readonly Fault[] = ['crash before commit', 'crash after commit', 'disk full'];
  return [
    [8, () => model.submit(1 + Math.floor(model.random() * 3))],
    [6, () => model.submit(1, true)],
    [3, () => model.resubmit()],
    [2, () => model.kill()],
    [2, () => model.revoke()],
    [12, () => world.master.offer(model.random() < 0.3)],
    [1, () => world.master.rescind()],
    [20, () => model.progress()],
    [14, () => model.redeem()],
    [2, () => model.misuse()],
    [4, () => model.repeat()],
    [1, () => model.loseAgent()],
    [2, () => model.recoverAgents()],
    [1, () => world.master.breakConnection()],
    [1, () => model.failOver()],
    [5, () => model.reconnect()],
    [0.3, () => model.removeFramework()],
    [2, () => void (world.master.held = true)],
    [4, () => world.master.release()],
    [1, () => model.restart()],
    [
      3,
      () => {
        model.store.fault = model.pick(faults) ?? 'disk full';
        model.store.countdown = Math.floor(model.random() * 4);
      },
    ],
    [3, () => void (model.store.countdown = Infinity)],
    [8, () => world.clock.advance(model.pick([100, 1_000, 6_000, 40_000]) ?? 0)],
  ];
}

async function play(seed: number): Promise<void> {
  const model = await Model.make(randomOf(seed));
  try {
    const all = operations(model);
    const total = all.reduce((sum, [weight]) => sum + weight, 0);
    for (let step = 0; step < steps; step += 1) {
      let at = model.random() * total;
      const chosen = all.find(([weight]) => (at -= weight) < 0);
      await chosen?.[1]();
      // Not always: what comes together must do no harm either.
      if (model.random() < 0.8) await settle();
      await model.care();
      model.check();
    }
    await model.finish();
  } finally {
    await model.close();
  }
}

describe('Whatever happens', () => {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    it(`no request is lost, none runs twice, and Airflow is told the truth (seed ${seed})`, () => play(seed));
  }
});

/** A life with everything in it, one call after the other. */
async function script(model: Model): Promise<void> {
  const { world } = model;
  const acts: (() => void | Promise<void>)[] = [
    () => model.submit(3),
    () => world.master.offer(),
    () => model.progress('well'),
    () => model.redeem(),
    () => model.progress('well'),
    () => model.submit(1, true),
    () => model.kill(),
    () => model.revoke(),
    () => world.clock.advance(6_000),
    () => world.master.offer(),
    () => model.progress('well'),
    () => model.redeem(),
    () => world.master.breakConnection(),
    () => model.reconnect(),
    () => model.removeFramework(),
    () => model.reconnect(),
    () => world.clock.advance(6_000),
  ];
  for (const act of acts) {
    await act();
    await model.care();
    model.check();
  }
}

describe('A process that dies at a transaction', () => {
  for (const fault of ['crash before commit', 'crash after commit'] as const) {
    it(`loses nothing and does nothing twice: ${fault}, at each in turn`, async function () {
      this.timeout(60_000);
      for (let at = 0; at < 40; at += 1) {
        const model = await Model.make(randomOf(7));
        try {
          model.store.fault = fault;
          model.store.countdown = at;
          await script(model);
          const reached = model.store.countdown === Infinity;
          await model.finish();
          if (!reached) break;
        } finally {
          await model.close();
        }
      }
    });
  }
});
