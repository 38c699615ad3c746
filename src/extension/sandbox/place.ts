export const sandboxScheme = 'mesos-sandbox';

/** A file or folder in a task's sandbox. */
export interface Place {
  readonly cluster: string;
  /** The task's id on Mesos: a sandbox is of one launch. */
  readonly task: string;
  /** How a person calls the sandbox: `load · try 1`. It names nothing. */
  readonly title: string;
  /** In the sandbox, parts divided by `/`; empty: the sandbox itself. */
  readonly path: string;
}

/** A place of a `mesos-sandbox:` address, `/<cluster>/<task>/<title>[/<path>]`; undefined where it names none, or leads out. */
export function placeOf(uriPath: string): Place | undefined {
  const [begin, cluster, task, title, ...parts] = uriPath.replace(/\/+$/, '').split('/');
  if (begin !== '' || !cluster || !task || !title) return undefined;
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part)))
    return undefined;
  return { cluster, task, title, path: parts.join('/') };
}

/** The path of a place's address. */
export function uriPathOf({ cluster, task, title, path }: Place): string {
  const sandbox = `/${cluster}/${task}/${partOf(title)}`;
  return path === '' ? sandbox : `${sandbox}/${path}`;
}

/** A part of an address: a slash would end it. */
export function partOf(text: string): string {
  return text.replaceAll('/', '∕').replaceAll('\\', '∖') || '∕';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The same sandbox: what is asked of it is asked of the same folder of an agent. */
export function sandboxKey({ cluster, task }: Pick<Place, 'cluster' | 'task'>): string {
  return `${cluster}/${task}`;
}
