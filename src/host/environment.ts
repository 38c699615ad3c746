/**
 * Variables that a program of ours hands on to those that it starts and leaves running. A list of what is wanted, not of
 * what is not: a person's shell and an editor hold tokens, and an editor's variables (ELECTRON_*, VSCODE_*, NODE_OPTIONS)
 * change what a program does.
 */
const kept: readonly RegExp[] = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|TZ|TMPDIR|TMP|TEMP|LANG|LANGUAGE)$/,
  /^LC_/,
  /^XDG_(STATE|CACHE|CONFIG|DATA|RUNTIME)_(HOME|DIR)$/,
  /^(https?|all|no|ftp)_proxy$/i,
  // Own certificate authorities, as OpenSSL, requests, curl, git, Node, pip and AWS name them.
  /^(SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|NODE_EXTRA_CA_CERTS|PIP_CERT|AWS_CA_BUNDLE)$/,
  // Interpreters outside the system's folders may need them to find their libraries.
  /^(LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|DYLD_FALLBACK_LIBRARY_PATH)$/,
  /^MESOS_AIRFLOW_(HOME|LOG_LEVEL)$/,
  // Windows finds nothing without these.
  /^(SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|USERNAME)$/i,
];

/** Reached without a proxy, always: all that our parts say to each other goes there. */
const loopback: readonly string[] = ['localhost', '127.0.0.1', '::1'];

/** Of an environment what a long-living program of ours needs, with loopback excluded from proxies. */
export function plainEnvironment(base: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && kept.some((pattern) => pattern.test(name))) plain[name] = value;
  }
  return { ...plain, ...withoutProxyFor(loopback, base) };
}

/**
 * What lets a task reach the network as its person does: proxies (loopback excluded, and `near`: more hosts that no proxy
 * knows) and certificate authorities.
 */
export function networkEnvironment(
  base: NodeJS.ProcessEnv = process.env,
  near: readonly string[] = [],
): Record<string, string> {
  const network: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && /_proxy$|_CERT_|CA_BUNDLE$|CAINFO$|CA_CERTS$/i.test(name)) {
      if (kept.some((pattern) => pattern.test(name))) network[name] = value;
    }
  }
  return { ...network, ...withoutProxyFor([...loopback, ...near], base) };
}

/** Both spellings of NO_PROXY, extended by those hosts: curl and Python read the small one, Node and Go also the large. */
function withoutProxyFor(hosts: readonly string[], base: NodeJS.ProcessEnv): Record<string, string> {
  const named = (base.no_proxy ?? base.NO_PROXY ?? '').split(',').map((entry) => entry.trim());
  const value = [...new Set([...named.filter((entry) => entry !== ''), ...hosts])].join(',');
  return { no_proxy: value, NO_PROXY: value };
}
