import type { Run } from '../app.ts';

/** Opens the cluster page: agents as bars, and the timeline. */
export const showClusterPage: Run = ({ clusterPage }) => clusterPage.show();
