import fs from 'node:fs/promises';
import path from 'node:path';
import { constraintsOf, type LockedPackage } from '../../../airflow/environment/lock.ts';
import { readRequirements, type Requirements } from '../../../airflow/environment/requirements.ts';
import type { ContextFile } from '../../../docker/build.ts';
import { ExplainedError } from '../../../host/errors.ts';

/** A line of the workspace's requirements names something that a build in Docker does not see. */
export class RequirementNotInImage extends ExplainedError {
  override readonly name = 'RequirementNotInImage';
}

export interface RequirementsForImage {
  readonly requirements: Requirements | undefined;
  readonly files: readonly ContextFile[];
}

/** The workspace's requirements.txt and what it includes, as the image's build wants them, with the locks as constraints. */
export async function requirementsForImage(
  workspace: string | undefined,
  locked: readonly LockedPackage[],
): Promise<RequirementsForImage> {
  const requirements =
    workspace === undefined ? undefined : await readRequirements(path.join(workspace, 'requirements.txt'));
  const files: ContextFile[] = [];
  let first: string | null = null;
  if (requirements) {
    for (const line of requirements.lines) refuseWhatLiesHere(line);
    const sources = [...new Set([requirements.file, ...requirements.lines.map(({ file }) => file)])];
    const top = commonFolder(sources);
    for (const file of sources) {
      const name = path.relative(top, file).split(path.sep).join('/');
      first ??= name;
      files.push({ path: `requirements/${name}`, content: await fs.readFile(file) });
    }
    files.push({ path: 'requirements/mesos-airflow-constraints.txt', content: constraintsOf(locked) });
  }
  return {
    requirements,
    files: [...files, { path: 'requirements/mesos-airflow.json', content: JSON.stringify(first) }],
  };
}

function refuseWhatLiesHere({ file, line, text }: Requirements['lines'][number]): void {
  const included = /^(?:-r|--requirement|-c|--constraint)[ =]*(\S+)$/.exec(text)?.[1];
  const lies =
    included === undefined
      ? /^(-e|--editable)\b|^\.{0,2}\/|^file:|@\s*file:|^[^\s:]+\.(whl|zip|tar\.gz)$/.test(text) &&
        !/^(-e|--editable)[ =]*\S*:\/\//.test(text)
      : path.isAbsolute(included);
  if (!lies) return;
  throw new RequirementNotInImage(`A line of the requirements cannot be used for an image: ${text}`, {
    why: `it names what lies on this machine (${file}, line ${line}), which a build in Docker does not see`,
    next: 'Name the package by its name or address there. Or bring an Airflow image of your own that has it: --airflow-image.',
  });
}

function commonFolder(files: readonly string[]): string {
  let folder = path.dirname(files[0] ?? '');
  while (!files.every((file) => file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep))) {
    folder = path.dirname(folder);
  }
  return folder;
}
