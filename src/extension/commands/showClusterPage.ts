import type { Command } from '../app.ts';

/** Opens the cluster page: agents as bars, and the timeline. */
export const showClusterPage: Command = {
  id: 'mesosAirflow.showClusterPage',
  run: (app) => {
    app.clusterPage.show();
    return Promise.resolve();
  },
};
