/** Who asks, about which organization, with what rights, and how much there is: known before anything is planned. */
export { readCensus, readOrganization, readToken, type Organization } from '../kinds/index.js'
