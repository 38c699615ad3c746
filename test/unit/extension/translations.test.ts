import * as l10n from '@vscode/l10n';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { firstStartText } from '../../../src/extension/engine/facts.ts';
import { statusText } from '../../../src/extension/statusText.ts';

const german = readFileSync(new URL('../../../l10n/bundle.l10n.de.json', import.meta.url), 'utf8');

describe('the German translation', () => {
  afterEach(() => {
    l10n.config({ contents: {} });
  });

  it('speaks German with the values in their places, and English without it', () => {
    assert.equal(firstStartText('embedded'), 'about 2 minutes and 400 MB');
    l10n.config({ contents: german });
    assert.equal(firstStartText('embedded'), 'etwa 2 Minuten und 400 MB');
    assert.equal(l10n.t('Kill {0} of {1}?', 'load', 'etl'), 'load von etl abbrechen?');
    l10n.config({ contents: {} });
    assert.equal(firstStartText('embedded'), 'about 2 minutes and 400 MB');
  });

  it('reaches what the status bar says', () => {
    l10n.config({ contents: german });
    const picture = { connection: { phase: 'lost', why: 'ECONNREFUSED' } } as Parameters<
      typeof statusText
    >[0];
    assert.equal(statusText(picture, 'demo')?.text, '$(debug-disconnect) Mesos Airflow: antwortet nicht');
  });
});
