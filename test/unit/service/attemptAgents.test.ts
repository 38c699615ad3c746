import assert from 'node:assert/strict';
import { AgentAway } from '../../../src/service/agentAway.ts';
import { AttemptAgents } from '../../../src/service/attemptAgents.ts';
import { attempt } from './logs/fakeAgent.ts';

describe('where the agents of tasks are', () => {
  const isAway = (isKnown: boolean) => (error: unknown) =>
    error instanceof AgentAway && error.isKnown === isKnown;

  it('is what the master says and, while it does not answer, what it said last', async () => {
    let said: () => Promise<string | undefined> = () => Promise.resolve('127.0.0.1:1');
    const places = new AttemptAgents({ addressOf: () => said(), agentsMove: true });
    assert.equal(places.known(attempt()), undefined);
    assert.equal(await places.now(attempt()), '127.0.0.1:1');
    said = () => Promise.reject(new Error('the master is away'));
    assert.equal(await places.now(attempt()), '127.0.0.1:1');
    said = () => Promise.resolve('127.0.0.1:2');
    assert.equal(await places.now(attempt()), '127.0.0.1:2');
    assert.equal(places.known(attempt()), '127.0.0.1:2');
    said = () => Promise.resolve(undefined);
    await assert.rejects(places.now(attempt(), 'it refused'), isAway(false));
  });

  it('is what the offer told where agents stay, and unknown else', async () => {
    const told = { ...attempt(), agent_address: '127.0.0.1:3' };
    const addressOf = (): Promise<string> => Promise.reject(new Error('the master is away'));
    assert.equal(await new AttemptAgents({ addressOf, agentsMove: false }).now(told), '127.0.0.1:3');
    await assert.rejects(new AttemptAgents({ addressOf, agentsMove: true }).now(told), isAway(true));
  });
});
