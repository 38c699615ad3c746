import type { Page } from 'playwright-core';
import { busyCluster } from '../support/busyCluster.ts';
import type { FakeService } from '../vscode/support/fakeService.ts';
import { Editor } from './editor.ts';
import { fakeCluster } from './fakeCluster.ts';
import { packaged } from './packaged.ts';
import { photograph } from './screenshots.ts';

/** What the tests of a `describe` share; there once they run. */
export interface FakeWindow {
  readonly page: Page;
  readonly service: FakeService;
}

/**
 * Has the tests of a `describe` run in one window, which is about the busy cluster `analytics`. What its service knows beside
 * it is told by `tell`, before the window opens. A window in which a test failed is photographed.
 */
export function windowOnBusyCluster(tell: (service: FakeService, now: number) => void): FakeWindow {
  let editor: Editor | undefined;
  let window: FakeWindow | undefined;
  const { MESOS_AIRFLOW_HOME: home } = process.env;

  before(async () => {
    editor = await Editor.start({ vsix: packaged(), workspaceTrust: false });
    const now = Date.now();
    const service = await fakeCluster(editor.home, 'analytics', busyCluster(now));
    tell(service, now);
    const page = await editor.open(editor.workspace('sales', { 'mesosAirflow.cluster': 'analytics' }));
    window = { page, service };
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await photograph(editor?.pages ?? [], this.currentTest.title);
  });
  after(async () => {
    await window?.service.stop();
    await editor?.end();
    if (home === undefined) delete process.env.MESOS_AIRFLOW_HOME;
    else process.env.MESOS_AIRFLOW_HOME = home;
  });

  const now = (): FakeWindow => {
    if (!window) throw new Error('the window is not open yet');
    return window;
  };
  return {
    get page() {
      return now().page;
    },
    get service() {
      return now().service;
    },
  };
}
