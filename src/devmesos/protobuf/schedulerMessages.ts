// The scheduler API's messages (include/mesos/v1/scheduler/scheduler.proto of Apache Mesos 1.11).
export const schedulerMessages = `
message scheduler.AttributeConstraint: 1 selector scheduler.AttributeConstraint.Selector!,
    2 predicate scheduler.AttributeConstraint.Predicate!
message scheduler.AttributeConstraint.Predicate: 1 exists scheduler.AttributeConstraint.Predicate.Exists,
    2 not_exists scheduler.AttributeConstraint.Predicate.NotExists,
    3 text_equals scheduler.AttributeConstraint.Predicate.TextEquals,
    4 text_not_equals scheduler.AttributeConstraint.Predicate.TextNotEquals,
    5 text_matches scheduler.AttributeConstraint.Predicate.TextMatches,
    6 text_not_matches scheduler.AttributeConstraint.Predicate.TextNotMatches
message scheduler.AttributeConstraint.Predicate.Exists:
message scheduler.AttributeConstraint.Predicate.NotExists:
message scheduler.AttributeConstraint.Predicate.TextEquals: 1 value string!
message scheduler.AttributeConstraint.Predicate.TextMatches: 1 regex string!
message scheduler.AttributeConstraint.Predicate.TextNotEquals: 1 value string!
message scheduler.AttributeConstraint.Predicate.TextNotMatches: 1 regex string!
message scheduler.AttributeConstraint.Selector:
    1 pseudoattribute_type scheduler.AttributeConstraint.Selector.PseudoattributeType, 2 attribute_name string
enum scheduler.AttributeConstraint.Selector.PseudoattributeType: 0 UNKNOWN, 1 HOSTNAME, 2 REGION, 3 ZONE
message scheduler.Call: 1 framework_id FrameworkID, 2 type scheduler.Call.Type,
    3 subscribe scheduler.Call.Subscribe, 4 accept scheduler.Call.Accept, 5 decline scheduler.Call.Decline,
    6 kill scheduler.Call.Kill, 7 shutdown scheduler.Call.Shutdown, 8 acknowledge scheduler.Call.Acknowledge,
    9 reconcile scheduler.Call.Reconcile, 10 message scheduler.Call.Message, 11 request scheduler.Call.Request,
    13 accept_inverse_offers scheduler.Call.AcceptInverseOffers,
    14 decline_inverse_offers scheduler.Call.DeclineInverseOffers, 15 revive scheduler.Call.Revive,
    16 suppress scheduler.Call.Suppress, 17 acknowledge_operation_status scheduler.Call.AcknowledgeOperationStatus,
    18 reconcile_operations scheduler.Call.ReconcileOperations, 19 update_framework scheduler.Call.UpdateFramework
message scheduler.Call.Accept: 1 offer_ids OfferID*, 2 operations Offer.Operation*, 3 filters Filters
message scheduler.Call.AcceptInverseOffers: 1 inverse_offer_ids OfferID*, 2 filters Filters
message scheduler.Call.Acknowledge: 1 agent_id AgentID!, 2 task_id TaskID!, 3 uuid bytes!
message scheduler.Call.AcknowledgeOperationStatus: 1 agent_id AgentID, 2 resource_provider_id ResourceProviderID,
    3 uuid bytes!, 4 operation_id OperationID!
message scheduler.Call.Decline: 1 offer_ids OfferID*, 2 filters Filters
message scheduler.Call.DeclineInverseOffers: 1 inverse_offer_ids OfferID*, 2 filters Filters
message scheduler.Call.Kill: 1 task_id TaskID!, 2 agent_id AgentID, 3 kill_policy KillPolicy
message scheduler.Call.Message: 1 agent_id AgentID!, 2 executor_id ExecutorID!, 3 data bytes!
message scheduler.Call.Reconcile: 1 tasks scheduler.Call.Reconcile.Task*
message scheduler.Call.Reconcile.Task: 1 task_id TaskID!, 2 agent_id AgentID
message scheduler.Call.ReconcileOperations: 1 operations scheduler.Call.ReconcileOperations.Operation*
message scheduler.Call.ReconcileOperations.Operation: 1 operation_id OperationID!, 2 agent_id AgentID,
    3 resource_provider_id ResourceProviderID
message scheduler.Call.Request: 1 requests Request*
message scheduler.Call.Revive: 1 roles string*
message scheduler.Call.Shutdown: 1 executor_id ExecutorID!, 2 agent_id AgentID!
message scheduler.Call.Subscribe: 1 framework_info FrameworkInfo!, 2 suppressed_roles string*,
    3 offer_constraints scheduler.OfferConstraints
message scheduler.Call.Suppress: 1 roles string*
enum scheduler.Call.Type: 0 UNKNOWN, 1 SUBSCRIBE, 2 TEARDOWN, 3 ACCEPT, 4 DECLINE, 13 ACCEPT_INVERSE_OFFERS,
    14 DECLINE_INVERSE_OFFERS, 5 REVIVE, 6 KILL, 7 SHUTDOWN, 8 ACKNOWLEDGE, 15 ACKNOWLEDGE_OPERATION_STATUS,
    9 RECONCILE, 16 RECONCILE_OPERATIONS, 10 MESSAGE, 11 REQUEST, 12 SUPPRESS, 17 UPDATE_FRAMEWORK
message scheduler.Call.UpdateFramework: 1 framework_info FrameworkInfo!, 2 suppressed_roles string*,
    3 offer_constraints scheduler.OfferConstraints
message scheduler.Event: 1 type scheduler.Event.Type, 2 subscribed scheduler.Event.Subscribed,
    3 offers scheduler.Event.Offers, 4 rescind scheduler.Event.Rescind, 5 update scheduler.Event.Update,
    6 message scheduler.Event.Message, 7 failure scheduler.Event.Failure, 8 error scheduler.Event.Error,
    9 inverse_offers scheduler.Event.InverseOffers, 10 rescind_inverse_offer scheduler.Event.RescindInverseOffer,
    11 update_operation_status scheduler.Event.UpdateOperationStatus
message scheduler.Event.Error: 1 message string!
message scheduler.Event.Failure: 1 agent_id AgentID, 2 executor_id ExecutorID, 3 status int32
message scheduler.Event.InverseOffers: 1 inverse_offers InverseOffer*
message scheduler.Event.Message: 1 agent_id AgentID!, 2 executor_id ExecutorID!, 3 data bytes!
message scheduler.Event.Offers: 1 offers Offer*
message scheduler.Event.Rescind: 1 offer_id OfferID!
message scheduler.Event.RescindInverseOffer: 1 inverse_offer_id OfferID!
message scheduler.Event.Subscribed: 1 framework_id FrameworkID!, 2 heartbeat_interval_seconds double,
    3 master_info MasterInfo
enum scheduler.Event.Type: 0 UNKNOWN, 1 SUBSCRIBED, 2 OFFERS, 9 INVERSE_OFFERS, 3 RESCIND, 10 RESCIND_INVERSE_OFFER,
    4 UPDATE, 11 UPDATE_OPERATION_STATUS, 5 MESSAGE, 6 FAILURE, 7 ERROR, 8 HEARTBEAT
message scheduler.Event.Update: 1 status TaskStatus!
message scheduler.Event.UpdateOperationStatus: 1 status OperationStatus!
message scheduler.OfferConstraints: 1 role_constraints string:scheduler.OfferConstraints.RoleConstraints
message scheduler.OfferConstraints.RoleConstraints: 1 groups scheduler.OfferConstraints.RoleConstraints.Group*
message scheduler.OfferConstraints.RoleConstraints.Group: 1 attribute_constraints scheduler.AttributeConstraint*
`;
