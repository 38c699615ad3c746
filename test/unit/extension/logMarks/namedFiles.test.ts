import assert from 'node:assert/strict';
import { NamedFiles, type FileRoots } from '../../../../src/extension/logMarks/namedFiles.ts';

describe('the files that a log names', () => {
  const inContainer: FileRoots = {
    dags: {
      local: '/home/ada/sky/dags',
      real: '/data/dags',
      airflow: '/opt/mesos-airflow/dags',
      here: false,
    },
    workspace: ['/home/ada/sky'],
  };
  const here: FileRoots = {
    dags: { local: '/home/ada/sky/dags', real: '/data/dags', airflow: '/home/ada/sky/dags', here: true },
    workspace: ['/home/ada/sky'],
  };
  const existing = (...files: string[]): NamedFiles =>
    new NamedFiles((file) => Promise.resolve(files.includes(file)));

  it('are those of the DAG folder, by each name that it has', async () => {
    const files = existing('/home/ada/sky/dags/etl/load.py');
    const load = '/home/ada/sky/dags/etl/load.py';
    assert.equal(await files.find('/opt/mesos-airflow/dags/etl/load.py', inContainer), load);
    assert.equal(await files.find('/data/dags/etl/load.py', here), load);
    assert.equal(await files.find('/home/ada/sky/dags/etl/load.py', here), load);
    assert.equal(await files.find('etl/load.py', inContainer), load);
    assert.equal(await files.find('dags/etl/load.py', inContainer), load);
  });

  it('are of the window where another checkout has the same', async () => {
    const files = existing('/home/ada/sky/lib/units.py');
    assert.equal(await files.find('/srv/build/lib/units.py', here), '/home/ada/sky/lib/units.py');
    assert.equal(await files.find('/home/ada/sky/lib/units.py', here), '/home/ada/sky/lib/units.py');
    const alone: FileRoots = { dags: undefined, workspace: ['/home/ada/sky'] };
    assert.equal(await files.find('/srv/build/lib/units.py', alone), '/home/ada/sky/lib/units.py');
  });

  it('are none that do not exist, lie elsewhere, or are of Python and of packages', async () => {
    const everything = new NamedFiles(() => Promise.resolve(true));
    const nothing = new NamedFiles(() => Promise.resolve(false));
    assert.equal(await nothing.find('/opt/mesos-airflow/dags/load.py', inContainer), undefined);
    assert.equal(await everything.find('/usr/lib/python3.12/json/decoder.py', here), undefined);
    assert.equal(await everything.find('/home/ada/sky/../secret.py', here), undefined);
    assert.equal(await everything.find('../../secret.py', here), undefined);
    assert.equal(await everything.find('/opt/mesos-airflow/dags/../../secret.py', inContainer), undefined);
    assert.match((await everything.find('/etc/x/secret.py', here)) ?? '', /^\/home\/ada\/sky\/dags\//);
  });

  it('are looked for once in a while', async () => {
    let now = 0;
    let looks = 0;
    let exists = false;
    const isFile = (): Promise<boolean> => {
      looks += 1;
      return Promise.resolve(exists);
    };
    const files = new NamedFiles(isFile, () => now);
    const alone: FileRoots = { dags: undefined, workspace: ['/w'] };
    const find = (): Promise<string | undefined> => files.find('load.py', alone);
    assert.deepEqual(await Promise.all([find(), find()]), [undefined, undefined]);
    assert.equal(looks, 1);
    exists = true;
    assert.equal(await find(), undefined);
    now = 10_000;
    assert.equal(await find(), '/w/load.py');
    assert.equal(looks, 2);
  });
});
