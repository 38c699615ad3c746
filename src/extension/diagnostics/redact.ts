import os from 'node:os';

/** What stands in a secret's place. */
export const masked = '‹masked›';

/** Shorter values are words: masking them would make a text unreadable and hide nothing. */
const leastSecret = 6;

const names = '[\\w.-]*(?:password|passwd|secret|token|fernet_key|api_?key|access_key|credential)[\\w.-]*';
const patterns: readonly [RegExp, string][] = [
  // The login of an address: https://user:password@host.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${masked}@`],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${masked}`],
  // JSON Web Tokens.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, masked],
  // "password": "…" of JSON, PASSWORD=… and token: … of everything else.
  [new RegExp(`("${names}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `$1"${masked}"`],
  [new RegExp(`\\b(${names}\\s*[=:]\\s*)(?!["‹])[^\\s,;&"']+`, 'gi'), `$1${masked}`],
  [new RegExp(`\\b(${names}\\s*[=:]\\s*)'[^']*'`, 'gi'), `$1'${masked}'`],
];

/**
 * Makes a function that masks the given secrets, whatever looks like one, and the name of the person's home folder. What
 * is given is found wherever it stands; what looks like one only where its name or its form tells.
 */
export function redaction(secrets: readonly string[], home: string = os.homedir()): (text: string) => string {
  // The longest first: one may contain another.
  const known = [...new Set(secrets.map((secret) => secret.trim()))]
    .filter((secret) => secret.length >= leastSecret)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let safe = text;
    for (const secret of known) safe = safe.replaceAll(secret, masked);
    for (const [pattern, replacement] of patterns) safe = safe.replace(pattern, replacement);
    return home.length > 1 ? safe.replaceAll(home, '~') : safe;
  };
}
