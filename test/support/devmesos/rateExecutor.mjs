// A custom executor whose tasks do nothing: each runs and has ended, told in two updates over one connection that stays.
import http from 'node:http';
import { randomUUID } from 'node:crypto';

const { MESOS_AGENT_ENDPOINT, MESOS_EXECUTOR_ID, MESOS_FRAMEWORK_ID } = process.env;
const ids = { executor_id: { value: MESOS_EXECUTOR_ID }, framework_id: { value: MESOS_FRAMEWORK_ID } };
const updates = new http.Agent({ keepAlive: true, maxSockets: 1 });

post(false, { type: 'SUBSCRIBE', subscribe: {} }, (response) => {
  let unread = Buffer.alloc(0);
  response.on('data', (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const end = unread.indexOf('\n');
      const length = Number(unread.subarray(0, Math.max(end, 0)).toString());
      if (end < 0 || unread.length < end + 1 + length) return;
      take(JSON.parse(unread.subarray(end + 1, end + 1 + length).toString()));
      unread = unread.subarray(end + 1 + length);
    }
  });
});

function take(event) {
  if (event.type === 'SHUTDOWN') process.exit(0);
  if (event.type !== 'LAUNCH') return;
  update(event.launch.task.task_id, 'TASK_RUNNING');
  update(event.launch.task.task_id, 'TASK_FINISHED');
}

function update(task_id, state) {
  const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
  const status = { task_id, state, source: 'SOURCE_EXECUTOR', executor_id: ids.executor_id, uuid };
  post(updates, { type: 'UPDATE', update: { status } }, (response) => response.resume());
}

function post(agent, call, onResponse) {
  const request = http.request(`http://${MESOS_AGENT_ENDPOINT}/api/v1/executor`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    agent,
  });
  request.on('response', onResponse);
  request.end(JSON.stringify({ ...ids, ...call }));
}
