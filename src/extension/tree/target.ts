import * as z from 'zod/mini';

/** What a command acts on: of a row that was clicked, or as another part of the extension names it. */
const target = z.object({
  dag_id: z.optional(z.string()),
  run_id: z.optional(z.string()),
  task_id: z.optional(z.string()),
  /** Of a mapped task; without it all of its instances. */
  map_index: z.optional(z.int()),
  /** A task run's request id. */
  task: z.optional(z.string()),
  agent_id: z.optional(z.string()),
  framework_id: z.optional(z.string()),
  offer_id: z.optional(z.string()),
  part: z.optional(z.string()),
});
export type Target = z.infer<typeof target>;

/** What a row's id names, or an object of the same shape. Empty where it is neither: then a person is asked. */
export function targetOf(argument: unknown): Target {
  if (typeof argument === 'string') return ofRow(argument);
  const parsed = z.safeParse(target, argument);
  return parsed.success ? parsed.data : {};
}

function ofRow(id: string): Target {
  const colon = id.indexOf(':');
  if (colon < 0) return {};
  const [kind, rest] = [id.slice(0, colon), id.slice(colon + 1)];
  switch (kind) {
    case 'taskRun':
      return { task: rest };
    case 'run': {
      // The id of a DAG has no slash; that of a run may have.
      const slash = rest.indexOf('/');
      return slash < 0 ? {} : { dag_id: rest.slice(0, slash), run_id: rest.slice(slash + 1) };
    }
    case 'dag':
      return { dag_id: rest };
    case 'agent':
      return { agent_id: rest };
    case 'framework':
      return { framework_id: rest };
    case 'offer':
      return { offer_id: rest };
    case 'part':
      return { part: rest };
    default:
      return {};
  }
}
