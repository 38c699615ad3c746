import type { SandboxEntry } from '../../../../src/api/logs.ts';
import type { Place } from '../../../../src/extension/sandbox/place.ts';

export const sandbox: Place = { cluster: 'demo', task: '3f2a.1', title: 'load · try 1', path: '' };

export function entry(path: string, over: Partial<SandboxEntry> = {}): SandboxEntry {
  return { path, kind: 'file', size: 12, modified: 1000, mode: 0o644, ...over };
}
