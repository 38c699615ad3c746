import assert from 'node:assert/strict';
import {
  addQuantities,
  parseRanges,
  quantitiesOf,
  rangesOf,
  roundScalar,
  subtractQuantities,
  sumScalars,
  take,
} from '../../../src/mesos/resources.ts';
import type { Offer, Resource } from '../../../src/mesos/types.ts';
import { recordedEvents } from '../../support/recordedMesos.ts';

const scalar = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  allocation_info: { role: 'eng' },
  ...more,
});
const ports = (...range: { begin: number; end: number }[]): Resource => ({
  name: 'ports',
  type: 'RANGES',
  ranges: { range },
});
const reserved = { reservations: [{ type: 'STATIC' as const, role: 'eng' }] };

const recordedOffers = () =>
  recordedEvents()
    .filter(({ type }) => type === 'OFFERS')
    .flatMap(({ offers }) => (offers as { offers: Offer[] }).offers);

describe('Sums of resources', () => {
  it('are to three decimals, as Mesos keeps them', () => {
    const tenths = Array.from({ length: 10 }, () => scalar('cpus', 0.1));
    assert.equal(sumScalars(tenths).get('cpus'), 1);
    assert.deepEqual(
      subtractQuantities({ cpus: 0.3, mem: 1, disk: 0, gpus: 0 }, { cpus: 0.1, mem: 2, disk: 0, gpus: 0 }),
      { cpus: 0.2, mem: -1, disk: 0, gpus: 0 },
    );
    assert.deepEqual(
      addQuantities({ cpus: 0.1, mem: 1, disk: 5, gpus: 1 }, { cpus: 0.2, mem: 2, disk: 5, gpus: 0 }),
      { cpus: 0.3, mem: 3, disk: 10, gpus: 1 },
    );
    assert.equal(roundScalar(0.00049), 0);
    assert.equal(roundScalar(1.0005), 1.001);
  });

  it('go over roles and reservations, and leave out what is no scalar', () => {
    const resources = [scalar('cpus', 1, reserved), scalar('cpus', 2), ports({ begin: 1, end: 2 })];
    assert.deepEqual(quantitiesOf(resources), { cpus: 3, mem: 0, disk: 0, gpus: 0 });
    assert.deepEqual([...sumScalars(resources).keys()], ['cpus']);
    assert.deepEqual(quantitiesOf(), { cpus: 0, mem: 0, disk: 0, gpus: 0 });
  });
});

describe('Taking resources for a task', () => {
  it('leaves the rest for the next, until nothing is left', () => {
    let rest: Resource[] = [scalar('cpus', 0.3), scalar('mem', 100), ports({ begin: 1, end: 2 })];
    for (let nth = 0; nth < 3; nth++) {
      const result = take(rest, { cpus: 0.1, mem: 32 });
      assert.deepEqual(result?.taken, [scalar('cpus', 0.1), scalar('mem', 32)]);
      rest = result.rest;
    }
    assert.deepEqual(rest, [scalar('mem', 4), ports({ begin: 1, end: 2 })]);
    assert.equal(take(rest, { cpus: 0.001 }), undefined);
    assert.deepEqual(take(rest, { mem: 4 })?.rest, [ports({ begin: 1, end: 2 })]);
  });

  it('takes all or nothing', () => {
    const resources = [scalar('cpus', 1), scalar('mem', 10)];
    assert.equal(take(resources, { cpus: 1, mem: 11 }), undefined);
    assert.deepEqual(resources, [scalar('cpus', 1), scalar('mem', 10)]);
    assert.deepEqual(take(resources, {}), { taken: [], rest: resources });
    assert.deepEqual(take(resources, { cpus: 0 })?.taken, []);
  });

  it('uses reserved ones first, each part under its own role', () => {
    const offered = [scalar('cpus', 2), scalar('cpus', 1, reserved), scalar('cpus', 1, { role: 'old' })];
    assert.deepEqual(take(offered, { cpus: 2.5 }), {
      taken: [scalar('cpus', 1, reserved), scalar('cpus', 1, { role: 'old' }), scalar('cpus', 0.5)],
      rest: [scalar('cpus', 1.5)],
    });
  });

  it('takes several parts that look alike, as several offers of one agent have them', () => {
    const offered = [scalar('cpus', 1), scalar('cpus', 1)];
    assert.deepEqual(take(offered, { cpus: 1.5 }), {
      taken: [scalar('cpus', 1), scalar('cpus', 0.5)],
      rest: [scalar('cpus', 0.5)],
    });
    const [same] = offered;
    assert.deepEqual(quantitiesOf(take([same!, same!], { cpus: 1.5 })?.rest).cpus, 0.5);
  });

  it('leaves volumes, shared and revocable resources alone', () => {
    const odd = [
      scalar('disk', 10, { disk: { persistence: { id: 'v' } } }),
      scalar('disk', 10, { shared: {} }),
      scalar('cpus', 4, { revocable: {} }),
    ];
    assert.equal(take(odd, { disk: 1 }), undefined);
    assert.equal(take(odd, { cpus: 1 }), undefined);
    assert.deepEqual(take([...odd, scalar('disk', 1)], { disk: 1 })?.rest, odd);
  });

  it('gives of each recorded offer what is asked, allocated to the role that the offer is for', () => {
    const offers = recordedOffers();
    assert.ok(offers.length > 10);
    for (const { resources = [], allocation_info } of offers) {
      const before = quantitiesOf(resources);
      const result = take(resources, { cpus: before.cpus / 2, mem: before.mem });
      assert.ok(result);
      for (const { allocation_info: allocated } of result.taken) assert.deepEqual(allocated, allocation_info);
      const after = addQuantities(quantitiesOf(result.taken), quantitiesOf(result.rest));
      assert.deepEqual(after, before);
      assert.equal(quantitiesOf(result.rest).mem, 0);
    }
  });
});

describe('Ranges', () => {
  it('are gathered, sorted and joined', () => {
    const resources = [
      ports({ begin: 31010, end: 31019 }, { begin: 31000, end: 31004 }),
      ports({ begin: 31005, end: 31009 }, { begin: 32000, end: 32000 }),
      scalar('cpus', 1),
    ];
    assert.deepEqual(rangesOf(resources, 'ports'), [
      { begin: 31000, end: 31019 },
      { begin: 32000, end: 32000 },
    ]);
    assert.deepEqual(rangesOf(resources, 'cpus'), []);
    assert.deepEqual(resources[0], ports({ begin: 31010, end: 31019 }, { begin: 31000, end: 31004 }));
  });

  it("are read as Mesos's flags have them", () => {
    assert.deepEqual(parseRanges('[31000-32000, 33000-33000]'), [
      { begin: 31000, end: 32000 },
      { begin: 33000, end: 33000 },
    ]);
    for (const wrong of [
      '',
      '[]',
      '31000-32000',
      '[5-4]',
      '[1-2-3]',
      '[a-b]',
      '[1-]',
      '[-1-2]',
      '[1-99999999999999999999]',
    ]) {
      assert.equal(parseRanges(wrong), undefined, wrong);
    }
  });
});
