import * as z from 'zod/mini';
import { instant } from '../api/common.ts';
import type { Delta, Json } from './delta.ts';

// A journal and a recording are the same text: JSON lines. A header begins each segment of a journal, and a recording; then
// comes a line with all that is known, and then a line for each change of it. Its keys are the topics of a subscription
// (src/api/topics.ts), whose values are the events that it would begin with, and `task:<request id>`, whose values are task runs.

/** The version of this format: readers refuse a newer one. */
export const journalFormat = 1;

export const journalHeader = z.object({
  'mesos-airflow': z.literal('recording'),
  format: z.int(),
  /** The version of the program that wrote it. */
  program: z.string(),
  cluster: z.string(),
  /** When it was begun. */
  at: instant,
  /** Of a recording: the times that it covers. */
  from: z.optional(instant),
  to: z.optional(instant),
  /** Of a recording: what was replaced by stand-ins; absent where nothing was. */
  masked: z.optional(z.array(z.string())),
});
export type JournalHeader = z.infer<typeof journalHeader>;

/** Whatever the parser of JSON made. */
const json = z.custom<Json>(() => true);
const delta: z.ZodMiniType<Delta> = z.lazy(() =>
  z.union([
    z.strictObject({ v: json }),
    z.strictObject({ o: z.record(z.string(), delta), d: z.optional(z.array(z.string())) }),
    z.strictObject({
      a: z.array(
        z.union([
          z.tuple([z.int(), z.int()]),
          z.strictObject({ v: json }),
          z.strictObject({ i: z.int(), d: delta }),
        ]),
      ),
    }),
  ]),
);

/** All that is known from here on. */
const allLine = z.object({ at: instant, all: z.record(z.string(), json) });
/** A value is new, or another. */
const setLine = z.object({ at: instant, set: z.string(), to: delta });
/** A value is not known any more: nobody looks at that page, or that is not there. */
const dropLine = z.object({ at: instant, drop: z.string() });
/** A recording is whole: without it, it was cut off. */
const endLine = z.object({ at: instant, end: z.literal(true) });

export type Line =
  | { readonly kind: 'header'; readonly header: JournalHeader }
  | { readonly kind: 'all'; readonly at: number; readonly all: Readonly<Record<string, Json>> }
  | { readonly kind: 'set'; readonly at: number; readonly set: string; readonly to: Delta }
  | { readonly kind: 'drop'; readonly at: number; readonly drop: string }
  | { readonly kind: 'end'; readonly at: number };

/** The line that a text is; undefined where it is none of this format. */
export function parseLine(text: string): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Cut off or damaged: as good as none.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if ('set' in value) return kindOf('set', setLine, value);
  if ('drop' in value) return kindOf('drop', dropLine, value);
  if ('all' in value) return kindOf('all', allLine, value);
  if ('end' in value) return kindOf('end', endLine, value);
  const header = journalHeader.safeParse(value);
  return header.success ? { kind: 'header', header: header.data } : undefined;
}

function kindOf<K extends string, T extends z.ZodMiniType>(
  kind: K,
  schema: T,
  value: unknown,
): ({ readonly kind: K } & z.output<T>) | undefined {
  const result = z.safeParse(schema, value);
  return result.success ? { kind, ...(result.data as z.output<T> & object) } : undefined;
}

export const taskPrefix = 'task:';

/** The key of a task run. */
export function taskKey(requestId: string): string {
  return `${taskPrefix}${requestId}`;
}

/** The request id of a key, undefined where it is of something else. */
export function taskOfKey(key: string): string | undefined {
  return key.startsWith(taskPrefix) ? key.slice(taskPrefix.length) : undefined;
}
