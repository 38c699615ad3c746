import assert from 'node:assert/strict';
import { decode, DecodeError } from '../../../src/devmesos/wire/schema.ts';
import { schedulerCall } from '../../../src/devmesos/wire/schedulerCall.ts';
import { callError } from '../../../src/devmesos/master/callValidation.ts';

const decoded = (value: unknown): Record<string, unknown> =>
  decode(JSON.stringify(value), schedulerCall, 'Call') as Record<string, unknown>;
const errorOf = (text: string): string => {
  try {
    decode(text, schedulerCall, 'Call');
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
  return 'no error';
};
const conversion = (value: unknown): string =>
  errorOf(JSON.stringify(value)).replace('Failed to convert JSON into Call protobuf: ', '');

describe('dev master: decoding of calls', () => {
  it('quotes the rest of the line where JSON ends', () => {
    const syntax = (text: string): string => errorOf(text).replace('Failed to parse body into JSON: ', '');
    assert.equal(syntax('x'), 'syntax error at line 1 near: x');
    assert.equal(syntax(''), 'syntax error at line 1 near: ');
    assert.equal(syntax('{"a":1,\n"b":tru }'), 'syntax error at line 2 near: tru }');
    assert.equal(syntax('{} x'), 'Parsed JSON included non-whitespace trailing characters: x');
    assert.match(syntax('['.repeat(100_000)), /^syntax error at line 1 near: \[/);
  });

  it('ignores unknown fields and null, takes one for a list of one and text for a number', () => {
    assert.deepEqual(
      decoded({
        type: 'DECLINE',
        zzz: { a: 1 },
        framework_id: null,
        decline: { offer_ids: { value: 'o' }, filters: { refuse_seconds: '1.5' } },
      }),
      { type: 'DECLINE', decline: { offer_ids: [{ value: 'o' }], filters: { refuse_seconds: 1.5 } } },
    );
  });

  it('leaves an unknown name of an optional enum unset, and refuses one of a required enum', () => {
    assert.deepEqual(decoded({ type: 'BOGUS' }), {});
    const resources = [{ name: 'cpus', type: 'NUMBER' }];
    assert.equal(conversion({ request: { requests: [{ resources }] } }), "Failed to find enum for 'NUMBER'");
  });

  const faults: [value: unknown, error: string][] = [
    [{ subscribe: 5 }, "Not expecting a JSON number for field 'subscribe'"],
    [{ subscribe: [] }, "Not expecting a JSON array for field 'subscribe'"],
    [{ subscribe: 'x' }, "Not expecting a JSON string for field 'subscribe'"],
    [{ framework_id: { value: true } }, "Not expecting a JSON boolean for field 'value'"],
    [{ framework_id: { value: {} } }, "Not expecting a JSON object for field 'value'"],
    [{ kill: {} }, 'Missing required fields: kill.task_id'],
    [
      { accept: { operations: [{ launch: { task_infos: [{ name: 'x', task_id: {} }] } }] } },
      'Missing required fields: accept.operations[0].launch.task_infos[0].agent_id, accept.operations[0].launch.task_infos[0].task_id.value',
    ],
    [
      { acknowledge: { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: '**' } },
      "Failed to base64 decode bytes field 'uuid': Invalid character '*'",
    ],
  ];
  for (const [value, error] of faults) {
    it(`says: ${error}`, () => assert.equal(conversion(value), error));
  }

  it('wants an acknowledgement to carry a UUID of RFC 4122', () => {
    const acknowledge = (bytes: number[]): string | undefined =>
      callError({
        type: 'ACKNOWLEDGE',
        framework_id: { value: 'f' },
        acknowledge: {
          agent_id: { value: 'a' },
          task_id: { value: 't' },
          uuid: Buffer.from(bytes).toString('base64'),
        },
      });
    const uuid = [...Buffer.from('c5bfa549ea36429fb5e12de3e449da3c', 'hex')];
    assert.equal(acknowledge(uuid), undefined);
    assert.equal(acknowledge(uuid.slice(1)), 'Not a valid UUID');
    assert.equal(acknowledge(uuid.with(6, 0x02)), 'Not a valid UUID');
    assert.equal(acknowledge(uuid.with(8, 0x02)), 'Not a valid UUID');
  });

  it('does not trip over names that objects have by themselves', () => {
    assert.deepEqual(
      decode('{"__proto__":{"x":1},"constructor":1,"toString":2,"type":"REVIVE"}', schedulerCall, 'Call'),
      { type: 'REVIVE' },
    );
  });
});
