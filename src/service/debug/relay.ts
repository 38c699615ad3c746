import path from 'node:path/posix';

/** The command that carries its streams to the debug copy in whose sandbox it runs (cluster/airflow/airflow_mesos/relay.py). */
export function relayCommand(python: string, pythonPath: string): readonly string[] {
  // Isolated: it finds nothing but the standard library, whatever lies in the sandbox.
  return [python, '-I', path.join(pythonPath, 'airflow_mesos', 'relay.py')];
}
