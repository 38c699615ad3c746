import * as l10n from '@vscode/l10n';
import { messageOf } from '../../host/errors.ts';

/** What diagnostics are gathered from. */
export interface Sources {
  readonly cluster: string;
  /** Versions and the machine, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** The settings `mesosAirflow.*`. */
  readonly settings: unknown;
  /** Whose logs there are. */
  readonly parts: readonly string[];
  /** What a command of the command line prints. */
  readonly run: (args: readonly string[]) => Promise<string>;
  readonly redact: (text: string) => string;
}

export interface DiagnosticFile {
  readonly name: string;
  readonly content: string;
}

/** How many of a part's last lines are taken. */
export const logLines = 500;

/** What the diagnostics of a cluster will hold, for the person who is asked. */
export function contentsText({ cluster, parts }: Pick<Sources, 'cluster' | 'parts'>): string[] {
  return [
    l10n.t('versions.txt: Mesos Airflow, the editor, this machine'),
    l10n.t('settings.json: the settings mesosAirflow.*'),
    l10n.t('doctor.json: what a cluster needs of this machine'),
    l10n.t('status.json: the cluster “{0}”, its parts, addresses, counts, and broken DAG files', cluster),
    ...(parts.length > 0 ? [l10n.t('logs: the last {0} lines of {1}', logLines, parts.join(', '))] : []),
  ];
}

/** Each file as it is ready, masked. A command that fails leaves a file that says so. */
export async function* diagnosticFiles(sources: Sources): AsyncGenerator<DiagnosticFile, void, undefined> {
  const { cluster, versions, settings, parts, redact } = sources;
  const file = (name: string, content: string): DiagnosticFile => ({ name, content: redact(`${content}\n`) });
  const said = async (name: string, ...args: readonly string[]): Promise<DiagnosticFile> => {
    try {
      return file(name, await sources.run(args));
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') throw error;
      return file(name, `mesos-airflow ${args.join(' ')} could not be run: ${messageOf(error)}`);
    }
  };
  const lines = Object.entries(versions).map(([name, value]) => `${name}: ${value}`);
  yield file('versions.txt', lines.join('\n'));
  yield file('settings.json', JSON.stringify(settings, undefined, 2));
  yield await said('doctor.json', 'doctor', '--json');
  yield await said('status.json', 'status', '--json', '--name', cluster);
  for (const part of parts) {
    const args = ['logs', '--part', part, '--lines', String(logLines), '--name', cluster];
    yield await said(`logs/${part.replaceAll(/[^\w.-]/g, '_')}.log`, ...args);
  }
}
