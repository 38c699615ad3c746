import { StandIns } from './standIns.ts';

/** What stands in the place of something that looks like a secret. */
export const secretStandIn = '‹masked›';

const secretNames = '[\\w.-]*(?:password|passwd|secret|token|api_?key|access_key|credential)[\\w.-]*';
const secrets: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${secretStandIn}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${secretStandIn}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, secretStandIn],
  [new RegExp(`\\b(${secretNames}["']?\\s*[=:]\\s*)["']?(?!‹)[^\\s,;&"']+["']?`, 'gi'), `$1${secretStandIn}`],
];

/** Folders whose names tell nothing of a person. */
const plainFolders =
  /^\/(?:usr|bin|sbin|lib|lib64|etc|dev|proc|sys|run|v1|dags|opt\/mesos-airflow|var\/(?:lib|log|run))(?:\/|$)/;

const endings =
  'com|net|org|io|dev|local|localdomain|internal|intranet|lan|corp|cloud|home|edu|gov|mil|info|biz|de|eu|uk|fr|ch|at|nl|us|in|jp|cn|br|au|ca';

const path = /(?<![\w./:~\\-])\/(?:[\w.@%+~ -]*[\w.@%+~-]\/)+[\w.@%+~-]*/g;
const windowsPath = /\b[A-Za-z]:\\(?:[^\\\s"'<>|:]+\\)*[^\\\s"'<>|:]*/g;
const ipv4 = /(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g;
const ipv6 = /(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])/gi;
const email = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const domain = new RegExp(
  `(?<![\\w.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+(?:${endings})(?![\\w-])`,
  'gi',
);

/** Replaces in free text what tells of machines and people: by what it looks like, and by what is known of them. */
export class TextMask {
  readonly #addresses = new StandIns((number) => `192.0.2.${number}`);
  readonly #addresses6 = new StandIns((number) => `2001:db8::${number.toString(16)}`);
  readonly #domains = new StandIns((number) => `host-${number}.example`);
  readonly #people = new StandIns((number) => `person-${number}@mail.example`);
  readonly #folders = new StandIns((number) => `/folder-${number}`);
  readonly #files = new StandIns((number) => `file-${number}`);
  readonly #masksFiles: boolean;
  readonly #known = new Map<string, string>();
  #pattern: RegExp | undefined;

  /** `masksFiles`: names of files too, which are those of DAGs. */
  constructor(masksFiles: boolean) {
    this.#masksFiles = masksFiles;
  }

  /** A word that is to be replaced wherever it stands by itself. */
  know(word: string, standIn: string): void {
    if (this.#known.get(word) === standIn) return;
    this.#known.set(word, standIn);
    this.#pattern = undefined;
  }

  text(text: string): string {
    let safe = text;
    for (const [pattern, replacement] of secrets) safe = safe.replace(pattern, replacement);
    safe = safe.replace(email, (found) => (isOurs(found) ? found : this.#people.for(found)));
    safe = safe.replace(path, (found) => this.path(found)).replace(windowsPath, (found) => this.path(found));
    safe = this.#knownIn(safe);
    safe = safe.replace(ipv4, (found) => (isLoopback(found) ? found : this.#addresses.for(found)));
    safe = safe.replace(ipv6, (found) => (found === '::1' ? found : this.#addresses6.for(found)));
    return safe.replace(domain, (found) => (isOurs(found) ? found : this.#domains.for(found.toLowerCase())));
  }

  /** A path keeps its last part, and the folder a stand-in, where it is not one that every machine has. */
  path(path: string): string {
    if (plainFolders.test(path)) return this.#knownIn(path);
    const normal = path.replaceAll('\\', '/');
    const end = normal.lastIndexOf('/');
    if (end < 0) return this.#knownIn(path);
    const [folder, file] = [normal.slice(0, end), normal.slice(end + 1)];
    if (/^\/folder-\d+$/.test(folder)) return path;
    return `${this.folder(folder)}/${this.#file(file)}`;
  }

  folder(folder: string): string {
    return plainFolders.test(`${folder}/`) || folder === '' ? folder : this.#folders.for(folder);
  }

  #file(file: string): string {
    if (!this.#masksFiles || file === '') return this.#knownIn(file);
    const [, name = file, ending = ''] = /^(.*?)(\.[a-z0-9]{1,5})?$/i.exec(file) ?? [];
    return `${this.#files.for(name)}${ending}`;
  }

  #knownIn(text: string): string {
    if (this.#known.size === 0) return text;
    // The longest first: one may contain another.
    const words = (): string[] => [...this.#known.keys()].sort((one, other) => other.length - one.length);
    this.#pattern ??= new RegExp(`(?<![\\w-])(?:${words().map(escaped).join('|')})(?![\\w-])`, 'g');
    return text.replace(this.#pattern, (found) => this.#known.get(found) ?? found);
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '0.0.0.0' || address.startsWith('192.0.2.');
}

/** A stand-in already, made by us. */
function isOurs(text: string): boolean {
  return /\.example$/i.test(text);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
