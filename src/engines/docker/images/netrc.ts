/** Of a .netrc the logins for these hosts, or undefined if there are none: the others are nobody's business. */
export function netrcFor(hosts: ReadonlySet<string>, text: string): string | undefined {
  const words = text.replace(/^\s*#.*$/gm, '').split(/\s+/);
  const kept: string[] = [];
  for (let at = words.indexOf('machine'); at !== -1; at = words.indexOf('machine', at + 1)) {
    const host = words[at + 1];
    if (host === undefined || !hosts.has(host)) continue;
    const entry = [`machine ${host}`];
    for (let each = at + 2; each + 1 < words.length; each += 2) {
      const [name, value] = words.slice(each, each + 2);
      if (name !== 'login' && name !== 'password' && name !== 'account') break;
      entry.push(`${name} ${value ?? ''}`);
    }
    kept.push(entry.join(' '));
  }
  return kept.length === 0 ? undefined : `${kept.join('\n')}\n`;
}
