import assert from 'node:assert/strict';
import type { TaskRun } from '../../../../src/api/people.ts';
import type { ClusterPicture } from '../../../../src/extension/cluster/picture.ts';
import type { ClusterState } from '../../../../src/extension/cluster/state.ts';
import type { Outline } from '../../../../src/extension/tree/rows.ts';
import { clusterState } from '../../../vscode/support/views.ts';

/** A living cluster, with what a test is about given. */
export function picture(
  over: Partial<ClusterState> = {},
  rest: Partial<ClusterPicture> = {},
): ClusterPicture {
  const state = clusterState({ offers: { suppressed: false, offers: [] }, ...over });
  return { connection: { phase: 'live' }, starting: undefined, state, ...rest };
}

export function tasks(...runs: readonly TaskRun[]): ClusterState['tasks'] {
  return new Map(runs.map((run) => [run.id, run]));
}

/** The rows as text, one a line, indented. */
export function text(outline: Outline): string[] {
  const lines: string[] = [];
  const add = (ids: readonly string[], indent: string): void => {
    for (const id of ids) {
      const row = outline.rows.get(id);
      assert.ok(row, `${id} has a row`);
      lines.push(`${indent}${row.label} | ${row.description}`);
      add(row.children, `${indent}  `);
    }
  };
  add(outline.roots, '');
  return lines;
}
