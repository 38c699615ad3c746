import * as vscode from 'vscode';
import type { Command } from '../app.ts';
import { start } from './start.ts';
import { confirmedEnd, stopShown } from './stop.ts';

/** Stops the cluster and starts it again: with the settings of now, and what it has stored. */
export const restart: Command = {
  id: 'mesosAirflow.restart',
  needsTrust: true,
  run: async (app) => {
    if (app.model.picture.starting) {
      void vscode.window.showInformationMessage('The cluster is being started already.');
      return;
    }
    if (app.model.picture.connection.phase !== 'absent') {
      if (!(await confirmedEnd(app, 'Restart'))) return;
      await stopShown(app);
    }
    await start.run(app, undefined);
  },
};
