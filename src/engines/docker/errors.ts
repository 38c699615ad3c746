import { ExplainedError } from '../../host/errors.ts';

/** Something that isn't this cluster's has the name that one of its containers, networks or volumes needs. */
export class ResourceNameTaken extends ExplainedError {
  override readonly name = 'ResourceNameTaken';

  constructor(kind: 'container' | 'network' | 'volume', name: string, why: string) {
    super(`There is a ${kind} called ${name} that is none of this cluster's`, {
      why,
      next: `Remove it (docker ${kind} rm ${name}), or give the cluster another --name.`,
    });
  }
}

/** Another program got a port between its choice and the start of the container. */
export class PublishedPortTaken extends ExplainedError {
  override readonly name = 'PublishedPortTaken';
}

/** Docker cannot mount the DAG folder, or mounts another one in its place. */
export class DagsFolderNotMounted extends ExplainedError {
  override readonly name = 'DagsFolderNotMounted';
}

/** Docker could not do something that has no cause of its own here; `why` is what it said. */
export class DockerRefused extends ExplainedError {
  override readonly name = 'DockerRefused';
}

/** There is no cluster of that name, as far as Docker and this machine know. */
export class NoSuchDockerCluster extends ExplainedError {
  override readonly name = 'NoSuchDockerCluster';

  constructor(cluster: string, why?: string) {
    super(`There is no cluster “${cluster}” on this Docker Engine`, {
      ...(why === undefined ? {} : { why }),
      next: 'mesos-airflow list shows those that there are; mesos-airflow up --engine docker makes one.',
    });
  }
}
