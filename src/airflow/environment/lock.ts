/** A package of a lock: its name in PyPI's normal form, its version, and the marker that says where it is wanted. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly marker: string | undefined;
}

const pinned =
  /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)[ \t]*(?:;[ \t]*([^\\\r\n]*?))?[ \t]*\\?$/gm;

/** The packages of a requirements file in which everything is pinned. */
export function lockedPackages(lock: string): LockedPackage[] {
  return [...lock.matchAll(pinned)].map(([, name = '', version = '', marker]) => ({
    name: normalName(name),
    version,
    marker: marker === '' ? undefined : marker,
  }));
}

/** What a further install is held to, so that it cannot change a package that Airflow needs: the lock without hashes. */
export function constraintsOf(packages: readonly LockedPackage[]): string {
  return packages
    .map(({ name, version, marker }) => `${name}==${version}${marker ? ` ; ${marker}` : ''}\n`)
    .join('');
}

/** PyPI's normal form of a name: lower case, with single dashes. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
