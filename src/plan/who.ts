/** Who asks, about which organization, with what rights, and how much there is: known before anything is planned. */
export {
  readCensus,
  readObserved,
  readOrganization,
  readToken,
  type Observed,
  type Organization,
} from '../kinds/index.js'
