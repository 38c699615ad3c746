import assert from 'node:assert/strict';
import { exitText } from '../../../src/devmesos/agent/exitText.ts';
import { parsePs } from '../../../src/devmesos/agent/processTable.ts';

describe('dev agent: processes', () => {
  it('reads what ps says on macOS, with spaces in paths', () => {
    const text = [
      '  501     1   501 Ss   Mon Nov 23 15:16:03 2026 /bin/sh -c sleep 1 MESOS_DIRECTORY=/Users/a b/run PATH=/bin',
      '  502   501   501 S+   Mon Nov  2 15:16:03 2026 sleep 1',
      '  503   501   501 Z    Mon Nov  2 15:16:03 2026 (sleep)',
      '',
    ].join('\n');
    assert.deepEqual(parsePs(text), [
      {
        pid: 501,
        parent: 1,
        group: 501,
        session: 0,
        started: 'Mon Nov 23 15:16:03 2026',
        directory: '/Users/a b/run PATH=/bin',
        nested: '',
        groups: [],
      },
      {
        pid: 502,
        parent: 501,
        group: 501,
        session: 0,
        started: 'Mon Nov  2 15:16:03 2026',
        directory: '',
        nested: '',
        groups: [],
      },
    ]);
  });

  it('says how a command ended as Mesos does', () => {
    const texts = [
      exitText({ code: 0, signal: null }),
      exitText({ code: null, signal: 'SIGINT' }),
      exitText({ code: null, signal: 'SIGXFSZ' }),
    ];
    assert.deepEqual(texts, [
      'Command exited with status 0',
      'Command terminated with signal Interrupt',
      'Command terminated with signal File size limit exceeded',
    ]);
  });
});
