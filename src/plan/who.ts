/** Who asks, about which organization, with what rights, and how much there is: known before anything is planned. */
export {
  readCensus,
  readMade,
  readObserved,
  readOrganization,
  readToken,
  type MadeIn,
  type Observed,
  type Organization,
} from '../kinds/index.js'
