/** ` --name NAME` where a command needs it. */
export function forName(name: string): string {
  return name === 'default' ? '' : ` --name ${name}`;
}
