// A custom executor as anybody could write one: Node and nothing else. What a task is to do stands in its data:
//   run            runs until it is killed
//   finish         ends at once
//   crash          takes the executor with it, exit code 3
//   later          its TASK_RUNNING is kept and told only with the next subscription
// Messages: `again` subscribes anew; anything else comes back with `echo ` before it.
import http from 'node:http';
import { randomUUID } from 'node:crypto';

const { MESOS_AGENT_ENDPOINT, MESOS_EXECUTOR_ID, MESOS_FRAMEWORK_ID, STUBBORN, SILENT } = process.env;
const ids = { executor_id: { value: MESOS_EXECUTOR_ID }, framework_id: { value: MESOS_FRAMEWORK_ID } };
const kept = [];
let subscription;

console.log('executor up');
// One that ignores what it is told, and one that never says a word.
process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 1000);
if (SILENT === undefined) subscribe();

function post(call, onResponse) {
  const request = http.request(`http://${MESOS_AGENT_ENDPOINT}/api/v1/executor`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    agent: false,
  });
  request.on('response', onResponse);
  request.on('error', (error) => console.error(error.message));
  request.end(JSON.stringify({ ...ids, ...call }));
  return request;
}

function subscribe() {
  const subscribe = { unacknowledged_updates: kept.splice(0), unacknowledged_tasks: [] };
  subscription = post({ type: 'SUBSCRIBE', subscribe }, (response) => {
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
}

function take(event) {
  console.log(event.type);
  if (event.type === 'LAUNCH') start(event.launch.task);
  else if (event.type === 'LAUNCH_GROUP') event.launch_group.task_group.tasks.forEach(start);
  else if (event.type === 'KILL') update(event.kill.task_id, 'TASK_KILLED');
  else if (event.type === 'MESSAGE') listen(Buffer.from(event.message.data, 'base64').toString());
  else if (event.type === 'SHUTDOWN' && STUBBORN === undefined) process.exit(0);
}

function start({ task_id, data }) {
  const wish = Buffer.from(data ?? '', 'base64').toString();
  if (wish === 'crash') process.exit(3);
  if (wish === 'later') kept.push({ status: statusOf(task_id, 'TASK_RUNNING') });
  else update(task_id, wish === 'finish' ? 'TASK_FINISHED' : 'TASK_RUNNING');
}

function listen(text) {
  if (text === 'again') {
    subscription.destroy();
    subscribe();
  } else {
    const data = Buffer.from(`echo ${text}`).toString('base64');
    post({ type: 'MESSAGE', message: { data } }, (response) => response.resume());
  }
}

function update(task_id, state) {
  post({ type: 'UPDATE', update: { status: statusOf(task_id, state) } }, (response) => {
    if (response.statusCode !== 202) console.error(`UPDATE: ${response.statusCode}`);
    response.resume();
  });
}

function statusOf(task_id, state) {
  const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
  return { task_id, state, source: 'SOURCE_EXECUTOR', executor_id: ids.executor_id, uuid };
}
