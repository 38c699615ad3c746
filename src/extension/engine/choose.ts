import type { EngineName } from './facts.ts';

export const engineSettings = ['ask', 'auto', 'embedded', 'docker'] as const;
/** The setting mesosAirflow.engine. */
export type EngineSetting = (typeof engineSettings)[number];

/** The setting as somebody wrote it: what is none of ours asks. */
export function engineSetting(value: unknown): EngineSetting {
  return engineSettings.find((setting) => setting === value) ?? 'ask';
}

/** What to start with: a cluster that is there keeps its engine, whatever the setting says of new ones. */
export function engineFor(
  setting: EngineSetting,
  existing: EngineName | undefined,
): EngineName | 'auto' | 'ask' {
  return existing ?? setting;
}
