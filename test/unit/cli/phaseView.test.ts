import assert from 'node:assert/strict';
import { jsonProgress, phaseView } from '../../../src/cli/output/phaseView.ts';
import { Phases } from '../../../src/engines/phases.ts';
import { terminalDouble } from './terminalDouble.ts';

describe('phases on a terminal', () => {
  it('are drawn in place: one line each, the finished ones with what came of them', () => {
    const terminal = terminalDouble({ isTTY: true, env: { NO_COLOR: '1' } });
    let time = 0;
    const view = phaseView(terminal, () => time);
    const phases = new Phases(view.progress, () => time);
    const master = phases.begin('Mesos master', 'starting');
    const agents = phases.begin('Mesos agents', 'agent-1: starting');
    time = 300;
    master.done('http://127.0.0.1:5050');
    agents.update('agent-2: starting');
    const screen = terminal.screen();
    assert.equal(screen.length, 2, screen.join('\n'));
    assert.match(screen[0] ?? '', /^✓ Mesos master {12,}http:\/\/127\.0\.0\.1:5050 +0\.3 s$/);
    assert.match(screen[1] ?? '', /Mesos agents +agent-2: starting/);
    agents.done('agent-1, agent-2');
    phases.notice('Port 5050 is in use: the Mesos master takes 5051.');
    view.close();
    assert.deepEqual(
      terminal.screen().map((line) => line.slice(0, 14)),
      ['✓ Mesos master', '✓ Mesos agents', '! Port 5050 is'],
    );
  });

  it('never draw more than the terminal is wide, so that a long detail is drawn over', () => {
    const terminal = terminalDouble({ isTTY: true, columns: 60 });
    const view = phaseView(terminal, () => 0);
    const phase = new Phases(view.progress, () => 0).begin('Python environment', 'x'.repeat(500));
    phase.update(`y${'x'.repeat(500)}`);
    const screen = terminal.screen();
    assert.equal(screen.length, 1);
    assert.ok((screen[0] ?? '').length < 60);
    view.close();
  });
});

describe('phases elsewhere', () => {
  it('are plain lines without control sequences: ends at once, details of long ones now and then', () => {
    const terminal = terminalDouble();
    let time = 0;
    const view = phaseView(terminal, () => time);
    const phases = new Phases(view.progress, () => time);
    const phase = phases.begin('Python environment');
    for (time = 0; time < 12_000; time += 100) phase.update(`package ${time}`);
    phase.done('Airflow 3.3.2, 132 packages');
    phases.begin('Airflow').failed('api-server ended');
    view.close();
    const lines = terminal.written().trimEnd().split('\n');
    assert.ok(!terminal.written().includes(String.fromCharCode(27)));
    assert.equal(lines.length, 4, lines.join('\n'));
    assert.match(lines[0] ?? '', /^· Python environment +package 5\d00 +5 s$/);
    assert.match(lines[2] ?? '', /^✓ Python environment +Airflow 3\.3\.2, 132 packages +12\.0 s$/);
    assert.match(lines[3] ?? '', /^✗ Airflow +api-server ended$/);
  });

  it('are one JSON object a line for programs', () => {
    const terminal = terminalDouble();
    const view = jsonProgress(terminal);
    const phases = new Phases(view.progress, () => 0);
    phases.begin('Airflow', 'Größe').done('http://127.0.0.1:8080');
    phases.notice('Port 8080 is in use');
    assert.deepEqual(
      terminal
        .written()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
      [
        { type: 'phase', phase: 'Airflow', state: 'running', detail: 'Größe', elapsed_ms: 0 },
        { type: 'phase', phase: 'Airflow', state: 'done', detail: 'http://127.0.0.1:8080', elapsed_ms: 0 },
        { type: 'notice', text: 'Port 8080 is in use' },
      ],
    );
  });
});
