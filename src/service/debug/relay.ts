import path from 'node:path/posix';

/**
 * The command that carries its streams to the debug copy in whose sandbox it runs.
 * @param pythonPath as PYTHONPATH: the folder of airflow_mesos first
 */
export function relayCommand(python: string, pythonPath: string): readonly string[] {
  // Isolated: it finds nothing but the standard library, whatever lies in the sandbox.
  return [python, '-I', path.join(pythonPath.split(':')[0] ?? '', 'airflow_mesos', 'relay.py')];
}
