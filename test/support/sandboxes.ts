import fs from 'node:fs/promises';
import path from 'node:path';

/** The sandbox of a command task's last run, below the work folders of agents. Throws where there is none. */
export async function sandboxIn(agents: string, taskId: string): Promise<string> {
  // Level by level: links in sandboxes may lead round in circles.
  let folders = [agents];
  for (const level of ['*', 'slaves', '*', 'frameworks', '*', 'executors', taskId]) {
    const next = folders.map(async (folder) => {
      const names = await fs.readdir(folder).catch((): string[] => []);
      return names.filter((name) => level === '*' || name === level).map((name) => path.join(folder, name));
    });
    folders = (await Promise.all(next)).flat();
  }
  const [executor] = folders;
  if (executor === undefined) throw new Error(`no agent below ${agents} has a sandbox of ${taskId}`);
  return path.join(executor, 'runs', 'latest');
}
