import assert from 'node:assert/strict';
import { ExplainedError } from '../../../src/host/errors.ts';
import { parseAttributes, parseResources } from '../../../src/devmesos/flagValues.ts';
import { Resources } from '../../../src/devmesos/resources.ts';
import { stringify } from '../../../src/devmesos/json.ts';
import { parseDuration, refusalOf } from '../../../src/devmesos/duration.ts';
import { doubleText } from '../../../src/devmesos/master/doubleText.ts';

const of = (text: string): Resources => Resources.of(parseResources(text));

describe('dev Mesos: resources', () => {
  it('counts in thousandths: tenths add up', () => {
    let sum = Resources.none;
    for (let time = 0; time < 10; time += 1) sum = sum.plus(of('cpus:0.1'));
    assert.equal(sum.scalar('cpus'), 1);
    assert.ok(of('cpus:1').minus(sum).isEmpty);
    assert.ok(of('cpus:0.3').contains(of('cpus:0.1').plus(of('cpus:0.2'))));
  });

  it('subtracts ranges and sets', () => {
    const left = of('ports:[1-10];things:{a,b}').minus(of('ports:[3-4,10-10];things:{b}'));
    assert.equal(left.toString(), 'ports:[1-2, 5-9]; things:{a}');
    assert.ok(!left.contains(of('ports:[2-5]')));
    assert.ok(left.contains(of('ports:[5-9]')));
    assert.equal(left.plus(of('ports:[3-4]')).toString(), 'ports:[1-9]; things:{a}');
  });

  it('keeps apart what is reserved or allocated to different roles', () => {
    const total = of('cpus:2;cpus(eng):1');
    assert.equal(total.offerableTo('ops').toString(), 'cpus:2');
    assert.equal(total.offerableTo('eng').scalar('cpus'), 3);
    assert.ok(!of('cpus:2').contains(of('cpus:2').allocatedTo('*')));
    assert.equal(
      total.allocatedTo('eng').toString(),
      'cpus(allocated: eng):2; cpus(allocated: eng)(reservations: [(STATIC,eng)]):1',
    );
  });

  it('drops quantities of zero', () => {
    assert.ok(of('cpus:0').isEmpty);
    assert.ok(Resources.none.contains(of('cpus:0')));
  });

  it('reads what agents are told, and says what it cannot read', () => {
    assert.deepEqual(parseAttributes('rack:r7;ratio:0.5;keys:[1-2];url:http://x:1'), [
      { name: 'rack', type: 'TEXT', text: { value: 'r7' } },
      { name: 'ratio', type: 'SCALAR', scalar: { value: 0.5 } },
      { name: 'keys', type: 'RANGES', ranges: { range: [{ begin: 1, end: 2 }] } },
      { name: 'url', type: 'TEXT', text: { value: 'http://x:1' } },
    ]);
    for (const bad of ['cpus', 'cpus:x', 'cpus:-1', ':4', 'ports:[2-1]']) {
      assert.throws(() => parseResources(bad), ExplainedError, bad);
    }
    assert.throws(() => parseAttributes('rack'), ExplainedError);
  });
});

describe('dev Mesos: how values are written', () => {
  it('gives doubles a fraction and integers none', () => {
    assert.equal(
      stringify({ heartbeat_interval_seconds: 15, port: 5050, scalar: { value: 0.1 }, mem: 32, begin: 1 }),
      '{"heartbeat_interval_seconds":15.0,"port":5050,"scalar":{"value":0.1},"mem":32.0,"begin":1}',
    );
    assert.equal(stringify({ unset: undefined, text: 'ä"\n', none: [] }), '{"text":"ä\\"\\n","none":[]}');
  });

  it('prints doubles as C++ does', () => {
    const texts = [1e18, 0.1, 100, 1234567, 0.00001, -2.5, NaN, Infinity].map(doubleText);
    assert.deepEqual(texts, ['1e+18', '0.1', '100', '1.23457e+06', '1e-05', '-2.5', 'nan', 'inf']);
  });

  it('reads durations', () => {
    const values = ['10secs', '500ms', '1.5mins', '1hrs', '2days', '1weeks', '3us', '10', 'x', '-1secs'];
    assert.deepEqual(values.map(parseDuration), [
      10_000,
      500,
      90_000,
      3_600_000,
      172_800_000,
      604_800_000,
      0.003,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('bounds refusals', () => {
    const values = [undefined, 0, 0.5, -1, NaN, 1e300];
    assert.deepEqual(values.map(refusalOf), [5000, 0, 500, 5000, 5000, 365 * 86_400_000]);
  });
});
