import * as l10n from '@vscode/l10n';
/** What a cluster can consist of, as `mesos-airflow up --engine` names it. */
export type EngineName = 'embedded' | 'docker';

export interface EngineFacts {
  readonly label: string;
  /** What it is, in a few words. */
  readonly what: string;
  /** A codicon. */
  readonly icon: string;
  /** What the first start takes on a machine with two cores and a usual connection; later ones take under a minute. */
  readonly firstStart: { readonly minutes: number; readonly megabytes: number };
}

/** In the order in which they are offered. The figures are measured (npm run bench -- cold-start-embedded, cold-start-docker). */
export function engines(): Readonly<Record<EngineName, EngineFacts>> {
  return {
    embedded: {
      label: l10n.t('Embedded'),
      what: l10n.t('Mesos and Airflow as processes of yours: no Docker, no root'),
      icon: 'server-process',
      firstStart: { minutes: 2, megabytes: 400 },
    },
    docker: {
      label: 'Docker',
      what: l10n.t('Mesos, PostgreSQL and Airflow in containers'),
      icon: 'package',
      firstStart: { minutes: 4, megabytes: 1500 },
    },
  };
}

/**
 * As the question offers them. To attach to a Mesos that is there already is to come last in it; until the command line can,
 * it is not offered.
 */
export const engineNames: readonly EngineName[] = ['embedded', 'docker'];

/** `about 2 minutes and 400 MB`: the welcome view and the settings say the same (a test holds them to it). */
export function firstStartText(name: EngineName): string {
  const { minutes, megabytes } = engines()[name].firstStart;
  const size = megabytes < 1000 ? `${megabytes} MB` : `${Math.round(megabytes / 100) / 10} GB`;
  return l10n.t('about {0} minutes and {1}', minutes, size);
}
