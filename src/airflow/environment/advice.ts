import { existsSync } from 'node:fs';

/** What to type to get a Python, by the package manager that this machine has. */
export function installAdvice(
  onlyVenvLacks: boolean,
  platform: NodeJS.Platform = process.platform,
  has: (program: string) => boolean = existsSync,
): string {
  const own = 'Or name one: mesos-airflow up --python /path/to/python3.';
  if (platform === 'darwin') return `Install one: brew install python@3.13. ${own}`;
  if (platform === 'linux') {
    if (has('/usr/bin/apt-get')) {
      return onlyVenvLacks
        ? 'Install what Debian keeps apart: sudo apt install python3-venv.'
        : `Install one: sudo apt install python3 python3-venv. ${own}`;
    }
    if (has('/usr/bin/dnf')) return `Install one: sudo dnf install python3.12. ${own}`;
    if (has('/sbin/apk')) return `Install one: apk add python3. ${own}`;
  }
  return `Install one, from your system's packages or https://www.python.org/downloads/. ${own}`;
}
