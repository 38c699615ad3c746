import * as l10n from '@vscode/l10n';
import type { EngineName } from '../engine/facts.ts';
import { CommandLineError } from './errors.ts';

/** What a person can do about a start that failed, as a button. */
export type Remedy = 'retry' | 'embedded' | 'settings' | 'partLog';

export function remedyTitles(): Readonly<Record<Remedy, string>> {
  return {
    retry: l10n.t('Retry'),
    embedded: l10n.t('Start Embedded Instead'),
    settings: l10n.t('Open Settings'),
    partLog: l10n.t('Show Part Log'),
  };
}

/** By the kind of error, the likeliest first; two at most, as a notification has room for no more beside the log. */
const remedies: Readonly<Record<string, readonly Remedy[]>> = {
  DockerUnavailable: ['embedded', 'retry'],
  DockerTooSmall: ['embedded', 'retry'],
  DockerDiskFull: ['retry', 'embedded'],
  PullStalled: ['retry', 'embedded'],
  RegistryUnreachable: ['retry', 'settings'],
  RegistryLimited: ['retry', 'settings'],
  PullFailed: ['retry', 'settings'],
  BuildFailed: ['retry', 'settings'],
  // The same again would fail again, unless another image or registry is named or logged in to.
  ImageNotFound: ['settings', 'retry'],
  PlatformMissing: ['settings', 'retry'],
  RegistryUntrusted: ['settings', 'retry'],
  RegistryRefused: ['settings', 'retry'],
  BadImageName: ['settings'],
  DagsFolderNotMounted: ['settings', 'retry'],
  DagsFolderMissing: ['settings', 'retry'],
  PartFailedError: ['retry', 'partLog'],
  SettingError: ['settings'],
  ClusterNameError: ['settings'],
};

/** The remedies for a start that failed. `isNew`: the cluster is not there yet, so it can still be one of another engine. */
export function remediesFor(
  error: unknown,
  { engine, isNew }: { readonly engine: EngineName | 'auto'; readonly isNew: boolean },
): Remedy[] {
  const kind =
    error instanceof CommandLineError ? error.kind : error instanceof Error ? error.name : undefined;
  const all = (kind === undefined ? undefined : remedies[kind]) ?? ['retry'];
  return all.filter((remedy) => remedy !== 'embedded' || (isNew && engine !== 'embedded'));
}
