import assert from 'node:assert/strict';
import { scheduleText } from '../../../../../src/extension/tree/dags/schedule.ts';

describe('scheduleText', () => {
  const cases: readonly (readonly [string | null, string])[] = [
    [null, 'by hand'],
    ['None', 'by hand'],
    ['@once', 'once'],
    ['@continuous', 'continuously'],
    ['0 0 * * *', 'daily'],
    ['0 * * * *', 'hourly'],
    ['0 0 * * 0', 'weekly'],
    ['* * * * *', 'every minute'],
    ['*/5 * * * *', 'every 5 minutes'],
    ['0 */6 * * *', 'every 6 hours'],
    ['0:05:00', 'every 5 minutes'],
    ['1:00:00', 'hourly'],
    ['1 day, 0:00:00', 'daily'],
    ['3 days, 0:00:00', 'every 3 days'],
    ['0:00:30', 'every 30 seconds'],
    ['Asset', 'by assets'],
    ['Asset or 0 0 * * *', 'by assets or daily'],
  ];
  for (const [summary, words] of cases) {
    it(`calls ${summary ?? 'none'} “${words}”`, () => assert.equal(scheduleText(summary), words));
  }

  it('leaves what has no short words as it is', () => {
    // Of `*/7` the last step of an hour is shorter: it is not every 7 minutes.
    for (const text of ['30 6 * * 1-5', '*/7 * * * *', 'MyTimetable', '3 events']) {
      assert.equal(scheduleText(text), text);
    }
    assert.equal(scheduleText('1 day, 12:00:00'), 'every 1 day, 12:00:00');
  });
});
