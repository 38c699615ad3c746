// The executor API's messages (include/mesos/v1/executor/executor.proto of Apache Mesos 1.11).
export const executorMessages = `
message executor.Call: 1 executor_id ExecutorID!, 2 framework_id FrameworkID!, 3 type executor.Call.Type,
    4 subscribe executor.Call.Subscribe, 5 update executor.Call.Update, 6 message executor.Call.Message
message executor.Call.Message: 2 data bytes!
message executor.Call.Subscribe: 1 unacknowledged_tasks TaskInfo*, 2 unacknowledged_updates executor.Call.Update*
enum executor.Call.Type: 0 UNKNOWN, 1 SUBSCRIBE, 2 UPDATE, 3 MESSAGE, 4 HEARTBEAT
message executor.Call.Update: 1 status TaskStatus!
message executor.Event: 1 type executor.Event.Type, 2 subscribed executor.Event.Subscribed,
    3 acknowledged executor.Event.Acknowledged, 4 launch executor.Event.Launch, 5 kill executor.Event.Kill,
    6 message executor.Event.Message, 7 error executor.Event.Error, 8 launch_group executor.Event.LaunchGroup
message executor.Event.Acknowledged: 1 task_id TaskID!, 2 uuid bytes!
message executor.Event.Error: 1 message string!
message executor.Event.Kill: 1 task_id TaskID!, 2 kill_policy KillPolicy
message executor.Event.Launch: 1 task TaskInfo!
message executor.Event.LaunchGroup: 1 task_group TaskGroupInfo!
message executor.Event.Message: 1 data bytes!
message executor.Event.Subscribed: 1 executor_info ExecutorInfo!, 2 framework_info FrameworkInfo!,
    3 agent_info AgentInfo!, 4 container_id ContainerID
enum executor.Event.Type: 0 UNKNOWN, 1 SUBSCRIBED, 2 LAUNCH, 8 LAUNCH_GROUP, 3 KILL, 4 ACKNOWLEDGED, 5 MESSAGE,
    6 ERROR, 7 SHUTDOWN, 9 HEARTBEAT
`;
