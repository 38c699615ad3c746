/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * What makes one JSON value of another. `v`: the new value itself. `o`: changed and new fields of an object, `d`: those that
 * are gone. `a`: a list of pieces, each a range of the old list ([first, count]), an item of its own, or (`d`) what the old
 * item at place `i` has become.
 */
export type Delta =
  | { readonly v: Json }
  | { readonly o: Readonly<Record<string, Delta>>; readonly d?: readonly string[] | undefined }
  | { readonly a: readonly Piece[] };

type Piece = readonly [number, number] | { readonly v: Json } | { readonly i: number; readonly d: Delta };

/** Thrown where a delta does not fit the value that it is for. */
export class DeltaMisfit extends Error {
  constructor(why: string) {
    super(`the change does not fit what it changes: ${why}`);
    this.name = 'DeltaMisfit';
  }
}

/** The change from one value to another; undefined where they are the same. Lists of views change by few items at a time. */
export function deltaOf(before: Json | undefined, after: Json): Delta | undefined {
  if (before === after) return undefined;
  if (isList(before) && isList(after)) return listDelta(before, after);
  if (isObject(before) && isObject(after)) return objectDelta(before, after);
  return { v: after };
}

/** Throws DeltaMisfit. */
export function applied(before: Json | undefined, delta: Delta): Json {
  if ('v' in delta) return delta.v;
  if ('a' in delta) {
    if (!isList(before)) throw new DeltaMisfit('there is no list');
    return delta.a.flatMap((piece) => {
      if ('v' in piece) return [piece.v];
      if ('d' in piece) return [applied(before[piece.i], piece.d)];
      const [first, count] = piece;
      if (first < 0 || count < 0 || first + count > before.length)
        throw new DeltaMisfit('the list is shorter');
      return before.slice(first, first + count);
    });
  }
  if (!isObject(before)) throw new DeltaMisfit('there is no object');
  const gone = new Set(delta.d);
  const fields = new Map(Object.entries(before).filter(([name]) => !gone.has(name)));
  for (const [name, change] of Object.entries(delta.o)) fields.set(name, applied(fields.get(name), change));
  return Object.fromEntries(fields);
}

function listDelta(before: readonly Json[], after: readonly Json[]): Delta | undefined {
  const old = before.map((item) => JSON.stringify(item));
  const texts = after.map((item) => JSON.stringify(item));
  if (old.length === texts.length && texts.every((text, index) => text === old[index])) return undefined;
  const places = new Map(old.map((text, index) => [text, index]));
  const ids = new Map(before.map((item, index) => [idOf(item), index]));
  const pieces: (Piece | [number, number])[] = [];
  let open: [number, number] | undefined;
  after.forEach((item, index) => {
    const text = texts[index] ?? '';
    const following = open ? open[0] + open[1] : -1;
    // Of equal items the one that goes on a range.
    const place = old[following] === text ? following : places.get(text);
    if (place === undefined) {
      // What it was before: the one of its id, or (without ids) of its place.
      const id = idOf(item);
      pieces.push(become(before, id === undefined ? index : ids.get(id), item));
      open = undefined;
    } else if (open && place === following) {
      open[1] += 1;
    } else {
      open = [place, 1];
      pieces.push(open);
    }
  });
  return { a: pieces };
}

function become(before: readonly Json[], place: number | undefined, item: Json): Piece {
  const old = place === undefined ? undefined : before[place];
  if (place === undefined || !isObject(old) || !isObject(item)) return { v: item };
  const d = deltaOf(old, item);
  return d ? { i: place, d } : { v: item };
}

function idOf(item: Json): Json | undefined {
  return isObject(item) ? item.id : undefined;
}

function objectDelta(
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
): Delta | undefined {
  const changes: [string, Delta][] = [];
  for (const [name, value] of Object.entries(after)) {
    // JSON has no undefined: such a field is as good as not there.
    if ((value as Json | undefined) === undefined) continue;
    const change = deltaOf(Object.hasOwn(before, name) ? before[name] : undefined, value);
    if (change) changes.push([name, change]);
  }
  const gone = Object.keys(before).filter((name) => before[name] !== undefined && after[name] === undefined);
  if (changes.length === 0 && gone.length === 0) return undefined;
  return { o: Object.fromEntries(changes), ...(gone.length === 0 ? {} : { d: gone }) };
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
