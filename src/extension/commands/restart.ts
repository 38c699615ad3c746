import type { Run } from '../app.ts';
import { isBusy } from './busy.ts';
import { start } from './start.ts';
import { confirmedEnd, stopShown } from './stop.ts';

/** Stops the cluster and starts it again: with the settings of now, and what it has stored. */
export const restart: Run = async (app) => {
  if (isBusy(app)) return;
  if (app.model.picture.connection.phase !== 'absent') {
    if (!(await confirmedEnd(app, 'restart'))) return;
    await stopShown(app);
  }
  await start(app, undefined);
};
