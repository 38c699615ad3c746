// What Mesos v1's messages consist of, as they are numbered on the wire (include/mesos/v1/mesos.proto of Apache Mesos 1.11): those
// that scheduler and executor calls and events hold. How to read a line: readMessages.ts.
export const mesosMessages = `
message Address: 1 hostname string, 2 ip string, 3 port int32!
message AgentID: 1 value string!
message AgentInfo: 1 hostname string!, 3 resources Resource*, 5 attributes Attribute*, 6 id AgentID, 8 port int32,
    10 domain DomainInfo
message Attribute: 1 name string!, 2 type Value.Type!, 3 scalar Value.Scalar, 4 ranges Value.Ranges,
    5 text Value.Text, 6 set Value.Set
message CapabilityInfo: 1 capabilities CapabilityInfo.Capability*
enum CapabilityInfo.Capability: 0 UNKNOWN, 1000 CHOWN, 1001 DAC_OVERRIDE, 1002 DAC_READ_SEARCH, 1003 FOWNER,
    1004 FSETID, 1005 KILL, 1006 SETGID, 1007 SETUID, 1008 SETPCAP, 1009 LINUX_IMMUTABLE, 1010 NET_BIND_SERVICE,
    1011 NET_BROADCAST, 1012 NET_ADMIN, 1013 NET_RAW, 1014 IPC_LOCK, 1015 IPC_OWNER, 1016 SYS_MODULE,
    1017 SYS_RAWIO, 1018 SYS_CHROOT, 1019 SYS_PTRACE, 1020 SYS_PACCT, 1021 SYS_ADMIN, 1022 SYS_BOOT, 1023 SYS_NICE,
    1024 SYS_RESOURCE, 1025 SYS_TIME, 1026 SYS_TTY_CONFIG, 1027 MKNOD, 1028 LEASE, 1029 AUDIT_WRITE,
    1030 AUDIT_CONTROL, 1031 SETFCAP, 1032 MAC_OVERRIDE, 1033 MAC_ADMIN, 1034 SYSLOG, 1035 WAKE_ALARM,
    1036 BLOCK_SUSPEND, 1037 AUDIT_READ, 1038 PERFMON, 1039 BPF, 1040 CHECKPOINT_RESTORE
message CgroupInfo: 1 net_cls CgroupInfo.NetCls
message CgroupInfo.NetCls: 1 classid uint32
message CheckInfo: 1 type CheckInfo.Type, 2 command CheckInfo.Command, 3 http CheckInfo.Http,
    4 delay_seconds double, 5 interval_seconds double, 6 timeout_seconds double, 7 tcp CheckInfo.Tcp
message CheckInfo.Command: 1 command CommandInfo!
message CheckInfo.Http: 1 port uint32!, 2 path string
message CheckInfo.Tcp: 1 port uint32!
enum CheckInfo.Type: 0 UNKNOWN, 1 COMMAND, 2 HTTP, 3 TCP
message CheckStatusInfo: 1 type CheckInfo.Type, 2 command CheckStatusInfo.Command, 3 http CheckStatusInfo.Http,
    4 tcp CheckStatusInfo.Tcp
message CheckStatusInfo.Command: 1 exit_code int32
message CheckStatusInfo.Http: 1 status_code uint32
message CheckStatusInfo.Tcp: 1 succeeded bool
message CommandInfo: 1 uris CommandInfo.URI*, 2 environment Environment, 3 value string, 5 user string,
    6 shell bool, 7 arguments string*
message CommandInfo.URI: 1 value string!, 2 executable bool, 3 extract bool, 4 cache bool, 5 output_file string
message ContainerID: 1 value string!, 2 parent ContainerID
message ContainerInfo: 1 type ContainerInfo.Type!, 2 volumes Volume*, 3 docker ContainerInfo.DockerInfo,
    4 hostname string, 5 mesos ContainerInfo.MesosInfo, 7 network_infos NetworkInfo*, 8 linux_info LinuxInfo,
    9 rlimit_info RLimitInfo, 10 tty_info TTYInfo
message ContainerInfo.DockerInfo: 1 image string!, 2 network ContainerInfo.DockerInfo.Network,
    3 port_mappings ContainerInfo.DockerInfo.PortMapping*, 4 privileged bool, 5 parameters Parameter*,
    6 force_pull_image bool, 7 volume_driver string
enum ContainerInfo.DockerInfo.Network: 1 HOST, 2 BRIDGE, 3 NONE, 4 USER
message ContainerInfo.DockerInfo.PortMapping: 1 host_port uint32!, 2 container_port uint32!, 3 protocol string
message ContainerInfo.MesosInfo: 1 image Image
enum ContainerInfo.Type: 1 DOCKER, 2 MESOS
message ContainerStatus: 1 network_infos NetworkInfo*, 2 cgroup_info CgroupInfo, 3 executor_pid uint32,
    4 container_id ContainerID
message Credential: 1 principal string!, 2 secret string
message DiscoveryInfo: 1 visibility DiscoveryInfo.Visibility!, 2 name string, 3 environment string,
    4 location string, 5 version string, 6 ports Ports, 7 labels Labels
enum DiscoveryInfo.Visibility: 0 FRAMEWORK, 1 CLUSTER, 2 EXTERNAL
message DomainInfo: 1 fault_domain DomainInfo.FaultDomain
message DomainInfo.FaultDomain: 1 region DomainInfo.FaultDomain.RegionInfo!, 2 zone DomainInfo.FaultDomain.ZoneInfo!
message DomainInfo.FaultDomain.RegionInfo: 1 name string!
message DomainInfo.FaultDomain.ZoneInfo: 1 name string!
message DurationInfo: 1 nanoseconds int64!
message Environment: 1 variables Environment.Variable*
message Environment.Variable: 1 name string!, 2 value string, 3 type Environment.Variable.Type, 4 secret Secret
enum Environment.Variable.Type: 0 UNKNOWN, 1 VALUE, 2 SECRET
message ExecutorID: 1 value string!
message ExecutorInfo: 1 executor_id ExecutorID!, 4 data bytes, 5 resources Resource*, 7 command CommandInfo,
    8 framework_id FrameworkID, 9 name string, 10 source string, 11 container ContainerInfo,
    12 discovery DiscoveryInfo, 13 shutdown_grace_period DurationInfo, 14 labels Labels, 15 type ExecutorInfo.Type
enum ExecutorInfo.Type: 0 UNKNOWN, 1 DEFAULT, 2 CUSTOM
message Filters: 1 refuse_seconds double
message FrameworkID: 1 value string!
message FrameworkInfo: 1 user string!, 2 name string!, 3 id FrameworkID, 4 failover_timeout double,
    5 checkpoint bool, 6 role string, 7 hostname string, 8 principal string, 9 webui_url string,
    10 capabilities FrameworkInfo.Capability*, 11 labels Labels, 12 roles string*,
    13 offer_filters string:OfferFilters
message FrameworkInfo.Capability: 1 type FrameworkInfo.Capability.Type
enum FrameworkInfo.Capability.Type: 0 UNKNOWN, 1 REVOCABLE_RESOURCES, 2 TASK_KILLING_STATE, 3 GPU_RESOURCES,
    4 SHARED_RESOURCES, 5 PARTITION_AWARE, 6 MULTI_ROLE, 7 RESERVATION_REFINEMENT, 8 REGION_AWARE
message HealthCheck: 1 http HealthCheck.HTTPCheckInfo, 2 delay_seconds double, 3 interval_seconds double,
    4 timeout_seconds double, 5 consecutive_failures uint32, 6 grace_period_seconds double, 7 command CommandInfo,
    8 type HealthCheck.Type, 9 tcp HealthCheck.TCPCheckInfo
message HealthCheck.HTTPCheckInfo: 1 port uint32!, 2 path string, 3 scheme string, 4 statuses uint32*,
    5 protocol NetworkInfo.Protocol
message HealthCheck.TCPCheckInfo: 1 port uint32!, 2 protocol NetworkInfo.Protocol
enum HealthCheck.Type: 0 UNKNOWN, 1 COMMAND, 2 HTTP, 3 TCP
message Image: 1 type Image.Type!, 2 appc Image.Appc, 3 docker Image.Docker, 4 cached bool
message Image.Appc: 1 name string!, 2 id string, 3 labels Labels
message Image.Docker: 1 name string!, 2 credential Credential, 3 config Secret
enum Image.Type: 1 APPC, 2 DOCKER
message InverseOffer: 1 id OfferID!, 2 url URL, 3 framework_id FrameworkID!, 4 agent_id AgentID,
    5 unavailability Unavailability!, 6 resources Resource*
message KillPolicy: 1 grace_period DurationInfo
message Label: 1 key string!, 2 value string
message Labels: 1 labels Label*
message LinuxInfo: 1 capability_info CapabilityInfo, 2 bounding_capabilities CapabilityInfo,
    3 effective_capabilities CapabilityInfo, 4 share_pid_namespace bool, 5 seccomp SeccompInfo,
    6 ipc_mode LinuxInfo.IpcMode, 7 shm_size uint32, 8 share_cgroups bool
enum LinuxInfo.IpcMode: 0 UNKNOWN, 1 PRIVATE, 2 SHARE_PARENT
message MasterInfo: 1 id string!, 2 ip uint32!, 3 port uint32!, 4 pid string, 5 hostname string, 6 version string,
    7 address Address, 8 domain DomainInfo, 9 capabilities MasterInfo.Capability*
message MasterInfo.Capability: 1 type MasterInfo.Capability.Type
enum MasterInfo.Capability.Type: 0 UNKNOWN, 1 AGENT_UPDATE, 2 AGENT_DRAINING
message MountPropagation: 1 mode MountPropagation.Mode
enum MountPropagation.Mode: 0 UNKNOWN, 1 HOST_TO_CONTAINER, 2 BIDIRECTIONAL
message NetworkInfo: 3 groups string*, 4 labels Labels, 5 ip_addresses NetworkInfo.IPAddress*, 6 name string,
    7 port_mappings NetworkInfo.PortMapping*
message NetworkInfo.IPAddress: 1 protocol NetworkInfo.Protocol, 2 ip_address string
message NetworkInfo.PortMapping: 1 host_port uint32!, 2 container_port uint32!, 3 protocol string
enum NetworkInfo.Protocol: 1 IPv4, 2 IPv6
message Offer: 1 id OfferID!, 2 framework_id FrameworkID!, 3 agent_id AgentID!, 4 hostname string!,
    5 resources Resource*, 6 executor_ids ExecutorID*, 7 attributes Attribute*, 8 url URL,
    9 unavailability Unavailability, 10 allocation_info Resource.AllocationInfo, 11 domain DomainInfo
message Offer.Operation: 1 type Offer.Operation.Type, 2 launch Offer.Operation.Launch,
    3 reserve Offer.Operation.Reserve, 4 unreserve Offer.Operation.Unreserve, 5 create Offer.Operation.Create,
    6 destroy Offer.Operation.Destroy, 7 launch_group Offer.Operation.LaunchGroup, 12 id OperationID,
    13 grow_volume Offer.Operation.GrowVolume, 14 shrink_volume Offer.Operation.ShrinkVolume,
    15 create_disk Offer.Operation.CreateDisk, 16 destroy_disk Offer.Operation.DestroyDisk
message Offer.Operation.Create: 1 volumes Resource*
message Offer.Operation.CreateDisk: 1 source Resource!, 2 target_type Resource.DiskInfo.Source.Type!,
    3 target_profile string
message Offer.Operation.Destroy: 1 volumes Resource*
message Offer.Operation.DestroyDisk: 1 source Resource!
message Offer.Operation.GrowVolume: 1 volume Resource!, 2 addition Resource!
message Offer.Operation.Launch: 1 task_infos TaskInfo*
message Offer.Operation.LaunchGroup: 1 executor ExecutorInfo!, 2 task_group TaskGroupInfo!
message Offer.Operation.Reserve: 1 resources Resource*, 2 source Resource*
message Offer.Operation.ShrinkVolume: 1 volume Resource!, 2 subtract Value.Scalar!
enum Offer.Operation.Type: 0 UNKNOWN, 1 LAUNCH, 6 LAUNCH_GROUP, 2 RESERVE, 3 UNRESERVE, 4 CREATE, 5 DESTROY,
    11 GROW_VOLUME, 12 SHRINK_VOLUME, 13 CREATE_DISK, 14 DESTROY_DISK
message Offer.Operation.Unreserve: 1 resources Resource*
message OfferFilters: 1 min_allocatable_resources OfferFilters.MinAllocatableResources
message OfferFilters.MinAllocatableResources: 1 quantities OfferFilters.ResourceQuantities*
message OfferFilters.ResourceQuantities: 1 quantities string:Value.Scalar
message OfferID: 1 value string!
message OperationID: 1 value string!
enum OperationState: 0 OPERATION_UNSUPPORTED, 1 OPERATION_PENDING, 2 OPERATION_FINISHED, 3 OPERATION_FAILED,
    4 OPERATION_ERROR, 5 OPERATION_DROPPED, 6 OPERATION_UNREACHABLE, 7 OPERATION_GONE_BY_OPERATOR,
    8 OPERATION_RECOVERING, 9 OPERATION_UNKNOWN
message OperationStatus: 1 operation_id OperationID, 2 state OperationState!, 3 message string,
    4 converted_resources Resource*, 5 uuid UUID, 6 agent_id AgentID, 7 resource_provider_id ResourceProviderID
message Parameter: 1 key string!, 2 value string!
message Parameters: 1 parameter Parameter*
message Port: 1 number uint32!, 2 name string, 3 protocol string, 4 visibility DiscoveryInfo.Visibility,
    5 labels Labels
message Ports: 1 ports Port*
message RLimitInfo: 1 rlimits RLimitInfo.RLimit*
message RLimitInfo.RLimit: 1 type RLimitInfo.RLimit.Type, 2 hard uint64, 3 soft uint64
enum RLimitInfo.RLimit.Type: 0 UNKNOWN, 1 RLMT_AS, 2 RLMT_CORE, 3 RLMT_CPU, 4 RLMT_DATA, 5 RLMT_FSIZE, 6 RLMT_LOCKS,
    7 RLMT_MEMLOCK, 8 RLMT_MSGQUEUE, 9 RLMT_NICE, 10 RLMT_NOFILE, 11 RLMT_NPROC, 12 RLMT_RSS, 13 RLMT_RTPRIO,
    14 RLMT_RTTIME, 15 RLMT_SIGPENDING, 16 RLMT_STACK
message Request: 1 agent_id AgentID, 2 resources Resource*
message Resource: 1 name string!, 2 type Value.Type!, 3 scalar Value.Scalar, 4 ranges Value.Ranges, 5 set Value.Set,
    6 role string, 7 disk Resource.DiskInfo, 8 reservation Resource.ReservationInfo,
    9 revocable Resource.RevocableInfo, 10 shared Resource.SharedInfo, 11 allocation_info Resource.AllocationInfo,
    12 provider_id ResourceProviderID, 13 reservations Resource.ReservationInfo*
message Resource.AllocationInfo: 1 role string
message Resource.DiskInfo: 1 persistence Resource.DiskInfo.Persistence, 2 volume Volume,
    3 source Resource.DiskInfo.Source
message Resource.DiskInfo.Persistence: 1 id string!, 2 principal string
message Resource.DiskInfo.Source: 1 type Resource.DiskInfo.Source.Type!, 2 path Resource.DiskInfo.Source.Path,
    3 mount Resource.DiskInfo.Source.Mount, 4 id string, 5 metadata Labels, 6 profile string, 7 vendor string
message Resource.DiskInfo.Source.Mount: 1 root string
message Resource.DiskInfo.Source.Path: 1 root string
enum Resource.DiskInfo.Source.Type: 0 UNKNOWN, 1 PATH, 2 MOUNT, 3 BLOCK, 4 RAW
message Resource.ReservationInfo: 1 principal string, 2 labels Labels, 3 role string,
    4 type Resource.ReservationInfo.Type
enum Resource.ReservationInfo.Type: 0 UNKNOWN, 1 STATIC, 2 DYNAMIC
message Resource.RevocableInfo:
message Resource.SharedInfo:
message ResourceProviderID: 1 value string!
message SeccompInfo: 1 profile_name string, 2 unconfined bool
message Secret: 1 type Secret.Type, 2 reference Secret.Reference, 3 value Secret.Value
message Secret.Reference: 1 name string!, 2 key string
enum Secret.Type: 0 UNKNOWN, 1 REFERENCE, 2 VALUE
message Secret.Value: 1 data bytes!
message TTYInfo: 1 window_size TTYInfo.WindowSize
message TTYInfo.WindowSize: 1 rows uint32!, 2 columns uint32!
message TaskGroupInfo: 1 tasks TaskInfo*
message TaskID: 1 value string!
message TaskInfo: 1 name string!, 2 task_id TaskID!, 3 agent_id AgentID!, 4 resources Resource*,
    5 executor ExecutorInfo, 6 data bytes, 7 command CommandInfo, 8 health_check HealthCheck,
    9 container ContainerInfo, 10 labels Labels, 11 discovery DiscoveryInfo, 12 kill_policy KillPolicy,
    13 check CheckInfo, 14 max_completion_time DurationInfo, 15 limits string:Value.Scalar
message TaskResourceLimitation: 1 resources Resource*
enum TaskState: 6 TASK_STAGING, 0 TASK_STARTING, 1 TASK_RUNNING, 8 TASK_KILLING, 2 TASK_FINISHED, 3 TASK_FAILED,
    4 TASK_KILLED, 7 TASK_ERROR, 5 TASK_LOST, 9 TASK_DROPPED, 10 TASK_UNREACHABLE, 11 TASK_GONE,
    12 TASK_GONE_BY_OPERATOR, 13 TASK_UNKNOWN
message TaskStatus: 1 task_id TaskID!, 2 state TaskState!, 3 data bytes, 4 message string, 5 agent_id AgentID,
    6 timestamp double, 7 executor_id ExecutorID, 8 healthy bool, 9 source TaskStatus.Source,
    10 reason TaskStatus.Reason, 11 uuid bytes, 12 labels Labels, 13 container_status ContainerStatus,
    14 unreachable_time TimeInfo, 15 check_status CheckStatusInfo, 16 limitation TaskResourceLimitation
enum TaskStatus.Reason: 0 REASON_COMMAND_EXECUTOR_FAILED, 21 REASON_CONTAINER_LAUNCH_FAILED,
    19 REASON_CONTAINER_LIMITATION, 20 REASON_CONTAINER_LIMITATION_DISK, 8 REASON_CONTAINER_LIMITATION_MEMORY,
    17 REASON_CONTAINER_PREEMPTED, 22 REASON_CONTAINER_UPDATE_FAILED, 33 REASON_MAX_COMPLETION_TIME_REACHED,
    23 REASON_EXECUTOR_REGISTRATION_TIMEOUT, 24 REASON_EXECUTOR_REREGISTRATION_TIMEOUT,
    1 REASON_EXECUTOR_TERMINATED, 2 REASON_EXECUTOR_UNREGISTERED, 3 REASON_FRAMEWORK_REMOVED, 4 REASON_GC_ERROR,
    5 REASON_INVALID_FRAMEWORKID, 6 REASON_INVALID_OFFERS, 27 REASON_IO_SWITCHBOARD_EXITED,
    7 REASON_MASTER_DISCONNECTED, 9 REASON_RECONCILIATION, 18 REASON_RESOURCES_UNKNOWN,
    10 REASON_AGENT_DISCONNECTED, 34 REASON_AGENT_DRAINING, 11 REASON_AGENT_REMOVED,
    31 REASON_AGENT_REMOVED_BY_OPERATOR, 32 REASON_AGENT_REREGISTERED, 12 REASON_AGENT_RESTARTED,
    13 REASON_AGENT_UNKNOWN, 30 REASON_TASK_KILLED_DURING_LAUNCH, 28 REASON_TASK_CHECK_STATUS_UPDATED,
    29 REASON_TASK_HEALTH_CHECK_STATUS_UPDATED, 25 REASON_TASK_GROUP_INVALID, 26 REASON_TASK_GROUP_UNAUTHORIZED,
    14 REASON_TASK_INVALID, 15 REASON_TASK_UNAUTHORIZED, 16 REASON_TASK_UNKNOWN
enum TaskStatus.Source: 0 SOURCE_MASTER, 1 SOURCE_AGENT, 2 SOURCE_EXECUTOR
message TimeInfo: 1 nanoseconds int64!
message URL: 1 scheme string!, 2 address Address!, 3 path string, 4 query Parameter*, 5 fragment string
message UUID: 1 value bytes!
message Unavailability: 1 start TimeInfo!, 2 duration DurationInfo
message Value.Range: 1 begin uint64!, 2 end uint64!
message Value.Ranges: 1 range Value.Range*
message Value.Scalar: 1 value double!
message Value.Set: 1 item string*
message Value.Text: 1 value string!
enum Value.Type: 0 SCALAR, 1 RANGES, 2 SET, 3 TEXT
message Volume: 1 container_path string!, 2 host_path string, 3 mode Volume.Mode!, 4 image Image,
    5 source Volume.Source
enum Volume.Mode: 1 RW, 2 RO
message Volume.Source: 1 type Volume.Source.Type, 2 docker_volume Volume.Source.DockerVolume,
    3 sandbox_path Volume.Source.SandboxPath, 4 secret Secret, 5 host_path Volume.Source.HostPath,
    6 csi_volume Volume.Source.CSIVolume
message Volume.Source.CSIVolume: 1 plugin_name string!,
    2 static_provisioning Volume.Source.CSIVolume.StaticProvisioning
message Volume.Source.CSIVolume.StaticProvisioning: 1 volume_id string!,
    2 volume_capability Volume.Source.CSIVolume.VolumeCapability!, 3 node_stage_secrets string:Secret,
    4 node_publish_secrets string:Secret, 5 volume_context string:string
message Volume.Source.CSIVolume.VolumeCapability: 1 block Volume.Source.CSIVolume.VolumeCapability.BlockVolume,
    2 mount Volume.Source.CSIVolume.VolumeCapability.MountVolume,
    3 access_mode Volume.Source.CSIVolume.VolumeCapability.AccessMode!
message Volume.Source.CSIVolume.VolumeCapability.AccessMode:
    1 mode Volume.Source.CSIVolume.VolumeCapability.AccessMode.Mode!
enum Volume.Source.CSIVolume.VolumeCapability.AccessMode.Mode: 0 UNKNOWN, 1 SINGLE_NODE_WRITER,
    2 SINGLE_NODE_READER_ONLY, 3 MULTI_NODE_READER_ONLY, 4 MULTI_NODE_SINGLE_WRITER, 5 MULTI_NODE_MULTI_WRITER
message Volume.Source.CSIVolume.VolumeCapability.BlockVolume:
message Volume.Source.CSIVolume.VolumeCapability.MountVolume: 1 fs_type string, 2 mount_flags string*
message Volume.Source.DockerVolume: 1 driver string, 2 name string!, 3 driver_options Parameters
message Volume.Source.HostPath: 1 path string!, 2 mount_propagation MountPropagation
message Volume.Source.SandboxPath: 1 type Volume.Source.SandboxPath.Type, 2 path string!
enum Volume.Source.SandboxPath.Type: 0 UNKNOWN, 1 SELF, 2 PARENT
enum Volume.Source.Type: 0 UNKNOWN, 1 DOCKER_VOLUME, 4 HOST_PATH, 2 SANDBOX_PATH, 3 SECRET, 5 CSI_VOLUME
`;
