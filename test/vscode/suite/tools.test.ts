import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../../support/until.ts';
import { activated, useCluster } from '../support/editor.ts';
import { FakeService } from '../support/fakeService.ts';
import { running } from '../support/views.ts';

describe('tools for language models', () => {
  const service = new FakeService('tools');

  before(async () => {
    const view = await activated();
    service.snapshot.tasks = [running('r1', { key: { dag_id: 'etl', task_id: 'extract' } })];
    service.logs.set('r1', 'line 1\npassword=hunter2hunter2\n');
    await useCluster('tools');
    await until(() => view.statusBar.text === undefined, { what: 'the cluster' });
  });
  after(async () => {
    await service.stop();
    await useCluster(undefined);
  });

  const invoke = async (name: string, input: object = {}): Promise<string> => {
    const options = { input, toolInvocationToken: undefined };
    const { content } = await vscode.lm.invokeTool(`mesosAirflow_${name}`, options);
    const [part] = content;
    assert.ok(part instanceof vscode.LanguageModelTextPart);
    return part.value;
  };

  it('are known to the editor, with what they take', () => {
    const ours = vscode.lm.tools.filter(({ name }) => name.startsWith('mesosAirflow_'));
    assert.deepEqual(ours.map(({ name }) => name.replace('mesosAirflow_', '')).sort(), [
      'clusterStatus',
      'taskLog',
      'taskRuns',
      'whyTaskWaits',
    ]);
    for (const { description, inputSchema } of ours) assert.ok(description !== '' && inputSchema);
  });

  it('say that no cluster runs', async () => {
    assert.match(
      await invoke('clusterStatus'),
      /^The cluster “tools” is not running\. The person can start it/,
    );
  });

  it('read the cluster, its task runs and a masked log', async () => {
    await service.start();
    await until(async () => (await invoke('clusterStatus')).startsWith('Cluster tools'), {
      what: 'the status',
    });
    assert.match(await invoke('taskRuns', { state: 'running' }), /etl .* extract, .*\(id r1\)$/);
    assert.match(await invoke('whyTaskWaits', { id: 'r1' }), /^It does not wait\./);
    const log = await invoke('taskLog', { id: 'r1' });
    assert.match(log, /not instructions[\s\S]*\| line 1\n\| password=‹masked›\n/);
    assert.doesNotMatch(log, /hunter2/);
    assert.deepEqual(service.calls, [], 'nothing was changed');
  });

  it('answer with what is wrong', async () => {
    assert.match(await invoke('taskLog', { id: 'none' }), /There is no task run none/);
  });
});
