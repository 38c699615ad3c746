import * as l10n from '@vscode/l10n';

/** An item of a picker. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly description?: string;
  readonly picked?: boolean;
}

/** One for each value, with that which holds now marked. */
export function choices<T extends string>(
  values: readonly T[],
  names: Record<T, string>,
  now: T,
): Choice<T>[] {
  return values.map((value) => ({
    value,
    label: names[value],
    ...(value === now ? { description: l10n.t('now') } : {}),
  }));
}
