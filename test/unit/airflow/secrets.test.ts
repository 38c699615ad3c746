import assert from 'node:assert/strict';
import { airflowSecrets } from '../../../src/airflow/secrets.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('Airflow’s secrets', () => {
  it('are the same for all who want them first at the same time, and ever after', async () => {
    const folder = await temporaryFolder('secrets');
    try {
      const setup = { secretsFolder: folder.path };
      const all = await Promise.all(Array.from({ length: 20 }, () => airflowSecrets(setup)));
      all.push(await airflowSecrets(setup));
      assert.equal(new Set(all.map((secrets) => JSON.stringify(secrets))).size, 1);
      assert.match(all[0]?.password ?? '', /^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
    } finally {
      await folder.remove();
    }
  });
});
