/** Who asks, about which organization, with what rights, and how much there is: known before anything is planned. */
export {
  readCanaryBuild,
  readCensus,
  readLastChanges,
  readMade,
  readObserved,
  readOrganization,
  readPipelineNamed,
  readToken,
  startOf,
  type CanaryBuild,
  type CanaryJob,
  type MadeIn,
  type Observed,
  type Organization,
  type PipelineThere,
} from '../kinds/index.js'
