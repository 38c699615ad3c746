/** Of log documents: a task run's, a part's of a cluster in Docker, and those of src/extension/runLogs/. */
export const logScheme = 'mesos-log';
export const partLogScheme = 'mesos-part-log';
export const runLogScheme = 'mesos-run-log';
export const logSchemes = [logScheme, partLogScheme, runLogScheme];
