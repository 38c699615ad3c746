import assert from 'node:assert/strict';
import { ServiceClient } from '../../../../src/client/serviceClient.ts';
import type { Connection } from '../../../../src/extension/cluster/connection.ts';
import { Emitter } from '../../../../src/extension/emitter.ts';
import { clientOf } from '../../../../src/extension/sandbox/connect.ts';

/** The part of a model that is looked at. */
class Model {
  readonly name = 'demo';
  client: ServiceClient | undefined;
  connection: Connection = { phase: 'unknown' };
  readonly #changed = new Emitter<void>();
  readonly onDidChange = this.#changed.event;

  get picture(): { readonly connection: Connection } & Parameters<typeof clientOf>[0]['picture'] {
    return { connection: this.connection } as Parameters<typeof clientOf>[0]['picture'];
  }

  become(connection: Connection, client?: ServiceClient): void {
    this.connection = connection;
    this.client = client;
    this.#changed.fire();
  }
}

describe('the service of an address in a sandbox', () => {
  const client = new ServiceClient({ socket: '/nowhere' }, 'token');

  it('is waited for while the window looks for its cluster', async () => {
    const model = new Model();
    const found = clientOf(model, 'demo');
    model.become({ phase: 'lost', why: 'it starts' });
    model.become({ phase: 'live' }, client);
    assert.equal(await found, client);
    assert.equal(await clientOf(model, 'demo'), client);
  });

  it('is not waited for where the cluster does not run, or does not come', async () => {
    const model = new Model();
    const found = clientOf(model, 'demo');
    model.become({ phase: 'absent' });
    await assert.rejects(found, /“demo” is not running/);
    model.become({ phase: 'lost', why: 'ECONNREFUSED' });
    await assert.rejects(clientOf(model, 'demo', 20), /“demo” does not answer/);
  });

  it('is never another cluster’s', async () => {
    const model = new Model();
    model.become({ phase: 'live' }, client);
    await assert.rejects(clientOf(model, 'other'), /of the cluster “other”, which this window does not show/);
  });
});
