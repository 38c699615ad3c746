import * as z from 'zod/mini';
import type { EngineName } from './facts.ts';

/** What `mesos-airflow doctor --json` prints, as far as it is needed here (docs/cli.md). */
export const examination = z.object({
  findings: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['ok', 'warning', 'failed']),
      detail: z.string(),
      remedy: z.optional(z.string()),
      /** The one engine that needs it; without it every engine does. */
      engine: z.optional(z.string()),
    }),
  ),
});
export type Examination = z.infer<typeof examination>;

/** Whether an engine can be used on this machine. */
export type Possibility =
  | { readonly state: 'looking' }
  /** `what`: what it would run on, such as which Docker answers. */
  | { readonly state: 'possible'; readonly what: string }
  | { readonly state: 'impossible'; readonly why: string; readonly remedy: string | undefined };

export type Possibilities = Readonly<Record<EngineName, Possibility>>;

export const stillLooking: Possibilities = {
  embedded: { state: 'looking' },
  docker: { state: 'looking' },
};

/** Of each engine, the finding that says on what it would run. */
const shownFinding: Readonly<Record<EngineName, string>> = { embedded: 'Python', docker: 'Docker' };

/** What the findings mean for each engine: the first one that failed keeps it from running. */
export function possibilitiesOf({ findings }: Examination): Possibilities {
  const of = (name: EngineName): Possibility => {
    const needed = findings.filter(({ engine }) => engine === undefined || engine === name);
    const failed = needed.find(({ state }) => state === 'failed');
    if (failed) return { state: 'impossible', why: failed.detail, remedy: failed.remedy };
    const own = needed.find((finding) => finding.name === shownFinding[name]);
    return { state: 'possible', what: own ? subjectOf(own) : '' };
  };
  return { embedded: of('embedded'), docker: of('docker') };
}

/** `Python 3.11.7, …`, `Docker Engine 28.5 …`: with its name, unless it says that itself. */
function subjectOf({ name, detail }: Examination['findings'][number]): string {
  return detail.startsWith(name) ? detail : `${name} ${detail}`;
}

/** Where this machine could not be examined: nobody is kept from trying, and told why nothing is known. */
export function unknownPossibilities(why: string): Possibilities {
  const unknown = { state: 'possible', what: why } as const;
  return { embedded: unknown, docker: unknown };
}
