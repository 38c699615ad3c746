import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { installerEnvironment, uvEnvironment } from '../../../airflow/environment/installerEnvironment.ts';
import { pipSettings, type PipSettings } from '../../../airflow/environment/pipConfiguration.ts';
import type { ContextFile } from '../../../docker/build.ts';
import { readIfThere } from '../../../host/files.ts';
import { certificateAuthorities } from './certificates.ts';
import { netrcFor } from './netrc.ts';

/** Where stages that install packages have these files. */
const inside = '/build/network';

/** Variables of uv that mean the same in a container as here. */
const forUv =
  /^UV_(DEFAULT_INDEX|INDEX|INDEX_URL|EXTRA_INDEX_URL|INDEX_STRATEGY|NO_INDEX|FIND_LINKS|INSECURE_HOST|HTTP_TIMEOUT|REQUEST_TIMEOUT|HTTP_RETRIES|NO_PROGRESS|INDEX_\w+_(USERNAME|PASSWORD))$/;
const proxies = /^(https?|all|no)_proxy$/i;

/**
 * What a build needs to reach the person's package indexes: their addresses, proxies, certificate authorities and logins.
 * For stages that are thrown away; in no image that is kept.
 */
export async function networkFiles(env: NodeJS.ProcessEnv): Promise<ContextFile[]> {
  const installer = installerEnvironment(env);
  const pip = await pipSettings(installer);
  const uv = uvEnvironment(installer, pip);
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(uv)) {
    if (value && (forUv.test(name) || proxies.test(name))) variables[name] = value;
  }
  onlyAddresses(variables, 'UV_FIND_LINKS', ',');
  Object.assign(variables, pipVariables(pip, variables));

  const files: ContextFile[] = [];
  const add = (name: string, content: string | undefined, ...names: string[]): void => {
    if (content === undefined) return;
    files.push({ path: `network/${name}`, content, mode: 0o600 });
    for (const variable of names) variables[variable] = `${inside}/${name}`;
  };
  add('ca.pem', await certificateAuthorities(uv.SSL_CERT_FILE), 'SSL_CERT_FILE', 'PIP_CERT');
  add('client.pem', await textOf(uv.SSL_CLIENT_CERT), 'SSL_CLIENT_CERT', 'PIP_CLIENT_CERT');
  const netrc = await textOf(env.NETRC ?? path.join(env.HOME ?? os.homedir(), '.netrc'));
  add('netrc', netrc === undefined ? undefined : netrcFor(hostsIn(variables), netrc), 'NETRC');
  return [
    ...files,
    { path: 'network/environment.json', content: JSON.stringify(variables, null, 2), mode: 0o600 },
  ];
}

/** pip fetches uv; it is told what the person has told pip, or else what they have told uv. */
function pipVariables(pip: PipSettings, uv: Readonly<Record<string, string>>): Record<string, string> {
  const told: Record<string, string | undefined> = {
    PIP_INDEX_URL: pip['index-url'] ?? uv.UV_DEFAULT_INDEX ?? uv.UV_INDEX_URL,
    PIP_EXTRA_INDEX_URL: pip['extra-index-url']?.replaceAll('\n', ' '),
    PIP_TRUSTED_HOST: pip['trusted-host']?.replaceAll('\n', ' '),
    PIP_FIND_LINKS: pip['find-links']?.replaceAll('\n', ' '),
    PIP_NO_INDEX: pip['no-index'],
    PIP_PROXY: pip.proxy,
    PIP_TIMEOUT: pip.timeout ?? pip['default-timeout'],
  };
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(told)) if (value) variables[name] = value;
  onlyAddresses(variables, 'PIP_FIND_LINKS', ' ');
  return variables;
}

/** A folder of this machine is nothing to a container. */
function onlyAddresses(variables: Record<string, string>, name: string, separator: string): void {
  const links = (variables[name] ?? '').split(separator).filter((link) => /^https?:\/\//i.test(link));
  if (links.length > 0) variables[name] = links.join(separator);
  else Reflect.deleteProperty(variables, name);
}

function hostsIn(variables: Readonly<Record<string, string>>): ReadonlySet<string> {
  const addresses =
    Object.values(variables)
      .join(' ')
      .match(/https?:\/\/[^\s,]+/g) ?? [];
  return new Set(addresses.filter((each) => URL.canParse(each)).map((each) => new URL(each).hostname));
}

async function textOf(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  return (await fs.stat(file).catch(() => undefined))?.isFile() ? readIfThere(file) : undefined;
}
