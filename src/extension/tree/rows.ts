/** One row of the tree as plain data: what VS Code shows is made of it, and tests read it. */
export interface Row {
  /** Stable: the same thing keeps its row, its place and whether it is open. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip?: string;
  readonly icon?: { readonly id: string; readonly colour?: string };
  /** `<state><Kind>` for menus, such as `runningTaskRun`. */
  readonly context: string;
  /** Whether it has rows below it, and shows them at first. Must not change while the row lives. */
  readonly opens: 'never' | 'closed' | 'open';
  /** A command that a click runs, with the arguments. */
  readonly click?: {
    readonly command: string;
    readonly title: string;
    readonly arguments: readonly unknown[];
  };
  readonly children: readonly string[];
}

/** All rows of a tree: every id in `roots` and in `children` is a key of `rows`. */
export interface Outline {
  readonly roots: readonly string[];
  readonly rows: ReadonlyMap<string, Row>;
}

export const emptyOutline: Outline = { roots: [], rows: new Map() };

/** A row with the rows below it, before they are flattened. */
export interface Branch {
  readonly row: Omit<Row, 'children'>;
  readonly below?: readonly Branch[];
}

export function outlineOf(branches: readonly Branch[]): Outline {
  const rows = new Map<string, Row>();
  const add = ({ row, below = [] }: Branch): string => {
    rows.set(row.id, { ...row, children: below.map(add) });
    return row.id;
  };
  return { roots: branches.map(add), rows };
}

/**
 * What must be drawn again after `before` became `after`: the ids of rows that look different or have other rows below
 * them, or 'all' where the top rows are others. Rows that came or went are drawn by their parent.
 */
export function changesBetween(before: Outline, after: Outline): 'all' | readonly string[] {
  if (!sameList(before.roots, after.roots)) return 'all';
  const changed: string[] = [];
  for (const [id, row] of after.rows) {
    const old = before.rows.get(id);
    if (old && !sameRow(old, row)) changed.push(id);
  }
  return changed;
}

function sameRow(a: Row, b: Row): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.tooltip === b.tooltip &&
    a.icon?.id === b.icon?.id &&
    a.icon?.colour === b.icon?.colour &&
    a.context === b.context &&
    a.opens === b.opens &&
    JSON.stringify(a.click) === JSON.stringify(b.click) &&
    sameList(a.children, b.children)
  );
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
