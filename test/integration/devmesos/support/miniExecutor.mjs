// A custom executor as anybody could write one: Node and nothing else. What a task is to do stands in its data:
//   run            runs until it is killed
//   finish         ends at once
//   crash          takes the executor with it, exit code 3
//   later          its TASK_RUNNING is kept and told only with the next subscription
//   until FILE     runs until there is such a file
// Environment: STUBBORN ignores SHUTDOWN; FAITHLESS does not look for an agent that is gone.
// Messages: `again` subscribes anew; anything else comes back with `echo ` before it.
import { existsSync } from 'node:fs';
import http from 'node:http';
import { randomUUID } from 'node:crypto';

const { MESOS_AGENT_ENDPOINT, MESOS_EXECUTOR_ID, MESOS_FRAMEWORK_ID, STUBBORN, FAITHLESS } = process.env;
const ids = { executor_id: { value: MESOS_EXECUTOR_ID }, framework_id: { value: MESOS_FRAMEWORK_ID } };
/** Updates that the agent has not acknowledged, by uuid; tasks of which it has acknowledged none. */
const unacknowledged = new Map();
const tasks = new Map();
let subscription;

console.log('executor up');
process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 1000);
subscribe();

function post(call, onResponse) {
  const request = http.request(`http://${MESOS_AGENT_ENDPOINT}/api/v1/executor`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    agent: false,
  });
  request.on('response', onResponse);
  // An update that doesn't arrive goes with the next subscription.
  request.on('error', (error) => console.error(error.message));
  request.end(JSON.stringify({ ...ids, ...call }));
  return request;
}

function subscribe() {
  const call = {
    unacknowledged_updates: [...unacknowledged.values()],
    unacknowledged_tasks: [...tasks.values()],
  };
  const own = post({ type: 'SUBSCRIBE', subscribe: call }, (response) => {
    let unread = Buffer.alloc(0);
    response.on('data', (chunk) => {
      unread = Buffer.concat([unread, chunk]);
      for (;;) {
        const end = unread.indexOf('\n');
        const length = Number(unread.subarray(0, Math.max(end, 0)).toString());
        if (end < 0 || unread.length < end + 1 + length) return;
        const record = unread.subarray(end + 1, end + 1 + length);
        unread = unread.subarray(end + 1 + length);
        take(JSON.parse(record.toString()));
      }
    });
    response.on('error', () => undefined);
  });
  subscription = own;
  own.on('close', () => {
    // An agent that is gone comes back; one that ended the stream for another one has that.
    if (subscription === own && FAITHLESS === undefined) setTimeout(subscribe, 100);
  });
}

function take(event) {
  console.log(event.type);
  if (event.type === 'ACKNOWLEDGED') {
    unacknowledged.delete(event.acknowledged.uuid);
    tasks.delete(event.acknowledged.task_id.value);
  } else if (event.type === 'LAUNCH') start(event.launch.task);
  else if (event.type === 'LAUNCH_GROUP') event.launch_group.task_group.tasks.forEach(start);
  else if (event.type === 'KILL') update(event.kill.task_id, 'TASK_KILLED');
  else if (event.type === 'MESSAGE') listen(Buffer.from(event.message.data, 'base64').toString());
  else if (event.type === 'SHUTDOWN' && STUBBORN === undefined) process.exit(0);
}

function start(task) {
  const { task_id, data } = task;
  tasks.set(task_id.value, task);
  const wish = Buffer.from(data ?? '', 'base64').toString();
  if (wish === 'crash') process.exit(3);
  if (wish === 'later') note(task_id, 'TASK_RUNNING');
  else update(task_id, wish === 'finish' ? 'TASK_FINISHED' : 'TASK_RUNNING');
  if (wish.startsWith('until ')) finishWith(task_id, wish.slice('until '.length));
}

function finishWith(task_id, file) {
  if (existsSync(file)) update(task_id, 'TASK_FINISHED');
  else setTimeout(() => finishWith(task_id, file), 20);
}

function listen(text) {
  if (text === 'again') {
    const before = subscription;
    subscribe();
    before.destroy();
  } else {
    const data = Buffer.from(`echo ${text}`).toString('base64');
    post({ type: 'MESSAGE', message: { data } }, (response) => response.resume());
  }
}

function update(task_id, state) {
  post({ type: 'UPDATE', update: note(task_id, state) }, (response) => {
    if (response.statusCode !== 202) console.error(`UPDATE: ${response.statusCode}`);
    response.resume();
  });
}

function note(task_id, state) {
  const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
  const status = { task_id, state, source: 'SOURCE_EXECUTOR', executor_id: ids.executor_id, uuid };
  unacknowledged.set(uuid, { status });
  return { status };
}
