import type { DockerSettings } from '../settings.ts';
import type { ApacheChoice, ChosenBefore, DevChoice, MesosChoice } from './choice.ts';
import { MesosImagesUnsuited, UnknownMesosPreset } from './errors.ts';
import type { AskForImage, ImageState } from './imageSource.ts';
import { isPresetName, presets, usualPreset, type MesosPreset } from './presets.ts';
import { suitability, type MesosHost, type MesosWishes } from './suits.ts';

/** What `decide` goes by. */
export interface DecideOptions {
  readonly host: MesosHost;
  readonly settings: DockerSettings;
  /** Of the cluster that is to be. */
  readonly agents: number;
  /** What the cluster had the last time: it stays, unless something else is asked for now. */
  readonly before?: ChosenBefore | undefined;
  readonly ask: AskForImage;
  readonly signal: AbortSignal;
  /** How long `auto` waits for a registry, in milliseconds. Default: 4000. */
  readonly limitMs?: number;
}

/**
 * Decides whose Mesos runs. `auto` takes Apache's where the images can be had and suit this Docker Engine, and says why or
 * why not. Throws MesosImagesUnsuited where Apache's are asked for and can't run, UnknownMesosPreset.
 */
export async function decide(options: DecideOptions): Promise<MesosChoice> {
  const { settings, before } = options;
  const wanted = wantedOf(options);
  if (wanted.distribution === 'dev') return dev(options, 'it is asked for');
  if (wanted.distribution === 'apache')
    return apache(options, wanted.preset, askedFor(settings, wanted.preset));
  if (before) return again(options, before);
  return await automatic(options, wanted.preset);
}

interface Wanted {
  readonly distribution: 'apache' | 'dev' | 'auto';
  readonly preset: MesosPreset;
}

/** Who names a preset or an image of Apache's wants it. `auto` of a cluster that has chosen already changes nothing. */
function wantedOf({ settings, before }: DecideOptions): Wanted {
  const { mesosPreset, masterImage, agentImage } = settings;
  const named = mesosPreset ?? (before?.distribution === 'apache' ? before.preset : null) ?? usualPreset;
  if (!isPresetName(named)) throw new UnknownMesosPreset(named);
  const images = [mesosPreset, masterImage, agentImage].some((one) => one !== undefined);
  return { distribution: settings.distribution ?? (images ? 'apache' : 'auto'), preset: presets[named] };
}

function askedFor(settings: DockerSettings, preset: MesosPreset): string {
  const own = settings.masterImage !== undefined || settings.agentImage !== undefined;
  return `${preset.title}${own ? ', with images of your own' : ''}: it is asked for.`;
}

/** As it was, with what was decided then; a host that changed under it is told. */
function again(options: DecideOptions, before: ChosenBefore): MesosChoice {
  if (before.distribution === 'dev') return { ...dev(options, ''), why: before.why };
  const preset = isPresetName(before.preset ?? '')
    ? presets[before.preset as keyof typeof presets]
    : undefined;
  if (!preset) throw new UnknownMesosPreset(before.preset ?? '');
  return apache(options, preset, before.why);
}

/** Throws MesosImagesUnsuited. */
function apache(options: DecideOptions, preset: MesosPreset, why: string): ApacheChoice {
  const { refusal, limits } = suitability(preset, options.host, wishesOf(options));
  if (refusal !== undefined) throw new MesosImagesUnsuited(preset.name, preset.title, refusal);
  return {
    distribution: 'apache',
    preset: preset.name,
    layout: preset.layout,
    images: imagesOf(options, preset),
    platform: options.settings.platform,
    why,
    limits,
  };
}

function imagesOf({ settings, before }: DecideOptions, preset: MesosPreset): ApacheChoice['images'] {
  const kept = before?.preset === preset.name ? before.images : undefined;
  return {
    master: settings.masterImage ?? kept?.master ?? preset.masterImage,
    agent: settings.agentImage ?? kept?.agent ?? preset.agentImage,
  };
}

function dev({ settings }: DecideOptions, reason: string): DevChoice {
  return {
    distribution: 'dev',
    preset: null,
    platform: settings.platform,
    why: `Our own Mesos for development: ${reason}.`,
    limits: [],
  };
}

async function automatic(options: DecideOptions, preset: MesosPreset): Promise<MesosChoice> {
  const reason = declined(options, preset) ?? (await unavailable(options, preset));
  if (reason !== undefined) return dev(options, `${preset.title} was not taken, because ${reason}`);
  return apache(options, preset, `${preset.title}: the images can be had, and suit this Docker Engine.`);
}

/** Why `auto` leaves a preset alone without asking for its images. */
function declined(options: DecideOptions, preset: MesosPreset): string | undefined {
  if (preset.layout === 'all-in-one') {
    return `it needs a privileged container, which is made only where --mesos apache asks for it`;
  }
  if (!preset.automatic) return 'it is taken only where --mesos apache asks for it';
  if (options.host.provider === 'Podman') return 'nobody has tried its images with Podman';
  const { refusal } = suitability(preset, options.host, wishesOf(options));
  if (refusal !== undefined) return refusal;
  const emulated = options.settings.platform?.split('/')[1] ?? options.host.arch;
  return emulated === options.host.arch ? undefined : 'it would be emulated on this processor';
}

/** Why its images can't be had; asks for both at once, and not for long: who is offline waits for nothing. */
async function unavailable(options: DecideOptions, preset: MesosPreset): Promise<string | undefined> {
  const { master, agent } = imagesOf(options, preset);
  const inTime = AbortSignal.any([options.signal, AbortSignal.timeout(options.limitMs ?? 4000)]);
  const names = [...new Set([master, agent])];
  const states = await Promise.all(names.map((image) => options.ask(image, inTime)));
  options.signal.throwIfAborted();
  const reasons = names.map((image, index) => obstacle(image, states[index], options.host.arch));
  return reasons.find((reason) => reason !== undefined);
}

function obstacle(image: string, state: ImageState | undefined, arch: string): string | undefined {
  switch (state?.kind) {
    case 'present':
      return state.architecture === arch ? undefined : `${image} is here for ${state.architecture} only`;
    case 'offered':
      // Old manifests don't tell their processor: what the preset says of it holds.
      return state.architectures.length === 0 || state.architectures.includes(arch)
        ? undefined
        : `${image} is offered for ${state.architectures.join(' and ')} only`;
    case 'missing':
      return `${image} is neither here nor at its registry`;
    case 'unreachable':
      return `${image} is not here and ${state.why}`;
    case undefined:
      return `nobody knows of ${image}`;
  }
}

function wishesOf({ settings, agents }: DecideOptions): MesosWishes {
  return { platform: settings.platform, tasks: settings.tasks ?? 'agent', agents };
}
