import assert from 'node:assert/strict';
import { lacksOf, type ProbeAnswer } from '../../../../../src/engines/docker/images/ownImage.ts';
import { airflowUser } from '../../../../../src/engines/docker/images/person.ts';

describe("what a person's own Airflow image lacks", () => {
  const apache: ProbeAnswer = {
    python: '/home/airflow/.local/bin/python',
    version: '3.12.11',
    implementation: 'CPython',
    airflow: '3.3.2',
    drivers: ['psycopg2', 'asyncpg'],
    site_folder: null,
  };

  it("is nothing for one like Apache's", () => {
    assert.deepEqual(lacksOf(apache), []);
  });

  it('is told with all of it at once', () => {
    const lacks = lacksOf({ ...apache, version: '3.9.2', airflow: '2.11.0', drivers: [] });
    assert.deepEqual(lacks, [
      'Its /home/airflow/.local/bin/python is Python 3.9.2; 3.11 or newer is needed.',
      'It has Airflow 2.11.0; this runs 3.3.',
      'It has no psycopg2-binary and no asyncpg for the database (pip install psycopg2-binary asyncpg).',
    ]);
  });

  it('can be Airflow itself, or one driver', () => {
    assert.match(lacksOf({ ...apache, airflow: null }).join(), /has no Airflow \(pip install/);
    assert.match(lacksOf({ ...apache, airflow: '3.4.0' }).join(), /has Airflow 3\.4\.0; this runs 3\.3/);
    assert.match(lacksOf({ ...apache, drivers: ['psycopg2'] }).join(), /has no asyncpg for/);
    assert.match(lacksOf({ ...apache, implementation: 'PyPy' }).join(), /is PyPy, not CPython/);
  });
});

describe('the number of the user that runs Airflow', () => {
  it("is the person's own on Linux, never root's, and the usual one elsewhere", () => {
    assert.equal(airflowUser('linux', 1000), 1000);
    assert.equal(airflowUser('linux', 0), 50_000);
    assert.equal(airflowUser('darwin', 501), 50_000);
  });
});
