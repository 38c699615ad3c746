import os from 'node:os';
import path from 'node:path';
import { readIfThere } from '../../host/files.ts';

/** pip's settings by their long option names ("index-url"), from its files and its variables; the later ones win. */
export type PipSettings = Readonly<Record<string, string>>;

/**
 * Reads pip's configuration as pip does: the system's, the person's and PIP_CONFIG_FILE's file, of each the sections
 * [global] and [install], then the variables PIP_…. (https://pip.pypa.io/en/stable/topics/configuration/)
 */
export async function pipSettings(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<PipSettings> {
  const merged: Record<string, string> = {};
  for (const file of configurationFiles(env, platform)) {
    const sections = parseIni((await readIfThere(file).catch(() => undefined)) ?? '');
    Object.assign(merged, sections.get('global'), sections.get('install'));
  }
  for (const [name, value] of Object.entries(env)) {
    const option = /^PIP_([A-Z0-9_]+)$/.exec(name)?.[1];
    if (option && value) merged[option.toLowerCase().replaceAll('_', '-')] = value;
  }
  return merged;
}

function configurationFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  // The name of the null device turns all files off.
  if (env.PIP_CONFIG_FILE === os.devNull) return [];
  const home = env.HOME ?? os.homedir();
  const system =
    platform === 'darwin'
      ? ['/Library/Application Support/pip/pip.conf']
      : (env.XDG_CONFIG_DIRS ?? '/etc/xdg').split(':').map((folder) => path.join(folder, 'pip', 'pip.conf'));
  const own = [
    path.join(home, '.pip', 'pip.conf'),
    ...(platform === 'darwin' ? [path.join(home, 'Library', 'Application Support', 'pip', 'pip.conf')] : []),
    path.join(env.XDG_CONFIG_HOME ?? path.join(home, '.config'), 'pip', 'pip.conf'),
  ];
  return [...system, '/etc/pip.conf', ...own, ...(env.PIP_CONFIG_FILE ? [env.PIP_CONFIG_FILE] : [])];
}

/** Sections of an INI file as Python's ConfigParser reads them; indented lines continue the value above. */
export function parseIni(text: string): Map<string, Record<string, string>> {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  let option: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const heading = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (heading !== undefined) {
      section = sections.get(heading) ?? {};
      sections.set(heading, section);
      option = undefined;
    } else if (/^\s/.test(line) && section && option !== undefined) {
      section[option] = `${section[option] ?? ''}\n${line.trim()}`.trim();
    } else {
      const [, name, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      if (section && name !== undefined) {
        option = name.trim().toLowerCase().replaceAll('_', '-');
        section[option] = (value ?? '').trim();
      }
    }
  }
  return sections;
}
