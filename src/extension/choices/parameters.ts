/** Parameters that a person wrote for a run, or why they are none. */
export type Parameters = { readonly conf: Record<string, unknown> } | { readonly problem: string };

/** Reads the parameters of a run: a JSON object; nothing stands for none. */
export function parametersIn(text: string): Parameters {
  if (text.trim() === '') return { conf: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { problem: `This is not JSON: ${why}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: 'Parameters are a JSON object, such as {"city": "Zürich"}.' };
  }
  return { conf: { ...value } };
}
