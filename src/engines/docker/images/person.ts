/** The user `airflow` of images where Linux doesn't tell us who the person is: what Apache's own images have. */
const usualUser = 50_000;

/**
 * The number of the user that runs Airflow: on Linux the person's own, so that it may read the DAG files that they may.
 * Never root's. Elsewhere Docker runs in a machine of its own and lets everybody read.
 */
export function airflowUser(
  platform: NodeJS.Platform = process.platform,
  uid: number = process.getuid?.() ?? 0,
): number {
  return platform === 'linux' && uid !== 0 ? uid : usualUser;
}
