import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { readTemplate, templateFile } from '../../../../../src/engines/docker/images/databaseTemplate.ts';
import { temporaryFolder } from '../../../../support/temporary.ts';

describe("a template of Airflow's database", () => {
  it('belongs to one Airflow and one PostgreSQL', () => {
    const key = { airflowImageId: 'sha256:a', databaseImageId: 'sha256:d' };
    const file = templateFile('/cache', key);
    assert.equal(templateFile('/cache', { ...key }), file);
    assert.notEqual(templateFile('/cache', { ...key, airflowImageId: 'sha256:b' }), file);
    assert.notEqual(templateFile('/cache', { ...key, databaseImageId: 'sha256:e' }), file);
  });

  it('counts only where it is whole: half of one would leave a database that cannot be used', async () => {
    const folder = await temporaryFolder('template');
    try {
      const file = path.join(folder.path, 'template.sql');
      assert.equal(await readTemplate(file), undefined);
      const whole =
        '-- Airflow’s tables, without anybody’s data; made by Mesos Airflow, 1\nCREATE TABLE a ();\n-- That was all.\n';
      await fs.writeFile(file, whole);
      assert.equal(await readTemplate(file), whole);
      await fs.writeFile(file, whole.slice(0, -5));
      assert.equal(await readTemplate(file), undefined);
      await fs.writeFile(file, whole.slice(5));
      assert.equal(await readTemplate(file), undefined);
    } finally {
      await folder.remove();
    }
  });
});
