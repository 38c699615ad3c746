import * as l10n from '@vscode/l10n';
import type { SandboxEntry } from '../../api/logs.ts';
import type { TaskRun } from '../../api/people.ts';
import { bytes, clock, plain } from '../format.ts';
import { explain } from '../cluster/connection.ts';
import { runName, taskName } from '../tree/states.ts';
import { nameOf, type Place } from './place.ts';

/** A sandbox that a person has opened. */
export interface OpenSandbox {
  readonly cluster: string;
  readonly task: string;
  readonly title: string;
  /** Beside its title: where it is, and of which run. */
  readonly about: string;
}

/** A row of the view, as plain data. */
export interface SandboxRow {
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip?: string;
  readonly context:
    'sandbox' | 'sandboxFolder' | 'sandboxFile' | 'sandboxOther' | 'sandboxProblem' | 'sandboxEmpty';
  readonly opens: boolean;
}

/** The sandbox of a task run's newest launch, which must have been. */
export function sandboxOf(cluster: string, run: TaskRun, task: string, now: number): OpenSandbox {
  const about = [run.agent, run.key.dag_id, runName(run.key.run_id, now)].filter((part) => part !== null);
  return {
    cluster,
    task,
    title: `${taskName(run)} · ${l10n.t('try {0}', run.key.try_number)}`,
    about: about.join(' · '),
  };
}

export function placeIn({ cluster, task, title }: OpenSandbox, path = ''): Place {
  return { cluster, task, title, path };
}

/** Folders first, each by name. */
export function inOrder(entries: readonly SandboxEntry[]): SandboxEntry[] {
  const rank = ({ kind }: SandboxEntry): number => (kind === 'folder' ? 0 : 1);
  return [...entries].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
}

export function sandboxRow({ title, about, task }: OpenSandbox): SandboxRow {
  return { label: title, description: about, tooltip: plain(task), context: 'sandbox', opens: true };
}

export function entryRow(entry: SandboxEntry, now: number): SandboxRow {
  const label = nameOf(entry.path);
  switch (entry.kind) {
    case 'folder':
      return { label, description: '', context: 'sandboxFolder', opens: true };
    case 'other':
      return { label, description: l10n.t('not a file'), context: 'sandboxOther', opens: false };
    case 'file':
    case 'link':
      return {
        label,
        description: `${bytes(entry.size)} · ${clock(entry.modified, now)}`,
        context: 'sandboxFile',
        opens: false,
      };
  }
}

/** In place of what cannot be listed. */
export function problemRow(error: unknown): SandboxRow {
  const { what, why, next } = explain(error);
  const more = [why, next].filter((part) => part !== undefined && part !== '');
  return {
    label: what,
    description: more.join(' · '),
    tooltip: [`**${plain(what)}**`, ...more.map((part) => plain(part ?? ''))].join('\n\n'),
    context: 'sandboxProblem',
    opens: false,
  };
}

export function emptyRow(): SandboxRow {
  return { label: l10n.t('This folder is empty'), description: '', context: 'sandboxEmpty', opens: false };
}
