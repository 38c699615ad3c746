/** What is wrong with a role's name (docs/roles.md of Mesos), in its words. */
export function roleError(role: string): string | undefined {
  if (role === '*') return undefined;
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`;
  if (role === '') return 'Role names cannot be the empty string';
  for (const component of role.split('/')) {
    if (['.', '..', '*'].includes(component))
      return `Role '${role}' cannot include '${component}' as a component`;
    if (component.startsWith('-')) {
      return `Role component '${component}' is invalid because it starts with a dash`;
    }
    if (hasBlank(component)) {
      return `Role component '${component}' is invalid because it contains backspace or whitespace`;
    }
  }
  return undefined;
}

function hasBlank(component: string): boolean {
  return ['\b', '\t', '\n', '\v', '\f', '\r', ' '].some((blank) => component.includes(blank));
}
