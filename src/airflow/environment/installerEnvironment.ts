import { existsSync } from 'node:fs';
import { networkEnvironment } from '../../host/environment.ts';
import type { PipSettings } from './pipConfiguration.ts';

/** Variables that would make an installer work on something else than our environment. */
const misleading = [
  // Airflow's processes would compile its sources at each start.
  'PYTHONDONTWRITEBYTECODE',
  'PYTHONPATH',
  'PYTHONHOME',
  'PYTHONSTARTUP',
  'VIRTUAL_ENV',
  'CONDA_PREFIX',
  'UV_PROJECT_ENVIRONMENT',
  'UV_PYTHON',
  'UV_SYSTEM_PYTHON',
  'UV_CONSTRAINT',
  'UV_OVERRIDE',
  'UV_REQUIRE_HASHES',
  'UV_NO_VERIFY_HASHES',
  'PIP_REQUIRE_VIRTUALENV',
  'PIP_CONSTRAINT',
  'PIP_REQUIREMENT',
  'PIP_REQUIRE_HASHES',
  'PIP_TARGET',
  'PIP_PREFIX',
  'PIP_USER',
];

/**
 * What pip and uv run with: all that the person has, since indexes may want credentials from anywhere, but for what would
 * mislead them, and with loopback excluded from proxies.
 */
export function installerEnvironment(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...base, ...networkEnvironment(base) };
  for (const name of misleading) Reflect.deleteProperty(env, name);
  env.PYTHONUTF8 = '1';
  env.PIP_DISABLE_PIP_VERSION_CHECK = '1';
  env.PIP_NO_INPUT = '1';
  return env;
}

/**
 * The same for uv, which reads none of pip's settings: each is handed on in uv's words, unless the person has told uv
 * itself something else.
 */
export function uvEnvironment(env: NodeJS.ProcessEnv, pip: PipSettings): NodeJS.ProcessEnv {
  const told = (...names: string[]): boolean => names.some((name) => env[name]);
  const set: Record<string, string | undefined> = {};
  if (!told('UV_DEFAULT_INDEX', 'UV_INDEX_URL')) set.UV_DEFAULT_INDEX = pip['index-url'];
  if (!told('UV_INDEX', 'UV_EXTRA_INDEX_URL')) set.UV_INDEX = words(pip['extra-index-url']).join(' ');
  if (!told('UV_FIND_LINKS')) set.UV_FIND_LINKS = words(pip['find-links']).filter(isThere).join(',');
  if (!told('UV_NO_INDEX') && /^(1|true|yes|on)$/i.test(pip['no-index'] ?? '')) set.UV_NO_INDEX = '1';
  if (!told('UV_INSECURE_HOST')) set.UV_INSECURE_HOST = words(pip['trusted-host']).join(' ');
  if (!told('UV_HTTP_TIMEOUT', 'UV_REQUEST_TIMEOUT'))
    set.UV_HTTP_TIMEOUT = pip.timeout ?? pip['default-timeout'];
  if (!told('UV_KEYRING_PROVIDER') && pip['keyring-provider'] === 'subprocess')
    set.UV_KEYRING_PROVIDER = 'subprocess';
  if (!told('SSL_CERT_FILE', 'SSL_CERT_DIR')) {
    set.SSL_CERT_FILE = pip.cert ?? env.REQUESTS_CA_BUNDLE ?? env.CURL_CA_BUNDLE;
  }
  if (!told('SSL_CLIENT_CERT')) set.SSL_CLIENT_CERT = pip['client-cert'];
  if (!told('HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy')) {
    set.HTTPS_PROXY = pip.proxy;
    set.HTTP_PROXY = env.HTTP_PROXY ?? env.http_proxy ?? pip.proxy;
  }
  const merged: NodeJS.ProcessEnv = { ...env };
  for (const [name, value] of Object.entries(set)) if (value) merged[name] = value;
  merged.UV_NO_PROGRESS = '1';
  return merged;
}

/**
 * uv with the operating system's certificates beside its own: where a company's proxy signs with an authority that only the
 * system knows. The older and the newer name of the same switch.
 */
export function withSystemCertificates(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, UV_SYSTEM_CERTS: '1', UV_NATIVE_TLS: '1' };
}

function words(value: string | undefined): string[] {
  return (value ?? '').split(/[\s]+/).filter((word) => word !== '');
}

/** Of addresses all, of folders those that exist: pip passes over the others, uv would fail. */
function isThere(link: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(link) || existsSync(link);
}
