import os from 'node:os';
import * as vscode from 'vscode';
import type { App } from '../app.ts';

/** The programs and the machine, by name. */
export function versionsHere({ model }: App): Record<string, string> {
  const extension = vscode.extensions.getExtension('mesos-airflow.mesos-airflow');
  const { version } = (extension?.packageJSON ?? {}) as { readonly version?: string };
  const { cluster } = model.picture.state ?? {};
  return {
    'collected at': new Date().toISOString(),
    'Mesos Airflow': version ?? 'unknown',
    'its cluster': cluster ? `${cluster.name}, ${cluster.engine}, ${cluster.version}` : model.name,
    connection: model.picture.connection.phase,
    editor: `${vscode.env.appName} ${vscode.version}`,
    'its host': vscode.env.remoteName ?? vscode.env.appHost,
    Node: process.version,
    system: `${os.type()} ${os.release()}, ${process.platform} ${process.arch}`,
    memory: `${Math.round(os.totalmem() / 2 ** 20)} MB, ${os.cpus().length} cpus`,
  };
}
