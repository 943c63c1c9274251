export { FileLabel, FolderLabel, Label, LabelSource, Labels, joinLabels } from './common/labels.ts'
export { Duration, Id, Json, JsonSchema, Money, Time, milliseconds } from './common/values.ts'
export { PageQuery, pageOf } from './common/page.ts'
export type { Page } from './common/page.ts'
export { Applied, ErrorClass, ErrorShape, LifeOsError, errorFromShape, errorShape } from './errors/error.ts'
export type { LifeOsErrorOptions } from './errors/error.ts'
export { diffLines, unshownWords } from './changes/shown.ts'
export { Change, ChangeTotals, CommandRun, Effect, EffectRecord, FileImage, PageAct, PageField, Reversal, Risk } from './changes/change.ts'
export { Manifest, ManifestPermission, Needs, ToolDescription } from './tools/tool.ts'
export { PlanInput } from './plans/inputs.ts'
export { Budget } from './plans/budget.ts'
export {
  Expression,
  Identifier,
  Intent,
  Lane,
  Plan,
  PlanFault,
  PlanId,
  Retry,
  STEP_KINDS,
  STEP_SCHEMAS,
  Step,
  Steps,
  stepKind,
} from './plans/plan.ts'
export type {
  AgentStep,
  ApproveStep,
  BranchStep,
  EachStep,
  GroupStep,
  OnError,
  PlanStep,
  SetStep,
  StepKind,
  ToolStep,
  WaitStep,
  WhileStep,
} from './plans/plan.ts'
export { Cost, JournalEntry, Mode, ProgressNote, RaisedLimit, Recorded, RunEvent, RunState, TopicEvent } from './events/run-event.ts'
export type { RunEventType } from './events/run-event.ts'
export {
  Actor,
  NeededPermission,
  PlanStatistics,
  Preview,
  PreviewChange,
  PreviewStep,
  PreviewSummary,
  PreviewWarning,
  Run,
  RunStep,
  Selection,
  StartRun,
  StartUndo,
} from './runs/run.ts'
export {
  AnswerApproval,
  Approval,
  ApprovalDetail,
  ApprovalKind,
  ApprovalState,
  AuditRecord,
  AuditVerification,
  Decision,
  DomainLevel,
  GateRequest,
  Grant,
  Level,
  LevelDomain,
  Need,
  NewGrant,
  Verdict,
} from './gate/gate.ts'
export { byDanger, describePermission, domainOf } from './gate/words.ts'
export type { PermissionWords, WordsOptions } from './gate/words.ts'
export {
  ApiToken,
  FolderEntry,
  Health,
  Isolation,
  NewSecret,
  PendingPlugin,
  PermissionDiff,
  Person,
  Plugin,
  PluginSource,
  PluginState,
  Role,
  Scope,
  Secret,
  SecretKind,
  Settings,
  TrashItem,
} from './system/system.ts'
export { Problem, StoredPlan, contract } from './routes/index.ts'
export type { Contract } from './routes/index.ts'
export {
  BudgetState,
  Capability,
  GenerateAnswer,
  GenerateRequest,
  Model,
  ModelAdvice,
  ModelBudgets,
  ModelMessage,
  ModelPart,
  ModelSettings,
  ModelSettingsPatch,
  ModelTool,
  ModelUsage,
  Price,
  Provider,
  ProviderConfig,
  ProviderKind,
  PullState,
  Qualification,
  TokenUsage,
  UsageGroup,
} from './models/model.ts'
export { Agent, AgentExample, AgentId, AgentStatistics, AgentVersion, Preference, StoredAgent } from './agents/agent.ts'
export { AnswerPart, Attachment, Citation, Compaction, MessageHit, SendMessage, Thread, ThreadMessage } from './threads/thread.ts'
export { Estimate, IntentEntry, MissingInput, Proposal, ProposeGoal, ToolMatch } from './planner/proposal.ts'
export { McpServer, McpServerConfig } from './mcp/mcp.ts'
export { SecretUseShape } from './mcp/secret-use.ts'
