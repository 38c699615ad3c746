import assert from 'node:assert/strict';
import type { ImportError } from '../../../../../src/api/people.ts';
import type { ClusterPicture } from '../../../../../src/extension/cluster/picture.ts';
import { Emitter } from '../../../../../src/extension/emitter.ts';
import { FirstLook } from '../../../../../src/extension/tree/dags/firstLook.ts';
import { clusterView } from '../../../../vscode/support/views.ts';
import { picture } from '../outlines.ts';

const broken: ImportError = { file: 'broken.py', line: 1, message: 'no', trace: '' };

describe('FirstLook', () => {
  const changed = new Emitter<void>();
  const model = {
    onDidChange: changed.event,
    picture: { ...picture(), incidents: new Map() },
    want,
  };
  let wanted: readonly string[] = [];
  function want(_owner: object, topics: ReadonlySet<string>): void {
    wanted = [...topics];
  }
  function now(shown: ClusterPicture): readonly string[] {
    model.picture = { ...shown, state: shown.state, incidents: new Map() };
    changed.fire();
    return wanted;
  }

  it('asks for DAGs once of a cluster, when it has started', () => {
    const look = new FirstLook(model);
    const starting = clusterView({ state: 'starting' });
    assert.deepEqual(now(picture({ cluster: starting })), ['dags']);
    assert.deepEqual(now(picture({ cluster: starting, dags: [] })), ['dags']);
    assert.deepEqual(now(picture({ dags: [], importErrors: [] })), []);
    assert.deepEqual(now(picture()), []);
    assert.deepEqual(now(picture({ cluster: clusterView({ started: 1 }) })), ['dags']);
    assert.deepEqual(now({ connection: { phase: 'absent' }, starting: undefined, state: undefined }), []);
    look.dispose();
  });

  it('asks on while there are import errors, until they are gone', () => {
    const look = new FirstLook(model);
    assert.deepEqual(now(picture({ dags: [], importErrors: [broken] })), ['dags']);
    assert.deepEqual(now(picture({ dags: [], importErrors: [] })), []);
    now(picture({ dags: [], importErrors: [broken] }));
    look.dispose();
    assert.deepEqual(wanted, []);
  });
});
