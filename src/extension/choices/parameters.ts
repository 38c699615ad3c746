import * as l10n from '@vscode/l10n';
import type { DagParam } from '../../api/people.ts';
import { messageOf } from '../../host/errors.ts';

/** Parameters that a person wrote for a run, or why they are none. */
export type Parameters = { readonly conf: Record<string, unknown> } | { readonly problem: string };

/** Reads the parameters of a run: a JSON object; nothing stands for none. */
export function parametersIn(text: string): Parameters {
  if (text.trim() === '') return { conf: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problem: l10n.t('This is not JSON: {0}', messageOf(error)) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: l10n.t('Parameters are a JSON object, such as {0}.', '{"city": "Zürich"}') };
  }
  return { conf: { ...value } };
}

/** What a person begins with: the defaults of all that the DAG declares; empty where it declares nothing. */
export function defaultsText(params: readonly DagParam[]): string {
  if (params.length === 0) return '';
  // As one writes it by hand: it is one line of an input box.
  const pairs = params.map(({ name, value }) => `${JSON.stringify(name)}: ${JSON.stringify(value ?? null)}`);
  return `{${pairs.join(', ')}}`;
}

/** So much of the descriptions is shown (characters). */
const mostDescribed = 300;

/** What the parameters are, as far as the DAG says it: `city: where the report is for · days (integer)`. */
export function descriptionOf(params: readonly DagParam[]): string {
  const text = params
    .map(({ name, description, schema }) => described(name, description, schema))
    .join(' · ');
  return text.length > mostDescribed ? `${text.slice(0, mostDescribed)}…` : text;
}

function described(name: string, description: string | null, schema: DagParam['schema']): string {
  const { type, enum: values } = schema;
  const kinds = [type].flat().filter((kind) => typeof kind === 'string');
  const what = Array.isArray(values) ? values.map((value) => JSON.stringify(value)) : kinds;
  const said = description?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return [what.length > 0 ? `${name} (${what.join(', ')})` : name, said]
    .filter((part) => part !== '')
    .join(': ');
}
