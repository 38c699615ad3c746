import { ExplainedError } from '../../../host/errors.ts';
import { presetNames } from './presets.ts';

/** Apache's Mesos was asked for, and this host or these settings don't suit the images. */
export class MesosImagesUnsuited extends ExplainedError {
  override readonly name = 'MesosImagesUnsuited';
  readonly preset: string;

  constructor(preset: string, title: string, why: string) {
    super(`${title} cannot run here`, {
      why,
      next: 'Use --mesos dev: it runs everywhere. Presets and what each needs: docs/mesos-images.md.',
    });
    this.preset = preset;
  }
}

/** No preset has this name. */
export class UnknownMesosPreset extends ExplainedError {
  override readonly name = 'UnknownMesosPreset';

  constructor(given: string) {
    super(`There is no Mesos preset ${JSON.stringify(given)}`, {
      next: `Choose one of ${presetNames.join(', ')}, or name images of your own beside one of them.`,
    });
  }
}
