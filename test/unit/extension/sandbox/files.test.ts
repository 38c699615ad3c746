import assert from 'node:assert/strict';
import type { SandboxEntry } from '../../../../src/api/logs.ts';
import { ServiceProblem, ServiceUnreachable } from '../../../../src/client/errors.ts';
import {
  mostFileBytes,
  NotInSandbox,
  SandboxFileTooLarge,
  SandboxGone,
} from '../../../../src/extension/sandbox/errors.ts';
import { SandboxFiles, type SandboxClient } from '../../../../src/extension/sandbox/files.ts';
import type { Place } from '../../../../src/extension/sandbox/place.ts';
import { entry, sandbox } from './sandboxes.ts';

const at = (path: string): Place => ({ ...sandbox, path });

function files(
  over: Partial<SandboxClient>,
  now: () => number = () => 0,
): { readonly files: SandboxFiles; readonly asked: string[] } {
  const asked: string[] = [];
  const client: SandboxClient = {
    sandbox: (id, path) => {
      asked.push(`${id} ${path ?? ''}`);
      return Promise.resolve<SandboxEntry[]>([entry('stdout'), entry('logs', { kind: 'folder' })]);
    },
    sandboxFile: () => Promise.reject(new Error('not read')),
    ...over,
  };
  return { files: new SandboxFiles(() => Promise.resolve(client), now), asked };
}

describe('the files of a sandbox', () => {
  it('are listed once for all that is asked at about the same time', async () => {
    let now = 0;
    const { files: all, asked } = files({}, () => now);
    await Promise.all([all.list(sandbox), all.entry(at('stdout')), all.entry(at('logs'))]);
    assert.deepEqual(asked, ['3f2a.1 ']);
    await all.list(sandbox, true);
    now += 1000;
    await all.list(sandbox);
    await all.list(at('logs'));
    assert.deepEqual(asked, ['3f2a.1 ', '3f2a.1 ', '3f2a.1 ', '3f2a.1 logs']);
    assert.equal(all.seen(at('stdout'))?.size, 12);
    assert.equal(all.seen(at('stderr')), undefined);
  });

  it('are told apart from a sandbox that is gone, and from what cannot be known now', async () => {
    const { files: all } = files({});
    await assert.rejects(all.entry(at('nothing')), NotInSandbox);
    const none = new ServiceProblem(404, { error: 'There is nothing', next: 'Mesos removes old sandboxes.' });
    const { files: gone } = files({ sandbox: () => Promise.reject(none) });
    await assert.rejects(
      gone.entry(at('stdout')),
      (error) => error instanceof SandboxGone && error.next === 'Mesos removes old sandboxes.',
    );
    await assert.rejects(gone.list(at('logs')), NotInSandbox);
    const away = new ServiceUnreachable({ socket: '/s' }, 'ECONNREFUSED');
    const { files: lost } = files({ sandbox: () => Promise.reject(away) });
    await assert.rejects(lost.list(sandbox), (error) => error === away);
    // An error is not kept.
    await assert.rejects(lost.list(sandbox), (error) => error === away);
  });

  it('are read whole, as they stood at first, though they grow meanwhile', async () => {
    const text = Buffer.from('0123456789');
    const { files: all } = files({
      sandboxFile: (_id, _path, query) => {
        const offset = query?.offset ?? 0;
        const size = offset === 0 ? 9 : 10;
        return Promise.resolve({ data: text.subarray(offset, offset + 4), offset, size });
      },
    });
    assert.equal((await all.read(at('stdout'))).toString(), '012345678');
    const { files: cut } = files({
      sandboxFile: (_id, _path, query) => {
        const offset = query?.offset ?? 0;
        return Promise.resolve({ data: text.subarray(offset, 4), offset, size: 10 });
      },
    });
    assert.equal((await cut.read(at('stdout'))).toString(), '0123');
  });

  it('are not read where they are too large for an editor', async () => {
    let reads = 0;
    const { files: all } = files({
      sandboxFile: () => {
        reads += 1;
        return Promise.resolve({ data: Buffer.alloc(10), offset: 0, size: mostFileBytes + 1 });
      },
    });
    await assert.rejects(all.read(at('stdout')), SandboxFileTooLarge);
    assert.equal(reads, 1);
  });
});
