import type { PresetName } from './presets.ts';

interface Common {
  /** Why this one, in a sentence. */
  readonly why: string;
  /** What doesn't work as it would elsewhere, a sentence each. */
  readonly limits: readonly string[];
  /** `linux/amd64` or `linux/arm64`, where it was asked for. */
  readonly platform: string | undefined;
}

export interface ApacheChoice extends Common {
  readonly distribution: 'apache';
  readonly preset: PresetName;
  readonly layout: 'separate' | 'all-in-one';
  /** To be fetched where they are missing; what agents run in is built from the agent's. */
  readonly images: { readonly master: string; readonly agent: string };
}

export interface DevChoice extends Common {
  readonly distribution: 'dev';
  readonly preset: null;
}

/** Whose Mesos runs in a cluster. */
export type MesosChoice = ApacheChoice | DevChoice;

/** What a cluster had the last time, from its spec. */
export interface ChosenBefore {
  readonly distribution: 'apache' | 'dev';
  readonly preset: string | null;
  readonly why: string;
  readonly images?: { readonly master: string; readonly agent: string } | undefined;
}
