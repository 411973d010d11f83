/** What a change may cost people who are not reading the plan. */
export interface Risk {
  /** `access`: somebody can do more or less than before. `outage`: work stops. `loss`: something can't be had back. */
  readonly level: 'safe' | 'access' | 'outage' | 'loss'
  /** Empty where it is safe. */
  readonly why: string
}

/** Nobody will notice who did not ask. */
export const safe: Risk = { level: 'safe', why: '' }
/** Somebody can do more, or less, than before. */
export const access = (why: string): Risk => ({ level: 'access', why })
/** Work waits or stops. */
export const outage = (why: string): Risk => ({ level: 'outage', why })
/** Something is gone for good. */
export const loss = (why: string): Risk => ({ level: 'loss', why })
