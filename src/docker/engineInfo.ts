import * as z from 'zod/mini';

/** What a daemon is, by what it says of itself. */
export interface EngineInfo {
  /** For people: whose it is. */
  readonly provider: Provider;
  readonly version: string;
  /** The newest version of the API that the daemon speaks. */
  readonly apiVersion: string;
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly os: string;
  readonly arch: 'amd64' | 'arm64';
  readonly cgroupVersion: 1 | 2;
  readonly cpus: number;
  /** In units of 2^20 bytes. */
  readonly memoryMb: number;
  readonly rootless: boolean;
  /** Whether mounted folders need a label (`:z`) to be readable in containers. */
  readonly selinux: boolean;
  /** The host name of the daemon's machine. */
  readonly hostname: string;
  readonly kernel: string;
  readonly storageDriver: string;
  /** Where the daemon keeps its images, on its own machine. */
  readonly dataFolder: string;
}

export type Provider =
  'Docker Engine' | 'Docker Desktop' | 'Colima' | 'Rancher Desktop' | 'OrbStack' | 'Lima' | 'Podman';

/** Of `GET /version`. */
export const versionAnswer = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  MinAPIVersion: z.optional(z.string()),
  Os: z.string(),
  Arch: z.string(),
  Platform: z.optional(z.object({ Name: z.optional(z.string()) })),
  Components: z.optional(z.nullable(z.array(z.object({ Name: z.string() })))),
});
export type VersionAnswer = z.infer<typeof versionAnswer>;

/** Of `GET /info`. */
export const infoAnswer = z.object({
  OperatingSystem: z.optional(z.string()),
  Name: z.optional(z.string()),
  NCPU: z.number(),
  MemTotal: z.number(),
  /** Since API 1.41. */
  CgroupVersion: z.optional(z.string()),
  SecurityOptions: z.optional(z.nullable(z.array(z.string()))),
  KernelVersion: z.optional(z.string()),
  Driver: z.optional(z.string()),
  DockerRootDir: z.optional(z.string()),
});
export type InfoAnswer = z.infer<typeof infoAnswer>;

/** By Go's names for processors; undefined for what we have no images for. */
export function archOf(version: VersionAnswer): EngineInfo['arch'] | undefined {
  return version.Arch === 'amd64' || version.Arch === 'arm64' ? version.Arch : undefined;
}

export function engineInfo(version: VersionAnswer, info: InfoAnswer, arch: EngineInfo['arch']): EngineInfo {
  const security = (info.SecurityOptions ?? []).map((option) => option.split(',')[0]);
  return {
    provider: providerOf(version, info),
    version: version.Version,
    apiVersion: version.ApiVersion,
    os: info.OperatingSystem ?? version.Os,
    arch,
    cgroupVersion: info.CgroupVersion === '2' ? 2 : 1,
    cpus: info.NCPU,
    memoryMb: Math.floor(info.MemTotal / 2 ** 20),
    rootless: security.includes('name=rootless'),
    selinux: security.includes('name=selinux'),
    hostname: info.Name ?? '',
    kernel: info.KernelVersion ?? '',
    storageDriver: info.Driver ?? '',
    dataFolder: info.DockerRootDir ?? '',
  };
}

/** The programs around Docker's daemon give away themselves by the name of their machine or of its system. */
function providerOf(version: VersionAnswer, info: InfoAnswer): Provider {
  if (version.Components?.some(({ Name }) => Name.startsWith('Podman'))) return 'Podman';
  const told = `${version.Platform?.Name ?? ''}\n${info.OperatingSystem ?? ''}\n${info.Name ?? ''}`;
  if (/docker[ -]desktop/i.test(told)) return 'Docker Desktop';
  if (/orbstack/i.test(told)) return 'OrbStack';
  if (/rancher[ -]desktop/i.test(told)) return 'Rancher Desktop';
  if (/^colima(-|$)/m.test(told)) return 'Colima';
  if (/^lima-/m.test(told)) return 'Lima';
  return 'Docker Engine';
}

/** Whether a version such as `1.41` is at least another one. */
export function isAtLeast(version: string, least: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}
