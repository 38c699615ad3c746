import { photograph } from './screenshots.ts';
import type { Editor } from './editor.ts';

/** Each step of these begins where the one before it ended: after one that failed, which is photographed, none is made. */
export function inSteps(editor: () => Editor): void {
  let broken = false;
  beforeEach(function () {
    if (broken) this.skip();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    broken = true;
    await photograph(editor().pages, this.currentTest.title);
  });
}
