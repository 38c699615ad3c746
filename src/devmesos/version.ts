// What we claim to be. The wire format followed is that of Apache Mesos 1.11.0; `git_tag` and `build_user` tell that this
// is not the real one.

/** As /version and GET_VERSION give it. */
export const versionInfo = {
  version: '1.11.0',
  build_date: '2020-11-24 15:38:37',
  build_time: 1606232317,
  build_user: 'mesos-airflow',
  git_sha: '04bc7ee1984d86fbb0bd782ccc69ce44c13ae4b9',
  git_tag: '1.11.0-dev-mesos',
} as const;

const { version, build_date, build_time, build_user, git_sha, git_tag } = versionInfo;

/** The same in the order of an agent's /state. */
export const versionInState = { version, git_sha, git_tag, build_date, build_time, build_user } as const;
