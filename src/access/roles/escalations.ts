const of = (service: string, names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${service}:${name}`)

/** What gets whoever can do it more than they have. sts:AssumeRole has rules of its own. @source aws-enforcement §9 */
export const escalations: readonly string[] = [
  ...of(
    'iam',
    `UpdateAssumeRolePolicy PutRolePolicy AttachRolePolicy PutUserPolicy AttachUserPolicy PutGroupPolicy
     AttachGroupPolicy CreatePolicyVersion SetDefaultPolicyVersion CreatePolicy PassRole CreateRole UpdateRole
     CreateUser CreateAccessKey CreateLoginProfile UpdateLoginProfile AddUserToGroup
     DetachRolePolicy DetachUserPolicy DetachGroupPolicy DeleteRolePolicy DeleteUserPolicy DeleteGroupPolicy
     DeletePolicy DeletePolicyVersion PutRolePermissionsBoundary DeleteRolePermissionsBoundary
     PutUserPermissionsBoundary DeleteUserPermissionsBoundary TagRole UntagRole TagUser UntagUser
     CreateInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile
     CreateOpenIDConnectProvider UpdateOpenIDConnectProviderThumbprint DeleteOpenIDConnectProvider
     AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider CreateSAMLProvider UpdateSAMLProvider
     CreateServiceLinkedRole UploadSSHPublicKey CreateServiceSpecificCredential DeactivateMFADevice`,
  ),
  ...of(
    'ec2',
    `RunInstances AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation ModifyInstanceAttribute
     ModifyInstanceMetadataOptions CreateLaunchTemplateVersion`,
  ),
  ...of('ec2-instance-connect', 'SendSSHPublicKey'),
  ...of(
    'autoscaling',
    'CreateAutoScalingGroup CreateLaunchConfiguration UpdateAutoScalingGroup CreateOrUpdateTags',
  ),
  ...of(
    'lambda',
    'CreateFunction UpdateFunctionCode UpdateFunctionConfiguration AddPermission CreateEventSourceMapping',
  ),
  ...of('cloudformation', 'CreateStack UpdateStack SetStackPolicy ExecuteChangeSet'),
  ...of('ecs', 'RunTask RegisterTaskDefinition ExecuteCommand'),
  ...of('codebuild', 'CreateProject UpdateProject StartBuild'),
  ...of('glue', 'CreateDevEndpoint UpdateDevEndpoint CreateJob UpdateJob'),
  ...of(
    'sagemaker',
    'CreateNotebookInstance CreateTrainingJob CreateProcessingJob CreatePresignedNotebookInstanceUrl',
  ),
  ...of('states', 'CreateStateMachine UpdateStateMachine'),
  ...of('ssm', 'SendCommand StartSession StartAutomationExecution CreateAssociation'),
  ...of('datapipeline', 'CreatePipeline PutPipelineDefinition ActivatePipeline'),
  ...of('batch', 'SubmitJob RegisterJobDefinition'),
  ...of(
    'organizations',
    'AttachPolicy DetachPolicy UpdatePolicy DeletePolicy LeaveOrganization CreateAccount InviteAccountToOrganization',
  ),
  ...of('account', 'PutAlternateContact PutContactInformation CloseAccount EnableRegion DisableRegion'),
  ...of('kms', 'CreateGrant PutKeyPolicy ScheduleKeyDeletion'),
  ...of('s3', 'PutBucketPolicy'),
  ...of('secretsmanager', 'PutResourcePolicy'),
  ...of('cloudtrail', 'StopLogging DeleteTrail'),
  ...of('config', 'StopConfigurationRecorder'),
]

/** Those that write who may become a role, or what it may do. */
export const rewriting: readonly string[] = of(
  'iam',
  'UpdateAssumeRolePolicy PutRolePolicy AttachRolePolicy CreatePolicyVersion SetDefaultPolicyVersion',
)
